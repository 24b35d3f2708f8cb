"""What an edition may add to its criteria: reasons, parts, examples, sources and shared documents, right and wrong."""

from datetime import date
from pathlib import Path

import pytest

from app.adapters.criteria.editions import check_edition, load_edition
from tests.adapters.criteria.test_editions import DM1, ES_DM1, ES_EDITION, change, folder

__all__ = ["folder"]

MORE = """\
effort: M
effort_reason: It takes a season.
part: Its list of data
short_name: Data Governance
examples:
  - city: Tulsa, Oklahoma
    text: Four classes of data
    source: A report
    link: https://tulsa.example/policy
sources: [page]
"""
MORE_ES = """\
effort_reason: Lleva una temporada.
part: Su lista de datos
examples: [Cuatro clases de datos]
"""
SHARED = """\
sources:
  - {id: page, name: A page, says: the names, link: https://page.example, seen_on: "2030-08-01"}
shared_documents:
  - {document: A charter, places: [DM1.charter, OD1.charter, DM2]}
"""
SHARED_ES = """\
sources: [los nombres]
shared_documents: [Un acta]
"""


@pytest.fixture
def fuller(folder: Path) -> Path:
    """The small edition, with all that may be left out."""
    change(folder / DM1, "effort: M\n", MORE)
    change(folder / ES_DM1, "owner:", MORE_ES + "owner:")
    for name, more in (("edition.yml", SHARED), (ES_EDITION, SHARED_ES)):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    return folder


def test_all_of_it_is_read_in_both_languages(fuller: Path) -> None:
    assert check_edition(fuller) == []
    there, here = (load_edition(fuller, language).criteria["DM1"] for language in ("en", "es"))
    assert (there.effort_reason, there.part, there.short_name) == (
        "It takes a season.",
        "Its list of data",
        "Data Governance",
    )
    assert (here.effort_reason, here.part, here.short_name) == (
        "Lleva una temporada.",
        "Su lista de datos",
        "Data Governance",
    )
    assert [(example.city, example.text, example.link) for example in here.examples] == [
        ("Tulsa, Oklahoma", "Cuatro clases de datos", "https://tulsa.example/policy")
    ]
    assert [(source.name, source.says, source.seen_on) for source in here.sources] == [
        ("A page", "los nombres", date(2030, 8, 1))
    ]


def test_a_document_is_told_where_else_it_serves(fuller: Path) -> None:
    edition = load_edition(fuller, "es")
    (shared,) = edition.shared_by("OD1")
    assert (shared.name, shared.elsewhere("OD1"), shared.elsewhere("DM2")) == (
        "Un acta",
        ("DM1", "DM2"),
        ("DM1", "OD1"),
    )
    assert shared.places[0] == ("DM1", "charter")


def test_sources_are_listed_once_with_how_many_criteria_they_speak_of(fuller: Path) -> None:
    change(fuller / "open-data/OD1.yml", "effort: M\n", "effort: M\nsources: [page]\n")
    assert [(source.name, count) for source, count in load_edition(fuller).list_sources()] == [("A page", 2)]


def test_what_may_be_left_out_is_empty_where_it_is(folder: Path) -> None:
    criterion = load_edition(folder, "es").criteria["DM1"]
    assert (criterion.effort_reason, criterion.part, criterion.examples, criterion.sources) == ("", "", (), ())
    assert load_edition(folder).shared_by("DM1") == ()


FAULTS = {
    "a place that is none": (
        "edition.yml",
        "OD1.charter",
        "OD1.carter",
        '"OD1.carter" is not in this edition. Write OD1.charter instead, or remove it.',
    ),
    "a document of one criterion alone": (
        "edition.yml",
        "[DM1.charter, OD1.charter, DM2]",
        "[DM1.charter, DM1.roles]",
        "These places are all in one criterion. Name a place in another one, or remove the document.",
    ),
    "a place named twice": (
        "edition.yml",
        "OD1.charter, DM2",
        "OD1.charter, OD1.charter",
        '"OD1.charter" stands here a second time. Write another name, or remove it.',
    ),
    "a source that nobody describes": (
        DM1,
        "sources: [page]",
        "sources: [page, pages]",
        '"pages" is not among the sources of the edition. Write page instead, or remove it.',
    ),
    "a source that nobody names": (
        DM1,
        "sources: [page]",
        "sources: []",
        'No criterion names the source "page". Name it in one, or remove it.',
    ),
    "a link that is none": (
        DM1,
        "link: https://tulsa.example/policy",
        "link: tulsa.example",
        '"link" is "tulsa.example". Write a web address such as https://city.example/policy instead.',
    ),
    "a reason without translation": (
        ES_DM1,
        "effort_reason: Lleva una temporada.\n",
        "",
        '"effort_reason" is missing. English has it: write its translation.',
    ),
    "a part that English does not have": (
        DM1,
        "part: Its list of data\n",
        "",
        '"part" is not in the English file. Remove it.',
    ),
    "an example without translation": (
        ES_DM1,
        "examples: [Cuatro clases de datos]\n",
        "",
        '"examples" has 0 texts, but 1 in English. Write 1, in the same order, instead.',
    ),
    "a document without translation": (
        ES_EDITION,
        "shared_documents: [Un acta]\n",
        "",
        '"shared_documents" has 0 texts, but 1 in English. Write 1, in the same order, instead.',
    ),
    "an item required where all are needed": (
        DM1,
        "needed: 2",
        "needed: 3",
        'Every item is needed, so none is marked required. Write false at each of them, or lower "needed".',
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_with_what_to_write(fuller: Path, fault: str) -> None:
    name, old, new, sentence = FAULTS[fault]
    change(fuller / name, old, new)
    (message,) = check_edition(fuller)
    assert message.endswith(f": {sentence}")
