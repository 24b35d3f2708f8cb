"""What the README says of adding a page is followed in a copy of the house, in just the files that it names, and its tests are content.

The page is a directory of the city's departments. The copy's own tests run in a process of their own, as after any change.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import LANGUAGES, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
HOUSE = ("app", "criteria", "locale", "migrations", "static", "templates", "tests", "pyproject.toml", "README.md")
NOUN = "directory"

SERVICE = '''"""The departments of a city, for whoever looks for one."""

from dataclasses import dataclass

from app.services.desk import Desk
from app.store.city import list_departments


@dataclass(frozen=True)
class DirectoryPage:
    """The names in the order of the alphabet."""

    names: tuple[str, ...]


def show_names(desk: Desk) -> DirectoryPage:
    """The names of all departments of the desk's city."""
    return DirectoryPage(tuple(department.name for department in list_departments(desk.session, desk.who.city.id)))
'''
HANDLER = '''"""The directory of departments."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.directory import show_names
from app.web.access import Ask, reads
from app.web.templating import show_page

router = APIRouter()


@router.get("/{city}/directory")
async def show_directory(ask: Ask = reads("criteria.read")) -> Response:
    return show_page(ask, "directory/index.html", show_names(ask.desk))
'''
PAGE = """{% extends "base/page.html" %}
{% block title %}{{ _("Directory of departments") }}{% endblock %}
{% block content %}
<h1>{{ _("Directory of departments") }}</h1>
<ul>
  {% for name in page.names %}<li>{{ name }}</li>{% endfor %}
</ul>
{% endblock %}
"""
WRITTEN = {"app/services": SERVICE, "app/web": HANDLER, "templates": PAGE}
ENTERED = {
    "app/main.py": [
        ("    errors,\n", "    directory,\n    errors,\n"),
        ("    entry,  #", "    directory,\n    entry,  #"),
    ],
    "app/rules/menu.py": [
        (
            '            MenuEntry("evidence",',
            '            MenuEntry("directory", say("Directory"), "criteria.read"),\n{whole}',
        )
    ],
    "tests/web/test_access.py": [
        ('    "GET /{city}/my-work":', '    "GET /{city}/directory": Door(EVERYBODY),\n{whole}'),
    ],
    "tests/web/test_accessibility.py": [
        ('        "/newark/my-work",\n', '        "/newark/directory",\n{whole}'),
    ],
    "tests/web/test_statements.py": [("MOST = {\n", 'MOST = {\n    "directory": 2,\n')],
}
"""What is put where in the files that are there already; `{whole}` is what stood there."""
SPANISH = {"Directory": "Directorio", "Directory of departments": "Directorio de dependencias"}


def named_in_readme() -> set[str]:
    """The files that the README names for a page, without those which hold what this page finds there already."""
    task = next(part for part in re.split(r"\n- |\n\n", README) if part.startswith("**a page**"))
    paths = {path.replace("<noun>", NOUN) for path in re.findall(r"`((?:app|templates|locale|tests)/[^`]+)`", task)}
    by_language = {path.replace("<language>", code) for path in paths for code in LANGUAGES if code != "en"}
    there_already = {f"app/store/{NOUN}.py", f"app/rules/{NOUN}.py", "app/web/addresses.py", "tests/web/test_pages.py"}
    assert there_already <= by_language
    return by_language - there_already


def follow_readme(house: Path) -> set[str]:
    """Adds the page to the house; returns the files that were written or changed, as paths inside it."""
    for folder, text in WRITTEN.items():
        path = house / (f"{folder}/{NOUN}/index.html" if folder == "templates" else f"{folder}/{NOUN}.py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name, places in ENTERED.items():
        text = (house / name).read_text("utf-8")
        for old, new in places:
            assert text.count(old) >= 1, (name, old)
            text = text.replace(old, new.replace("{whole}", old), 1)
        (house / name).write_text(text, encoding="utf-8")
    for path in house.glob("locale/*/LC_MESSAGES/messages.po"):
        lines = [f'\nmsgid "{text}"\nmsgstr "{SPANISH[text]}"\n' for text in SPANISH]
        path.write_text(path.read_text("utf-8") + "".join(lines), encoding="utf-8")
    return {
        path
        for path in (
            str(path.relative_to(house)) for path in house.rglob("*") if path.suffix in {".py", ".html", ".po"}
        )
        if not (ROOT / path).exists() or (ROOT / path).read_bytes() != (house / path).read_bytes()
    }


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name in HOUSE:
        source, target = ROOT / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, target)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def run_tests(house: Path, *chosen: str) -> str:
    """What the copy's tests print at their end."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *chosen]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, timeout=600, check=False)
    return done.stdout[-3000:] if done.returncode else "passed"


def test_a_page_is_added_in_the_files_that_the_readme_names(house: Path) -> None:
    assert follow_readme(house) == named_in_readme()
    files = ["test_tidy.py", "web/test_access.py", "web/test_pages.py", "web/test_statements.py"]
    about_all_pages = "every_route or every_page or every_template or every_text or directory"
    chosen = [*(f"tests/{name}" for name in files), "-k", f"({about_all_pages}) and not postgresql"]
    assert run_tests(house, *chosen) == "passed"


def test_a_page_of_which_a_test_was_not_told_is_missed(house: Path) -> None:
    follow_readme(house)
    for name in ("tests/web/test_access.py", "tests/web/test_accessibility.py", "tests/web/test_statements.py"):
        shutil.copy(ROOT / name, house / name)
    said = run_tests(
        house,
        "tests/web/test_access.py",
        "tests/web/test_pages.py",
        "-k",
        "(every_route or every_page) and not postgresql",
    )
    assert "3 failed" in said
