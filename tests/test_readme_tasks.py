"""What the README says of adding an item and a criterion is followed, in just the files that it names, and the check finds nothing."""

import re
import shutil
from pathlib import Path

import pytest

from app.adapters.criteria.editions import check_edition, load_edition
from app.adapters.criteria.folder import list_languages
from app.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
EDITION, EARLIER = "wwc-2022", "wwc-2018"
AREA, CODE = "evaluations", "EVAL5"


@pytest.fixture
def criteria(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "criteria", tmp_path / "criteria")
    return tmp_path / "criteria"


def named_in_readme(task: str, area: str, code: str) -> set[str]:
    """The files that the README names for a task, in every language that the edition has."""
    line = next(line for line in re.split(r"\n+- |\n\n", README) if line.startswith(f"**{task}**"))
    paths = [path for path in re.findall(r"`(criteria/[^`]+)`", line) if path.endswith(".yml")]
    languages = list_languages(ROOT / "criteria" / EDITION)
    filled = [path.replace("<edition>", EDITION).replace("<area>", area).replace("<CODE>", code) for path in paths]
    by_language = {path.replace("<language>", language) for path in filled for language in languages}
    return {path.replace("<earlier>", EARLIER) for path in by_language}


def contents(criteria: Path) -> dict[str, str]:
    return {str(path.relative_to(criteria.parent)): path.read_text("utf-8") for path in criteria.rglob("*.yml")}


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def changed(criteria: Path, before: dict[str, str]) -> set[str]:
    after = contents(criteria)
    return {path for path in after if after[path] != before.get(path)}


def test_a_checklist_item_is_added_in_the_files_that_the_readme_names(criteria: Path) -> None:
    before, edition = contents(criteria), criteria / EDITION
    item = "  - id: owners\n    text: Each rule names who answers for it.\n    required: false\n    window: none\n"
    replace_once(edition / "data-management" / "DM5.yml", "evidence:\n", f"{item}evidence:\n")
    for language in list_languages(edition):
        path = edition / "locale" / language / "data-management" / "DM5.yml"
        replace_once(path, "evidence:\n", "  owners: Cada regla nombra a quien responde por ella.\nevidence:\n")
    assert check_edition(edition) == []
    assert changed(criteria, before) == named_in_readme("a checklist item", "data-management", "DM5")
    assert "owners" in {one.id for one in load_edition(edition).criteria["DM5"].checklist}


def test_a_criterion_is_added_in_the_files_that_the_readme_names(criteria: Path) -> None:
    before, edition = contents(criteria), criteria / EDITION
    replace_once(edition / "edition.yml", "total: 43", "total: 44")
    replace_once(edition / "edition.yml", "EVAL4]", f"EVAL4, {CODE}]")
    replace_once(edition / "from" / f"{EARLIER}.yml", "PA4, RDC3]", f"PA4, RDC3, {CODE}]")
    for folder in (edition, *(edition / "locale" / language for language in list_languages(edition))):
        text = (folder / AREA / "EVAL4.yml").read_text("utf-8").replace("code: EVAL4", f"code: {CODE}")
        (folder / AREA / f"{CODE}.yml").write_text(text, encoding="utf-8")
    assert check_edition(edition) == []
    assert changed(criteria, before) == named_in_readme("a criterion", AREA, CODE)
    assert len(load_edition(edition, "es").criteria) == 44
