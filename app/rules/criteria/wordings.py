"""The program's own words for many criteria at once: read from what was pasted, matched by code, and compared with what is there."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from app.rules.errors import Invalid
from app.rules.message import Message, say

MOST_CHARACTERS = 400_000
"""Of the whole paste: 43 criteria with two pages each."""
WORDING_LIMIT = 8_000
_BEGINS = re.compile(r"""[\s"'“(*#•-]*([A-Za-z]{2,5})[ .-]?([0-9]{1,2})(?![0-9A-Za-z])["”)]?[ \t]*[.:;,|)–—-]?[ \t]*""")
"""A line that begins with a code, however it is written: `DM1:`, `"dm-1"`, `DM 1 –`, or a cell before a tab."""

NO_CODE = say("We found no code of a criterion. Begin each criterion with its code on a new line, such as DM1.")


@dataclass(frozen=True)
class PastedWording:
    """What was pasted for one criterion."""

    code: str
    text: str


@dataclass(frozen=True)
class PastedWordings:
    """All of them in the order of the edition; `unread` is what stood before the first code."""

    wordings: tuple[PastedWording, ...]
    unread: str


def read_wordings(pasted: str, titles: Mapping[str, str]) -> PastedWordings:
    """Each line that begins with a code of the edition begins a criterion, and all up to the next belongs to it.

    The criterion's own title right after the code is left out. Raises Invalid at `text` for too much, for none, for one without words,
    for one that is too long, and for one that is there twice.
    """
    if len(pasted) > MOST_CHARACTERS:
        raise _wrong(say("This is too long: at most %(most)s characters can be read at once.", most=MOST_CHARACTERS))
    unread: list[str] = []
    found: dict[str, list[str]] = {}
    code = ""
    for line in pasted.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        begun, rest = _find_code(line, titles)
        if begun and begun in found:
            raise _wrong(say("%(code)s is there twice. Keep one.", code=begun))
        if begun:
            code, found[begun] = begun, []
        (found[code] if code else unread).append(rest)
    if not found:
        raise _wrong(NO_CODE)
    wordings = [
        PastedWording(code, _check_wording(code, found[code], titles[code])) for code in titles if code in found
    ]
    return PastedWordings(tuple(wordings), " ".join(" ".join(unread).split())[:300])


def _wrong(said: Message) -> Invalid:
    return Invalid({"text": said})


def _find_code(line: str, titles: Collection[str]) -> tuple[str, str]:
    """The code that the line begins with, and the rest of it."""
    begins = _BEGINS.match(line)
    code = f"{begins[1].upper()}{int(begins[2])}" if begins else ""
    return (code, line[begins.end() :]) if begins and code in titles else ("", line)


def _check_wording(code: str, lines: list[str], title: str) -> str:
    text = "\n".join(line.rstrip() for line in lines).strip().removeprefix(title).lstrip(" .:–—-\t")
    if len(text) > 1 and text[0] == text[-1] == '"':  # a cell with line breaks
        text = text[1:-1].replace('""', '"').strip()
    text = re.sub(r"\n{3,}", "\n\n", text.replace("\t", " ")).strip()
    if not text:
        raise _wrong(say("There are no words for %(code)s.", code=code))
    if len(text) > WORDING_LIMIT:
        raise _wrong(say("The text of %(code)s is longer than %(limit)s characters.", code=code, limit=WORDING_LIMIT))
    return text


class TextChange(StrEnum):
    """What became of a stretch of a text."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class ComparedPart:
    change: TextChange
    text: str


def compare_texts(was: str, becomes: str) -> tuple[ComparedPart, ...]:
    """Both texts as one, word by word, with what is gone before what is new in its place."""
    before, after = re.findall(r"\S+\s*|\s+", was), re.findall(r"\S+\s*|\s+", becomes)
    parts = _compare_words(before, after)
    return tuple(
        ComparedPart(change, "".join(text for _, text in group))
        for change, group in groupby(parts, key=lambda part: part[0])
    )


def _compare_words(before: list[str], after: list[str]) -> Iterator[tuple[TextChange, str]]:
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield TextChange.KEPT, "".join(before[start:end])
            continue
        if start < end:
            yield TextChange.GONE, "".join(before[start:end])
        if new_start < new_end:
            yield TextChange.NEW, "".join(after[new_start:new_end])
