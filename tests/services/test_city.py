"""Adding a city and opening its assessment."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from app.rules.errors import Conflict, Invalid, NotFound
from app.services.city import add_assessment, add_city, find_city, set_emblem
from app.services.evidence import sweep
from app.services.report import making
from app.services.site import Site
from app.store import assessment
from app.store.history import events
from tests.world import World

RIGHT: dict[str, Any] = {
    "slug": "san-juan",
    "name": "  San   Juan ",
    "country": "ar",
    "language": "es",
    "time_zone": "America/Argentina/San_Juan",
}


def test_a_city_begins_with_its_record_and_an_open_assessment(site: Site) -> None:
    with site.database.writing() as session:
        added = add_city(session, **RIGHT)
        add_assessment(session, added.id, "2026 cycle", due_on=date(2027, 6, 30))
    with site.database.reading() as session:
        found = find_city(session, "san-juan")
        run = assessment.find_current_assessment(session, found.id)
        assert (found.name, found.country, found.illustrative) == ("San Juan", "AR", False)
        assert run
        assert (run.edition, run.name, run.due_on, run.state) == ("wwc-2022", "2026 cycle", date(2027, 6, 30), "open")
        verbs = [event.verb for event in events.list_chain(session, found.id)]
        assert verbs == ["city_added", "assessment_opened"]
        assert found.history_count == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "static"),
        ("slug", "San Juan"),
        ("name", "  "),
        ("name", "x" * 121),
        ("country", "USA"),
        ("country", "1!"),
        ("language", "de"),
        ("time_zone", "America/Nowhere"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", ""),
    ],
)
def test_a_wrong_fact_is_refused_on_its_field_and_nothing_is_kept(site: Site, field: str, value: str) -> None:
    with pytest.raises(Invalid) as problem, site.database.writing() as session:
        add_city(session, **{**RIGHT, field: value})
    assert list(problem.value.fields) == [field]
    with site.database.reading() as session, pytest.raises(NotFound):
        find_city(session, "san-juan")


def test_two_cities_cannot_share_an_address(site: Site) -> None:
    with site.database.writing() as session:
        add_city(session, **RIGHT)
    with pytest.raises(Conflict, match="/san-juan already"), site.database.writing() as session:
        add_city(session, **RIGHT)


def test_an_assessment_needs_a_name_and_an_edition_that_is_there(site: Site) -> None:
    with site.database.writing() as session:
        added = add_city(session, **RIGHT)
        for name, edition, field in [(" ", "wwc-2022", "name"), ("2026", "wwc-1999", "edition")]:
            with pytest.raises(Invalid) as problem:
                add_assessment(session, added.id, name, edition=edition)
            assert list(problem.value.fields) == [field]


def test_an_incomplete_edition_is_opened_only_by_its_name(site: Site) -> None:
    with site.database.writing() as session:
        first, second = add_city(session, **RIGHT), add_city(session, **{**RIGHT, "slug": "other"})
        by_default = add_assessment(session, first.id, "2026 cycle").edition
        by_name = add_assessment(session, second.id, "2020 cycle", edition="wwc-2018").edition
    assert [site.edition(edition, "en").complete for edition in (by_default, by_name)] == [True, False]


def test_the_emblem_stands_on_the_next_report_and_nothing_but_a_picture_is_taken(site: Site, seeded: World) -> None:
    picture = BytesIO()
    Image.new("RGB", (40, 40), "navy").save(picture, "PNG")
    plain = making.make_report_file(site, "alpha", "en", "full")
    with pytest.raises(Invalid, match="PNG or JPEG"):
        set_emblem(site, "alpha", "emblem.txt", BytesIO(b"not a picture"))
    set_emblem(site, "alpha", "emblem.png", BytesIO(picture.getvalue()))
    with_emblem = making.make_report_file(site, "alpha", "en", "full")
    assert [len(PdfReader(BytesIO(pdf)).pages[0].images) for pdf in (plain, with_emblem)] == [0, 1]
    assert sweep.plan_sweep(site).unclaimed == ()
