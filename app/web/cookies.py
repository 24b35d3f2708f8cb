"""The app's cookies: what they are called, and how far they travel.

Where people reach the app by https each carries the prefix `__Host-`: the browser then takes it from this host alone, over TLS alone and
for every path, so that no neighboring site of the city's domain can plant one.
"""

from starlette.requests import Request
from starlette.responses import Response

from app.services.site import Site

SESSION_COOKIE = "cityready_session"
DEVICE_COOKIE = "cityready_device"
LANGUAGE_COOKIE = "cityready_language"
SIGN_ON_COOKIE = "cityready_sign_on"


def cookie_name(site: Site, cookie: str) -> str:
    """What the cookie is called in this installation."""
    return f"__Host-{cookie}" if site.settings.by_https else cookie


def read_cookie(request: Request, cookie: str) -> str | None:
    """What the visitor's browser sent of this cookie."""
    return request.cookies.get(cookie_name(request.app.state.site, cookie))


def set_cookie(reply: Response, site: Site, cookie: str, value: str, *, seconds: int) -> None:
    reply.set_cookie(
        cookie_name(site, cookie),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=site.settings.by_https,
    )


def drop_cookie(reply: Response, site: Site, cookie: str) -> None:
    """Have the browser forget the cookie."""
    set_cookie(reply, site, cookie, "", seconds=0)
