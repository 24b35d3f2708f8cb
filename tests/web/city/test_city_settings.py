"""A city's settings as an administrator sees them: each section saves by itself, and says what is wrong at its own field."""

import re
from datetime import date

from sqlmodel import select
from starlette.testclient import TestClient

from app.store.assessment import find_current_assessment
from app.store.city import City
from app.store.evidence.pieces import Evidence
from tests.conftest import ClientFor
from tests.small_files import picture_of
from tests.world import World

ABOUT = {"name": "Alpha City", "country": "AR", "language": "es", "time_zone": "America/Buenos_Aires"}


def kept_city(client: TestClient, seeded: World) -> City:
    with client.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
        city: City = session.get_one(City, seeded.alpha.id)
        return city


def test_country_language_and_zone_are_set_without_a_shell(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    assert admin.post("/alpha/settings", data={**ABOUT, "population": "", "version": "1"}).status_code == 303
    kept = kept_city(admin, seeded)
    assert (kept.country, kept.language, kept.time_zone) == ("AR", "es", "America/Buenos_Aires")


def test_every_wrong_field_is_named_at_once_and_what_was_typed_is_kept(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    wrong = {"name": "Alpha Township", "country": "Narnia", "language": "tlh", "time_zone": "Mars/Olympus"}
    answer = admin.post("/alpha/settings", data={**wrong, "population": "28000", "version": "1"})
    assert answer.status_code == 422
    for name in ("country", "language", "time_zone"):
        assert f'id="about-{name}-error"' in answer.text
    assert "Alpha Township" in answer.text
    assert kept_city(admin, seeded).name == "Alpha City"


def test_the_assessment_gets_its_name_and_date_here(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    form = {"name": "Spring self-assessment", "due_on": "2026-12-01", "version": "1"}
    assert admin.post("/alpha/settings/assessment", data=form).status_code == 303
    with admin.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
        run = find_current_assessment(session, seeded.alpha.id)
    assert run
    assert (run.name, run.due_on) == ("Spring self-assessment", date(2026, 12, 1))
    late = admin.post("/alpha/settings/assessment", data={**form, "name": "Summer"})
    assert (late.status_code, 'value="Summer"' in late.text) == (409, True)
    wrong = admin.post("/alpha/settings/assessment", data={"name": " ", "due_on": "1726-12-01", "version": "2"})
    assert (wrong.status_code, 'id="cycle-name-error"' in wrong.text) == (422, True)
    assert 'id="about-name-error"' not in wrong.text


def test_the_emblem_is_seen_before_a_report_has_it_and_can_go(client_for: ClientFor, seeded: World) -> None:
    admin, picture = client_for("admin"), picture_of(40, 30)
    sent = {"file": ("emblem.png", picture)}
    text = admin.post("/alpha/settings/emblem", data={"version": "1"}, files={"file": ("emblem.png", b"not a picture")})
    assert (text.status_code, 'id="emblem-file-error"' in text.text) == (422, True)
    assert admin.post("/alpha/settings/emblem", data={"version": "1"}, files=sent).status_code == 303
    shown = admin.get("/alpha/settings/emblem")
    assert (shown.content, shown.headers["content-type"]) == (picture, "image/png")
    assert "/alpha/settings/emblem?of=" in admin.get("/alpha/settings").text
    assert admin.post("/alpha/settings/emblem", data={"version": "1"}, files=sent).status_code == 409
    assert admin.post("/alpha/settings/emblem/remove", data={"version": "2"}).status_code == 303
    assert admin.get("/alpha/settings/emblem").status_code == 404


def test_the_foreword_is_written_in_each_language_and_can_go(client_for: ClientFor, seeded: World) -> None:
    admin, form = client_for("admin"), {"language": "es", "text": "Decidimos con datos.", "name": "Ada", "office": ""}
    wrong = admin.post("/alpha/settings/foreword", data={**form, "version": "0"})
    assert (wrong.status_code, wrong.text.count('id="foreword-es-office-error"')) == (422, 1)
    assert "foreword-en-office-error" not in wrong.text
    form["office"] = "Alcaldesa"
    assert admin.post("/alpha/settings/foreword", data={**form, "version": "0"}).status_code == 303
    late = admin.post("/alpha/settings/foreword", data={**form, "text": "Otro texto.", "version": "0"})
    assert (late.status_code, "Otro texto." in late.text) == (409, True)
    assert "Decidimos con datos." in admin.get("/alpha/settings").text
    assert admin.post("/alpha/settings/foreword", data={**form, "text": " ", "version": "1"}).status_code == 303
    assert "Decidimos con datos." not in admin.get("/alpha/settings").text
    assert "removed the foreword of reports (Español)" in admin.get("/alpha/history").text


def test_color_and_sender_are_set_and_every_wrong_one_is_named(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    wrong = {"color": "#ffcc00", "sender_name": "A <b>", "reply_to": "nobody", "version": "1"}
    answer = admin.post("/alpha/settings/looks", data=wrong)
    assert answer.status_code == 422
    for name in ("color", "sender_name", "reply_to"):
        assert f'id="looks-{name}-error"' in answer.text
    assert 'value="#ffcc00"' in answer.text
    right = {"color": "1B5E20", "sender_name": "Data Office", "reply_to": "Data@Alpha.example", "version": "1"}
    assert admin.post("/alpha/settings/looks", data=right).status_code == 303
    kept = kept_city(admin, seeded)
    assert (kept.color, kept.sender_name, kept.reply_to) == ("#1b5e20", "Data Office", "data@alpha.example")
    assert 'fill="#1b5e20"' in client_for("lead").get("/alpha/board").text
    assert admin.post("/alpha/settings/looks", data=right).status_code == 409


def test_new_evidence_gets_the_class_that_the_city_chose(client_for: ClientFor, seeded: World) -> None:
    admin, drafts = client_for("admin"), seeded.alpha.classes["drafts"]
    theirs = {"retention_default": str(seeded.beta.classes["drafts"]), "version": "1"}
    assert admin.post("/alpha/settings/keeping", data=theirs).status_code == 422
    form = {"retention_default": str(drafts), "version": "1"}
    assert admin.post("/alpha/settings/keeping", data=form).status_code == 303
    note = {"kind": "note", "title": "Minutes", "note": "We met.", "visibility": "internal"}
    assert admin.post("/alpha/criteria/LC1/evidence", data=note).status_code == 303
    with admin.app.state.site.database.reading() as session:  # type: ignore[attr-defined]
        piece = session.exec(select(Evidence).where(Evidence.title == "Minutes")).one()
    assert piece.retention_id == drafts
    unused = seeded.alpha.classes["unused"]
    admin.post("/alpha/settings/keeping", data={"retention_default": str(unused), "version": "2"})
    refused = admin.post(f"/alpha/retention/classes/{unused}/remove", data={"version": "1"})
    assert refused.status_code == 409


def test_official_words_are_looked_at_saved_together_and_undone_together(client_for: ClientFor, seeded: World) -> None:
    admin = client_for("admin")
    saved = {"official_wording": "Leaders say so.", "checklist": "", "needed": "1", "version": "0"}
    assert admin.post("/alpha/criteria/LC1/wording", data=saved).status_code == 303
    pasted = "LC1: Leaders show it.\nDM1: A strategy <b>is</b> there."
    page = admin.post("/alpha/settings/wordings", data={"text": pasted}).text
    assert re.search(r"<del>.*say so\.</del>\s*<ins>.*show it\.</ins>", page, re.DOTALL)
    assert "A strategy &lt;b&gt;is&lt;/b&gt; there." in page
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark
    late = admin.post("/alpha/settings/wordings/save", data={"text": pasted + " Too.", "mark": mark[1]})
    assert (late.status_code, "there. Too." in late.text) == (409, True)
    done = admin.post("/alpha/settings/wordings/save", data={"text": pasted, "mark": mark[1]})
    assert done.status_code == 303
    assert "Leaders show it." in admin.get("/alpha/criteria/LC1").text
    undo = done.headers["location"].partition("?")[0]
    assert admin.post(f"{undo}/undo").status_code == 303
    assert "Leaders say so." in admin.get("/alpha/criteria/LC1").text
    assert "A strategy" not in admin.get("/alpha/criteria/DM1").text
    wrong = admin.post("/alpha/settings/wordings", data={"text": "Nothing."})
    assert (wrong.status_code, 'id="text-error"' in wrong.text) == (422, True)


def test_whom_people_ask_stands_under_each_page_and_beside_what_says_to_ask(client_for: ClientFor) -> None:
    admin, lead = client_for("admin"), client_for("lead")
    assert "Your data office:" not in lead.get("/alpha/people").text
    wrong = {"contact_name": "Ana Ruiz", "contact_phone": "call me", "contact_email": "ana", "version": "1"}
    answer = admin.post("/alpha/settings/contact", data=wrong)
    assert answer.status_code == 422
    for name in ("contact_phone", "contact_email"):
        assert f'id="contact-{name}-error"' in answer.text
    assert 'value="call me"' in answer.text
    right = {**wrong, "contact_phone": "+1 (973) 555-0100 ext. 12", "contact_email": ""}
    assert admin.post("/alpha/settings/contact", data=right).status_code == 303
    for path in ("/alpha/people", "/alpha/criteria"):
        assert 'href="tel:+19735550100,12"' in lead.get(path).text
    assert "Ana Ruiz" not in client_for("lead", city="beta").get("/beta/criteria").text
    assert admin.post("/alpha/settings/contact", data=right).status_code == 409
