# CityReady from the same locks as ./run: slim, not root, with a health check, and without what only the building needs.
# docker build --build-arg COMMIT="$(git rev-parse HEAD)" -t cityready .
# Pin the images to a digest where you reach a registry: --build-arg PYTHON=python:3.13-slim@sha256:... --build-arg NODE=node:22-slim@sha256:...
ARG NODE=node:22-slim
ARG PYTHON=python:3.13-slim

FROM ${NODE} AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc run ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && ./run image front-end

FROM ${PYTHON} AS packages
WORKDIR /app
COPY requirements/app.txt requirements/app.txt
RUN pip install --no-cache-dir --no-compile --disable-pip-version-check --require-hashes --only-binary :all: \
    --prefix /packages -r requirements/app.txt
COPY run ./
COPY locale locale
RUN PYTHONPATH="$(echo /packages/lib/python3*/site-packages)" ./run image words

FROM ${PYTHON}
LABEL org.opencontainers.image.title="CityReady" org.opencontainers.image.licenses="Apache-2.0"
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libseccomp2 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    fonts-dejavu-core fonts-noto-core fonts-wqy-microhei \
    tesseract-ocr tesseract-ocr-eng tesseract-ocr-spa tesseract-ocr-por tesseract-ocr-fra \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 cityready \
 && install -d -o cityready -g cityready -m 700 /data
COPY --from=packages /packages /usr/local
WORKDIR /app
COPY . .
COPY --from=front-end /app/static/vendor static/vendor
COPY --from=packages /app/locale locale
# What a start loads is compiled here, once: the account that runs the app may write nothing, and would compile it at each start.
RUN python -c "import app.main, app.cli, weasyprint"
ARG COMMIT=
RUN ln -s /app/deploy/cityready /usr/local/bin/cityready && { [ -z "$COMMIT" ] || echo "$COMMIT" >COMMIT; }
USER cityready
ENV CITYREADY_DATA_DIR=/data PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"
CMD ["cityready", "serve", "--host", "0.0.0.0", "--port", "8000"]
