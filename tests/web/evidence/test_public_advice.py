"""What “public” means is read once by each person before the first thing of theirs becomes public, whichever door that goes through."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.rules.history.verbs import Verb
from app.services.requests import page as request
from app.services.site import Site
from app.store.evidence.pieces import Evidence
from app.store.history.events import HistoryEvent
from app.store.people import Person
from app.store.request import Contribution, EvidenceRequest
from tests import world
from tests.conftest import ClientFor
from tests.small_files import pdf_of
from tests.world import CityWorld, World

SENTENCE = "Read what “public” means, and tick that you have read it."
PAGE_BY_PAGE = "names and pictures of people, their numbers"
LETTER = ("letter.pdf", pdf_of("Dear Ana Quillmoss"), "application/pdf")
NOTE = {"kind": "note", "title": "How we decide", "note": "By a vote of the desk.", "visibility": "public"}


@dataclass(frozen=True)
class PublicDoor:
    """A way to make something public: `prepare` readies a piece for it and returns the address, `kept` is what stays in the form."""

    prepare: Callable[[TestClient, Site, CityWorld], str]
    fields: Mapping[str, str]
    files: tuple[Any, ...] = ()
    kept: str = ""


def add_address(client: TestClient, site: Site, city: CityWorld) -> str:
    return "/alpha/criteria/LC1/evidence"


def own_letter(client: TestClient, site: Site, visibility: str = "internal") -> str:
    """The address of a piece with a letter that was read."""
    form = {"kind": "file", "visibility": visibility}
    assert client.post("/alpha/criteria/LC1/evidence", data=form, files=[("file", LETTER)]).status_code == 303
    world.run_jobs(site)
    return f"/alpha/evidence/{newest(site).id}"


def newest(site: Site) -> Evidence:
    with site.database.reading() as session:
        return session.exec(select(Evidence).order_by(col(Evidence.id).desc()).limit(1)).one()


DOORS = {
    "a note": PublicDoor(add_address, NOTE, kept="By a vote of the desk."),
    "a file": PublicDoor(
        add_address, {"kind": "file", "title": "Letter of May", "visibility": "public"}, (LETTER,), kept="Letter of May"
    ),
    "a change": PublicDoor(
        lambda client, site, city: own_letter(client, site),
        {"version": "1", "title": "Letter of June", "visibility": "public"},
        kept="Letter of June",
    ),
    "a copy that was redacted elsewhere": PublicDoor(
        lambda client, site, city: own_letter(client, site) + "/redacted",
        {"version": "1"},
        (("copy.txt", b"Dear colleague", "text/plain"),),
    ),
    "a copy that is redacted here": PublicDoor(
        lambda client, site, city: own_letter(client, site) + "/redact",
        {"version": "1", "words": "Quillmoss", "title": "Letter, redacted", "visibility": "public"},
        kept="Quillmoss",
    ),
    "a number of the catalog": PublicDoor(
        lambda client, site, city: f"/alpha/portal/facts/{city.fact_id}", {"decision": "accepted"}
    ),
    "numbers of the catalog": PublicDoor(
        lambda client, site, city: "/alpha/portal/facts", {"decision": "accepted", "fact": "FACT"}
    ),
    "a sentence for the press": PublicDoor(
        lambda client, site, city: f"/alpha/evidence/{city.evidence['figure']}/approval", {"version": "1"}
    ),
}  # fmt: skip


@pytest.fixture
def unadvised(site: Site, seeded: World) -> None:
    """Nobody has read it."""
    with site.database.writing() as session:
        for person in session.exec(select(Person)):
            person.public_advice_read_at = None
            session.add(person)


def publics(site: Site) -> list[tuple[int, str]]:
    """What the public can be shown: pieces, and figures that were approved."""
    with site.database.reading() as session:
        rows = session.exec(select(Evidence).where(Evidence.visibility == "public"))
        return sorted((row.id, str(row.approved_at)) for row in rows)


def readings(site: Site) -> list[int | None]:
    """Who has read it, as the history tells."""
    with site.database.reading() as session:
        query = select(HistoryEvent.person_id).where(HistoryEvent.verb == Verb.PUBLIC_ADVICE_READ)
        return list(session.exec(query))


@pytest.mark.usefixtures("unadvised")
@pytest.mark.parametrize("name", DOORS)
def test_through_no_door_anything_becomes_public_unread_and_what_was_typed_stays(
    client_for: ClientFor, site: Site, seeded: World, name: str
) -> None:
    door, client = DOORS[name], client_for("reviewer")
    address = door.prepare(client, site, seeded.alpha)
    fields = {key: value.replace("FACT", str(seeded.alpha.fact_id)) for key, value in door.fields.items()}
    files = [("file", file) for file in door.files]
    before = publics(site)

    refused = client.post(address, data=fields, files=files)
    assert refused.status_code == 422
    assert refused.text.count(f"{SENTENCE}</span>") == 1, "at its field"
    assert PAGE_BY_PAGE in refused.text
    assert door.kept in refused.text
    assert (publics(site), readings(site)) == (before, [])

    assert client.post(address, data=fields | {"public_advice": "1"}, files=files).status_code == 303
    assert publics(site) != before
    assert readings(site) == [seeded.alpha.people["reviewer"]]
    again = client.post("/alpha/criteria/LC1/evidence", data=NOTE | {"title": "Another"})
    assert (again.status_code, newest(site).title, len(readings(site))) == (303, "Another", 1), "asked once"


@pytest.mark.usefixtures("unadvised")
def test_each_person_reads_it_and_those_who_have_find_it_folded(client_for: ClientFor, site: Site) -> None:
    new = "/alpha/criteria/LC1/evidence/new?kind=note"
    lead, reviewer = client_for("lead"), client_for("reviewer")
    assert 'name="public_advice"' in lead.get(new).text
    lead.post("/alpha/criteria/LC1/evidence", data=NOTE | {"public_advice": "1"})
    page = lead.get(new).text
    assert 'name="public_advice"' not in page
    assert re.search(r"<details[^>]*public-advice", page)
    assert PAGE_BY_PAGE in page
    assert reviewer.post("/alpha/criteria/LC1/evidence", data=NOTE).status_code == 422


@pytest.mark.usefixtures("unadvised")
def test_nothing_is_asked_about_what_stays_inside_or_was_public_before(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    lead = client_for("lead")
    assert lead.post("/alpha/criteria/LC1/evidence", data=NOTE | {"visibility": "internal"}).status_code == 303
    with site.database.writing() as session:
        session.get_one(Evidence, newest(site).id).visibility = "public"
    address = f"/alpha/evidence/{newest(site).id}"
    assert 'id="public_advice"' not in lead.get(address).text
    assert lead.post(address, data=NOTE | {"version": "1", "title": "By vote"}).status_code == 303
    assert (newest(site).title, readings(site)) == ("By vote", [])


def test_several_files_sent_by_the_script_are_each_told_why_they_were_not_kept(
    client_for: ClientFor, site: Site, unadvised: None
) -> None:
    form = {"kind": "file", "visibility": "public"}
    answer = client_for("lead").post(
        "/alpha/criteria/LC1/evidence", data=form, files=[("file", LETTER)], headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "letter.pdf" in answer.text
    assert SENTENCE in answer.text


def test_a_partner_reads_it_once_through_a_link_before_being_quoted(
    client: TestClient, site: Site, seeded: World
) -> None:
    def rows() -> list[Contribution]:
        with site.database.reading() as session:
            query = select(Contribution).where(Contribution.request_id == seeded.alpha.requests["partner"])
            return list(session.exec(query.order_by(col(Contribution.id))))

    with site.database.reading() as session:
        asked = session.get_one(EvidenceRequest, seeded.alpha.requests["partner"])
        address = request.request_link(site, asked).removeprefix("http://testserver")
    client.cookies.set("cityready_language", "en")
    form = {"name": "Ana Souza", "note": "We meet weekly.", "may_quote": "1"}
    before = len(rows())
    refused = client.post(address, data=form)
    assert refused.status_code == 422
    assert SENTENCE in refused.text
    assert "We meet weekly." in refused.text
    assert re.search(r'name="may_quote"[^>]*checked', refused.text)
    assert len(rows()) == before
    assert client.post(address, data=form | {"may_quote": ""}).status_code == 303, (
        "nothing is asked of whoever stays unnamed"
    )
    assert client.post(address, data=form | {"public_advice": "1"}).status_code == 303
    assert 'name="public_advice"' not in client.get(address).text
    assert client.post(address, data=form).status_code == 303
    assert [row.may_quote for row in rows()[before:]] == [False, True, True]


def test_what_a_partner_sends_is_internal_when_it_is_accepted(
    client_for: ClientFor, site: Site, seeded: World, unadvised: None
) -> None:
    answer = client_for("reviewer").post(
        f"/alpha/inbox/{seeded.alpha.contribution_id}", data={"decision": "accepted", "reason": ""}
    )
    assert (answer.status_code, newest(site).visibility, readings(site)) == (303, "internal", [])
