"""How the house is kept: sizes, names and widths, counted. `python -m tests.house` prints them; test_house.py holds them.

Names tell what a function acts on, so few of them are one word; a class is called the same in one place only; a file and a function
are short enough to be read at once.
"""

import ast
import re
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APP = sorted((ROOT / "app").rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
WIDEST_TEMPLATE = 120
MOST_ONE_WORD = 0.30
"""The share of functions whose name may be one word, as `title` of a page or `open` of a file are."""
FILLERS = {"found", "one", "row", "of", "mine", "had", "kept", "asked", "got", "rest", "it", "thing"}
"""Names that say nothing of what they hold."""
MOST_FILLERS = 0.03

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Named:
    """A function or class of the app: where it stands, what it is called, and its lines."""

    path: Path
    name: str
    lines: int

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}: {self.name}, {self.lines} lines"

    @property
    def words(self) -> int:
        return len(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", self.name))


@cache
def _count_all() -> tuple[list[Named], list[Named], Counter[str]]:
    """Functions, classes but those whose name is Python's own, such as `__init__`, and how often a variable of each name is given a value.

    Each module is read once for all that is counted, and its tree is let go.
    """
    named: list[Named] = []
    classes: list[Named] = []
    variables: Counter[str] = Counter()
    for path in APP:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                variables[node.id] += 1
            elif isinstance(node, Function | ast.ClassDef) and not node.name.startswith("__"):
                lines = (node.end_lineno or 0) - node.lineno + 1
                (classes if isinstance(node, ast.ClassDef) else named).append(Named(path, node.name, lines))
    return named, classes, variables


def functions() -> list[Named]:
    return _count_all()[0]


def classes() -> list[Named]:
    return _count_all()[1]


def classes_of_one_name() -> dict[str, list[str]]:
    """Class names that stand in more than one module, each with its modules."""
    places: dict[str, set[str]] = {}
    for named in classes():
        places.setdefault(named.name, set()).add(str(named.path.relative_to(ROOT)))
    return {name: sorted(paths) for name, paths in places.items() if len(paths) > 1}


def share_of_one_word(named: list[Named]) -> float:
    """0 to 1."""
    return sum(one.words == 1 for one in named) / len(named)


def share_of_fillers() -> float:
    """How many of the variables that are given a value are called one of FILLERS, 0 to 1."""
    names = _count_all()[2]
    return sum(names[name] for name in FILLERS) / names.total()


def long_files() -> list[str]:
    counts = {path.relative_to(ROOT): path.read_text(encoding="utf-8").count("\n") for path in APP}
    return [f"{path}: {count} lines" for path, count in counts.items() if count > LONGEST_FILE]


def long_functions() -> list[str]:
    return [str(named) for named in functions() if named.lines > LONGEST_FUNCTION]


def wide_template_lines() -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {len(line)} characters"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > WIDEST_TEMPLATE
    ]


def files_of_a_folder() -> Counter[str]:
    """How many modules each folder of the app has; a package counts as one."""
    rooms = [path for path in APP if path.name != "__init__.py"]
    packages = [path.parent for path in APP if path.name == "__init__.py"]
    return Counter(str(path.parent.relative_to(ROOT)) for path in [*rooms, *packages])


def table() -> list[tuple[str, str]]:
    """What is counted, and how much it is."""
    named, kinds = functions(), classes()
    lines = sorted(one.lines for one in named)
    most, count = files_of_a_folder().most_common(1)[0]
    return [
        ("functions", str(len(named))),
        ("words in a function's name", f"{sum(one.words for one in named) / len(named):.2f}"),
        ("functions of one word", f"{share_of_one_word(named):.0%}"),
        ("classes", str(len(kinds))),
        ("classes of one word", f"{share_of_one_word(kinds):.0%}"),
        ("class names in more than one module", str(len(classes_of_one_name()))),
        ("variables whose name says nothing", f"{share_of_fillers():.1%}"),
        ("rooms in the fullest folder", f"{count} ({most})"),
        (f"files over {LONGEST_FILE} lines", str(len(long_files()))),
        ("lines of a function, 95 of 100", str(lines[len(lines) * 95 // 100])),
        (f"functions over {LONGEST_FUNCTION} lines", str(len(long_functions()))),
        (f"template lines over {WIDEST_TEMPLATE} characters", str(len(wide_template_lines()))),
    ]


def main() -> None:
    for what, figure in table():
        sys.stdout.write(f"{what:<42}{figure}\n")


if __name__ == "__main__":
    main()
