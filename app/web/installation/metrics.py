"""`/metrics`: figures for Prometheus, for whoever has the token or asks from this machine past any proxy, and for nobody else."""

import hmac
import time

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.rules.installation.job import JobLane, JobState
from app.services.installation.metrics import InstallationFigures, installation_figures
from app.web.access import Visit, visits
from app.web.wire.security import SAFE_METHODS

router = APIRouter()
DURATION_BUCKETS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
THIS_MACHINE = {"127.0.0.1", "::1"}
PROXY_HEADERS = ("x-forwarded-for", "forwarded", "via")
"""Headers that a proxy adds: who comes through one is not on this machine."""


class RequestFigures:
    """How many requests of each route took how long. Its labels are routes of the app, never what someone asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "cityready_request_seconds",
            "Requests",
            ["route", "kind", "status"],
            registry=self.registry,
            buckets=DURATION_BUCKETS,
        )

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        kind = "read" if scope["method"] in SAFE_METHODS else "save"
        self._seconds.labels(route, kind, f"{status // 100}xx").observe(seconds)


class RequestMeter:
    """ASGI middleware: counts each request when it has been answered."""

    def __init__(self, app: ASGIApp, figures: RequestFigures) -> None:
        self.app = app
        self.figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting_status)
        finally:
            self.figures.count(scope, status, time.perf_counter() - began)


@router.get("/metrics", name="metrics")
async def show_metrics(visit: Visit = visits()) -> Response:
    """Each process tells its own requests and the whole installation's jobs, letters, backup and room."""
    if not _may_read(visit.request, visit.site.settings.metrics_token):
        raise HTTPException(404)
    requests: RequestFigures = visit.request.app.state.figures
    registry = _register_figures(installation_figures(visit.session, visit.site))
    return Response(generate_latest(requests.registry) + generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _may_read(request: Request, token: str) -> bool:
    if token:
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    is_local = request.client is not None and request.client.host in THIS_MACHINE
    return is_local and not any(name in request.headers for name in PROXY_HEADERS)


def _register_figures(figures: InstallationFigures) -> CollectorRegistry:
    registry = CollectorRegistry()
    jobs = Gauge("cityready_jobs", "Jobs that are kept", ["lane", "state"], registry=registry)
    letters = Gauge("cityready_letters", "Letters that are kept: waiting, sent or failed", ["state"], registry=registry)
    for (lane, state), count in figures.jobs.items():
        jobs.labels(lane, state).set(count)
        if lane == JobLane.LETTERS:
            letters.labels("sent" if state == JobState.DONE else state).set(count)
    oldest = Gauge("cityready_oldest_job_seconds", "Age of the oldest open job", ["lane"], registry=registry)
    for lane, seconds in figures.oldest_job_seconds.items():
        oldest.labels(lane).set(seconds)
    if figures.backup_age_seconds is not None:
        age = Gauge("cityready_last_backup_seconds", "Age of the last good backup", registry=registry)
        age.set(figures.backup_age_seconds)
    Gauge("cityready_database_bytes", "Size of the database", registry=registry).set(figures.database_bytes)
    Gauge("cityready_disk_free_bytes", "Room at the data folder", registry=registry).set(figures.disk_free_bytes)
    return registry
