"""Visits to real servers on this machine, and visits that must never begin."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.adapters.links import PageVisit, visit_page
from app.adapters.outside import resolve_host
from app.rules.evidence.links import is_public_address


class Site(ThreadingHTTPServer):
    """A web server whose pages are functions; it remembers what it was asked for."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.asked: list[tuple[str, str | None]] = []
        self.pages: dict[str, Callable[[Handler], None]] = {}
        self.closing = threading.Event()
        self.otherwise: Callable[[Handler], None] = lambda page: page.answer(404)

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Host"]))
        self.server.pages.get(self.path, self.server.otherwise)(self)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": "text/html", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def port_in_range(bind: Callable[[int], None]) -> None:
    """Calls `bind` with ports that the link check may visit until one is free."""
    for port in range(8101, 9000):
        try:
            return bind(port)
        except OSError:
            continue
    raise RuntimeError("no port between 8101 and 9000 is free")


def serving(server: Site) -> Iterator[Site]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made: list[Site] = []
    port_in_range(lambda port: made.append(Site(port)))
    yield from serving(made[0])


class Listener:
    """Listens on every address of this machine and knows whether anyone came, without answering."""

    def __init__(self) -> None:
        port_in_range(self._bind)

    def _bind(self, port: int) -> None:
        self.port = port
        self.socket = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
        self.socket.setblocking(False)

    def hits(self) -> int:
        count = 0
        while True:
            try:
                self.socket.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.socket.close()


def look(url: str, seconds: float = 5, max_bytes: int = 1_000_000) -> PageVisit:
    return visit_page(url, private_allowed=True, seconds=seconds, max_bytes=max_bytes)


def test_a_page_that_answers_is_ok_and_has_its_title(site: Site) -> None:
    site.pages["/data"] = lambda page: page.answer(200, b"<html><TITLE lang=en>\n Open &amp; free\x00 </title>")
    found = look(site.url("/data"))
    assert (found.state, found.status, found.title) == ("ok", 200, "Open & free")
    assert found.final_url == site.url("/data")
    assert str(found.said) == "The page answers."


@pytest.mark.parametrize(
    ("body", "kind", "title"),
    [
        ("<title>año</title>".encode(), "text/html; charset=utf-8", "año"),
        ("<title>año</title>".encode("latin-1"), "text/html; charset=ISO-8859-1", "año"),
        ("<meta charset='windows-1252'><title>año</title>".encode("cp1252"), "text/html", "año"),
        (b"<title>ok</title>", "text/html; charset=rot13", "ok"),
        (b"<title>ok-there</title>", "text/html; charset=punycode", "ok-there"),
        (b"<meta charset=punycode><title>ok-there</title>", "text/html", "ok-there"),
        (b"<title>+AGE-ok</title>", "text/html; charset=utf-7", "+AGE-ok"),
        ("<title>都市</title>".encode("shift_jis"), "text/html; charset=Shift_JIS", "都市"),
        (b"<title>ok</title>", "text/html; charset=idna", "ok"),
        (b"<title>ok</title>", "text/html; charset=nonsense", "ok"),
        (b"<title></title>", "text/html", None),
        (b"<title>never closed", "text/html", None),
        (b"no title at all>", "text/html", None),
        (b"<title>x</title>", "application/pdf", None),
        ("<title>a\u202eb</title>".encode(), "text/html", "ab"),
        (b"<title>" + b"x" * 5000 + b"</title>", "text/html", "x" * 300),
        (b"<title" * 100_000, "text/html", None),
    ],
)
def test_a_title_is_read_whatever_the_page_claims(site: Site, body: bytes, kind: str, title: str | None) -> None:
    site.pages["/"] = lambda page: page.answer(200, body, Content_Type=kind)
    found = look(site.url("/"))
    assert (found.state, found.title) == ("ok", title)


def test_packed_content_is_not_unpacked(site: Site) -> None:
    site.pages["/"] = lambda page: page.answer(200, b"<title>x</title>", Content_Encoding="gzip")
    assert look(site.url("/")).title is None


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        (204, "ok", "The page answers"),
        (404, "dead", "not there (answer 404)"),
        (410, "dead", "not there (answer 410)"),
        (401, "unknown", "only some visitors"),
        (403, "unknown", "only some visitors"),
        (429, "unknown", "problem now (answer 429)"),
        (500, "unknown", "problem now (answer 500)"),
        (304, "unknown", "problem now (answer 304)"),
    ],
)
def test_each_answer_has_a_state_and_a_sentence(site: Site, status: int, state: str, words: str) -> None:
    site.pages["/"] = lambda page: page.answer(status)
    found = look(site.url("/"))
    assert (found.state, found.status) == (state, status)
    assert words in str(found.said)


def test_redirects_are_followed_to_the_end(site: Site) -> None:
    site.pages["/old"] = lambda page: page.answer(301, Location="/new?a=1")
    site.pages["/new?a=1"] = lambda page: page.answer(200, b"<title>New</title>")
    found = look(site.url("/old"))
    assert (found.state, found.title, found.final_url) == ("ok", "New", site.url("/new?a=1"))


def test_five_redirects_are_followed_and_a_circle_is_left(site: Site) -> None:
    for number in range(5):
        site.pages[f"/{number}"] = partial(Handler.answer, status=302, Location=f"/{number + 1}")
    site.pages["/5"] = lambda page: page.answer(200)
    site.pages["/circle"] = lambda page: page.answer(302, Location="/circle")
    assert look(site.url("/0")).state == "ok"
    site.asked.clear()
    found = look(site.url("/circle"))
    assert found.state == "unknown"
    assert "without an end" in str(found.said)
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "location", ["http://[", "http://a b.example:x/", "http://\u2100.example", "https://" + "a" * 70 + ".example"]
)
def test_a_redirect_to_nonsense_is_a_sentence(site: Site, location: str) -> None:
    site.pages["/"] = lambda page: page.answer(302, Location=location.encode().decode("latin-1"))
    found = look(site.url("/"))
    assert found.state in {"unknown", "dead", "blocked"}
    assert str(found.said).endswith(".")


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:alert(1)", "http://a:b@127.0.0.1/"]
)
def test_a_redirect_away_from_the_web_is_blocked(site: Site, location: str) -> None:
    site.pages["/"] = lambda page: page.answer(302, Location=location)
    assert look(site.url("/")).state == "blocked"
    assert len(site.asked) == 1


def test_a_huge_page_is_left_after_the_limit(site: Site) -> None:
    sent: list[int] = []

    def endless(page: Handler) -> None:
        page.answer(200)
        while not page.server.closing.is_set():
            sent.append(page.wfile.write(bytes(65_536)))

    def until_it_breaks(page: Handler) -> None:
        try:
            endless(page)
        except OSError:
            sent.append(-1)

    site.pages["/"] = until_it_breaks
    found = look(site.url("/"), max_bytes=200_000)
    assert sum(sent) < 30_000_000, "more than what stands in the buffers between the two was read"
    assert (found.state, found.title) == ("ok", None)


def dripping(first: bytes) -> Callable[[Handler], None]:
    """Sends one byte after another for some seconds, so that no single read ever waits long."""

    def page(handler: Handler) -> None:
        try:
            handler.wfile.write(first)
            for _ in range(400):
                if handler.server.closing.wait(0.02):
                    return
                handler.wfile.write(b"x")
            handler.wfile.write(b": y\r\n\r\n<title>late</title>")
        except OSError:
            return

    return page


def test_headers_that_never_end_are_given_up(site: Site) -> None:
    site.pages["/"] = dripping(b"HTTP/1.0 200 OK\r\n")
    found = look(site.url("/"), seconds=0.5)
    assert (found.state, found.status) == ("unknown", None)
    assert "did not answer within 0.5 seconds" in str(found.said)


def test_a_body_that_never_ends_is_a_page_that_answers(site: Site) -> None:
    site.pages["/"] = dripping(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")
    found = look(site.url("/"), seconds=0.5)
    assert (found.state, found.status, found.title) == ("ok", 200, None)


def test_a_site_that_hangs_up_or_talks_nonsense_is_unknown(site: Site) -> None:
    site.pages["/silent"] = lambda page: None
    site.pages["/nonsense"] = lambda page: page.wfile.writelines([b"SSH-2.0-OpenSSH\r\n"])
    for path in ("/silent", "/nonsense"):
        found = look(site.url(path))
        assert found.state == "unknown"
        assert "No safe connection to 127.0.0.1" in str(found.said)


def test_a_closed_port_is_unknown(listener: Listener) -> None:
    listener.socket.close()
    assert look(f"http://127.0.0.1:{listener.port}").state == "unknown"


def test_a_name_that_does_not_exist_is_dead() -> None:
    def nobody(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    found = visit_page("https://www.citty.example", private_allowed=False, resolve=nobody)
    assert found.state == "dead"
    assert str(found.said) == "There is no site named www.citty.example. Check the spelling."


@pytest.mark.parametrize("trouble", [socket.gaierror(socket.EAI_AGAIN, "later"), UnicodeError(), TimeoutError()])
def test_a_name_server_that_fails_is_unknown(trouble: Exception) -> None:
    def failing(host: str) -> list[str]:
        raise trouble

    found = visit_page("https://www.city.example", private_allowed=False, resolve=failing)
    assert found.state == "unknown"
    assert "cannot be looked up now" in str(found.said)


def test_a_name_server_that_hangs_is_given_up() -> None:
    released = threading.Event()

    def hanging(host: str) -> list[str]:
        released.wait(20)
        return []

    found = visit_page("https://www.city.example", private_allowed=False, resolve=hanging, seconds=0.2)
    released.set()
    assert "did not answer within" in str(found.said)


def test_the_second_address_is_tried_when_the_first_is_closed(site: Site) -> None:
    site.pages["/"] = lambda page: page.answer(200)
    found = visit_page(
        site.url("/", "city.example"), private_allowed=True, resolve=lambda host: ["127.0.0.9", "127.0.0.1"]
    )
    assert found.state == "ok"
    assert site.asked == [("/", f"city.example:{site.server_port}")]


HOSTILE = [
    *("127.0.0.1", "127.0.0.53", "127.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1"),
    *(
        "017700000001",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "１２７.０.０.１",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
    ),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
    *("[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]"),
    *("[fd00::1]", "[fec0::1]", "[ff02::1]", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254"),
    *("100.64.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "city.gov@127.0.0.1"),
    *("127.0.0.1\\@city.gov", "city.gov:80@127.0.0.1", "127.0.0.1%2f@city.gov", "127.0.0.1 ", "127.0.0.1\t"),
]


@pytest.mark.parametrize("host", HOSTILE)
def test_an_address_within_the_network_is_never_connected_to(listener: Listener, host: str) -> None:
    for scheme in ("http", "https"):
        found = visit_page(f"{scheme}://{host}:{listener.port}/", private_allowed=False, seconds=3)
        assert listener.hits() == 0
        assert found.state in {"blocked", "dead"}
        assert str(found.said).endswith(".")


def test_the_listener_would_have_noticed(listener: Listener) -> None:
    for host in ("127.0.0.1", "localhost", "[::1]"):
        look(f"http://{host}:{listener.port}/", seconds=0.3)
        assert listener.hits() > 0


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "dict://127.0.0.1:{port}", "", "http://[::1"]
)
def test_what_is_no_web_address_is_never_connected_to(listener: Listener, url: str) -> None:
    assert visit_page(url.format(port=listener.port), private_allowed=True).state == "blocked"
    assert listener.hits() == 0


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "fe80::1%lo", "64:ff9b::7f00:1", "2002:7f00:1::"]
)
def test_a_name_that_leads_into_the_network_is_blocked(listener: Listener, address: str) -> None:
    for answer in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        found = visit_page(
            f"http://city.example:{listener.port}", private_allowed=False, resolve={"city.example": answer}.__getitem__
        )
        assert str(found.said) == "city.example is not on the open internet, so it is not visited."
        assert found.state == "blocked"
    assert listener.hits() == 0


@pytest.mark.parametrize("port", [22, 25, 3306, 5432, 6379, 7999, 9001, 11211])
def test_ports_that_are_not_for_pages_are_not_visited(port: int) -> None:
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return []

    found = visit_page(f"http://city.example:{port}", private_allowed=False, resolve=resolve)
    assert (found.state, asked) == ("blocked", [])
    assert f"port {port}" in str(found.said)


def first_host_is_public(address: str) -> bool:
    """Stands in for a server on the open internet, so that what follows the first door can be tried."""
    return address == "127.0.0.1" or is_public_address(address)


@pytest.fixture
def inner(site: Site) -> Iterator[socket.socket]:
    """A server within the network, on the same port as the public one."""
    with socket.create_server(("127.0.0.2", site.server_port)) as server:
        server.setblocking(False)
        yield server


def nobody_came(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return True
    return False


def test_the_inner_server_would_have_noticed(site: Site, inner: socket.socket) -> None:
    look(site.url("/", "127.0.0.2"), seconds=0.3)
    assert not nobody_came(inner)


@pytest.mark.parametrize("host", ["127.0.0.2", "2130706434", "[::ffff:127.0.0.2]"])
def test_a_redirect_into_the_network_is_blocked(site: Site, inner: socket.socket, host: str) -> None:
    site.pages["/"] = lambda page: page.answer(302, Location=site.url("/secret", host))
    found = visit_page(site.url("/"), private_allowed=False, public=first_host_is_public)
    assert len(site.asked) == 1
    assert found.state == "blocked"
    assert nobody_came(inner)


def test_a_name_server_that_changes_its_mind_changes_nothing(site: Site, inner: socket.socket) -> None:
    """DNS rebinding: the first answer is harmless, every later one leads inside."""
    answers = iter(["127.0.0.1"])
    site.pages["/"] = lambda page: page.answer(200, b"<title>Harmless</title>")
    found = visit_page(
        site.url("/", "rebind.example"),
        private_allowed=False,
        resolve=lambda host: [next(answers, "127.0.0.2")],
        public=first_host_is_public,
    )
    assert (found.state, found.title) == ("ok", "Harmless")
    assert next(answers, "asked once") == "asked once"
    assert nobody_came(inner)


def test_a_name_that_changes_its_mind_before_a_redirect_is_blocked(site: Site, inner: socket.socket) -> None:
    answers = iter(["127.0.0.1"])
    site.pages["/"] = lambda page: page.answer(302, Location=site.url("/secret", "rebind.example"))
    found = visit_page(
        site.url("/", "rebind.example"),
        private_allowed=False,
        resolve=lambda host: [next(answers, "127.0.0.2")],
        public=first_host_is_public,
    )
    assert found.state == "blocked"
    assert site.asked == [("/", f"rebind.example:{site.server_port}")]
    assert nobody_came(inner)


def test_a_proxy_named_in_the_environment_is_not_used(
    site: Site, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    site.pages["/"] = lambda page: page.answer(200)
    assert look(site.url("/")).state == "ok"
    assert listener.hits() == 0


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """For city.example, trusted by nobody yet."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    path = tmp_path / "city.pem"
    request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=city.example", "-addext", "subjectAltName=DNS:city.example"]
    subprocess.run(
        [program, *request, *names, "-keyout", path, "-out", tmp_path / "cert"], check=True, capture_output=True
    )
    path.write_text(path.read_text() + (tmp_path / "cert").read_text())
    return path


@pytest.fixture
def secure_site(certificate: Path) -> Iterator[Site]:
    made: list[Site] = []
    port_in_range(lambda port: made.append(Site(port)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    made[0].socket = context.wrap_socket(made[0].socket, server_side=True)
    made[0].handle_error = lambda *_: None  # type: ignore[method-assign]
    made[0].pages["/"] = lambda page: page.answer(200, b"<title>Secure</title>")
    yield from serving(made[0])


def test_a_pinned_connection_keeps_the_name_for_the_certificate(
    secure_site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    here = {"city.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}
    good, bad = (
        visit_page(secure_site.url("/", host, "https"), private_allowed=True, resolve=here.__getitem__) for host in here
    )
    assert (good.state, good.title) == ("ok", "Secure")
    assert (bad.state, bad.status) == ("unknown", None)
    assert secure_site.asked == [("/", f"city.example:{secure_site.server_port}")]


def test_a_certificate_that_nobody_trusts_is_no_safe_connection(secure_site: Site) -> None:
    found = visit_page(
        secure_site.url("/", "city.example", "https"), private_allowed=True, resolve=lambda host: ["127.0.0.1"]
    )
    assert "No safe connection to city.example" in str(found.said)
    assert secure_site.asked == []


def test_names_of_this_machine_resolve_to_ipv4_first() -> None:
    assert resolve_host("localhost")[0] == "127.0.0.1"


# what a friendly answer hides


def gives(status: int, body: bytes = b"", **headers: str) -> Callable[[Handler], None]:
    return lambda page: page.answer(status, body, **headers)


PLAN = b"<title>The plan</title><p>Goals.</p>"


def test_a_page_that_says_that_it_is_not_there_is_dead(site: Site) -> None:
    site.pages["/plan"] = gives(200, b"<title>Page not found | City</title>")
    assert visit_page(site.url("/plan"), private_allowed=True).state == "dead"


def test_an_address_that_leads_to_the_first_page_is_dead(site: Site) -> None:
    site.pages["/a/plan.pdf"] = gives(302, Location="/")
    site.pages["/"] = gives(200, b"<title>Welcome</title>")
    assert visit_page(site.url("/a/plan.pdf"), private_allowed=True).state == "dead"
    assert visit_page(site.url("/"), private_allowed=True).state == "ok"


def test_an_address_that_leads_to_a_sign_in_page_tells_nothing_and_that_page_is_no_copy(site: Site) -> None:
    site.pages["/plan.pdf"] = gives(302, Location="/account/login")
    site.pages["/account/login"] = gives(200, b"<title>Sign in</title><p>Your name</p>")
    found = visit_page(site.url("/plan.pdf"), private_allowed=True)
    assert (found.state, found.copy) == ("unknown", None)
    assert "where people sign in" in str(found.said)


@pytest.mark.parametrize(
    ("title", "state", "words"),
    [
        ("Log In | City of Newark", "unknown", "where people sign in"),
        ("Just a moment...", "unknown", "first asks visitors something"),
        ("Sitio en mantenimiento", "unknown", "says “Sitio en mantenimiento”"),
        ("La página solicitada no existe", "dead", "says “La página solicitada no existe”"),
        ("Sign-in sheet, October 3", "ok", "The page answers."),
    ],
)
def test_what_a_page_calls_itself_is_believed_where_it_is_no_page_to_keep(
    site: Site, title: str, state: str, words: str
) -> None:
    site.pages["/plan"] = gives(
        200, f"<title>{title}</title><p>Text</p>".encode(), Content_Type="text/html; charset=utf-8"
    )
    found = visit_page(site.url("/plan"), private_allowed=True)
    assert (found.state, bool(found.copy)) == (state, state == "ok")
    assert words in str(found.said)


def test_whoever_gave_the_address_of_a_sign_in_page_meant_it(site: Site) -> None:
    site.pages["/portal/login"] = gives(200, b"<title>Sign in</title><p>Your name</p>")
    assert visit_page(site.url("/portal/login"), private_allowed=True).state == "ok"


def test_an_address_that_leads_to_a_question_tells_nothing_and_that_page_is_no_copy(site: Site) -> None:
    site.pages["/map"] = gives(302, Location="/disclaimer.html")
    site.pages["/disclaimer.html"] = gives(200, b"<title>City maps</title><p>I agree</p>")
    found = visit_page(site.url("/map"), private_allowed=True)
    assert (found.state, found.copy) == ("unknown", None)
    assert "first asks visitors something" in str(found.said)


def test_a_site_that_sends_whatever_it_does_not_know_to_one_page_is_found_out(site: Site) -> None:
    site.pages["/plan"] = gives(302, Location="/search")
    site.pages["/search"] = gives(200, b"<title>Search</title>")
    assert visit_page(site.url("/plan"), private_allowed=True).state == "ok", "others answer 404 here"
    site.otherwise = gives(302, Location="/search")
    assert visit_page(site.url("/plan"), private_allowed=True).state == "dead"


def test_where_every_address_shows_the_same_page_nobody_can_tell(site: Site) -> None:
    site.otherwise = gives(200, b"<title>App</title><div id=app></div>")
    assert visit_page(site.url("/plan"), private_allowed=True).state == "unknown"


def test_where_every_address_shows_the_same_words_nobody_can_tell(site: Site) -> None:
    site.otherwise = lambda page: page.answer(
        200, f"<title>Our city</title><script>key='{page.path}'</script><p>Nothing fits.</p>".encode()
    )
    assert visit_page(site.url("/plan"), private_allowed=True).state == "unknown"


# moves


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False), (307, False)])
def test_only_a_move_for_good_proposes_a_new_address(site: Site, status: int, moved: bool) -> None:
    site.pages["/old"] = gives(status, Location="/new/plan")
    site.pages["/new/plan"] = gives(200, PLAN)
    found = visit_page(site.url("/old"), private_allowed=True)
    assert (found.state, found.moved_to) == ("ok", site.url("/new/plan") if moved else "")


def test_a_slash_more_is_no_move(site: Site) -> None:
    site.pages["/plan"] = gives(301, Location="/plan/")
    site.pages["/plan/"] = gives(200, PLAN)
    assert visit_page(site.url("/plan"), private_allowed=True).moved_to == ""


@pytest.mark.parametrize(
    ("target", "moved"),
    [
        ("/new/plan", True),
        ("/gone", False),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("http://me:secret@127.0.0.1/", False),
        ("/new&#0;plan", False),
        ("/new/plan&#x202e;", False),
    ],
)
def test_a_page_that_refreshes_to_another_has_moved(site: Site, target: str, moved: bool) -> None:
    body = f'<title>Moved</title><meta http-equiv="refresh" content="0; url={target}">'
    site.pages["/old"] = gives(200, body.encode())
    site.pages["/new/plan"] = gives(200, PLAN)
    found = visit_page(site.url("/old"), private_allowed=True)
    assert found.moved_to == (site.url(target) if moved else "")


@pytest.mark.parametrize(
    ("tag", "state", "moved"),
    [
        ("<meta content='0;URL=/new/plan' http-equiv=Refresh>", "ok", True),
        ("<meta http-equiv='refresh' content='900; url=/new/plan'>", "ok", False),
        ("<meta http-equiv='refresh' content='0; url=/account/login?to=/old'>", "unknown", False),
        ("<meta http-equiv='refresh' content='1200; url=/account/login?late=1'>", "ok", False),
        ("<meta name=refresh content='0; url=/new/plan'>", "ok", False),
        ("<meta http-equiv='refresh' content='60'>", "ok", False),
        ("<meta http-equiv='refresh' content='0; url=http://[x/'>", "ok", False),
    ],
)
def test_a_page_goes_elsewhere_by_itself_where_it_does_so_soon(site: Site, tag: str, state: str, moved: bool) -> None:
    site.pages["/old"] = gives(200, f"<title>The plan</title>{tag}".encode())
    site.pages["/new/plan"] = gives(200, PLAN)
    found = visit_page(site.url("/old"), private_allowed=True)
    assert (found.state, found.moved_to) == (state, site.url("/new/plan") if moved else "")


def test_a_page_that_refreshes_into_the_network_has_not_moved(site: Site, inner: socket.socket) -> None:
    body = f'<meta http-equiv="refresh" content="0; url={site.url("/secret", "127.0.0.2")}">'
    site.pages["/old"] = gives(200, body.encode())
    found = visit_page(site.url("/old"), private_allowed=False, public=first_host_is_public)
    assert (found.state, found.moved_to) == ("ok", "")
    assert nobody_came(inner)


# copies


def test_a_copy_has_the_words_of_a_page_only(site: Site) -> None:
    site.pages["/plan"] = gives(
        200, "<title>Plan &amp; goals</title><style>p{}</style><p>Año <b>2026</b>\u202e</p><li>One<li>Two".encode()
    )
    found = visit_page(site.url("/plan"), private_allowed=True)
    assert found.copy
    assert found.copy.name == "plan.txt"
    assert found.copy.content.decode() == "Plan & goals\n\nPlan & goals\nAño 2026\nOne\nTwo"


def test_a_page_cut_short_is_not_kept_as_if_it_were_whole(site: Site) -> None:
    site.pages["/plan"] = gives(200, PLAN + b"x" * 5000)
    assert visit_page(site.url("/plan"), private_allowed=True, max_bytes=1000).copy is None


@pytest.mark.parametrize(
    "body", [b"<" * 100_000, b"<!--" * 50_000, b"<script>" * 20_000, b"&#1114112;" * 50_000, bytes(range(256)) * 400]
)
def test_hostile_pages_are_read_without_harm(site: Site, body: bytes) -> None:
    site.pages["/plan"] = gives(200, b"<title>x</title>" + body)
    assert visit_page(site.url("/plan"), private_allowed=True).state == "ok"
