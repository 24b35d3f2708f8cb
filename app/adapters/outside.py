"""Fetching from the open internet, without being led into the network that the app runs in.

A name is resolved once, every address that it has must be public, and the connection goes to one of those addresses, so a
second answer of the name server changes nothing. Each redirect goes through the same door.
"""

import base64
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import quote_plus

import anyio
import anyio.to_thread
import httpx2

from app.rules.errors import Invalid
from app.rules.evidence.links import LinkState, clean_url, is_public_address
from app.rules.message import Message, say

REDIRECTS = 5
ADDRESSES = 2
"""How many addresses of one name are tried."""
HEADERS = {"User-Agent": "CityReady link check", "Accept": "text/html, */*;q=0.5", "Accept-Encoding": "identity"}
PORTS = {80, 443, *range(8000, 9001)}
PERMANENT = {301, 308}

Resolver = Callable[[str], Sequence[str]]
Wanted = Callable[[httpx2.Headers], bool]


@dataclass(frozen=True)
class HttpReply:
    """What the other side gave: it answers, the page is gone, the app may not go there, or nobody can tell now.

    `moved` says that every redirect on the way was a permanent one, and there was one. `whole` is false for a body that was cut at
    the limit of bytes or of time; `headers` have names in lower case.
    """

    state: LinkState
    said: Message
    final_url: str
    status: int | None = None
    moved: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    charset: str | None = None
    body: bytes = b""
    whole: bool = False


@dataclass(frozen=True)
class SentForm:
    """A form that is sent along, and who sends it: name and password of HTTP's basic way."""

    fields: Mapping[str, str]
    sender: tuple[str, str]


def resolve_host(host: str) -> list[str]:
    """The IP addresses of a host, IPv4 first, because containers often have an IPv6 address that leads nowhere."""
    addresses = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    return sorted(addresses, key=lambda address: (":" in address, address))


def fetch_url(
    url: str,
    *,
    private_allowed: bool,
    seconds: float = 10,
    max_bytes: int = 1_000_000,
    wanted: Wanted = lambda headers: True,
    resolve: Resolver = resolve_host,
    public: Callable[[str], bool] = is_public_address,
    sent: SentForm | None = None,
    redirects: int = REDIRECTS,
) -> HttpReply:
    """Ask for the address; all in at most `seconds` and `max_bytes` of content, whatever the other side does.

    Never raises for what the network does. Blocks, so call it where nothing waits, outside of an event loop. `wanted` says by the
    headers whether the content is worth reading.
    `sent` is a form that goes to this one address. `resolve` and `public` are what decides where a connection may go.
    """
    try:
        start = httpx2.URL(clean_url(url))
    except Invalid as error:
        return HttpReply(LinkState.BLOCKED, error.said, url)
    except httpx2.InvalidURL:
        return HttpReply(LinkState.BLOCKED, _not_an_address(), url)
    door = _FetchDoor(private_allowed, resolve, public, sent, redirects)
    return anyio.run(partial(_fetch_in_time, start, door, seconds, max_bytes, wanted))


class _VisitStopped(Exception):
    """The visit ended before a page answered."""

    def __init__(self, state: LinkState, said: Message) -> None:
        super().__init__(str(said))
        self.state, self.said = state, said


@dataclass(frozen=True)
class _FetchDoor:
    private_allowed: bool
    resolve: Resolver
    public: Callable[[str], bool]
    sent: SentForm | None = None
    redirects: int = REDIRECTS

    async def allowed_addresses(self, url: httpx2.URL) -> Sequence[str]:
        """Where a connection for this address may go; resolves its name, once."""
        if url.scheme not in {"http", "https"} or url.userinfo or not url.host:
            raise _VisitStopped(LinkState.BLOCKED, _not_an_address())
        if not self.private_allowed and url.port is not None and url.port not in PORTS:
            raise _VisitStopped(LinkState.BLOCKED, say("Pages on port %(port)s are not visited.", port=url.port))
        addresses = await self._look_up_host(url.raw_host.decode("ascii"))
        if not self.private_allowed and not all(map(self.public, addresses)):
            raise _VisitStopped(
                LinkState.BLOCKED, say("%(host)s is not on the open internet, so it is not visited.", host=url.host)
            )
        return addresses

    async def _look_up_host(self, host: str) -> Sequence[str]:
        try:
            addresses = await anyio.to_thread.run_sync(self.resolve, host, abandon_on_cancel=True)
        except socket.gaierror as error:
            if error.errno == socket.EAI_NONAME:
                raise _VisitStopped(
                    LinkState.GONE, say("There is no site named %(host)s. Check the spelling.", host=host)
                ) from error
            addresses = []
        except (OSError, UnicodeError):
            addresses = []
        if not addresses:
            raise _VisitStopped(
                LinkState.UNKNOWN, say("The name %(host)s cannot be looked up now. Try again later.", host=host)
            )
        return addresses


async def _fetch_in_time(
    start: httpx2.URL, door: _FetchDoor, seconds: float, max_bytes: int, wanted: Wanted
) -> HttpReply:
    reply = HttpReply(LinkState.UNKNOWN, _too_slow(start.host, seconds), str(start))
    limits = httpx2.Timeout(seconds, connect=seconds / (ADDRESSES + 1))
    tls = httpx2.create_ssl_context()
    body = bytearray()
    with anyio.move_on_after(seconds):
        async with httpx2.AsyncClient(verify=tls, trust_env=False, timeout=limits, headers=HEADERS) as client:
            try:
                response, reply = await _follow_redirects(client, start, door)
                if wanted(response.headers):
                    reply = replace(reply, whole=await _read_body(response, body, max_bytes))
            except _VisitStopped as stopped:
                reply = HttpReply(stopped.state, stopped.said, str(start))
            except (httpx2.HTTPError, httpx2.InvalidURL):
                reply = reply if reply.status else HttpReply(LinkState.UNKNOWN, _no_connection(start.host), str(start))
    return replace(reply, body=bytes(body))


async def _read_body(response: httpx2.Response, body: bytearray, max_bytes: int) -> bool:
    """Whether all of the content is in `body` now. Packed content is not unpacked: it could grow without an end."""
    if "Content-Encoding" in response.headers:
        return False
    async for chunk in response.aiter_raw():
        body += chunk[: max_bytes - len(body) + 1]
        if len(body) > max_bytes:
            del body[max_bytes:]
            return False
    return True


async def _follow_redirects(
    client: httpx2.AsyncClient, url: httpx2.URL, door: _FetchDoor
) -> tuple[httpx2.Response, HttpReply]:
    passed: list[int] = []
    for _ in range(door.redirects + 1):
        response = await _ask_host(client, url, await door.allowed_addresses(url), door.sent)
        if not response.has_redirect_location:
            return response, _judge_response(response, url, moved=bool(passed) and PERMANENT.issuperset(passed))
        await response.aclose()
        passed.append(response.status_code)
        url = _redirected_url(url, response.headers["Location"])
    raise _VisitStopped(
        LinkState.UNKNOWN, say("This address leads from page to page without an end. Open it and copy the last one.")
    )


async def _ask_host(
    client: httpx2.AsyncClient, url: httpx2.URL, addresses: Sequence[str], sent: SentForm | None = None
) -> httpx2.Response:
    """Connect to an address already checked; name and certificate stay those of the host."""
    headers, how = {"Host": url.netloc.decode("ascii")}, "POST" if sent else "GET"
    if sent:
        headers["Authorization"] = _basic_sender(sent.sender)
    extensions = {"sni_hostname": url.raw_host.decode("ascii")}
    for address in addresses[:ADDRESSES]:
        pinned = url.copy_with(host=address)
        fields = dict(sent.fields) if sent else None
        request = client.build_request(how, pinned, headers=headers, extensions=extensions, data=fields)
        with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
            return await client.send(request, stream=True)
    raise _VisitStopped(LinkState.UNKNOWN, _no_connection(url.host))


def _basic_sender(sender: tuple[str, str]) -> str:
    """Both parts encoded as in a form first (RFC 6749, 2.3.1)."""
    plain = ":".join(quote_plus(part) for part in sender)
    return f"Basic {base64.b64encode(plain.encode()).decode('ascii')}"


def _redirected_url(url: httpx2.URL, location: str) -> httpx2.URL:
    try:
        return url.join(location)
    except (httpx2.InvalidURL, ValueError) as error:
        raise _VisitStopped(LinkState.UNKNOWN, say("This page leads on to an address that cannot be read.")) from error


def _judge_response(response: httpx2.Response, url: httpx2.URL, *, moved: bool) -> HttpReply:
    status = response.status_code
    state = LinkState.OPENS if 200 <= status < 300 else LinkState.GONE if status in {404, 410} else LinkState.UNKNOWN
    headers = {name.lower(): value for name, value in response.headers.items()}
    return HttpReply(state, _status_message(status), str(url), status, moved, headers, response.charset_encoding)


def _status_message(status: int) -> Message:
    if 200 <= status < 300:
        return say("The page answers.")
    if status in {404, 410}:
        return say(
            "The page is not there (answer %(status)s). Find its new address, or keep a copy as a file.", status=status
        )
    if status in {401, 403}:
        return say(
            "The page lets only some visitors in (answer %(status)s). Check that a reviewer can open it.", status=status
        )
    return say("The site has a problem now (answer %(status)s). Try again later.", status=status)


def _not_an_address() -> Message:
    return say("This is not the address of a web page that can be visited.")


def _no_connection(host: str) -> Message:
    return say("No safe connection to %(host)s could be made. Open the address in a browser to see why.", host=host)


def _too_slow(host: str, seconds: float) -> Message:
    return say(
        "%(host)s did not answer within %(seconds)s seconds. Try again later.", host=host, seconds=f"{seconds:g}"
    )
