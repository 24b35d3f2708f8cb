"""The files of an edition as they stand in its folder, with what is wrong in each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.adapters.criteria.format import CRITERION, CRITERION_WORDS, EDITION, EDITION_WORDS
from app.adapters.yaml.shapes import FieldsShape
from app.adapters.yaml.strict import BrokenYaml, Node, YamlProblem, read_yaml

EDITION_FILE = "edition.yml"
BESIDE = (EDITION_FILE, "glossary.yml", "program.yml")
"""Files of an edition that are about it as a whole."""
OTHER_FILES = ("locale/", "from/")
"""Folders of an edition that hold no criteria in English."""


@dataclass(frozen=True)
class CriteriaFile:
    """One file; `values` has what could be read, `problems` why the rest could not and what other checks found."""

    path: Path
    node: Node | None
    values: dict[str, Any]
    problems: list[YamlProblem]

    def add_problem(self, sentence: str, *place: str | int) -> None:
        """Adds a problem at the line of an existing place: keys and indexes from the top, none for the whole file."""
        node: Any = self.node
        for step in place:
            node = node.value[step]
        self.problems.append(YamlProblem(node.line if place else 1, sentence))

    def messages(self) -> list[str]:
        """`path:line: what is wrong. What to write.`, in the order of the lines."""
        return [f"{self.path}:{line}: {sentence}" for line, sentence in sorted(self.problems)]


@dataclass(frozen=True)
class EditionFolder:
    """An edition in one language; `criteria` by name below `path`, such as data-management/DM1.yml."""

    path: Path
    edition: CriteriaFile
    criteria: dict[str, CriteriaFile]

    def messages(self) -> list[str]:
        files = sorted([self.edition, *self.criteria.values()], key=lambda file: file.path)
        return [message for file in files for message in file.messages()]


def list_languages(folder: Path) -> list[str]:
    """Languages other than English that an edition has a folder for."""
    return sorted(path.name for path in folder.glob("locale/*") if path.is_dir())


def read_english(folder: Path) -> EditionFolder:
    """Every criterion's YAML file of the edition, whether the edition lists it or not."""
    names = [name for name in _list_yaml_names(folder) if not name.startswith(OTHER_FILES)]
    return _read_folder(folder, names, EDITION, CRITERION)


def read_translation(english: EditionFolder, language: str) -> EditionFolder:
    """The translation of each English file, also of those that have none yet, and whatever else is in its folder."""
    folder = english.path / "locale" / language
    return _read_folder(folder, sorted({*english.criteria, *_list_yaml_names(folder)}), EDITION_WORDS, CRITERION_WORDS)


def _list_yaml_names(folder: Path) -> list[str]:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.y*ml"))
    return [name for name in names if name not in BESIDE]


def _read_folder(folder: Path, names: list[str], edition: FieldsShape, criterion: FieldsShape) -> EditionFolder:
    files = {name: read_criteria_file(folder / name, criterion) for name in names}
    return EditionFolder(folder, read_criteria_file(folder / EDITION_FILE, edition), files)


def read_criteria_file(path: Path, shape: FieldsShape) -> CriteriaFile:
    """What can be read of a file of that shape, and why the rest cannot."""
    try:
        node = read_yaml(path)
    except BrokenYaml as error:
        return CriteriaFile(path, None, {}, list(error.problems))
    problems: list[YamlProblem] = []
    return CriteriaFile(path, node, shape.read(node, problems), problems)
