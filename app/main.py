"""`create_app(settings)` makes one web app; nothing happens at import."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI
from starlette.routing import Route

from app.adapters import logs, private_files
from app.services.installation import belonging
from app.services.installation.health import FileWatch
from app.services.jobs.worker import Worker
from app.services.site import open_site
from app.settings import Settings
from app.store.migrating import upgrade_database
from app.web import (
    assets,
    board,
    calendar,
    copy_sheet,
    criteria,
    cycle,
    errors,
    guide,
    history,
    letters,
    my_work,
    planning,
    portal,
    program,
    readiness,
    review,
    scoring,
    site_search,
)
from app.web.account import (
    absence,
    invitation,
    own_account,
    passkey,
    passphrase,
    places,
    second_step,
    security_record,
    sign_in,
    sign_on,
)
from app.web.city import award, city_settings, departments, entry, first_hour, small_office, wordings
from app.web.evidence import adding, file_reading, files, library, piece, questions, redacting, retention, upload
from app.web.installation import health, installing, metrics
from app.web.installation.metrics import RequestFigures, RequestMeter
from app.web.page_cache import PageCache
from app.web.people import assigning, bulk, handover, members, scrubbing
from app.web.report import claim, monthly, reports
from app.web.requests import contribution, request
from app.web.wire.body import BodyLimit
from app.web.wire.compression import Compression
from app.web.wire.head import HeadLikeGet
from app.web.wire.once_more import OnceMore
from app.web.wire.request_id import RequestNumbers
from app.web.wire.security import Guard
from app.web.wire.session_use import SessionUse

THREADS = 4
"""Measured: on two cores, few threads answer twice as many requests as the default of forty."""


ROOMS = (
    criteria,
    piece,
    library,
    adding,
    questions,
    redacting,
    files,
    board,
    my_work,
    review,
    small_office,
    sign_in,
    site_search,
    sign_on,
    absence,
    places,
    own_account,
    second_step,
    passkey,
    invitation,
    calendar,
    letters,
    passphrase,
    health,
    installing,
    metrics,
    upload,
    claim,
    first_hour,
    guide,
    handover,
    retention,
    file_reading,
    readiness,
    award,
    scoring,
    planning,
    portal,
    request,
    contribution,
    copy_sheet,
    monthly,
    reports,
    assigning,
    bulk,  # before members, whose pages have a number where this has a word
    members,
    history,
    security_record,
    scrubbing,
    program,
    cycle,
    departments,
    city_settings,
    wordings,
    entry,  # last: its address is a city's name, which could be anything
)
"""Whose routes the app has, in the order in which they are tried: first those that are asked for most, since each try costs time."""


@asynccontextmanager
async def _manage_lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Before the first request the database is migrated and the worker starts; after the last one both are let go."""
    settings: Settings = app.state.site.settings
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    try:
        private_files.narrow_rights(settings)
        upgrade_database(settings.database)
        belonging.check_belonging(app.state.site)
    except BaseException:
        app.state.site.close()
        raise
    app.state.file_watch = FileWatch(app.state.site.database)
    app.state.worker = Worker(app.state.site) if settings.worker == "embedded" else None
    gc.freeze()
    gc.enable()
    yield
    if app.state.worker:
        app.state.worker.stop()
    app.state.site.close()


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app for these settings (from the environment when none are given). The database is migrated when it starts."""
    settings = settings or Settings()
    logs.log_to_standard_error()

    app = FastAPI(
        title="CityReady",
        lifespan=_manage_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.site = open_site(settings)
    app.state.pages = PageCache()
    app.state.draining, app.state.worker = False, None
    errors.add_handlers(app)
    app.add_middleware(Compression)
    app.add_middleware(HeadLikeGet)
    app.add_middleware(SessionUse)
    app.add_middleware(BodyLimit)
    app.add_middleware(OnceMore)
    app.add_middleware(Guard, by_https=settings.by_https)
    app.add_middleware(RequestNumbers)
    app.state.figures = RequestFigures()
    app.add_middleware(RequestMeter, figures=app.state.figures)  # the last is the first to look
    app.router.routes.append(Route("/static/{mark}/{name:path}", assets.serve_asset, name="static"))
    # as they are: to include a router makes each of its routes again at the first request, which takes 0.2 s of a core
    app.router.routes.extend(route for web_module in ROOMS for route in web_module.router.routes)
    return app
