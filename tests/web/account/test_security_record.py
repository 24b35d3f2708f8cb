"""The security record: what signing in leaves in it, whose it is, and what it keeps of someone whose data were taken out."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import col, update
from starlette.testclient import TestClient

from app.adapters import passwords
from app.rules.account.security_record import SecurityKind
from app.services.account import security_page
from app.services.account.security_record import note_event
from app.services.site import Site
from app.store.account.security_record import SecurityEvent
from app.store.database.engine import now
from app.store.people import Membership, Person
from app.store.tables import metadata
from tests.conftest import ClientFor
from tests.world import World

PASSPHRASE = "four words as one"


@pytest.fixture
def passphrases(site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(passwords._HASHERS, "full", passwords._HASHERS["quick"])
    hashed = passwords.hash_passphrase(PASSPHRASE, "quick")
    with site.database.writing() as session:
        session.exec(update(Person).values(pass_phrase_hash=hashed))


def _kinds(site: Site) -> list[str]:
    with site.database.reading() as session:
        return [row.kind for row in session.scalars(select(SecurityEvent).order_by(col(SecurityEvent.id)))]


def _at(client: TestClient, address: str) -> TestClient:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    headers = {"Sec-Fetch-Site": "same-origin", "User-Agent": agent}
    return TestClient(client.app, client=(address, 1), headers=headers, follow_redirects=False)


def test_signing_in_failing_pausing_confirming_and_signing_out_are_written_down(
    client: TestClient, site: Site, passphrases: None
) -> None:
    visitor = _at(client, "192.0.2.7")
    form = {"email": "lead@alpha.example", "pass_phrase": PASSPHRASE}
    for _ in range(11):
        visitor.post("/sign-in", data=form | {"pass_phrase": "wrong"})
    visitor.post("/sign-in", data={"email": "nobody@alpha.example", "pass_phrase": "wrong"})
    other = _at(client, "192.0.2.8")
    other.post("/sign-in", data=form)
    other.post("/confirm", data={"pass_phrase": "wrong"})
    other.post("/confirm", data={"pass_phrase": PASSPHRASE})
    other.post("/devices")
    other.post("/sign-out")
    failed = ["sign_in_failed"] * 10
    assert _kinds(site) == [
        *failed, "sign_in_paused", "sign_in_failed", "signed_in", "confirming_failed", "confirmed", "signed_out_elsewhere", "signed_out",
    ]  # fmt: skip
    with site.database.reading() as session:
        stored = " ".join(map(str, session.execute(text("SELECT * FROM security_event")).all()))
    assert "nobody@alpha.example" not in stored, "what is typed into that field may be a passphrase"
    assert "wrong" not in stored
    assert stored.count("192.0.2.8") == 5


def test_an_administrator_reads_the_entries_of_the_own_city_alone(
    client: TestClient, client_for: ClientFor, site: Site, seeded: World
) -> None:
    both = seeded.alpha.people["lead"]
    with site.database.writing() as session:
        session.add(Membership(city_id=seeded.beta.id, person_id=both, role="official"))
        session.flush()
        note_event(session, SecurityKind.ROLE_CHANGED, both, city_id=seeded.beta.id, detail="admin")
        note_event(session, SecurityKind.SIGNED_IN, seeded.beta.people["lead"])
        note_event(session, SecurityKind.SIGN_IN_FAILED, None)
        note_event(session, SecurityKind.SIGN_IN_FAILED, both)
    alpha, beta = (client_for("admin", city=city).get(f"/{city}/security").text for city in ("alpha", "beta"))
    assert alpha.count('class="events__row"') == 1
    assert "failed" in alpha
    assert beta.count('class="events__row"') == 3
    assert "Role: Administrator" in beta
    narrowed = client_for("admin", city="alpha").get(f"/alpha/security?person={seeded.beta.people['lead']}").text
    assert "Nothing to show" in narrowed


def test_the_list_goes_on_page_by_page_and_escapes_what_strangers_sent(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    about: dict[str, Any] = {"kind": "signed_in", "city_id": seeded.alpha.id, "person_id": seeded.alpha.people["lead"]}
    with site.database.writing() as session:
        session.add_all(SecurityEvent(**about, address=f"192.0.2.{number}") for number in range(120))
        session.add(SecurityEvent(**about, address="<b>x</b>", agent="Firefox/<script>"))
        session.add(SecurityEvent(kind="from_the_future", city_id=seeded.alpha.id))
    admin, seen, address = client_for("admin"), 0, "/alpha/security"
    first = admin.get(address).text
    assert "&lt;b&gt;x" in first
    assert "<script>" not in first.partition("<main")[2]
    while address:
        page = admin.get(address).text
        seen += page.count('class="events__row"')
        marks = page.partition('rel="next"')[0].rpartition('href="')[2] if 'rel="next"' in page else ""
        address = marks.partition('"')[0].replace("&amp;", "&")
    assert seen == 122


def test_the_command_line_gets_it_as_a_table_that_runs_nothing(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        session.add(Person(name="=1+1", email="formula@alpha.example"))
        session.flush()
        person = session.scalars(select(col(Person.id)).where(col(Person.email) == "formula@alpha.example")).one()
        note_event(session, SecurityKind.SIGNED_IN, seeded.beta.people["lead"])
        note_event(session, SecurityKind.SIGN_IN_FAILED, None)
        note_event(session, SecurityKind.SIGNED_IN, person, city_id=seeded.alpha.id)
        session.add(SecurityEvent(kind="signed_in", city_id=seeded.alpha.id, at=now() - timedelta(days=9)))

    def rows(*asked: object) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO("".join(security_page.export_table(site, *asked)))))  # type: ignore[arg-type]

    assert len(rows(None, None, None)) == 4
    assert [row["city"] for row in rows("alpha", None, None)] == ["alpha", "alpha"]
    young = rows("alpha", now() - timedelta(days=1), None)
    assert [row["person_name"] for row in young] == ["'=1+1"]
    assert len(rows("alpha", None, now() - timedelta(days=1))) == 1


# Taking a former member's data out


def _everything(site: Site) -> list[str]:
    """Every value in the database, but for the reports that are kept as they are."""
    with site.database.engine.connect() as connection:
        return [
            str(value)
            for table in metadata.sorted_tables
            if table.name != "report"
            for row in connection.execute(select(table))
            for value in row
        ]


@pytest.fixture
def leaver(site: Site, seeded: World, client: TestClient, client_for: ClientFor, passphrases: None) -> int:
    """The lead, under a name like no other, who has done this and that, was there with a phone, and has left."""
    person = seeded.alpha.people["lead"]
    with site.database.writing() as session:
        row = session.get_one(Person, person)
        row.name, row.email, row.language = "Xiomara Quetzalli", "xiomara@quetzalli.example", "en"
    phone = _at(client, "192.0.2.77")
    phone.post("/sign-in", data={"email": "xiomara@quetzalli.example", "pass_phrase": PASSPHRASE})
    phone.post("/alpha/criteria/LC1/narrative", data={"narrative": "A text.", "narrative_version": "1"})
    phone.post("/alpha/criteria/LC1/comments", data={"text": "Please look."})
    client_for("admin").post(
        f"/alpha/people/{seeded.alpha.memberships['lead']}/end",
        data={"version": "1", "to": str(seeded.alpha.people["colleague"])},
    )
    return person


def _scrub(client: TestClient, seeded: World, **form: str) -> int:
    path = f"/alpha/people/{seeded.alpha.memberships['lead']}/scrub"
    return client.post(path, data={"version": "2", "confirmed": "on", **form}).status_code


def test_nothing_in_the_database_names_a_person_whose_data_were_taken_out_and_what_was_done_stays(
    site: Site, seeded: World, client_for: ClientFor, leaver: int
) -> None:
    admin = client_for("admin")
    assert any("Xiomara" in value for value in _everything(site))
    assert "Xiomara Quetzalli" in admin.get("/alpha/history").text
    assert _scrub(admin, seeded) == 303
    named = [value for value in _everything(site) if "xiomara" in value.lower() or "quetzalli" in value.lower()]
    assert named == []
    assert not any("192.0.2.77" in value for value in _everything(site))
    page = admin.get("/alpha/history").text
    assert f"Former member {leaver}" in page
    assert "Xiomara" not in page
    for address in ("/alpha/history.csv", "/alpha/people", "/alpha/security", "/alpha/criteria/LC1"):
        shown = admin.get(address)
        assert shown.status_code == 200
        assert "Xiomara" not in shown.text, address
    assert f"Former member {leaver}" in admin.get("/alpha/history.csv").text
    assert "narrative_written" in admin.get("/alpha/history.csv").text


def test_the_address_is_free_again_and_the_old_account_opens_nothing(
    site: Site, seeded: World, client: TestClient, client_for: ClientFor, leaver: int
) -> None:
    admin = client_for("admin")
    assert _scrub(admin, seeded) == 303
    for email in ("xiomara@quetzalli.example", f"scrubbed:{leaver}"):
        assert client.post("/sign-in", data={"email": email, "pass_phrase": PASSPHRASE}).status_code == 422
    restored = admin.post(f"/alpha/people/{seeded.alpha.memberships['lead']}/restore", data={"version": "3"})
    assert restored.status_code == 409
    with site.database.writing() as session:
        session.add(Person(name="X", email="xiomara@quetzalli.example"))


def test_an_account_in_use_stays_as_it_is(site: Site, seeded: World, client_for: ClientFor, leaver: int) -> None:
    admin = client_for("admin")
    with site.database.writing() as session:
        session.add(Membership(city_id=seeded.beta.id, person_id=leaver, role="official"))
    assert _scrub(admin, seeded) == 409
    assert any("Xiomara" in value for value in _everything(site))


def test_it_is_done_only_once_confirmed_and_on_the_page_as_it_is(
    site: Site, seeded: World, client_for: ClientFor, leaver: int
) -> None:
    admin = client_for("admin")
    assert _scrub(admin, seeded, confirmed="") == 422
    assert _scrub(admin, seeded, version="1") == 409
    assert any("Xiomara" in value for value in _everything(site))
    assert _scrub(admin, seeded) == 303
    assert _scrub(admin, seeded, version="3") == 404


def test_another_city_where_the_person_was_learns_of_it_but_not_who_did_it(
    site: Site, seeded: World, client_for: ClientFor, leaver: int
) -> None:
    with site.database.writing() as session:
        session.add(Membership(city_id=seeded.beta.id, person_id=leaver, role="official", ended_at=now()))
    assert "Xiomara" in client_for("admin", city="beta").get("/beta/people").text
    assert _scrub(client_for("admin"), seeded) == 303
    beta = client_for("admin", city="beta")
    assert "Xiomara" not in beta.get("/beta/people").text
    assert f"CityReady removed the personal data of Former member {leaver}." in beta.get("/beta/history").text
