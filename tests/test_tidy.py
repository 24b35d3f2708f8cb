"""What keeps the house in order: nothing unused, nothing untold, nothing untranslated, nothing open by mistake."""

import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from jinja2 import Environment
from jinja2.nodes import TemplateData

from app.main import create_app
from app.rules.people.permissions import RIGHTS
from app.services.site import Site
from app.settings import LANGUAGES, ROOT, Settings
from app.store.tables import metadata
from app.web.access import PUBLIC

TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
PAGES = [path for path in TEMPLATES if path.suffix in {".html", ".svg"}]
FEWEST_ROUTES = 45


def _name(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


def test_every_setting_is_explained_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    missing = [name for name in Settings.model_fields if f"`CITYREADY_{name.upper()}`" not in readme]
    assert missing == []


def test_every_template_is_used() -> None:
    sources = [*(ROOT / "app").rglob("*.py"), *TEMPLATES]
    everything = "\n".join(path.read_text("utf-8") for path in sources)
    unused = [_name(path) for path in TEMPLATES if f'"{_name(path)}"' not in everything]
    assert unused == []


WIDEST_LINE = 120
"""Characters of a template's line: what two versions side by side show whole."""


def test_no_line_of_a_template_is_too_wide_to_review() -> None:
    lines = [
        (f"{_name(path)}:{number}", line)
        for path in TEMPLATES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
    ]
    assert len(lines) > 1_000
    assert [place for place, line in lines if len(line) > WIDEST_LINE] == []


ATTRIBUTE_THAT_RUNS = re.compile(r"""\s(style|on[a-z]+|hx-on[:\w-]*)\s*=\s*["'{]""", re.IGNORECASE)
SCRIPT_INSIDE = re.compile(r"<script(?![^>]*\ssrc=)|javascript:|<style", re.IGNORECASE)


WITH_OWN_STYLE = ("report/", "letters/letter.html")
"""What is no page of the app: papers, and the mail, which brings its style along and is shown under a policy of its own."""


@pytest.mark.parametrize("path", [path for path in PAGES if not _name(path).startswith(WITH_OWN_STYLE)], ids=_name)
def test_no_page_carries_scripts_or_styles_that_the_content_security_policy_refuses(path: Path) -> None:
    source = path.read_text("utf-8")
    found = [match.group() for pattern in (ATTRIBUTE_THAT_RUNS, SCRIPT_INSIDE) for match in pattern.finditer(source)]
    assert found == []


SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "summary"}
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"CityReady", "SHA", "kB", "MB"}
HOLE = " "
"""Stands for whatever an expression puts there; a space is right in texts, in values and between attributes."""


class Texts(HTMLParser):
    """What a person would read or hear of a template's own words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.found += [value for name, value in attrs if value and name in SPOKEN]

    def handle_data(self, data: str) -> None:
        if self._inside not in {"style", "script"}:
            self.found.append(data)


def _words(source: str) -> list[str]:
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).parse(source)  # nothing is rendered
    parser = Texts()
    parser.feed(HOLE.join(data.data for data in tree.find_all(TemplateData)))
    parser.close()
    return [word for text in parser.found for word in WORD.findall(text) if word not in NAMES]


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_every_word_of_a_template_can_be_translated(path: Path) -> None:
    assert _words(path.read_text("utf-8")) == []


def test_a_word_that_cannot_be_translated_is_noticed() -> None:
    assert _words('<p>{{ _("Hello") }} <b>world</b><img alt="a city"></p>{% trans %}Fine{% endtrans %}') == [
        "world",
        "city",
    ]


@cache
def _extracted() -> tuple[tuple[str, ...], ...]:
    """Every text that the code and the templates say, in its forms."""
    keywords: Any = DEFAULT_KEYWORDS | {"say": None, "counted": (1, 2)}
    templates: Any = {
        "**": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false", "extensions": "jinja2.ext.do"}
    }
    found = [
        *extract_from_dir(ROOT / "app", [("**.py", "python")], keywords=keywords),
        *extract_from_dir(ROOT / "templates", [("**", "jinja2")], options_map=templates, keywords=keywords),
    ]
    return tuple((text,) if isinstance(text, str) else tuple(text) for _, _, text, _, _ in found)


def _catalog(language: str) -> Catalog:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file)


PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")


def _problem(found: Message | None, texts: tuple[str, ...]) -> str:
    """What is wrong with the translation of one text, or nothing."""
    if found is None:
        return "missing"
    if found.fuzzy:
        return "fuzzy"
    translated = (found.string,) if isinstance(found.string, str) else tuple(found.string or ())
    if not all(translated):
        return "untranslated"
    expected = [set(PLACEHOLDER.findall(text)) for text in texts]
    return "" if all(set(PLACEHOLDER.findall(text)) in expected for text in translated) else "other placeholders"


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_translation_is_kept_of_a_text_that_nobody_says_any_more(language: str) -> None:
    said = {texts[0] for texts in _extracted()}
    catalog = _catalog(language)
    kept = {message.id if isinstance(message.id, str) else message.id[0] for message in catalog if message.id}
    assert kept - said == set()
    assert not catalog.obsolete


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_text_is_translated_into_every_language_that_the_app_claims(language: str) -> None:
    catalog = _catalog(language)
    texts = set(_extracted())
    assert len(texts) > 200
    problems = {text[0]: wrong for text in texts if (wrong := _problem(catalog.get(text[0]), text))}
    assert problems == {}


def test_models_and_migrations_describe_the_same_tables(site: Site) -> None:
    with site.database.engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_server_default": True}), metadata
        )
    assert differences == []


def test_each_migration_has_a_higher_number_than_the_one_before_it() -> None:
    """Which tables are the newest is told by the highest number, and a backup of later ones is refused by it."""
    files = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    wrote = [re.search(r'^down_revision = (?:None|"(\w+)")$', path.read_text("utf-8"), re.MULTILINE) for path in files]
    numbers = [path.stem.partition("_")[0] for path in files]
    assert [before and before[1] for before in wrote] == [None, *numbers[:-1]]


def test_locks_name_no_host_and_carry_a_hash_for_everything() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text("utf-8")
        assert "://" not in text, lock.name
        assert text.count("==") > 0
        for block in re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", text).strip()):
            assert "--hash=sha256:" in block, block
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    installed = {name: package for name, package in packages.items() if name}
    assert installed
    assert [name for name, package in installed.items() if "resolved" in package or "integrity" not in package] == []


def _declared(route: Any) -> list[str]:
    """The actions that a route's own dependencies ask for."""
    dependant = getattr(route, "dependant", None)
    return [
        call.action for part in (dependant.dependencies if dependant else []) if hasattr(call := part.call, "action")
    ]


@pytest.fixture
def app(settings: Settings) -> Iterator[FastAPI]:
    app = create_app(settings)
    yield app
    app.state.site.close()


@pytest.mark.only_sqlite
def test_every_route_declares_one_right_or_is_public(app: FastAPI) -> None:
    routes = list(iter_route_contexts(app.routes))
    assert len(routes) >= FEWEST_ROUTES, "the walk over the routes finds too few of them"
    for route in routes:
        declared = _declared(route.original_route)
        if route.name in PUBLIC:
            assert declared == [], f"{route.path} is in PUBLIC and declares {declared}: it can only be one of both"
            assert "{city}" not in (route.path or ""), f"{route.path} belongs to a city and cannot be in PUBLIC"
        else:
            assert len(declared) == 1, (
                f"{route.path} declares {declared}: use reads(...) or writes(...) of app/web/access.py once"
            )
            assert declared[0] in RIGHTS
            assert f"{route.path}/".startswith("/{city}/"), f"{route.path} belongs to no city"


@pytest.mark.only_sqlite
def test_public_names_only_routes_that_exist(app: FastAPI) -> None:
    assert {route.name for route in iter_route_contexts(app.routes)} >= PUBLIC


def test_texts_are_normalized_only_where_they_are_bounded_first() -> None:
    callers = [path for path in sorted((ROOT / "app").rglob("*.py")) if re.search(r"\bnormalize\(", path.read_text())]
    assert [path.relative_to(ROOT).as_posix() for path in callers] == ["app/rules/text/bounds.py"]


WRITING_A_ROW = re.compile(r"\bsession\.(add|add_all|delete|merge)\(|\b(exec|execute)\((delete|insert)\(")


def test_rows_are_added_and_deleted_only_beside_their_tables() -> None:
    store = ROOT / "app" / "store"
    writers = [path for path in sorted((ROOT / "app").rglob("*.py")) if WRITING_A_ROW.search(path.read_text("utf-8"))]
    assert any(path.is_relative_to(store) for path in writers)
    assert [path.relative_to(ROOT).as_posix() for path in writers if not path.is_relative_to(store)] == []


def test_a_form_is_shown_again_in_one_way() -> None:
    by_hand = re.compile(r"except .*\b(CorrectableProblem|Refused|Conflict)\b")
    web = sorted((ROOT / "app" / "web").rglob("*.py"))
    assert [path.name for path in web if "CorrectableProblem" in path.read_text("utf-8")]
    assert [path.name for path in web if by_hand.search(path.read_text("utf-8"))] == []


def test_every_letter_leaves_with_the_notice_of_who_we_are_not() -> None:
    callers = [path for path in sorted((ROOT / "app").rglob("*.py")) if "mail.send_mail(" in path.read_text("utf-8")]
    assert callers == [ROOT / "app/services/letters.py"]
