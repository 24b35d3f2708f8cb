"""Which language a page is in: chosen at the door, else the person's own, else as the browser asks, else the city's.

The cookie says who chose: `es` was chosen at the door by someone who was not signed in, `es.12` belongs to person 12. A choice at the
door becomes the person's own with the sign-in; whoever signs in after another person on the same device has nothing of that one's.
"""

from starlette.requests import Request
from starlette.responses import Response

from app.services.site import Site
from app.settings import LANGUAGES
from app.web import cookies

COOKIE_SECONDS = 365 * 86_400


def chosen_language(request: Request) -> str | None:
    """The language that was chosen on this device with the switch on the page, by whoever it was, if it is one of ours."""
    return _read_choice(request)[0]


def door_language(request: Request) -> str | None:
    """The language that was chosen here by someone who had not signed in."""
    language, owner = _read_choice(request)
    return language if not owner else None


def asked_language(request: Request) -> str | None:
    """The first of our languages that the browser asks for."""
    preferred = [
        part.split(";")[0].strip().split("-")[0].lower()
        for part in request.headers.get("accept-language", "").split(",")
    ]
    return next((language for language in preferred if language in LANGUAGES), None)


def best_language(request: Request) -> str:
    """The best of our languages for a visitor whom we do not know: chosen, else as the browser asks, else English."""
    return chosen_language(request) or asked_language(request) or "en"


def keep_choice(reply: Response, site: Site, language: str, person_id: int | None = None) -> None:
    """Have the browser remember the language, and whose choice it is."""
    value = f"{language}.{person_id}" if person_id else language
    cookies.set_cookie(reply, site, cookies.LANGUAGE_COOKIE, value, seconds=COOKIE_SECONDS)


def hand_over_choice(request: Request, reply: Response, site: Site, language: str | None, person_id: int) -> None:
    """Whoever has signed in has the language of their own on this device, and none of the person's who was here before."""
    if language:
        keep_choice(reply, site, language, person_id)
    elif _read_choice(request)[0]:
        cookies.drop_cookie(reply, site, cookies.LANGUAGE_COOKIE)


def _read_choice(request: Request) -> tuple[str | None, str]:
    """The language of the cookie and the number of the person who chose it, empty at the door."""
    language, _, owner = (cookies.read_cookie(request, cookies.LANGUAGE_COOKIE) or "").partition(".")
    return (language if language in LANGUAGES else None), owner
