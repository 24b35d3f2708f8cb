"""What a request leaves behind: everything or nothing, and an answer that says which."""

import io
import threading
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from app.rules import errors as rules_errors
from app.rules.errors import CityReadyError
from app.services.site import Site
from app.store import response, review
from app.store.city import City
from app.store.evidence.files import StoredFile
from app.web import assets
from app.web.cookies import SESSION_COOKIE
from app.web.statuses import ERROR_STATUSES, SOMETHING_WRONG
from app.web.wire.security import SECURITY_HEADERS
from tests import world
from tests.conftest import ClientFor, Live
from tests.world import World

pytestmark = pytest.mark.on_both

NARRATIVE = "/alpha/criteria/LC1/narrative"

TRAPS = {
    "sqlite": [
        "CREATE TRIGGER trap_set AFTER INSERT ON history_event BEGIN INSERT INTO trap (other) VALUES (999); END",
    ],
    "postgresql": [
        "CREATE FUNCTION trap_set() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO trap (other) VALUES (999); RETURN NEW; END $$",
        "CREATE TRIGGER trap_set AFTER INSERT ON history_event FOR EACH ROW EXECUTE FUNCTION trap_set()",
    ],
}
"""With the table below, every change is fine until it is committed: the reference to nothing is looked at only then."""
OUR_LINKS = {"", "data.example", "news.example", "whatworkscities.bloomberg.org", "www.bloomberg.org"}
"""Ourselves, what the world of these tests names, and where the program and a source of an example are published."""


@pytest.fixture
def failing_commits(site: Site, seeded: World, backend: str) -> None:
    with site.database.writing() as session:
        session.execute(text("CREATE TABLE trap_target (id INTEGER PRIMARY KEY)"))
        session.execute(
            text("CREATE TABLE trap (other INTEGER REFERENCES trap_target (id) DEFERRABLE INITIALLY DEFERRED)")
        )
        for statement in TRAPS[backend]:
            session.execute(text(statement))


def _narrative(site: Site, seeded: World) -> tuple[str, int, int]:
    """The text, its version, and how long the city's record is."""
    with site.database.reading() as session:
        stored = response.find_response_by_id(session, seeded.alpha.id, seeded.alpha.responses["LC1"])
        count = session.exec(select(City.history_count).where(City.id == seeded.alpha.id)).one()
    assert stored
    return stored.narrative, stored.narrative_version, count


def test_a_commit_that_fails_is_never_answered_as_if_it_had_worked(
    site: Site, seeded: World, failing_commits: None, client_for: ClientFor
) -> None:
    before = _narrative(site, seeded)
    lead = client_for("lead", raises=False)
    for headers in ({}, {"HX-Request": "true"}):
        answer = lead.post(NARRATIVE, data={"narrative": "New.", "narrative_version": "1"}, headers=headers)
        assert answer.status_code == 500
        assert str(SOMETHING_WRONG) in answer.text
        assert "location" not in answer.headers
    assert _narrative(site, seeded) == before


def test_what_worked_is_there_when_the_answer_arrives(site: Site, seeded: World, client_for: ClientFor) -> None:
    text_before, version, count = _narrative(site, seeded)
    answer = client_for("lead").post(NARRATIVE, data={"narrative": "New.", "narrative_version": str(version)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/alpha/criteria/LC1?done=saved#narrative")
    assert text_before != "New."
    assert _narrative(site, seeded) == ("New.", version + 1, count + 1)


def test_of_a_hundred_people_who_save_in_the_same_moment_everybody_is_heard(live: Live, seeded: World) -> None:
    cookies = {SESSION_COOKIE: world.sign_in(live.site, seeded.alpha.people["lead"])}
    everyone, answers = threading.Barrier(100), []

    def comment(number: int) -> None:
        with httpx2.Client(
            base_url=live.url, cookies=cookies, headers={"Sec-Fetch-Site": "same-origin"}, timeout=60
        ) as client:
            everyone.wait()
            answers.append(client.post("/alpha/criteria/LC1/comments", data={"text": f"From {number}."}).status_code)

    people = [threading.Thread(target=comment, args=(number,)) for number in range(100)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert answers == [303] * 100
    with live.site.database.reading() as session:
        comments = review.list_comments(session, seeded.alpha.id, seeded.alpha.responses["LC1"])
    assert {comment.text for comment in comments} == {f"From {number}." for number in range(100)}


def test_a_form_with_a_mistake_is_shown_again_as_typed_and_changes_nothing(
    site: Site, seeded: World, client_for: ClientFor
) -> None:
    before = _narrative(site, seeded)
    typed = {"name": "Typed Name", "email": "no address", "role": "lead"}
    answer = client_for("admin").post("/alpha/people", data=typed)
    assert answer.status_code == 422
    assert 'value="Typed Name"' in answer.text
    assert 'value="no address"' in answer.text
    assert 'id="email-error"' in answer.text
    assert _narrative(site, seeded) == before


def test_every_named_error_has_a_status() -> None:
    named = {
        kind for kind in vars(rules_errors).values() if isinstance(kind, type) and issubclass(kind, CityReadyError)
    }
    assert named - {CityReadyError, rules_errors.CorrectableProblem} <= ERROR_STATUSES.keys(), (
        "the two that only others are made from"
    )


def test_each_kind_of_failure_has_its_status_and_a_sentence(
    site: Site, seeded: World, data_dir: Path, client_for: ClientFor, client: TestClient
) -> None:
    with site.database.reading() as session:
        key = session.exec(select(StoredFile.key).where(StoredFile.city_id == seeded.alpha.id)).one()
    (data_dir / "files" / key).unlink()
    (data_dir / "files" / key).mkdir()  # what storage holds cannot be read
    lead, official = client_for("lead"), client_for("official")
    tries: dict[str, tuple[int, Callable[[], httpx2.Response]]] = {
        "Your role in this city does not include this.": (403, lambda: official.get("/alpha/my-work")),
        "it belongs to a city that you are not a member of": (404, lambda: lead.get("/beta/board")),
        "This page does not exist": (404, lambda: client.get("/alpha/board/of/nothing")),
        "This address cannot be used that way.": (405, lambda: lead.post("/alpha/board")),
        "has a verdict": (409, lambda: lead.post("/alpha/criteria/LC4/narrative", data={"narrative": "N", "narrative_version": "1"})),
        "Both texts are below": (409, lambda: lead.post(NARRATIVE, data={"narrative": "N", "narrative_version": "0"})),
        "This page is out of date.": (422, lambda: lead.post(NARRATIVE, data={"narrative": "N"})),
        "The file storage does not work now.": (503, lambda: lead.get(f"/alpha/evidence/{seeded.alpha.evidence['file']}/file")),
    }  # fmt: skip
    for sentence, (status, attempt) in tries.items():
        answer = attempt()
        assert (answer.status_code, sentence in answer.text) == (status, True), (
            sentence,
            answer.status_code,
            answer.text[-3000:],
        )
        assert answer.text.count("<h1") == 1, "an error is a whole page too"


def test_htmx_is_told_of_a_failure_in_one_alert_and_not_in_a_page(seeded: World, client_for: ClientFor) -> None:
    answer = client_for("official").get("/alpha/my-work", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert 'role="alert"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.only_sqlite
def test_what_is_too_large_is_refused_with_a_sentence(seeded: World, client_for: ClientFor) -> None:
    lead = client_for("lead")
    form = {"narrative": "a" * 2_100_000, "narrative_version": "1"}
    answer = lead.post(NARRATIVE, files={"file": ("a.txt", io.BytesIO(b"a"))}, data=form)
    assert answer.status_code in {400, 413}
    assert "<h1" in answer.text


@pytest.mark.only_sqlite
def test_a_form_in_an_encoding_that_cannot_be_read_is_refused_with_a_sentence(
    seeded: World, client_for: ClientFor
) -> None:
    lead = client_for("lead")
    body = b'--B\r\nContent-Disposition: form-data; name="narrative"\r\n\r\n+2AA-\\ud800\r\n--B--\r\n'
    for encoding in ("utf-7", "unicode_escape", "undefined", "punycode"):
        kind = {"Content-Type": f"multipart/form-data; boundary=B; charset={encoding}"}
        answer = lead.post(NARRATIVE, content=body, headers=kind)
        assert (answer.status_code, answer.text.count("<h1")) == (400, 1), encoding
    readable = b'--B\r\nContent-Disposition: form-data; name="narrative"\r\n\r\nplain-\r\n--B--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=B; charset=punycode"}
    assert lead.post(NARRATIVE, content=readable, headers=kind).status_code == 400, "it takes the square of its length"


@pytest.mark.parametrize("version", ["--5", "-", "5-", "9" * 15, "-" + "9" * 14, str(2**31), "9" * 5000])
def test_a_version_that_is_no_number_of_ours_is_refused(seeded: World, client_for: ClientFor, version: str) -> None:
    answer = client_for("lead").post(NARRATIVE, data={"narrative": "N", "narrative_version": version})
    assert (answer.status_code, answer.text.count("<h1")) == (422, 1)


@pytest.mark.only_sqlite
def test_an_address_that_is_none_does_not_keep_the_page_from_answering(seeded: World, client_for: ClientFor) -> None:
    lead = client_for("lead")
    form = {"narrative": "N"}
    assert lead.post(NARRATIVE, data=form, headers={"Referer": "http://["}).status_code == 422
    assert lead.post(NARRATIVE, data=form, headers={"Sec-Fetch-Site": "none", "Origin": "http://["}).status_code == 403
    del lead.headers["Sec-Fetch-Site"]
    assert lead.post(NARRATIVE, data=form, headers={"Origin": "http://["}).status_code == 403


@pytest.mark.only_sqlite
def test_every_answer_carries_the_headers_that_keep_scripts_and_frames_out(
    seeded: World, client_for: ClientFor, client: TestClient
) -> None:
    lead = client_for("lead")
    answers = [
        client.get("/sign-in"), client.get("/alpha/board"), client.get("/nothing"), lead.get("/alpha/board"), lead.get("/beta/board"),
        lead.get("/alpha/board%00"), lead.post("/alpha/board", headers={"Sec-Fetch-Site": "cross-site"}), client.get("/static/x/app.css"),
    ]  # fmt: skip
    for answer in answers:
        missing = {name for name, value in SECURITY_HEADERS.items() if answer.headers.get(name) != value}
        assert not missing, (answer.url, missing)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"]


class Links(HTMLParser):
    """Everything that a page loads or leads to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and (name == "src" or (tag in {"link", "use"} and name == "href")):
                self.loads.append(value.partition("#")[0])
            elif value and name in {"href", "action"}:
                self.leads.append(value)


PAGES = [
    "/sign-in",
    "/alpha/my-work",
    "/alpha/criteria/LC1",
    "/alpha/board",
    "/alpha/readiness",
    "/alpha/people",
    "/alpha/evidence",
]


@pytest.fixture
def pages(client_for: ClientFor) -> tuple[TestClient, list[Links]]:
    admin = client_for("admin")
    return admin, [Links(admin.get(page, headers={"Host": "evil.example"}).text) for page in PAGES]


AT_FIXED_ADDRESSES = ("/manifest", "/app-icon")
"""What a phone keeps of the app is looked for again each day, since its address never changes."""


@pytest.mark.only_sqlite
def test_everything_that_a_page_loads_is_there_and_may_be_kept_for_good(
    seeded: World, pages: tuple[TestClient, list[Links]]
) -> None:
    client, found = pages
    addresses = {address for links in found for address in links.loads}
    assert len(addresses) > 5
    for address in addresses:
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, address
        assert ("immutable" in answer.headers["Cache-Control"]) is not address.startswith(AT_FIXED_ADDRESSES), address
        squeezed = address.endswith((".css", ".js", ".svg", ".json"))
        assert (answer.headers.get("Content-Encoding") == "gzip") == squeezed, address
        plain = client.get(address, headers={"Accept-Encoding": "identity"})
        assert plain.content == answer.content


@pytest.mark.only_sqlite
def test_nothing_but_the_front_end_files_is_served(client: TestClient, seeded: World) -> None:
    for name in (
        "../app/main.py",
        "..%2f..%2fpyproject.toml",
        "%2e%2e/pyproject.toml",
        "/etc/passwd",
        "nothing.css",
        "",
        "vendor",
        "a" * 300,
        "a/" * 3000,
    ):
        assert client.get(f"/static/x/{name}").status_code == 404, name


@pytest.mark.only_sqlite
def test_a_front_end_file_is_kept_under_its_one_name_and_not_under_every_spelling(client: TestClient) -> None:
    assert client.get("/static/x/app.css").status_code == 200
    kept = assets.load_asset.cache_info().currsize
    for name in ("%2e/app.css", "%2e/%2e/app.css", "/app.css", "vendor/%2e%2e/app.css", "app.css/%2e", "app.css/"):
        assert client.get(f"/static/x/{name}").status_code == 404, name
    assert assets.load_asset.cache_info().currsize == kept


@pytest.mark.only_sqlite
def test_no_page_is_kept_for_a_question_of_any_length(client_for: ClientFor, seeded: World) -> None:
    lead = client_for("lead")
    for number in range(5):
        assert lead.get("/alpha/criteria", params={"q": f"{number}" * 300}).status_code == 200
    assert len(cast(FastAPI, lead.app).state.pages) == 0
    assert lead.get("/alpha/criteria", params={"q": "minutes"}).status_code == 200
    assert len(cast(FastAPI, lead.app).state.pages) == 1


@pytest.mark.only_sqlite
def test_no_page_depends_on_the_host_name_that_somebody_sends(
    seeded: World, pages: tuple[TestClient, list[Links]], client_for: ClientFor
) -> None:
    _, found = pages
    for links in found:
        assert links.leads
        assert [address for address in links.leads + links.loads if urlsplit(address).netloc not in OUR_LINKS] == []
    evil = {"Host": "evil.example"}
    assert client_for("admin").get("/", headers=evil).headers["location"] == "/cities"
    path = f"/alpha/people/{seeded.alpha.memberships['colleague']}/link"
    invitation = client_for("admin").post(path, headers=evil).text
    assert "http://testserver/passphrase/" in invitation
    assert "evil.example" not in invitation


def test_a_page_is_sent_again_only_when_something_changed_and_to_nobody_else(
    seeded: World, client_for: ClientFor
) -> None:
    lead, admin = client_for("lead"), client_for("admin")
    first = lead.get("/alpha/criteria/LC1")
    known = {"If-None-Match": first.headers["ETag"]}
    assert "private" in first.headers["Cache-Control"]
    again = lead.get("/alpha/criteria/LC1", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert admin.get("/alpha/criteria/LC1", headers=known).status_code == 200
    assert "Lead of Alpha City" not in admin.get("/alpha/board").text.split("<main")[0]
    admin.post(NARRATIVE, data={"narrative": "Changed by someone else.", "narrative_version": "1"})
    changed = lead.get("/alpha/criteria/LC1", headers=known)
    assert changed.status_code == 200
    assert "Changed by someone else." in changed.text
