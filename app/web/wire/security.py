"""What every request must show and every answer must carry: same-site posts, and headers that keep scripts and frames out."""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.rules.installation.network import Caller
from app.services.account.security_record import called_by

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

HSTS = "max-age=63072000"
"""Two years of https for this host, said only where people reach the app by it. Not for its subdomains, which may be other people's."""


OPEN_POSTS = "/letters/stop/"
"""Where a mail program posts for its user, as RFC 8058 has it: from no page, with no session, and to an address that is the secret."""


def is_same_site(method: str, headers: Mapping[str, str], host: str) -> bool:
    """Whether a request that changes something was sent by one of our own pages.

    Browsers say so in Sec-Fetch-Site; over plain http (an intranet) they do not, and then the Origin must name our own host.
    A client that sends neither is refused. Source: OWASP's advice on fetch metadata with an Origin fallback.
    """
    if method in SAFE_METHODS:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    scheme, _, origin = headers.get("origin", "").partition("://")
    return scheme in {"http", "https"} and bool(origin) and origin == host


class Guard:
    """ASGI middleware: refuses foreign posts, and addresses with NUL, which no database takes; adds the headers to every answer.

    It also says where what the request brings about came from, for the security record.
    """

    def __init__(self, app: ASGIApp, *, by_https: bool) -> None:
        self.app = app
        self._headers = SECURITY_HEADERS | ({"Strict-Transport-Security": HSTS} if by_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        request_headers = Headers(scope=scope)
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            await PlainTextResponse("There is no such address.", 404)(scope, receive, with_headers)
        elif scope["path"].startswith(OPEN_POSTS) or is_same_site(
            scope["method"], request_headers, request_headers.get("host", "")
        ):
            with called_by(Caller.bounded((scope.get("client") or ("",))[0], request_headers.get("user-agent", ""))):
                await self.app(scope, receive, with_headers)
        else:
            refusal = PlainTextResponse("This form was sent from another site and was not accepted.", 403)
            await refusal(scope, receive, with_headers)
