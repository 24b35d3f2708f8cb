"""Reading an open-data catalog: from an address, where its kind is found by itself, or from a file.

Everything from outside comes through `outside.fetch`. A reading never takes more than the limits of `rules/portal`, and gives
what came before a failure, with the problem.
"""

import json
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from app.adapters import portal_ckan, portal_dcat, portal_hub, portal_socrata
from app.adapters.outside import Answer, fetch
from app.adapters.portal_shape import Shape
from app.rules.portal import MOST_BYTES, MOST_DATASETS, MOST_SECONDS, Dataset, Kind, Problem, Trouble, Unreadable

SHAPES: tuple[Shape, ...] = (
    portal_ckan.SHAPE,
    portal_socrata.SHAPE,
    portal_hub.SHAPE,
    portal_socrata.OLD_SHAPE,
    portal_dcat.SHAPE,
)
"""The first whose `entries` finds something reads the catalog."""

PLACES = (
    "/data.json",
    "/api/feed/dcat-us/3.0.json",
    "/api/feed/dcat-us/1.1.json",
    "/api/3/action/package_search?rows=500",
    "/api/catalog/v1?domains={host}&search_context={host}&only=dataset&limit=500",
    "/api/search/v1/collections/dataset/items?limit=100",
    "/api/views.json?limit=200&page=1",
)
"""Where open-data sites keep their catalogs."""

PAGE_SECONDS = 60
GUESS_SECONDS = 30
DOWNLOAD_SECONDS = 8
DOWNLOADS_AT_ONCE = 5
FINAL = {Trouble.NO_SITE, Trouble.BLOCKED, Trouble.UNREACHABLE}
"""Troubles of the address as given after which there is nothing to look for on the same host."""


@dataclass(frozen=True)
class Found:
    """A catalog as it was read: where it was found, its datasets, what went wrong on the way, and the JSON as it came."""

    kind: Kind
    url: str
    datasets: tuple[Dataset, ...]
    problems: tuple[Problem, ...]
    snapshot: bytes


@dataclass(frozen=True)
class _Page:
    """One answer; `trouble` when only its beginning could be used."""

    url: str
    body: Any
    raw: bytes
    trouble: Trouble | None = None


def visit(url: str, *, private_allowed: bool) -> Found:
    """Read the catalog at the address, or in one of the usual places of its host. Blocks. Raises Unreadable."""
    line = _Line(private_allowed, time.monotonic() + MOST_SECONDS)
    shape, page = _find(url, line)
    return _Reading(shape, page.url).all_of(page, line)


def read_file(raw: bytes, name: str) -> Found:
    """Read a catalog that somebody has saved as a file. Raises Unreadable."""
    page = _page(name, raw, whole=True)
    shape = _shape_of(page.body)
    if shape is None:
        raise Unreadable(Problem(Trouble.NO_CATALOG))
    return _Reading(shape, name).all_of(page, None)


def try_downloads(links: Sequence[str], *, private_allowed: bool) -> tuple[int, int, int]:
    """How many were tried, how many are not there, and how many gave no clear answer. Reads no content. Blocks."""
    ask = partial(fetch, private_allowed=private_allowed, seconds=DOWNLOAD_SECONDS, wanted=lambda headers: False)
    with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        states = [answer.state for answer in pool.map(ask, links)]
    return len(states), states.count("dead"), states.count("unknown") + states.count("blocked")


class _Line:
    """The way to one site, with what is left of the time and of the bytes."""

    def __init__(self, private_allowed: bool, until: float) -> None:
        self._private_allowed, self._until, self._bytes = private_allowed, until, MOST_BYTES

    def page(self, url: str, seconds: float = PAGE_SECONDS) -> _Page:
        """Raises Unreadable."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise Unreadable(Problem(Trouble.TOO_SLOW))
        answer = fetch(
            url, private_allowed=self._private_allowed, seconds=min(seconds, left), max_bytes=max(self._bytes, 1)
        )
        _check(answer)
        if not answer.whole and len(answer.body) >= self._bytes:
            raise Unreadable(Problem(Trouble.TOO_LARGE))
        page = _page(answer.final_url, answer.body, whole=answer.whole)
        self._bytes -= len(answer.body)
        return page


def _check(answer: Answer) -> None:
    """Raises Unreadable unless there is content."""
    trouble = None
    if answer.state == "blocked":
        trouble = Trouble.BLOCKED
    elif answer.status is None:
        trouble = Trouble.NO_SITE if answer.state == "dead" else Trouble.UNREACHABLE
    elif answer.state != "ok":
        trouble = Trouble.ANSWERS
    elif "content-encoding" in answer.headers:
        trouble = Trouble.PACKED
    if trouble:
        raise Unreadable(Problem(trouble, str(answer.status) if trouble is Trouble.ANSWERS else ""))


def _page(url: str, raw: bytes, *, whole: bool) -> _Page:
    """The answer as JSON. Of a list of datasets that breaks off, those that came whole."""
    try:
        return _Page(url, json.loads(raw), raw)
    except UnicodeDecodeError:
        found = _from_text(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        found = None
    if found is not None:
        return _Page(url, found, raw)
    if not raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        raise Unreadable(Problem(Trouble.NOT_JSON))
    rescued = list(_rescued(raw.decode("utf-8", "replace")))
    if not rescued:
        raise Unreadable(
            Problem(Trouble.NOT_JSON if whole and raw.rstrip().endswith((b"}", b"]")) else Trouble.BROKEN_OFF)
        )
    return _Page(url, {"dataset": rescued}, raw, Trouble.CUT)


def _from_text(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


_LIST = re.compile(r'"(?:dcat:)?dataset"\s*:\s*\[\s*')
_COMMA = re.compile(r"\s*,\s*")


def _rescued(raw: str) -> Iterator[Any]:
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


def _shape_of(body: Any) -> Shape | None:
    return next((shape for shape in SHAPES if shape.entries(body) is not None), None)


def _find(url: str, line: _Line) -> tuple[Shape, _Page]:
    """The first place with a catalog that lists something; one that lists nothing only where there is no other."""
    told: dict[str, Problem] = {}
    for place in _places(url):
        try:
            page = line.page(place, PAGE_SECONDS if place == url else GUESS_SECONDS)
        except Unreadable as error:
            _stop_if_final(error, given=place == url)
            told[place] = error.problem
            continue
        shape = _shape_of(page.body)
        if shape and shape.entries(page.body):
            return shape, page
        told[place] = Problem(Trouble.EMPTY if shape else Trouble.NO_CATALOG)
    raise Unreadable(_most_telling(url, told))


def _stop_if_final(error: Unreadable, *, given: bool) -> None:
    trouble = error.problem.trouble
    if trouble in {Trouble.TOO_LARGE, Trouble.TOO_SLOW} or (given and trouble in FINAL):
        raise error


def _most_telling(url: str, told: dict[str, Problem]) -> Problem:
    """An empty catalog, then what is wrong at the very address; that a site's front page is no JSON is not worth telling."""
    empty = next((problem for problem in told.values() if problem.trouble is Trouble.EMPTY), None)
    own = told.get(url)
    plain = own is None or own.trouble is Trouble.NO_CATALOG or own.detail in {"404", "410"}
    if own and own.trouble is Trouble.NOT_JSON and not urlsplit(url).path.endswith(".json"):
        plain = True
    return empty or (Problem(Trouble.NO_CATALOG) if plain or own is None else own)


def _places(url: str) -> list[str]:
    """The address as given, then the usual places on its host, and below its path for a site that has none of its own."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    folders = ["", path] if path and "." not in path.rpartition("/")[2] and not path.startswith("/api") else [""]
    host = f"{parts.scheme}://{parts.netloc}"
    found = [url] + [host + folder + place.format(host=parts.netloc) for folder in folders for place in PLACES]
    return list(dict.fromkeys(found))


@dataclass
class _Reading:
    """The pages of one catalog, as they come."""

    shape: Shape
    url: str
    datasets: list[Dataset] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    listed: int = 0
    odd: int = 0
    seen: set[str] = field(default_factory=set)

    def all_of(self, page: _Page, line: _Line | None) -> Found:
        """Read on from the first page; without a line there is no other. Raises Unreadable when there is no dataset at all."""
        onward = self._take(page)
        while onward and line:
            try:
                onward = self._take(line.page(onward))
            except Unreadable as error:
                kept = error.problem if error.problem.trouble in {Trouble.TOO_SLOW, Trouble.TOO_LARGE} else None
                self.problems.append(kept or Problem(Trouble.PAGE_FAILED))
                break
        if self.odd:
            self.problems.append(Problem(Trouble.ODD_ENTRIES, str(self.odd)))
        if not self.datasets:
            raise Unreadable(self.problems[0] if self.problems else Problem(Trouble.EMPTY))
        return Found(self.shape.kind, self.url, tuple(self.datasets), tuple(self.problems), self._snapshot())

    def _take(self, page: _Page) -> str | None:
        """Add a page; returns the address of the next, None after the last."""
        listed = self.shape.entries(page.body)
        stop = self._why_stop(page, listed)
        if stop in {Trouble.PAGE_FAILED, Trouble.REPEATS}:
            self.problems.append(Problem(stop))
            return None
        self.raw.append(page.raw)
        self._add(listed or [], page.url)
        if stop:
            self.problems.append(Problem(stop))
        return None if stop or not listed else self.shape.onward(page.url, page.body, self.listed)

    def _why_stop(self, page: _Page, listed: list[Any] | None) -> Trouble | None:
        if listed is None:
            return Trouble.PAGE_FAILED if self.raw and page.body not in ([], {}) else None
        mark = json.dumps([len(listed), *listed[:1], *listed[-1:]])
        if listed and mark in self.seen:
            return Trouble.REPEATS
        self.seen.add(mark)
        many = len(self.datasets) + len(listed) > MOST_DATASETS
        return page.trouble or (Trouble.TOO_MANY if many else None)

    def _add(self, listed: list[Any], url: str) -> None:
        self.listed += len(listed)
        for entry in listed[: max(0, MOST_DATASETS - len(self.datasets))]:
            try:
                dataset = self.shape.dataset(entry, url)
            except (TypeError, ValueError, AttributeError, KeyError, RecursionError):
                self.odd += (
                    1  # an entry that is no object, or nested without an end: one of them must not cost the others
                )
                continue
            if dataset:
                self.datasets.append(dataset)

    def _snapshot(self) -> bytes:
        """The answer itself; several pages as a list of them."""
        return self.raw[0] if len(self.raw) == 1 else b"[\n" + b",\n".join(self.raw) + b"\n]\n"
