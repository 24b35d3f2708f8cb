"""All criteria in one table: filled in for many rows, saved together, and nobody's change lost or made in silence."""

import re

from sqlmodel import col, select
from starlette.testclient import TestClient

from app.rules.assigning import propose_department, read_row
from app.store.assessment import Assignment
from tests.conftest import ClientFor
from tests.world import World

TABLE = "/alpha/people/assignments/table"


def carried(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="(row\.\w+)" value="([^"]*)"', html))


def fields_of(html: str) -> dict[str, str]:
    """The form as a browser would send it."""
    fields = carried(html)
    for name, inside in re.findall(r'<select[^>]*name="([\w.]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        if "." in name:
            fields[name] = next(iter(re.findall(r'value="([^"]*)" selected', inside)), "")
    for tag in re.findall(r'<input class="usa-input" type="date"[^>]*>', html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and "." in name[1]:
            fields[name[1]] = value[1]
    return fields


def tasks(client: TestClient, seeded: World) -> dict[str, Assignment]:
    with client.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
        rows = session.exec(select(Assignment).where(col(Assignment.city_id) == seeded.alpha.id))
        return {row.criterion: row for row in rows}


def test_many_rows_are_filled_in_looked_at_and_saved_together(client_for: ClientFor, seeded: World) -> None:
    admin, data = client_for("admin"), str(seeded.alpha.departments["data"])
    form = fields_of(admin.get(TABLE).text)
    fill = {"do": "fill", "where": "picked", "tick": ["RDC7", "RDC8"], "department": data, "due_on": "2027-01-31"}
    before = tasks(admin, seeded)
    filled = admin.post(TABLE, data={**form, **fill})
    assert filled.status_code == 200
    assert "not saved yet" in filled.text
    assert {row.version for row in tasks(admin, seeded).values()} == {1}, "nothing is written by filling in"
    assert admin.post(TABLE, data=fields_of(filled.text)).headers["location"].endswith("done=rows-assigned")
    after = tasks(admin, seeded)
    assert {after[code].department_id for code in ("RDC7", "RDC8")} == {int(data)}
    assert str(after["RDC7"].due_on) == "2027-01-31"
    assert {code for code, row in after.items() if row.version != before[code].version} == {"RDC7", "RDC8"}
    assert admin.post(TABLE, data=fields_of(admin.get(TABLE).text)).headers["location"].endswith("done=rows-same")


def test_a_row_that_someone_changed_is_named_and_what_was_chosen_is_kept(client_for: ClientFor, seeded: World) -> None:
    admin, reviewer, alpha = client_for("admin"), client_for("reviewer"), seeded.alpha
    mine, other = fields_of(admin.get(TABLE).text), fields_of(reviewer.get(TABLE).text)
    data, finance = str(alpha.departments["data"]), str(alpha.departments["finance"])
    assert reviewer.post(TABLE, data={**other, "department.RDC8": finance}).status_code == 303
    late = admin.post(TABLE, data={**mine, "department.RDC8": data, "department.RDC7": data})
    assert late.status_code == 422
    assert late.text.count("Someone changed this row meanwhile.") == 2  # at the row and above
    assert tasks(admin, seeded)["RDC7"].version == 1, "all rows or none"
    again = fields_of(late.text)
    assert again["department.RDC8"] == data
    assert admin.post(TABLE, data=again).status_code == 303
    assert {tasks(admin, seeded)[code].department_id for code in ("RDC7", "RDC8")} == {int(data)}


def test_a_person_of_another_department_is_assigned_only_when_that_is_ticked(
    client_for: ClientFor, seeded: World
) -> None:
    admin, alpha = client_for("admin"), seeded.alpha
    form = fields_of(admin.get(TABLE).text)
    form |= {"department.RDC8": str(alpha.departments["works"]), "person.RDC8": str(alpha.people["lead"])}
    asked = admin.post(TABLE, data=form)
    assert (asked.status_code, "does not belong to" in asked.text) == (422, True)
    assert admin.post(TABLE, data={**fields_of(asked.text), "takes_outsiders": "on"}).status_code == 303
    assert tasks(admin, seeded)["RDC8"].person_id == alpha.people["lead"]
    strange = {**fields_of(admin.get(TABLE).text), "person.RDC7": "999999", "due_on.RDC8": "1726-01-01"}
    wrong = admin.post(TABLE, data={**strange, "department.RDC7": str(alpha.departments["works"])})
    assert all(f'id="{field}-error"' in wrong.text for field in ("person.RDC7", "due_on.RDC8"))


def test_the_table_is_narrowed_and_shows_no_other_row(client_for: ClientFor) -> None:
    admin = client_for("admin")
    assert len(carried(admin.get(TABLE).text)) == 43
    assert carried(admin.get(f"{TABLE}?only=core").text).keys() == {"row.LC1", "row.DM1", "row.PA1"}
    assert set(carried(admin.get(f"{TABLE}?area=open-data").text)) == {f"row.OD{number}" for number in range(1, 5)}
    assert client_for("reviewer").get(f"{TABLE}?department=99999").text.count('name="row.') == 0


def test_a_usual_owner_proposes_the_one_department_that_is_meant() -> None:
    departments = {1: "Human Resources", 2: "Finance", 3: "Department of Procurement", 4: "Data and Analytics"}
    assert propose_department("Human resources with the data office", departments) == 1
    assert propose_department("Procurement director with legal and budget staff", departments) == 3
    assert propose_department("City council", departments) is None
    assert propose_department("Office of the mayor", {1: "Office of the Clerk"}) is None
    assert read_row("4|1||7|2027-01-31") is not None
    assert read_row("4|1") is None
