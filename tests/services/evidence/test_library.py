"""Finding evidence: words in any spelling, and what needs care."""

from datetime import date
from typing import Any

import pytest

from app.rules.text import search_words as rules
from app.services.desk import Desk
from app.services.evidence import library, search_words
from app.services.evidence.shelf import LibrarySearch
from app.services.site import Site
from app.store.evidence.pieces import Evidence, EvidenceSupport
from tests.conftest import WhoIs
from tests.world import World

TODAY = date(2026, 11, 25)


def add(site: Site, seeded: World, title: str, support: tuple[str, str] | None = None, **values: Any) -> None:
    with site.database.writing() as session:
        piece = Evidence(city_id=seeded.alpha.id, kind="note", title=title, **values)
        session.add(piece)
        session.flush()
        search_words.index_piece(session, piece)
        if support:
            code, item = support
            session.add(
                EvidenceSupport(
                    city_id=seeded.alpha.id,
                    evidence_id=piece.id,
                    response_id=seeded.alpha.responses[code],
                    item=item,
                )
            )


def titles(site: Site, seeded: World, who: WhoIs, role: str = "reviewer", **search: Any) -> list[str]:
    with site.database.reading() as session:
        found = library.search_library(Desk(session, site, who(role, today=TODAY)), LibrarySearch(**search))
    return [row.title for row in found.rows]


@pytest.mark.parametrize("word", ["evaluación", "EVALUACION", "evalu", "evaluation plan", "plan évalu"])
def test_accents_capitals_and_endings_do_not_matter(site: Site, seeded: World, who: WhoIs, word: str) -> None:
    add(site, seeded, "Plan de Évaluación" if "plan" not in word else "Évaluation plan")
    assert titles(site, seeded, who, word=word)[0].startswith(("Plan", "Évaluation"))


def test_every_word_must_be_there_and_the_note_is_searched_too(site: Site, seeded: World, who: WhoIs) -> None:
    add(site, seeded, "Street lights", note="Counted by the Rutgers team")
    assert titles(site, seeded, who, word="rutgers lights") == ["Street lights"]
    assert titles(site, seeded, who, word="rutgers harbor") == []


@pytest.mark.parametrize("word", ["minutos", "Socrata", "interpolated", "pandemic"])
def test_a_figure_is_found_by_how_it_was_made(site: Site, seeded: World, who: WhoIs, word: str) -> None:
    made: dict[str, Any] = {
        "unit": "Minutos",
        "dataset": "Socrata 4x4",
        "method": "Interpolated",
        "caveat": "Pandemic year",
    }
    add(site, seeded, "Response", **made)
    assert titles(site, seeded, who, word=word) == ["Response"]


def test_a_piece_is_found_by_what_it_is_called_however_much_it_says(
    site: Site, seeded: World, who: WhoIs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_WORDS", 4)
    add(
        site,
        seeded,
        "Zoning",
        file_id=seeded.alpha.file_id,
        file_name="plan.pdf",
        note="one two three four five six seven",
    )
    assert titles(site, seeded, who, word="zoning") == ["Zoning"]
    assert titles(site, seeded, who, word="plan.pdf")[0] == "Zoning"
    assert titles(site, seeded, who, word="seven") == []


def test_a_restricted_piece_is_found_by_its_words_only_by_those_who_may_see_it(
    site: Site, seeded: World, who: WhoIs
) -> None:
    add(site, seeded, "Informants of the harbor", ("DM1", ""), visibility="restricted")
    assert titles(site, seeded, who, "reviewer", word="harbor") == ["Informants of the harbor"]
    assert titles(site, seeded, who, "lead", word="harbor") == []
    assert titles(site, seeded, who, "official", word="harbor") == []


@pytest.mark.parametrize(
    ("state", "found"),
    [("lapsed", ["Old"]), ("due_soon", ["Soon"]), ("unknown", ["Undated"]), ("unused", ["Loose"])],
)
def test_what_needs_care_is_found(site: Site, seeded: World, who: WhoIs, state: str, found: list[str]) -> None:
    add(site, seeded, "Old", ("DM1", "meetings"), period_to=date(2025, 1, 31))
    add(site, seeded, "Soon", ("LC1", "messages"), period_to=date(2025, 12, 1))
    add(site, seeded, "Fresh", ("DM1", "meetings"), period_to=date(2026, 11, 1))
    add(site, seeded, "Undated", ("DM1", "meetings"))
    add(site, seeded, "Timeless", ("DM1", "roles"))
    add(site, seeded, "Loose")
    assert titles(site, seeded, who, state=state) == found


def test_area_department_and_visibility_narrow_together(site: Site, seeded: World, who: WhoIs) -> None:
    add(site, seeded, "Of leadership", ("LC2", ""), visibility="public")
    add(site, seeded, "Of data", ("DM2", ""), visibility="public")
    assert titles(site, seeded, who, area="data-management", visibility="public") == ["Of data"]
    finance = str(seeded.alpha.departments["finance"])
    assert titles(site, seeded, who, department=finance, visibility="public") == ["Of leadership", "Response time"]
    assert titles(site, seeded, who, department=finance, area="data-management") == []
    assert titles(site, seeded, who, area="no-such-area") == []


def test_all_that_fits_is_counted_and_what_is_there_already_is_offered_last(
    site: Site, seeded: World, who: WhoIs
) -> None:
    for number in range(12):
        add(site, seeded, f"Of elsewhere {number}")
    add(site, seeded, "There already", ("DM2", ""))
    with site.database.reading() as session:
        asking = who("reviewer", today=TODAY)
        first = library.search_library(Desk(session, site, asking), LibrarySearch(), 10, "DM2")
        rest = library.search_library(Desk(session, site, asking), LibrarySearch(page=2), 10, "DM2")
    assert (len(first.rows), first.has_more, first.rows[0].title) == (10, True, "Of elsewhere 11")
    assert "There already" in [row.title for row in rest.rows[-2:]], "DM2 has one more, which is older"
    assert first.total == 10 + len(rest.rows)
    assert first.titles["DM2"]
