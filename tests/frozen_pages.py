"""What the web and its templates are given: frozen values, no rows of tables. test_house.py holds it.

Looked at is what every function returns that a module of `app.web` takes from `app.services`, field by field, property by property.
"""

import ast
import dataclasses
import importlib
import inspect
import typing
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.house import ROOT

WEB = sorted((ROOT / "app" / "web").rglob("*.py"))


def _taken_names(path: Path) -> Iterator[object]:
    """Every function of a service that a module of the web names, directly or by its module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules: dict[str, ModuleType] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.services"):
            for alias in node.names:
                value = _value_of(node.module or "", alias.name)
                if isinstance(value, ModuleType):
                    modules[alias.asname or alias.name] = value
                else:
                    yield value
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in modules:
                yield getattr(modules[name], attribute, None)  # a variable may be called like a module


def _value_of(module: str, name: str) -> object:
    values = vars(importlib.import_module(module))
    return values[name] if name in values else importlib.import_module(f"{module}.{name}")


def answers_for_the_web() -> dict[str, Any]:
    """What each function returns that the web calls, by the function's whole name."""
    return {
        f"{value.__module__}.{value.__qualname__}": typing.get_type_hints(inspect.unwrap(value)).get("return")
        for path in WEB
        for value in _taken_names(path)
        if inspect.isfunction(value)
    }


def _parts_of(kind: type) -> Iterator[tuple[str, Any]]:
    """The fields of a dataclass and what its properties return."""
    hints = typing.get_type_hints(kind)
    yield from ((field.name, hints[field.name]) for field in dataclasses.fields(kind))
    for name, value in inspect.getmembers(kind):
        getter: Callable[..., Any] | None = None
        if isinstance(value, property):
            getter = value.fget
        elif isinstance(value, cached_property):
            getter = value.func
        if getter is not None:
            yield name, typing.get_type_hints(getter).get("return")


def rows_within(kind: Any, way: tuple[str, ...] = (), seen: set[Any] | None = None) -> Iterator[str]:
    """Each way to the row of a table: `PersonPage.person -> Person`."""
    seen = set() if seen is None else seen
    for part in typing.get_args(kind):
        yield from rows_within(part, way, seen)
    if not isinstance(kind, type) or kind in seen:
        return
    seen.add(kind)
    if hasattr(kind, "__table__"):
        seen.discard(kind)
        yield f"{'.'.join(way)} -> {kind.__name__}"
    elif dataclasses.is_dataclass(kind):
        for name, part in _parts_of(kind):
            yield from rows_within(part, (kind.__name__, name), seen)


def rows_given_to_the_web() -> list[str]:
    seen: set[Any] = set()
    return sorted({way for name, kind in answers_for_the_web().items() for way in rows_within(kind, (name,), seen)})
