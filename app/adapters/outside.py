"""Fetching from the open internet, without being led into the network that the app runs in.

A name is resolved once, every address that it has must be public, and the connection goes to one of those addresses, so a
second answer of the name server changes nothing. Each redirect goes through the same door.
"""

import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

import anyio
import anyio.to_thread
import httpx2

from app.rules.errors import Invalid
from app.rules.links import clean_url, is_public
from app.rules.message import Said, say

REDIRECTS = 5
ADDRESSES = 2
"""How many addresses of one name are tried."""
HEADERS = {"User-Agent": "CityReady link check", "Accept": "text/html, */*;q=0.5", "Accept-Encoding": "identity"}
PORTS = {80, 443, *range(8000, 9001)}
PERMANENT = {301, 308}

AnswerState = Literal["ok", "dead", "blocked", "unknown"]
Resolver = Callable[[str], Sequence[str]]
Wanted = Callable[[httpx2.Headers], bool]


@dataclass(frozen=True)
class Answer:
    """What the other side gave: it answers, the page is gone, the app may not go there, or nobody can tell now.

    `moved` says that every redirect on the way was a permanent one, and there was one. `whole` is false for a body that was cut at
    the limit of bytes or of time; `headers` have names in lower case.
    """

    state: AnswerState
    said: Said
    final_url: str
    status: int | None = None
    moved: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    charset: str | None = None
    body: bytes = b""
    whole: bool = False


def addresses_of(host: str) -> list[str]:
    """The IP addresses of a host, IPv4 first, because containers often have an IPv6 address that leads nowhere."""
    found = {str(answer[4][0]) for answer in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    return sorted(found, key=lambda address: (":" in address, address))


def fetch(
    url: str,
    *,
    private_allowed: bool,
    seconds: float = 10,
    max_bytes: int = 1_000_000,
    wanted: Wanted = lambda headers: True,
    resolve: Resolver = addresses_of,
    public: Callable[[str], bool] = is_public,
) -> Answer:
    """Ask for the address; all in at most `seconds` and `max_bytes` of content, whatever the other side does.

    Never raises for what the network does. Blocks, so call it where nothing waits, outside of an event loop. `wanted` says by the
    headers whether the content is worth reading. `resolve` and `public` are what decides where a connection may go.
    """
    try:
        start = httpx2.URL(clean_url(url))
    except Invalid as error:
        return Answer("blocked", error.said, url)
    except httpx2.InvalidURL:
        return Answer("blocked", _not_an_address(), url)
    door = _Door(private_allowed, resolve, public)
    return anyio.run(partial(_visit, start, door, seconds, max_bytes, wanted))


class _Stopped(Exception):
    """The visit ended before a page answered."""

    def __init__(self, state: AnswerState, said: Said) -> None:
        super().__init__(str(said))
        self.state, self.said = state, said


@dataclass(frozen=True)
class _Door:
    private_allowed: bool
    resolve: Resolver
    public: Callable[[str], bool]

    async def addresses(self, url: httpx2.URL) -> Sequence[str]:
        """Where a connection for this address may go; resolves its name, once."""
        if url.scheme not in {"http", "https"} or url.userinfo or not url.host:
            raise _Stopped("blocked", _not_an_address())
        if not self.private_allowed and url.port is not None and url.port not in PORTS:
            raise _Stopped("blocked", say("Pages on port %(port)s are not visited.", port=url.port))
        found = await self._resolved(url.raw_host.decode("ascii"))
        if not self.private_allowed and not all(map(self.public, found)):
            raise _Stopped("blocked", say("%(host)s is not on the open internet, so it is not visited.", host=url.host))
        return found

    async def _resolved(self, host: str) -> Sequence[str]:
        try:
            found = await anyio.to_thread.run_sync(self.resolve, host, abandon_on_cancel=True)
        except socket.gaierror as error:
            if error.errno == socket.EAI_NONAME:
                raise _Stopped(
                    "dead", say("There is no site named %(host)s. Check the spelling.", host=host)
                ) from error
            found = []
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise _Stopped("unknown", say("The name %(host)s cannot be looked up now. Try again later.", host=host))
        return found


async def _visit(start: httpx2.URL, door: _Door, seconds: float, max_bytes: int, wanted: Wanted) -> Answer:
    answer = Answer("unknown", _too_slow(start.host, seconds), str(start))
    limits = httpx2.Timeout(seconds, connect=seconds / (ADDRESSES + 1))
    tls = httpx2.create_ssl_context()
    body = bytearray()
    with anyio.move_on_after(seconds):
        async with httpx2.AsyncClient(verify=tls, trust_env=False, timeout=limits, headers=HEADERS) as client:
            try:
                response, answer = await _follow(client, start, door)
                if wanted(response.headers):
                    answer = replace(answer, whole=await _read(response, body, max_bytes))
            except _Stopped as stopped:
                answer = Answer(stopped.state, stopped.said, str(start))
            except (httpx2.HTTPError, httpx2.InvalidURL):
                answer = answer if answer.status else Answer("unknown", _no_connection(start.host), str(start))
    return replace(answer, body=bytes(body))


async def _read(response: httpx2.Response, body: bytearray, max_bytes: int) -> bool:
    """Whether all of the content is in `body` now. Packed content is not unpacked: it could grow without an end."""
    if "Content-Encoding" in response.headers:
        return False
    async for chunk in response.aiter_raw():
        body += chunk[: max_bytes - len(body) + 1]
        if len(body) > max_bytes:
            del body[max_bytes:]
            return False
    return True


async def _follow(client: httpx2.AsyncClient, url: httpx2.URL, door: _Door) -> tuple[httpx2.Response, Answer]:
    passed: list[int] = []
    for _ in range(REDIRECTS + 1):
        response = await _ask(client, url, await door.addresses(url))
        if not response.has_redirect_location:
            return response, _judged(response, url, moved=bool(passed) and PERMANENT.issuperset(passed))
        await response.aclose()
        passed.append(response.status_code)
        url = _onward(url, response.headers["Location"])
    raise _Stopped(
        "unknown", say("This address leads from page to page without an end. Open it and copy the last one.")
    )


async def _ask(client: httpx2.AsyncClient, url: httpx2.URL, addresses: Sequence[str]) -> httpx2.Response:
    """Connect to an address already checked; name and certificate stay those of the host."""
    headers = {"Host": url.netloc.decode("ascii")}
    extensions = {"sni_hostname": url.raw_host.decode("ascii")}
    for address in addresses[:ADDRESSES]:
        pinned = url.copy_with(host=address)
        request = client.build_request("GET", pinned, headers=headers, extensions=extensions)
        with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
            return await client.send(request, stream=True)
    raise _Stopped("unknown", _no_connection(url.host))


def _onward(url: httpx2.URL, location: str) -> httpx2.URL:
    try:
        return url.join(location)
    except (httpx2.InvalidURL, ValueError) as error:
        raise _Stopped("unknown", say("This page leads on to an address that cannot be read.")) from error


def _judged(response: httpx2.Response, url: httpx2.URL, *, moved: bool) -> Answer:
    status = response.status_code
    state: AnswerState = "ok" if 200 <= status < 300 else "dead" if status in {404, 410} else "unknown"
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(state, _answer(status), str(url), status, moved, headers, response.charset_encoding)


def _answer(status: int) -> Said:
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


def _not_an_address() -> Said:
    return say("This is not the address of a web page that can be visited.")


def _no_connection(host: str) -> Said:
    return say("No safe connection to %(host)s could be made. Open the address in a browser to see why.", host=host)


def _too_slow(host: str, seconds: float) -> Said:
    return say(
        "%(host)s did not answer within %(seconds)s seconds. Try again later.", host=host, seconds=f"{seconds:g}"
    )
