"""Which language a page is in."""

from starlette.requests import Request

from app.settings import LANGUAGES
from app.web import cookies


def chosen_language(request: Request) -> str | None:
    """The language that the visitor chose with the switch on the page, if it is one of ours."""
    chosen = cookies.read_cookie(request, cookies.LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else None


def best_language(request: Request) -> str:
    """The best of our languages for a visitor whom we do not know: chosen, else as the browser asks, else English."""
    preferred = [
        part.split(";")[0].strip().split("-")[0].lower()
        for part in request.headers.get("accept-language", "").split(",")
    ]
    return chosen_language(request) or next((language for language in preferred if language in LANGUAGES), "en")
