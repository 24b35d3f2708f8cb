"""docs/words.md names only what there is, and the app's texts say things in those words."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from app.store.tables import metadata
from tests.house import APP, ROOT, Function

WORDS = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")


def _names_in_the_app() -> set[str]:
    """What may stand in `code`: a name that only appears in a text or as a variable is not one of the house."""
    files = {path.stem for path in APP}
    folders = {f"{path.parent.name}/" for path in APP} | {f"{path.name}/" for path in ROOT.iterdir() if path.is_dir()}
    defined = {
        node.name
        for path in APP
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, Function | ast.ClassDef)
    }
    stored = {name for table in metadata.tables.values() for name in (table.name, *table.columns.keys())}
    return files | folders | defined | stored


def test_every_name_in_the_words_is_defined_in_the_app() -> None:
    names = {name for row in WORDS.splitlines() if row.startswith("| ") for name in re.findall(r"`([^`]+)`", row)}
    assert len(names) >= 35
    assert names - _names_in_the_app() == set()


def test_every_word_stands_once_and_in_four_languages() -> None:
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in WORDS.splitlines() if row.startswith("| ")][
        1:
    ]
    words = [row[0] for row in rows if set(row[0]) != {"-"}]
    assert len(words) == len(set(words)) >= 40
    assert all(len(row) == 6 and all(row) for row in rows)


SPANISH = (ROOT / "locale" / "es" / "LC_MESSAGES" / "messages.po").read_bytes()
MESSAGES = [message for message in read_po(BytesIO(SPANISH)) if message.id]
"""Every text of the app with its Spanish."""

UNSAID = {
    "the city hall's word": r"\b(some|any|every)body\b|\banew\b|come along|given back|taken? (it )?back|took back|goes by it|\bas of\b",
    "reopen, remove, restore": r"\bopen(ed|s)? (it |them )?again\b|\btake (it |them )?out\b|\bput (it |them )?back\b",
    "requested": r"\bchanges asked\b",
    "the least work, since nothing is paid": r"\bcheap|\bcosts?\b(?!\))",
    "no claim of ours": r"\bverified\b(?!\))|\bdrops? from\b|\bcan we apply\b",
    "a range, since a city may hold the level": r"\b(silver|gold|platinum)\b(?! range)(?! or )",
}
"""What no text says, by the word or the reason that docs/words.md and the program's own terms give."""
HELD = re.compile(r"^(Silver|Gold|Platinum)$|^%\(city\)s holds ")
"""An award that a city really holds is called as the program calls it."""

UNSAID_SPANISH = {
    "one quotation mark": "[“”]",
    "período": r"\bperiodos?\b",
    "dependencia": r"\bdepartamentos?\b",
    "residentes": r"\bciudadan(ía|os|as)\b",
    "organizaciones aliadas": r"\bsocios?\b",
    "autocalificación": r"\bvaloraci(ón|ones) propias?\b",
    "cambios solicitados": r"\bcambios pedidos\b|\bse piden cambios\b",
    "menos trabajo": r"\bbarat[oa]s?\b",
    "la certificación What Works Cities": "la What Works Cities Certification",
}


def _all_texts(*values: object) -> Iterator[str]:
    for value in values:
        yield from _all_texts(*value) if isinstance(value, list | tuple) else [str(value or "")]


def _without_names(text: str) -> str:
    """What a reader sees of a message: the names of its values are for the code."""
    return re.sub(r"%\(\w+\)s", "%", text)


@pytest.mark.parametrize("reason", UNSAID)
def test_no_text_of_the_app_says_what_a_city_hall_does_not(reason: str) -> None:
    texts = [text for message in MESSAGES for text in _all_texts(message.id) if not HELD.search(text)]
    assert len(texts) > 1_500
    assert [text for text in texts if re.search(UNSAID[reason], _without_names(text), re.IGNORECASE)] == []


@pytest.mark.parametrize("reason", UNSAID_SPANISH)
def test_the_spanish_has_one_word_for_one_thing(reason: str) -> None:
    said = [text for message in MESSAGES for text in _all_texts(message.string)]
    criteria = [path.read_text("utf-8") for path in sorted((ROOT / "criteria").glob("*/locale/es/**/*.yml"))]
    assert len(said) > 1_500
    assert len(criteria) > 80
    bad = re.compile(UNSAID_SPANISH[reason], re.IGNORECASE)
    assert [bad.search(text) and text[:80] for text in [*said, *criteria] if bad.search(text)] == []


def test_comments_and_docstrings_say_someone() -> None:
    wrong = re.compile(r"\b(some|any|every)body\b", re.IGNORECASE)
    files = [*APP, *(ROOT / "templates").rglob("*.html"), ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert [str(path) for path in files if wrong.search(path.read_text("utf-8"))] == []
