"""A city is set up from one workbook, looked at before it is saved, and one press undoes what nobody has changed since."""

import json
import re
from io import BytesIO

import openpyxl
import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.store.account.invitation import Invitation
from app.store.assessment import Assignment
from app.store.city import Department
from app.store.people import Membership, Person
from app.store.request import EvidenceRequest, Partner
from tests.conftest import ClientFor
from tests.world import World

BULK = "/alpha/people/bulk"


def look(admin: TestClient, **form: str) -> str:
    answer = admin.post(BULK, data=form)
    assert answer.status_code == 200, answer.text
    return answer.text


def save(admin: TestClient, page: str, **ticked: str) -> str:
    """Press Save on the preview, with its tables as they stand there."""
    form = {
        name: html_text(text)
        for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    }
    [mark] = re.findall(r'name="mark" value="(\w+)"', page)
    answer = admin.post(f"{BULK}/save", data={"mark": mark, **form, **ticked})
    assert answer.status_code == 200, answer.text
    return answer.text


def html_text(text: str) -> str:
    return (
        text.replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )


def rows_of(client: TestClient, seeded: World, model: type) -> list:  # type: ignore[type-arg]
    with client.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
        return list(session.exec(select(model).where(col(model.city_id) == seeded.alpha.id)))  # type: ignore[attr-defined]


def set_up_workbook() -> BytesIO:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    tables = {
        "Dependencias": [["Dependencia"], ["Parks"], ["Finance"]],
        "Personas": [["Nombre", "Correo", "Dependencia", "Rol"], ["Nia New", "nia@city.gov", "Parks", "responsable"]],
        "Partners": [["Name", "E-mail"], ["Port Lab", "pat@lab.example"]],
        "Assignments": [
            ["Criterion", "Department", "Person", "Due date"],
            ["BF1", "Parks", "nia@city.gov", "2027-05-01"],
        ],
        "Notes": [["call Jo"]],
    }
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    book.save(content)
    return BytesIO(content.getvalue())


def test_one_workbook_is_looked_at_saved_and_undone(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    before = {model: len(rows_of(admin, seeded, model)) for model in (Department, Invitation, Partner, Assignment)}
    answer = admin.post(BULK, files={"file": ("set-up.xlsx", set_up_workbook())})
    assert answer.status_code == 200
    assert "Save all 4" in answer.text
    assert "These sheets are not used: Notes." in answer.text
    assert {model: len(rows_of(admin, seeded, model)) for model in before} == before, "nothing is written by looking"
    saved = save(admin, answer.text, invites="show")
    assert "4 lines are saved" in saved
    assert "/welcome/" in saved
    [invited] = [row for row in rows_of(admin, seeded, Invitation) if row.email == "nia@city.gov"]
    assert json.loads(invited.tasks) == {"BF1": "person"}
    [parks] = [row for row in rows_of(admin, seeded, Department) if row.name == "Parks"]
    assert invited.department_ids == {parks.id}
    [place] = re.findall(r"/people/bulk/\d+", saved)
    assert "4 rows go back" in admin.get(f"/alpha{place}").text
    assert admin.post(f"/alpha{place}/undo").status_code == 303
    assert {model: len(rows_of(admin, seeded, model)) for model in before} == before | {
        Invitation: before[Invitation] + 1
    }
    assert {row.state for row in rows_of(admin, seeded, Invitation) if row.id == invited.id} == {"withdrawn"}
    assert admin.post(f"/alpha{place}/undo").status_code == 409


def test_who_was_invited_to_a_criterion_has_it_on_joining(
    client_for: ClientFor, client: TestClient, seeded: World
) -> None:
    admin = client_for("admin")
    answer = admin.post(BULK, files={"file": ("set-up.xlsx", set_up_workbook())})
    [link] = re.findall(r"(/welcome/[\w.-]+)", save(admin, answer.text, invites="show"))
    words = {"name": "Nia New", "pass_phrase": "correct horse lantern 43", "again": "correct horse lantern 43"}
    assert client.post(link, data=words).status_code == 303
    with client.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
        nia = session.exec(select(Person).where(Person.email == "nia@city.gov")).one()
    [task] = [row for row in rows_of(admin, seeded, Assignment) if row.criterion == "BF1"]
    assert task.person_id == nia.id


def test_lines_that_cannot_be_used_stop_all_until_they_are_left_out(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    page = look(admin, kind="people", text="Name\tE-mail\nNia New\tnia@city.gov\nNo Body\tnobody")
    assert "“nobody” is not an e-mail address." in page
    form = {"mark": re.findall(r'name="mark" value="(\w+)"', page)[0], "invites": "later"}
    form["people"] = "Name\tE-mail\nNia New\tnia@city.gov\nNo Body\tnobody"
    refused = admin.post(f"{BULK}/save", data=form)
    assert (refused.status_code, 'id="leaves_out-error"' in refused.text) == (422, True)
    assert admin.post(f"{BULK}/save", data={**form, "leaves_out": "on", "invites": ""}).status_code == 422
    assert "1 invitation is not sent yet" in save(admin, page, leaves_out="on", invites="later")


def test_a_city_that_changed_since_is_looked_at_again(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    page = look(admin, kind="departments", text="Department\nParks\nLibraries")
    assert admin.post("/alpha/people/departments", data={"name": "Parks"}).status_code == 303
    [mark] = re.findall(r'name="mark" value="(\w+)"', page)
    late = admin.post(f"{BULK}/save", data={"mark": mark, "departments": "Department\nParks\nLibraries"})
    assert (late.status_code, "Save all 1" in late.text) == (409, True)
    assert "Something in the city changed since this page was made." in late.text


def test_addresses_move_in_bulk_and_back_unless_they_changed_again(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    with admin.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
        was = {key: session.get_one(Person, seeded.alpha.people[key]).email for key in ("lead", "colleague")}
    text = "E-mail\tNew e-mail\n" + "\n".join(f"{email}\t{email.partition('@')[0]}@moved.gov" for email in was.values())
    saved = save(admin, look(admin, kind="people", text=text))

    def addresses() -> list[str]:
        with admin.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
            return [session.get_one(Person, seeded.alpha.people[key]).email for key in was]

    assert all(email.endswith("@moved.gov") for email in addresses())
    membership = seeded.alpha.memberships["lead"]
    [row] = [row for row in rows_of(admin, seeded, Membership) if row.id == membership]
    changed = {"role": "lead", "departments": str(seeded.alpha.departments["finance"]), "version": str(row.version)}
    assert admin.post(f"/alpha/people/{membership}", data=changed).status_code == 303
    [place] = re.findall(r"/people/bulk/\d+", saved)
    page = admin.get(f"/alpha{place}").text
    assert "1 row goes back" in page
    assert "changed since" in page
    assert admin.post(f"/alpha{place}/undo").status_code == 303
    assert addresses() == [was["lead"].partition("@")[0] + "@moved.gov", was["colleague"]]
    assert admin.get("/alpha/history/verify").status_code == 200


def test_the_last_administrator_stays_and_nothing_else_is_saved(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    with admin.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
        email = session.get_one(Person, seeded.alpha.people["admin"]).email
    page = look(admin, kind="people", text=f"E-mail\tRole\n{email}\tlead", text2="")
    [mark] = re.findall(r'name="mark" value="(\w+)"', page)
    form = {"mark": mark, "people": f"E-mail\tRole\n{email}\tlead"}
    refused = admin.post(f"{BULK}/save", data=form)
    assert (refused.status_code, "This is the only administrator." in refused.text) == (409, True)


@pytest.mark.parametrize("name", ["cityready.xlsx", "people.csv", "assignments.csv"])
def test_a_table_to_fill_in_comes_back_as_the_same(client_for: ClientFor, seeded: World, name: str) -> None:
    admin = client_for("admin")
    for language in ("en", "es"):
        admin.cookies.set("cityready_language", language)
        content = admin.get(f"{BULK}/tables/{name}").content
        page = admin.post(BULK, data={"kind": name.partition(".")[0]}, files={"file": (name, content)})
        assert page.status_code == 200, language
        if name != "assignments.csv":
            assert 'name="mark"' in page.text
            assert "Save all" not in page.text.replace("Guardar", "Save all") or "assignments" in page.text
    assert admin.get(f"{BULK}/tables/secrets.csv").status_code == 404


def test_one_request_to_all_partners_is_looked_at_and_then_sent_to_each(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    save(admin, look(admin, kind="partners", text="Name\tE-mail\nPort Lab\tpat@lab.example\nHarbor Choir\t"))
    names = [row.name for row in rows_of(admin, seeded, Partner)]
    form = {"code": "BF2", "what": "Two figures.", "why": "They show it.", "forms": ["figure"], "language": "en"}
    form |= {"to": "partner-all", "item": "", "due_on": ""}
    before = len(rows_of(admin, seeded, EvidenceRequest))
    wrong = admin.post("/alpha/requests", data={**form, "what": ""})
    assert (wrong.status_code, 'id="what-error"' in wrong.text) == (422, True)
    shown = admin.post("/alpha/requests", data=form)
    assert (shown.status_code, f"This goes to {len(names)} partners" in shown.text) == (200, True)
    assert all(name in shown.text for name in names)
    assert len(rows_of(admin, seeded, EvidenceRequest)) == before
    sent = admin.post("/alpha/requests", data={**form, "partners_seen": str(len(names))})
    assert sent.status_code == 303
    assert len(rows_of(admin, seeded, EvidenceRequest)) == before + len(names)
