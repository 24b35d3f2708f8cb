"""One answer of an open-data site, or a file, as datasets: what shape it has, what it lists, and where its next page is.

It takes apart what strangers write, so it is run in a process of its own, by `catalogs.child`.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.adapters.catalogs import ckan, dcat, hub, opendatasoft, socrata, udata
from app.adapters.catalogs.shape import CatalogShape
from app.adapters.encodings import as_utf8
from app.rules.evidence.links import LONGEST
from app.rules.portal.counting import Dataset
from app.rules.portal.trouble import CatalogTrouble

SHAPES: tuple[CatalogShape, ...] = (
    ckan.SHAPE,
    opendatasoft.SHAPE,
    udata.SHAPE,
    socrata.SHAPE,
    hub.SHAPE,
    socrata.OLD_SHAPE,
    hub.OLD_SHAPE,
    dcat.SHAPE,
)
"""The first whose `entries` finds something reads the catalog."""

NAME_CHARACTERS = 500
MOST_WORDS = 50


@dataclass(frozen=True)
class PageContext:
    """An answer as it came. `shape` is that of the pages before, by its place in SHAPES, None for the first.

    `before` is how many entries were listed so far, `room` how many more datasets are taken.
    """

    url: str
    whole: bool
    shape: int | None
    before: int
    room: int


@dataclass(frozen=True)
class PageContent:
    """What an answer holds. `trouble` where there is nothing in it, or only its beginning could be used (CUT).

    `shape` is None where none fits, and `bare` then says that the answer was an empty list or object. `listed` entries gave `datasets`;
    `odd` of them could not be read; the whole catalog has `total`, where it says so. `mark` is the same for a page that repeats
    another. `onward` is the address of the next.
    """

    trouble: CatalogTrouble | None = None
    shape: int | None = None
    bare: bool = False
    listed: int = 0
    odd: int = 0
    mark: str = ""
    onward: str | None = None
    datasets: tuple[Dataset, ...] = ()
    total: int | None = None


def parse_page(raw: bytes, context: PageContext) -> PageContent:
    """Take the answer apart. Any text gives something; memory and time are what it may run out of."""
    body, trouble = _parse_json(raw, whole=context.whole)
    if trouble not in {None, CatalogTrouble.CUT}:
        return PageContent(trouble)
    fitting = range(len(SHAPES)) if context.shape is None else [context.shape]
    number = next((place for place in fitting if SHAPES[place].entries(body) is not None), None)
    if number is None:
        return PageContent(trouble, bare=body in ([], {}))
    shape, listed = SHAPES[number], SHAPES[number].entries(body) or []
    datasets, odd = _build_datasets(shape, listed[: context.room], context.url)
    next_url = shape.onward(context.url, body, context.before + len(listed)) if listed else None
    mark, total = _mark_of(listed), shape.total(body)
    return PageContent(trouble, number, False, len(listed), odd, mark, next_url, datasets, total)


def _parse_json(raw: bytes, *, whole: bool) -> tuple[Any, CatalogTrouble | None]:
    """The answer as JSON, or what is wrong with it. Of a list of datasets that breaks off, those that came whole."""
    raw = as_utf8(raw)
    try:
        return json.loads(raw), None
    except UnicodeDecodeError:
        body = _parse_text(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        body = None
    if body is not None:
        return body, None
    if not raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return None, CatalogTrouble.NOT_JSON
    rescued = list(_rescue_datasets(raw.decode("utf-8", "replace")))
    if rescued:
        return {"dataset": rescued}, CatalogTrouble.CUT
    return None, CatalogTrouble.NOT_JSON if whole and raw.rstrip().endswith((b"}", b"]")) else CatalogTrouble.BROKEN_OFF


def _parse_text(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


_LIST = re.compile(r'"(?:dcat:)?dataset"\s*:\s*\[\s*')
_COMMA = re.compile(r"\s*,\s*")


def _rescue_datasets(raw: str) -> Iterator[Any]:
    """The datasets of a DCAT list one after the other, until one is not whole."""
    begins, decoder = _LIST.search(raw), json.JSONDecoder()
    at = begins.end() if begins else len(raw)
    try:
        while at < len(raw):
            dataset, at = decoder.raw_decode(raw, at)
            yield dataset
            comma = _COMMA.match(raw, at)
            at = comma.end() if comma else len(raw)
    except (ValueError, RecursionError):
        return


def _mark_of(listed: list[Any]) -> str:
    ends = json.dumps([len(listed), *listed[:1], *listed[-1:]])
    return hashlib.sha256(ends.encode()).hexdigest()


def _build_datasets(shape: CatalogShape, listed: list[Any], url: str) -> tuple[tuple[Dataset, ...], int]:
    """The datasets, and how many entries are no objects, or nested without an end: one of them must not cost the others."""
    datasets, odd = [], 0
    for entry in listed:
        try:
            dataset = shape.dataset(entry, url)
        except (TypeError, ValueError, AttributeError, KeyError, RecursionError):
            odd += 1
            continue
        if dataset:
            datasets.append(_shorten_dataset(dataset))
    return tuple(datasets), odd


def _shorten_dataset(dataset: Dataset) -> Dataset:
    """No longer than what is counted of it needs, so that what leaves the process is bounded too."""
    return replace(
        dataset,
        title=dataset.title[:NAME_CHARACTERS],
        publisher=dataset.publisher[:NAME_CHARACTERS],
        downloads=tuple(link[: LONGEST + 1] for link in dataset.downloads[:1]),
        words=tuple(word[:NAME_CHARACTERS] for word in dataset.words[:MOST_WORDS]),
    )
