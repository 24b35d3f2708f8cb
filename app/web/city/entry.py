"""A city's address by itself leads to where the person begins."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.web.access import Ask, reads

router = APIRouter()
STARTS = {"official": "readiness", "reviewer": "board", "admin": "board"}


def start_path(slug: str, role: str) -> str:
    """The page that someone in this role begins with."""
    return f"/{slug}/{STARTS.get(role, 'my-work')}"


@router.get("/{city}")
async def redirect_to_start(ask: Ask = reads("criteria.read")) -> Response:
    return RedirectResponse(start_path(ask.who.city.slug, ask.who.role), 303)
