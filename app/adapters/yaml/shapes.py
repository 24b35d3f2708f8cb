"""What a hand-written YAML file may say: small shapes that turn a node into plain values and collect what is wrong.

Every shape has an `example` of YAML to write, and `read(node, problems)`: the value, or nothing after adding a problem.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Protocol

from app.adapters.yaml.strict import Node, YamlProblem


class YamlShape(Protocol):
    @property
    def example(self) -> str: ...

    def read(self, node: Node, problems: list[YamlProblem]) -> Any: ...


@dataclass(frozen=True)
class ScalarShape(ABC):
    """One value; `fault` says what is wrong with its text and what to write, or nothing."""

    example: str

    @abstractmethod
    def fault(self, text: str) -> str: ...

    def value(self, text: str) -> Any:
        return text

    def read(self, node: Node, problems: list[YamlProblem]) -> Any:
        text = node.value.strip() if isinstance(node.value, str) else ""
        fault = self.fault(text) if isinstance(node.value, str) else f"must be one value. Write {self.example}"
        if not fault:
            return self.value(text)
        problems.append(YamlProblem(node.line, f"{node.label} {fault} instead."))
        return None


@dataclass(frozen=True)
class TextShape(ScalarShape):
    """Prose of at most `most` characters, or a name that matches all of `pattern`, which `means` puts in words."""

    most: int
    pattern: str = ""
    means: str = ""

    def fault(self, text: str) -> str:
        if not text:
            return f'is empty. Write text such as "{self.example}"'
        if len(text) > self.most:
            return f"has {len(text)} characters. Write at most {self.most}"
        if self.pattern and not re.fullmatch(self.pattern, text):
            return f"{_quote_value(text)}. Write {self.means} such as {self.example}"
        return ""


class DayShape(ScalarShape):
    """A date that stays text, written 2026-05-15."""

    def fault(self, text: str) -> str:
        try:
            right = date.fromisoformat(text).isoformat() == text
        except ValueError:
            right = False
        return "" if right else f"{_quote_value(text)}. Write a date such as {self.example}"


@dataclass(frozen=True)
class ChoiceShape(ScalarShape):
    """One of a few words."""

    allowed: tuple[str, ...]

    def fault(self, text: str) -> str:
        return "" if text in self.allowed else f"{_quote_value(text)}. Write {_join_words(self.allowed)}"


class FlagShape(ScalarShape):
    """`true` or `false`, and no other spelling."""

    def fault(self, text: str) -> str:
        return "" if text in ("true", "false") else f"{_quote_value(text)}. Write true or false"

    def value(self, text: str) -> bool:
        return text == "true"


@dataclass(frozen=True)
class NumberShape(ScalarShape):
    """A whole number from `least` to `most`."""

    least: int
    most: int

    def fault(self, text: str) -> str:
        right = re.fullmatch("0|[1-9][0-9]{0,6}", text) and self.least <= int(text) <= self.most
        return "" if right else f"{_quote_value(text)}. Write a whole number from {self.least} to {self.most}"

    def value(self, text: str) -> int:
        return int(text)


@dataclass(frozen=True)
class ListShape:
    """From `least` to `most` parts of one shape; a wrong part is None in the tuple, so that places stay the same."""

    example: str
    shape: YamlShape
    least: int
    most: int

    def read(self, node: Node, problems: list[YamlProblem]) -> tuple[Any, ...] | None:
        if not isinstance(node.value, list):
            problems.append(YamlProblem(node.line, f"{node.label} must be a list. Write {self.example} instead."))
            return None
        parts = tuple(self.shape.read(part, problems) for part in node.value)
        if self.least <= len(parts) <= self.most:
            return parts
        wanted = f"{self.least} to {self.most} items, such as {self.example},"
        problems.append(YamlProblem(node.line, f"{node.label} is a list of {len(parts)}. Write {wanted} instead."))
        return None


@dataclass(frozen=True)
class MapShape:
    """Parts of one shape under keys that the file chooses."""

    example: str
    shape: YamlShape

    def read(self, node: Node, problems: list[YamlProblem]) -> dict[str, Any]:
        return {
            key: self.shape.read(part, problems) for key, part in _require_parts(node, self.example, problems).items()
        }


@dataclass(frozen=True)
class FieldsShape:
    """Exactly these keys, of which the `optional` ones may be left out; the value has only those that could be read."""

    example: str
    keys: Mapping[str, YamlShape]
    optional: frozenset[str] = frozenset()

    def read(self, node: Node, problems: list[YamlProblem]) -> dict[str, Any]:
        parts = _require_parts(node, self.example, problems)
        if parts:
            self._check_keys(node.line, parts, problems)
        read = {key: self.keys[key].read(part, problems) for key, part in parts.items() if key in self.keys}
        return {key: value for key, value in read.items() if value is not None}

    def _check_keys(self, line: int, parts: dict[str, Node], problems: list[YamlProblem]) -> None:
        unknown, missing = compare_keys(parts, self.keys)
        for key, near in unknown.items():
            advice = f"Write {near} instead" if near else f"Remove it; known here: {', '.join(self.keys)}"
            problems.append(YamlProblem(parts[key].line, f'The key "{key}" is unknown. {advice}.'))
        for key in (key for key in missing if key not in self.optional):
            problems.append(YamlProblem(line, f'"{key}" is missing. Write {key}: {self.keys[key].example}'))


def compare_keys(present: Collection[str], wanted: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """Each unwanted key with the missing one that it seems to mean, if any; and the other missing keys."""
    missing = [key for key in wanted if key not in present]
    unknown = {key: "".join(get_close_matches(key, missing, n=1)) for key in present if key not in wanted}
    return unknown, [key for key in missing if key not in unknown.values()]


def _require_parts(node: Node, example: str, problems: list[YamlProblem]) -> dict[str, Node]:
    if isinstance(node.value, dict) and node.value:
        return node.value
    problems.append(
        YamlProblem(node.line, f"{node.label} must have keys with values. Write keys such as {example} instead.")
    )
    return {}


def _quote_value(text: str) -> str:
    return f'is "{text}"' if len(text) <= 40 else f'is "{text[:37]}..."'


def _join_words(words: tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
