"""Whether the app is well, for monitors and containers."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app.adapters.release import release_name
from app.services import health
from app.web.access import Visit, visits

router = APIRouter()


@router.get("/health", name="health")
async def show(visit: Visit = visits()) -> Response:
    """200 when the database answers with the tables of this version and is whole, else 503, and also while the app is about to stop.

    Names nothing that a stranger may not know.
    """
    found = health.check_database(visit.session)
    if found == "ok":
        found = await to_thread.run_sync(visit.request.app.state.file_watch.state)
    stopping = visit.request.app.state.draining
    well = found == "ok" and not stopping
    answer = {
        "status": "stopping" if stopping else "ok" if well else "unwell",
        "database": found,
        "version": release_name(),
    }
    return JSONResponse(answer, 200 if well else 503)
