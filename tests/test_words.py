"""docs/words.md names only what there is: a class, a folder or file, a function, a table or one of its columns."""

import ast
import re

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
