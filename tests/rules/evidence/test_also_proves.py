"""What else a piece may prove is proposed from words that tell something, in four languages, and seldom wrongly."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.adapters.criteria.editions import load_edition
from app.adapters.demo.content import DemoEvidence, load_demo_cities
from app.adapters.stop_words import load_text_language
from app.rules.criteria.edition import ChecklistItem, Criterion, EvidenceKind
from app.rules.evidence.also_proves import MATCHES, PAPER_WORDS, STEMMERS, match_items, suggest_items
from app.settings import ROOT

ENGLISH = load_text_language("en")
CRITERIA = load_edition(ROOT / "criteria" / "wwc-2022").criteria
NEWARK = next(city for city in load_demo_cities() if city.slug == "newark")

ALSO_RIGHT = {
    "Strategic goals and their measures": {"PA3", "BF1"},
    "Work plan of the performance unit": {"PA2", "PA3"},
    "Privacy review of the service request data, filled in": {"DM3"},
    "Routine for quality checks, and audit of service requests": {"DM9"},
}
"""What pieces of the demo prove besides the criteria that they support there, judged by reading both."""


def piece_texts(piece: DemoEvidence) -> tuple[str, ...]:
    note = piece.text if piece.kind is EvidenceKind.NOTE else ""
    return (
        piece.title,
        piece.file,
        piece.source,
        piece.pointer,
        piece.url,
        piece.unit,
        piece.method,
        piece.caveat,
        note,
    )


def test_a_note_on_governance_is_suggested_where_governance_is_asked_for() -> None:
    texts = ["Notes of the data governance group: attendance, decisions, and the table of roles with its data stewards"]
    found = suggest_items(texts, CRITERIA, {("DM2", "catalog")}, ENGLISH)
    assert found[0].code == "DM1"
    assert "stewards" in found[0].words or "governance" in found[0].words
    assert "DM2" not in [one.code for one in found], "what it supports already is not suggested again"
    assert len({one.code for one in found}) == len(found)


def test_nothing_is_suggested_from_words_that_nothing_shares() -> None:
    assert suggest_items(["Lorem"], CRITERIA, (), ENGLISH) == ()
    assert suggest_items([], CRITERIA, (), ENGLISH) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Those who came to the hearing wrote their names on paper, before and after the meeting",
        "Which pages should there be, and whose section is this",
        "Quienes estan en la audiencia, desde cuando y para cuales documentos; los nombres y las paginas",
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_words_of_any_text_and_of_the_paper_suggest_nothing(text: str, language: str) -> None:
    criteria = load_edition(ROOT / "criteria" / "wwc-2022", language).criteria
    assert suggest_items([text], criteria, (), load_text_language(language)) == ()


def test_two_words_that_many_items_have_are_too_little() -> None:
    assert suggest_items(["What the community says in public"], CRITERIA, (), ENGLISH) == ()
    text = "Strategic goals of the city and how their measures progress"
    found = suggest_items([text], CRITERIA, {("PA1", "")}, ENGLISH)
    assert {"PA3", "BF1"} <= {one.code for one in found}


def test_of_what_is_suggested_for_the_demo_seven_in_eight_are_right() -> None:
    suggested = {piece.title: suggest_items(piece_texts(piece), CRITERIA, (), ENGLISH) for piece in NEWARK.evidence}
    right = {piece.title: {*piece.supports} | ALSO_RIGHT.get(piece.title, set()) for piece in NEWARK.evidence}
    judged = [suggestion.code in right[title] for title, found in suggested.items() for suggestion in found]
    assert sum(judged) >= 24, "as many as a person would miss"
    assert sum(judged) / len(judged) >= 7 / 8
    assert max(map(len, suggested.values())) <= 3
    assert {len(found) for found in suggested.values()} >= {0, 1}, "most pieces are told nothing"


def test_words_are_shown_as_the_item_has_them() -> None:
    criteria = load_edition(ROOT / "criteria" / "wwc-2022", "es").criteria
    text = "AUDITORÍA de calidad de las solicitudes, y su procedimiento"
    found = suggest_items([text], criteria, (), load_text_language("es"))
    assert found[0].code == "DM4"
    assert "auditoría" in found[0].words, "with its accent, and in small letters"


STANDARD = {
    "en": (
        "Dated notes show which stewards attended the governance meetings, whenever these were",
        "A policy covers the privacy of personal records and says who reviews an exception afterwards, or else why nobody should",
        "The stewards of each department wrote about governing together, and attend",
        "The people who were asked have brought their notes, with dates",
        "Whenever these are there, someone should come afterwards",
    ),
    "es": (
        "Actas con fechas y nombres muestran qué custodios asistieron a las reuniones de gobernanza, siempre o algunas veces",
        "Una política abarca la privacidad de los registros, y quién revisa una excepción después o dice por qué nadie debería",
        "El custodio de cada departamento asistió y escribió sobre el gobierno de la gobernanza",
        "Las personas han traído sus nombres, con la fecha de la reunión",
        "Algunas veces, y después siempre, también nosotros",
    ),
    "fr": (
        "Des notes et des listes montrent quels intendants assistaient aux réunions de gouvernance, toujours ou quelquefois",
        "Une politique couvre la confidentialité des dossiers et dit qui examine une exception ensuite, ou pourquoi personne",
        "L'intendant de chaque service assistait, et son compte rendu parle de la gouvernance",
        "Les personnes ont apporté leurs notes et la liste de la réunion",
        "Quels que soient ceux-là, toujours et ensuite, pourquoi",
    ),
    "pt": (
        "Notas e listas mostram quais curadores participaram das reuniões de governança, sempre ou algumas vezes",
        "Uma política abrange a privacidade dos registros e diz quem revisa uma exceção depois, ou porque ninguém",
        "O curador de cada departamento participou, e a ata fala da governança",
        "As pessoas trouxeram as suas notas e a lista das reuniões",
        "Algumas vezes, depois e sempre, quais",
    ),
}
"""By language: an item on governance, one on privacy, a text that proves the first in other forms of its words, and two that only share
words with them: those of the paper, and those of any text."""


def standard_in(language: str) -> Mapping[str, Criterion]:
    """The standard with the first two of its criteria in a language, so that their words are as rare as they would be."""
    governance, privacy, *_ = STANDARD[language]

    def translate(code: str, text: str) -> Criterion:
        return replace(CRITERIA[code], title="", checklist=(ChecklistItem("item", text),), evidence=())

    return {**CRITERIA, "DM1": translate("DM1", governance), "DM5": translate("DM5", privacy)}


@pytest.mark.parametrize("language", STEMMERS)
def test_every_coming_language_proposes_what_shares_words_and_nothing_else(language: str) -> None:
    *_, proving, of_paper, of_any = STANDARD[language]
    criteria, text_language = standard_in(language), load_text_language(language)
    assert [found.code for found in suggest_items([proving], criteria, (), text_language)] == ["DM1"]
    assert suggest_items([of_paper], criteria, (), text_language) == ()
    assert suggest_items([of_any], criteria, (), text_language) == ()


@pytest.mark.parametrize("language", STEMMERS)
def test_a_text_in_another_language_gets_nothing(language: str) -> None:
    criteria = standard_in(language)
    for other, (_, _, proving, *_) in STANDARD.items():
        found = suggest_items([proving], criteria, (), load_text_language(language))
        assert bool(found) == (other == language)


def test_every_stemmed_language_has_its_paper_words_and_stop_words() -> None:
    assert PAPER_WORDS.keys() == STEMMERS.keys() == STANDARD.keys()
    assert all(len(load_text_language(language).stop_words) > 300 for language in STEMMERS)


def test_a_file_is_proposed_for_the_items_whose_own_words_it_has() -> None:
    criterion = CRITERIA["DM9"]
    texts = ["How our products are built, and the quality that each of them has to reach"]
    (match,) = match_items(texts, criterion, ENGLISH)
    assert match.item == "quality"
    assert "quality" in match.words
    every_word = [item.text for item in criterion.checklist]
    assert len(match_items(every_word, criterion, ENGLISH)) == MATCHES, "no more is proposed, however much it shares"
    assert match_items(["A picture of a cat"], criterion, ENGLISH) == ()
