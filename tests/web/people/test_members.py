"""People, departments and assignments over HTTP."""

import re

import pytest
from starlette.testclient import TestClient

from app.rules.history.verbs import Verb
from app.store.history import events
from app.store.people import Membership, Person
from tests.conftest import ClientFor
from tests.world import World


@pytest.fixture
def admin(client_for: ClientFor) -> TestClient:
    return client_for("admin")


NEW = {"name": "Nora New", "email": "new@alpha.example", "role": "lead"}


def test_the_list_tells_roles_in_plain_words(admin: TestClient) -> None:
    html = admin.get("/alpha/people").text
    assert "Writes responses and adds evidence for their own departments." in html
    assert "No passphrase yet" in html
    assert "beta.example" not in html


def test_the_link_is_shown_once_and_opens_the_welcome_page(admin: TestClient, client: TestClient) -> None:
    answer = admin.post("/alpha/people", data=NEW)
    assert answer.status_code == 200
    found = re.search(r'value="http://testserver(/welcome/[^"]+)"', answer.text)
    assert found
    assert "Alpha City invites you" in client.get(found[1]).text
    assert found[1] not in admin.get("/alpha/people").text


def test_what_was_typed_stays_when_a_person_cannot_be_added(admin: TestClient, seeded: World) -> None:
    works = str(seeded.alpha.departments["works"])
    answer = admin.post(
        "/alpha/people", data=NEW | {"email": "not an address", "role": "reviewer", "departments": works}
    )
    assert answer.status_code == 422
    assert 'value="not an address"' in answer.text
    assert 'value="Nora New"' in answer.text
    assert re.search(r'value="reviewer"[^>]* checked', answer.text)
    assert re.search(rf'value="{works}" checked', answer.text)
    assert answer.text.count('id="email-error"') == 1


def test_a_department_that_cannot_be_renamed_keeps_the_text_in_its_own_form(admin: TestClient, seeded: World) -> None:
    department = seeded.alpha.departments["works"]
    answer = admin.post(f"/alpha/people/departments/{department}", data={"name": "finance", "version": "1"})
    assert answer.status_code == 422
    assert answer.text.count('value="finance"') == 1
    assert "already" in answer.text


def test_roles_departments_and_access_are_changed_from_the_page_of_a_person(admin: TestClient, seeded: World) -> None:
    path = f"/alpha/people/{seeded.alpha.memberships['lead']}"
    changed = admin.post(path, data={"role": "reviewer", "version": "1"})
    assert changed.headers["location"] == "/alpha/people?done=person-changed"
    asked = admin.post(f"{path}/end", data={"version": "2"})
    assert asked.status_code == 422
    assert "Choose who takes over" in asked.text
    ended = admin.post(f"{path}/end", data={"version": "2", "to": "nobody"})
    assert ended.headers["location"] == "/alpha/people?done=person-ended"
    assert "Access ended" in admin.get(path).text
    restored = admin.post(f"{path}/restore", data={"version": "3"})
    assert restored.headers["location"] == "/alpha/people?done=person-restored"
    assert "/passphrase/" in admin.post(f"{path}/link").text


def test_the_last_administrator_is_told_what_to_do_first(admin: TestClient, seeded: World) -> None:
    answer = admin.post(f"/alpha/people/{seeded.alpha.memberships['admin']}/end", data={"version": "1"})
    assert answer.status_code == 409
    assert "Make someone else an administrator first" in answer.text
    assert admin.get("/alpha/people").status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "abc", "2147483648", "9" * 40, "1.5"])
def test_a_number_that_nobody_has_is_a_page_that_does_not_exist(client_for: ClientFor, number: str) -> None:
    admin = client_for("admin", raises=False)
    assert admin.get(f"/alpha/people/{number}").status_code == 404
    assert admin.post(f"/alpha/people/{number}/end", data={"version": "1"}).status_code == 404
    assert admin.post(f"/alpha/people/departments/{number}", data={"name": "X", "version": "1"}).status_code == 404


def test_a_reviewer_reads_people_and_changes_only_assignments(client_for: ClientFor, seeded: World) -> None:
    reviewer, lead = client_for("reviewer"), seeded.alpha.memberships["lead"]
    assert "Add a person" not in reviewer.get("/alpha/people").text
    assert reviewer.get(f"/alpha/people/{lead}").status_code == 403
    assert reviewer.post("/alpha/people", data=NEW).status_code == 403
    assert reviewer.post(f"/alpha/people/{lead}", data={"role": "admin", "version": "1"}).status_code == 403
    assert reviewer.post("/alpha/people/departments", data={"name": "X"}).status_code == 403
    data = {"department": str(seeded.alpha.departments["works"]), "version": "1"}
    assert reviewer.post("/alpha/people/assignments/DM1", data=data).status_code == 303
    assert client_for("lead").post("/alpha/people/assignments/DM1", data=data).status_code == 403


def test_every_criterion_is_in_the_table_and_one_opens_for_change(admin: TestClient) -> None:
    html = admin.get("/alpha/people/assignments").text
    assert html.count('class="tasks__row"') == 43
    assert "tasks__form" not in html
    opened = admin.get("/alpha/people/assignments?edit=DM2").text
    assert opened.count("tasks__form") == 1
    assert 'action="/alpha/people/assignments/DM2#DM2"' in opened


def test_an_assignment_that_cannot_be_saved_stays_open_with_what_was_typed(admin: TestClient, seeded: World) -> None:
    works = str(seeded.alpha.departments["works"])
    data = {"department": works, "due_on": "31.3.2027", "version": "1"}
    answer = admin.post("/alpha/people/assignments/DM2", data=data)
    assert answer.status_code == 422
    assert 'value="31.3.2027"' in answer.text
    assert re.search(rf'<option value="{works}" selected', answer.text)


def test_an_area_is_given_away_whole(admin: TestClient, seeded: World) -> None:
    html = admin.get("/alpha/people/assignments").text
    area, version = re.findall(
        r'name="area" value="([^"]+)">\s*<input type="hidden" name="version" value="(\d+)"', html
    )[0]
    works = str(seeded.alpha.departments["works"])
    data = {"area": area, "version": version, f"department-{area}": works}
    assert (
        admin.post("/alpha/people/assignments", data=data).headers["location"].endswith(f"?done=assigned#area-{area}")
    )
    assert admin.post("/alpha/people/assignments", data=data).status_code == 409
    empty = admin.post("/alpha/people/assignments", data={"area": area, "version": version})
    assert (empty.status_code, empty.text.count(f'id="department-{area}-error"')) == (422, 1)


def test_another_citys_people_cannot_be_reached_through_ones_own_city(admin: TestClient, seeded: World) -> None:
    theirs = seeded.beta.memberships["lead"]
    assert admin.get(f"/alpha/people/{theirs}").status_code == 404
    assert admin.post(f"/alpha/people/{theirs}", data={"role": "admin", "version": "1"}).status_code == 404
    assert admin.get(f"/beta/people/{theirs}").status_code == 404


def test_a_step_that_fails_leaves_the_departments_of_a_person_ticked(admin: TestClient, seeded: World) -> None:
    address = f"/alpha/people/{seeded.alpha.memberships['lead']}"
    ticked = f'value="{seeded.alpha.departments["finance"]}" checked'
    assert ticked in admin.get(address).text
    departments = [str(seeded.alpha.departments["finance"])]
    answer = admin.post(address, data={"version": "9", "role": "lead", "departments": departments})
    assert answer.status_code == 409
    assert ticked in answer.text
    none = admin.post(address, data={"version": "9", "role": "lead"})
    assert none.status_code in {409, 422}
    assert ticked not in none.text, "the form itself, sent without a department, is shown as it was sent"


def test_an_administrator_changes_name_address_and_language_and_both_records_say_so(
    admin: TestClient, seeded: World
) -> None:
    place = f"/alpha/people/{seeded.alpha.memberships['lead']}"
    form = {"name": "Lee New", "email": "LEE@Newcity.gov ", "language": "es", "version": "1"}
    assert 'name="email"' in admin.get(place).text
    assert admin.post(f"{place}/identity", data=form).headers["location"].endswith("done=identity-changed")
    with admin.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
        lead = session.get_one(Person, seeded.alpha.people["lead"])
    assert (lead.name, lead.email, lead.language) == ("Lee New", "lee@newcity.gov", "es")
    assert "changed name, address or language of Lee New" in admin.get("/alpha/history").text
    assert "changed the e-mail address of Lee New" in admin.get("/alpha/security").text
    late = admin.post(f"{place}/identity", data={**form, "name": "Lou"})
    assert (late.status_code, 'value="Lou"' in late.text) == (409, True)
    wrong = admin.post(f"{place}/identity", data={**form, "email": "lee", "language": "tlh", "version": "2"})
    assert all(f'id="{field}-error"' in wrong.text for field in ("email", "language"))
    assert "Nothing is missing or altered" in admin.get("/alpha/history/verify").text


def test_nobody_changes_the_address_of_the_own_account_or_of_one_that_another_city_has(
    admin: TestClient, seeded: World
) -> None:
    form = {"name": "X", "email": "x@city.gov", "language": "", "version": "1"}
    own = f"/alpha/people/{seeded.alpha.memberships['admin']}"
    assert 'name="email"' not in admin.get(own).text
    assert admin.post(f"{own}/identity", data=form).status_code == 409
    with admin.app.state.site.database.writing() as session:  # type: ignore[attr-defined]
        session.add(Membership(city_id=seeded.beta.id, person_id=seeded.alpha.people["lead"], role="lead"))
        events.record_event(session, seeded.beta.id, None, Verb.PERSON_ADDED)
    theirs = f"/alpha/people/{seeded.alpha.memberships['lead']}"
    assert admin.post(f"{theirs}/identity", data=form).status_code == 409
    free = f"/alpha/people/{seeded.alpha.memberships['colleague']}"
    with admin.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
        taken = session.get_one(Person, seeded.beta.people["lead"]).email
    refused = admin.post(f"{free}/identity", data={**form, "email": taken})
    assert (refused.status_code, "cannot be given to this person" in refused.text) == (422, True)
