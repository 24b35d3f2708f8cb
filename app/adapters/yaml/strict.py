"""Reads YAML that people write by hand: every scalar stays text, surprises are refused, every part knows its line."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

LARGEST_BYTES = 64_000
DEEPEST = 6
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
HIDDEN = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that nobody sees; some of them are line ends to YAML and to no editor."""


class YamlProblem(NamedTuple):
    """What is wrong at a line (counted from 1), and what to write instead."""

    line: int
    sentence: str


class BrokenYaml(Exception):
    """The file cannot be taken as it is; `problems` are in no particular order."""

    def __init__(self, *problems: YamlProblem) -> None:
        super().__init__("\n".join(problem.sentence for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Node:
    """A part of a file: text, a list, or parts by key. `name` is the key above it, empty for the whole file."""

    name: str
    line: int
    value: "str | list[Node] | dict[str, Node]"

    @property
    def label(self) -> str:
        return f'"{self.name}"' if self.name else "The file"


def read_yaml(path: Path) -> Node:
    """The content of a UTF-8 file of at most LARGEST_BYTES. Raises BrokenYaml."""
    text = _read_limited(path)
    for line, content in enumerate(text.split("\n"), start=1):
        if hidden := HIDDEN.search(content):
            raise BrokenYaml(YamlProblem(line, _describe_hidden(hidden.group())))
    try:
        return _NodeBuilder(text).build_root()
    except yaml.MarkedYAMLError as error:
        raise BrokenYaml(_explain_error(error)) from error


def _read_limited(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise BrokenYaml(
            YamlProblem(1, "The file does not exist. Write it as docs/criteria.md shows, or check its name.")
        ) from None
    except OSError as error:
        raise BrokenYaml(YamlProblem(1, f"The file cannot be read ({error.strerror}). Check its rights.")) from error
    if len(content) > LARGEST_BYTES:
        raise BrokenYaml(YamlProblem(1, "The file is larger than 64 kB. Write a shorter one instead."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BrokenYaml(YamlProblem(line, "This line is not UTF-8 text. Save the file as UTF-8 instead.")) from error


def _describe_hidden(character: str) -> str:
    if character == "\t":
        return "There is a tab in this line. Write spaces instead."
    return f"There is an invisible character (U+{ord(character):04X}) in this line. Remove it."


class _NodeBuilder:
    """Builds nodes from parser events, because only events still tell anchors, aliases and tags."""

    def __init__(self, text: str) -> None:
        self._events = yaml.parse(text, Loader=LOADER)
        self._problems: list[YamlProblem] = []

    def build_root(self) -> Node:
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise BrokenYaml(
                YamlProblem(1, "The file is empty. Write its keys, starting from a copy of a similar file.")
            )
        root = self._node(self._next(), "", 0)
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse(after, "A second document starts here. Remove this line and write one document a file.")
        if self._problems:
            raise BrokenYaml(*self._problems)
        return root

    def _next(self) -> Any:
        return next(self._events)

    def _refuse(self, event: Any, sentence: str) -> None:
        self._problems.append(YamlProblem(event.start_mark.line + 1, sentence))

    def _node(self, event: Any, name: str, depth: int, line: int = 0) -> Node:
        line = line or event.start_mark.line + 1
        if depth > DEEPEST:
            raise BrokenYaml(YamlProblem(line, "This is nested too deep. Write the keys as in a similar file instead."))
        self._refuse_references(event)
        if isinstance(event, yaml.MappingStartEvent):
            return Node(name, line, self._mapping(depth + 1))
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(name, line, self._sequence(name, depth + 1))
        value = getattr(event, "value", "")
        if hidden := HIDDEN.search(value):
            self._refuse(event, _describe_hidden(hidden.group()))
        return Node(name, line, value)

    def _refuse_references(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"*{event.anchor} points to another part. Write the text itself instead.")
        elif event.anchor:
            self._refuse(event, f"The anchor &{event.anchor} is not allowed. Write the text without it instead.")
        if tag := getattr(event, "tag", None):
            self._refuse(event, f"The tag {tag} is not allowed. Write the value without it; everything is text.")

    def _sequence(self, name: str, depth: int) -> list[Node]:
        nodes = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            nodes.append(self._node(event, name, depth))
        return nodes

    def _mapping(self, depth: int) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, depth)
            if key in nodes:
                self._refuse(event, f'"{key}" stands here again after line {nodes[key].line}. Keep one of the two.')
            nodes[key] = self._node(self._next(), key, depth, event.start_mark.line + 1)
        return nodes

    def _key(self, event: Any, depth: int) -> str:
        key = self._node(event, "", depth)
        if isinstance(key.value, str):
            return key.value
        self._refuse(event, "A key must be one word. Write key: value instead.")
        return ""


_PLAIN_WORDS = (
    ("mapping values", False, "No key can stand here. Put text with a colon in double quotes, or correct the indent."),
    ("end of stream", True, "The quote that opens here is never closed. Write the same quote at the end of the text."),
    ("',' or ']'", True, "The list that opens here lacks its ] or a comma. Write it like [DM1, DM2] instead."),
    ("',' or '}'", True, "The group that opens here lacks its } or a comma. Write one key a line instead."),
    ("expected ':'", True, "This line has no colon after its key. Write key: value, or indent it under its text."),
    ("cannot start any token", False, "This character cannot begin a text. Put the text in double quotes instead."),
    ("unknown escape", False, "This backslash has no meaning. Write two backslashes, or use single quotes."),
    ("expected key", False, "This line does not fit in here. Indent it like the line it belongs to, or close a quote."),
    ("'-' indicator", False, "This line does not fit in the list. Indent it under its item, or start it with a dash."),
)
"""Part of the parser's message, whether the beginning of the faulty part tells more than its end, our sentence."""


def _explain_error(error: yaml.MarkedYAMLError) -> YamlProblem:
    technical = error.problem or "unknown reason"
    for part, from_start, sentence in _PLAIN_WORDS:
        if part in technical:
            return YamlProblem(_line_number(error, from_start), sentence)
    return YamlProblem(
        _line_number(error, False), f"This is not YAML ({technical}). Compare the line with a similar file."
    )


def _line_number(error: yaml.MarkedYAMLError, from_start: bool) -> int:
    mark = (error.context_mark if from_start else None) or error.problem_mark
    return mark.line + 1 if mark else 1
