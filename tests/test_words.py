"""docs/words.md names only what there is: a class, a folder, a function or a column."""

import re

from tests.house import APP, ROOT

WORDS = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in APP)


def test_every_name_in_the_words_is_in_the_app() -> None:
    names = {name for row in WORDS.splitlines() if row.startswith("| ") for name in re.findall(r"`([^`]+)`", row)}
    folders = {f"{path.parent.name}/" for path in APP} | {"criteria/"}
    missing = {name for name in names if name not in folders and not re.search(rf"\b{re.escape(name)}\b", SOURCE)}
    assert len(names) >= 35
    assert missing == set()


def test_every_word_stands_once_and_in_four_languages() -> None:
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in WORDS.splitlines() if row.startswith("| ")][
        1:
    ]
    words = [row[0] for row in rows if set(row[0]) != {"-"}]
    assert len(words) == len(set(words)) >= 40
    assert all(len(row) == 6 and all(row) for row in rows)
