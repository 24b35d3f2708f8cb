"""A state is named by its enum, in the code and in templates: a bare literal goes on when the enum's word changes, and means nothing any more.

Looked at are comparisons, look-ups and values given, and only under the names that columns and pages give to states.
"""

import ast
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

import app.rules
from tests.house import APP, ROOT

COLUMNS = {
    "action", "change", "confidence", "confirmation", "decision", "effort", "freshness", "kind", "link_state", "need", "role",
    "scan", "self_rating", "state", "status", "verb", "visibility", "whom", "window",
}  # fmt: skip
"""What attributes, columns and variables that hold a state are called."""

NO_ENUM = {
    "a demo city's own file": {"app/adapters/demo/content.py"},
    "a property of a style sheet": {"app/adapters/pdf/quick/painting.py"},
    "a table, an addressee, a button or what a figure counts": {
        "app/services/history/states.py", "app/services/requests/asking.py", "app/web/evidence/file_reading.py", "app/web/installation/metrics.py",
    },
}  # fmt: skip
"""Where words that some enum has too are those of something which has none."""
EXCUSED = {place for places in NO_ENUM.values() for place in places}

PAGES = sorted((ROOT / "templates").rglob("*.html"))


def _all_states() -> dict[str, set[str]]:
    """The names of members by their value, of every enum of the rules."""
    states: dict[str, set[str]] = {}
    for module in pkgutil.walk_packages(app.rules.__path__, "app.rules."):
        for kind in vars(importlib.import_module(module.name)).values():
            if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum:
                for member in filter(None, kind):  # an empty text is no name
                    states.setdefault(member.value, set()).add(f"{kind.__name__}.{member.name}")
    return states


STATES = _all_states()


def _last_name(node: ast.expr) -> str:
    """`state` of `response.state`, of `col(Response.state)` and of `state`."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Call(func=ast.Name(id="col"), args=[column]):
            return _last_name(column)
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def _texts(node: ast.expr | None) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            for element in elements:
                yield from _texts(element)
        case ast.IfExp(body=body, orelse=other):
            yield from (*_texts(body), *_texts(other))
        case ast.Call(func=ast.Name(id="Field"), keywords=keywords):
            yield from (text for keyword in keywords if keyword.arg == "default" for text in _texts(keyword.value))


def _given(node: ast.AST) -> Iterator[str]:
    """The texts that the code compares a state with, looks up by one, or gives for one."""
    match node:
        case ast.Compare(left=left, comparators=others) if {_last_name(part) for part in (left, *others)} & COLUMNS:
            yield from (text for part in (left, *others) for text in _texts(part))
        case ast.keyword(arg=name, value=value) if name in COLUMNS:
            yield from _texts(value)
        case ast.Assign(targets=[target], value=value) if _last_name(target) in COLUMNS:
            yield from _texts(value)
        case ast.AnnAssign(target=target, value=value) if _last_name(target) in COLUMNS:
            yield from _texts(value)
        case ast.Subscript(value=ast.Dict(keys=keys), slice=wanted) if _last_name(wanted) in COLUMNS:
            yield from (text for key in keys for text in _texts(key))


def _bare_in_code(source: str) -> list[str]:
    return [text for node in ast.walk(ast.parse(source)) for text in _given(node) if text in STATES]


def _page_name(node: Any) -> str:
    match node:
        case nodes.Getattr(attr=name) | nodes.Name(name=name):
            return str(name)
    return ""


def _page_texts(node: Any) -> Iterator[str]:
    match node:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.Tuple(items=elements) | nodes.List(items=elements):
            for element in elements:
                yield from _page_texts(element)


def _bare_in_page(source: str) -> list[str]:
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).parse(source)  # nothing is rendered
    bare: list[str] = []
    for comparison in tree.find_all(nodes.Compare):
        parts = [comparison.expr, *(operand.expr for operand in comparison.ops)]
        if {_page_name(part) for part in parts} & COLUMNS:
            bare += [text for part in parts for text in _page_texts(part)]
    for lookup in tree.find_all(nodes.Getitem):
        if isinstance(lookup.node, nodes.Dict) and _page_name(lookup.arg) in COLUMNS:
            bare += [text for pair in lookup.node.items for text in _page_texts(pair.key)]
    return [text for text in bare if text in STATES]


@pytest.mark.parametrize(
    "source",
    [
        "if response.state == 'submitted': pass",
        "select(col(Response.state) != 'returned')",
        "given = decision in ('met', 'not_met')",
        "save(state='in_progress')",
        "class Row:\n    visibility: str = Field(default='internal')",
        "label = {'met': 1}[verdict.decision]",
    ],
)
def test_a_bare_literal_in_the_code_is_noticed(source: str) -> None:
    assert _bare_in_code(source)


def test_what_only_reads_like_a_state_is_left_alone() -> None:
    assert _bare_in_code("tab == 'returned'; words = {'file': 1}; done('submitted'); kind == 'library'") == []
    assert _bare_in_page("{% if page.tab == 'returned' %}{{ tag('met', kind) }}{% endif %}") == []


def test_a_bare_literal_in_a_page_is_noticed() -> None:
    assert _bare_in_page("{% if line.state in ['returned'] %}{{ {'met': 1}[line.decision] }}{% endif %}") == [
        "returned",
        "met",
    ]


def test_no_state_stands_as_a_bare_literal_in_the_code() -> None:
    assert _places_with_literals(APP, _bare_in_code) == {place for place in EXCUSED if place.startswith("app/")}


def test_no_state_stands_as_a_bare_literal_in_a_page() -> None:
    assert _places_with_literals(PAGES, _bare_in_page) == {place for place in EXCUSED if place.startswith("templates/")}


def _places_with_literals(paths: list[Path], find: Callable[[str], list[str]]) -> set[str]:
    """Where literals stand; an excuse for a place without any is out of date."""
    return {path.relative_to(ROOT).as_posix() for path in paths if find(path.read_text("utf-8"))}
