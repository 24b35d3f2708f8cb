"""What the README says of adding a language is followed in a copy, in just the places that it names, and each of them is needed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.adapters.criteria.editions import list_edition_ids
from app.rules.evidence.also_proves import STEMMERS
from app.settings import ROOT

NEW = "it"
README = (ROOT / "README.md").read_text(encoding="utf-8")
TRIED = "tests/rules/evidence/test_also_proves.py"
COPIED = ("app", "criteria", "locale", "tests/test_languages.py", "tests/test_journeys.py", TRIED, "pyproject.toml")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the language touches and what asks about it, without what was compiled."""
    for name in COPIED:
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
        else:
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    return tmp_path


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def claim_language(copy: Path) -> None:
    replace_once(copy / "app" / "settings.py", '"es": "Español"', f'"es": "Español", "{NEW}": "Italiano"')


def translate_messages(copy: Path) -> None:
    shutil.copytree(copy / "locale" / "es", copy / "locale" / NEW)


def translate_criteria(copy: Path) -> None:
    for edition in list_edition_ids():
        folder = copy / "criteria" / edition / "locale"
        shutil.copytree(folder / "es", folder / NEW)


def say_the_last_words(copy: Path) -> None:
    path = copy / "app" / "web" / "last_resort.py"
    spanish = re.search(r'    "es": \{.*?\n    \},\n', path.read_text("utf-8"), re.S)
    assert spanish
    replace_once(path, spanish[0], spanish[0] + spanish[0].replace('"es"', f'"{NEW}"'))


def name_the_words_of_paper(copy: Path) -> None:
    path = copy / "app" / "rules" / "evidence" / "also_proves.py"
    replace_once(path, 'STEMMERS = {"', f'STEMMERS = {{"{NEW}": "italian", "')
    replace_once(
        path,
        "PAPER_WORDS: dict[str, str] = {\n",
        f'PAPER_WORDS: dict[str, str] = {{\n    "{NEW}": "verbali riunioni",\n',
    )


def try_the_words(copy: Path) -> None:
    replace_once(copy / TRIED, "STANDARD = {\n", f'STANDARD = {{\n    "{NEW}": ("Verbali",) * 5,\n')


def write_the_range_down(copy: Path) -> None:
    replace_once(copy / "tests" / "test_journeys.py", 'RANGE = {"', f'RANGE = {{"{NEW}": "fascia Argento", "')


PLACES: dict[str, Callable[[Path], None]] = {
    "app/settings.py": claim_language,
    "locale/<language>/LC_MESSAGES/messages.po": translate_messages,
    "criteria/<edition>/locale/<language>/": translate_criteria,
    "app/web/last_resort.py": say_the_last_words,
    "app/rules/evidence/also_proves.py": name_the_words_of_paper,
    TRIED: try_the_words,
    "tests/test_journeys.py": write_the_range_down,
}
"""What is done in each place that the README names."""
UNASKED = {"app/settings.py", TRIED, "tests/test_journeys.py"}
"""Without the first there is no language; the others ask themselves."""


def asked(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    wide = os.environ | {"COLUMNS": "200"}
    return subprocess.run([sys.executable, *command], cwd=copy, env=wide, capture_output=True, text=True, check=False)


def ask_tests(copy: Path) -> subprocess.CompletedProcess[str]:
    """The copy's own tests of languages; they need nothing of conftest."""
    options = ("-n", "0", "-rA", "--noconftest", "-p", "no:cacheprovider")
    return asked(copy, "-m", "pytest", *options, "tests/test_languages.py")


def test_the_readme_names_each_place_of_a_language() -> None:
    line = next(line for line in re.split(r"\n+- |\n\n", README) if line.startswith("**a language**"))
    assert {path for path in re.findall(r"`([^`]+)`", line) if "/" in path and not path.startswith("./run")} == {
        *PLACES
    }
    assert NEW not in STEMMERS, "it is as new as a language can be"


def test_a_language_is_added_in_the_places_that_the_readme_names(copy: Path) -> None:
    for follow in PLACES.values():
        follow(copy)
    told = ask_tests(copy)
    assert told.returncode == 0, told.stdout
    assert f"PASSED tests/test_languages.py::test_every_language_has_its_messages[{NEW}]" in told.stdout
    assert asked(copy, "-m", "app", "criteria", "check").returncode == 0
    assert "en or es or it." in asked(copy, "-m", "app", "city", "add", "--help").stdout


@pytest.mark.parametrize("left_out", [place for place in PLACES if place not in UNASKED])
def test_a_language_that_was_forgotten_in_one_place_is_found(copy: Path, left_out: str) -> None:
    for place, follow in PLACES.items():
        if place != left_out:
            follow(copy)
    told = ask_tests(copy)
    assert told.returncode == 1
    assert len(re.findall(r"(?m)^FAILED ", told.stdout)) <= 2, "and only that"
