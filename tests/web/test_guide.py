"""The glossary and the program's page, and how a criterion's page leads to them and says what to hand in."""

import re

from tests.conftest import ClientFor


def test_what_to_hand_in_stands_open_and_examples_are_folded(client_for: ClientFor) -> None:
    page = client_for("lead").get("/alpha/criteria/DM1").text
    asked = page[page.index('id="asked"') : page.index('id="checklist"')]
    before_fold, _, folded = asked.partition("<details")
    assert "What to hand in" in before_fold
    assert "of the last two quarters" in before_fold
    assert "Good:" in folded
    assert "From other cities (an example, not proof):" in folded
    assert "Carlsbad, California" in folded


def test_a_criterion_says_its_work_its_sources_and_what_also_serves(client_for: ClientFor) -> None:
    page = client_for("lead").get("/alpha/criteria/LC1").text
    assert "Two messages and a meeting of the executive" in page
    assert "2 public sources speak of this criterion" in page
    shared = page[page.index("The same document also serves ") :]
    assert re.search(r'A budget instruction [^<]*<a href="/alpha/criteria/BF1">BF1\b', shared)


def test_words_lead_to_the_glossary_once(client_for: ClientFor) -> None:
    lead = client_for("lead")
    page, glossary = lead.get("/alpha/criteria/DM1").text, lead.get("/alpha/glossary").text
    terms = re.findall(r'href="/alpha/glossary#([a-z-]+)"', page)
    assert {"governance", "sponsor", "steward", "charter"} <= set(terms)
    assert len(terms) == len(set(terms))
    assert all(f'id="{term}"' in glossary for term in terms)


def test_both_pages_are_reached_from_every_page_and_are_in_the_readers_language(client_for: ClientFor) -> None:
    official = client_for("official")
    assert '<a href="/alpha/program">The program and this tool</a>' in official.get("/alpha/board").text
    assert "Last checked on November 28, 2026." in official.get("/alpha/program").text
    official.cookies.set("cityready_language", "es")
    program, glossary = official.get("/alpha/program").text, official.get("/alpha/glossary").text
    assert "Lo que no sabemos" in program
    assert "30.000 habitantes" in program
    assert "Referente de datos" in glossary
