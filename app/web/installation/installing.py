"""What lets a phone keep the app among its own: name and icons, and the page that is there without a line."""

import json
from functools import cache
from io import BytesIO

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import NotFound
from app.rules.message import say
from app.settings import LANGUAGES
from app.web.access import RowId, Visit, visits
from app.web.assets import load_asset
from app.web.templating import render_template

router = APIRouter()
ICON_SIZES = (180, 192, 512)
"""In pixels: what phones of either make ask for."""
INK, PAPER, GOLD = "#162e51", "#ffffff", "#ffbe2e"
BARS = ((7, 15, 12, 25), (14, 9, 19, 25), (21, 12, 26, 25))
CURVE = ((6, 9), (10, 6), (14, 8), (21, 4))
"""Places in the picture of 32 by 32 that static/icon.svg draws; inside the circle that a phone may cut out."""
A_DAY = {"Cache-Control": "public, max-age=86400"}


@router.get("/manifest.webmanifest", name="manifest")
async def show_manifest() -> Response:
    """How the app looks among others on a phone."""
    icons = [
        {"src": f"/app-icon/{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
        for size in ICON_SIZES
    ]
    told = {"name": "CityReady", "short_name": "CityReady", "id": "/", "start_url": "/", "scope": "/", "icons": icons}
    look = {"display": "standalone", "background_color": PAPER, "theme_color": INK}
    return Response(json.dumps(told | look), media_type="application/manifest+json", headers=A_DAY)


@router.get("/app-icon/{size}.png", name="app_icon")
def show_icon(size: RowId) -> Response:
    """Raises NotFound for another size than those of ICON_SIZES."""
    if size not in ICON_SIZES:
        raise NotFound(say("We could not find that file."))
    return Response(_draw_icon(size), media_type="image/png", headers=A_DAY)


@cache
def _draw_icon(size: int) -> bytes:
    """The icon as PNG, on a ground without corners, since phones cut their own."""
    from PIL import Image, ImageDraw  # here, because few ask for an icon, and a start should not wait for it

    unit = size * 4 / 40  # drawn four times as large for smooth edges, with a margin of a tenth on each side
    picture = Image.new("RGB", (size * 4, size * 4), INK)
    draw = ImageDraw.Draw(picture)
    for box in BARS:
        draw.rectangle([(place + 4) * unit for place in box], fill=PAPER)
    draw.line([((x + 4) * unit, (y + 4) * unit) for x, y in CURVE], fill=GOLD, width=round(2.5 * unit), joint="curve")
    content = BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(content, "PNG", optimize=True)
    return content.getvalue()


@router.get("/service-worker.js", name="service_worker")
async def show_worker() -> Response:
    """Not below /static, since a worker answers only for what stands below its own address."""
    return Response(load_asset("worker.js").body, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/offline", name="offline")
async def show_offline_page(visit: Visit = visits()) -> Response:
    """The page that the worker keeps, in the language after the question mark."""
    named = visit.request.url.query
    language = named if named in LANGUAGES else visit.language
    html = render_template(language, "offline/show.html")
    return Response(html, media_type="text/html", headers={"Cache-Control": "no-store"})
