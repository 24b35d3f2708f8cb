"""Whether the app is well, for monitors and containers."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app.adapters.release import release_name
from app.services.installation import health
from app.web.access import Visit, visits

router = APIRouter()


@router.get("/health", name="health")
async def show_health(visit: Visit = visits()) -> Response:
    """200 when the database answers with the tables of this version and is whole, else 503, and also while the app is about to stop.

    Names nothing that a stranger may not know.
    """
    database_state = health.check_database(visit.session)
    if database_state == "ok":
        database_state = await to_thread.run_sync(visit.request.app.state.file_watch.state)
    stopping = visit.request.app.state.draining
    is_well = database_state == "ok" and not stopping
    figures = {
        "status": "stopping" if stopping else "ok" if is_well else "unwell",
        "database": database_state,
        "version": release_name(),
    }
    return JSONResponse(figures, 200 if is_well else 503)
