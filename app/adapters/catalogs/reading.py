"""Reading an open-data catalog: from an address, where its kind is found by itself, or from a file.

Everything from outside comes through `outside.fetch`, and is taken apart in a process of its own with bounded time and memory. A reading
never takes more than the limits of `rules/portal`, and gives what came before a failure, with the problem.
"""

import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from time import monotonic as clock
from typing import Any
from urllib.parse import urlsplit

from app.adapters.catalogs.page import SHAPES, Page, Taken
from app.adapters.children.frame import run
from app.adapters.outside import Answer, fetch
from app.rules.portal.counting import (
    MOST_BYTES,
    MOST_DATASETS,
    MOST_SECONDS,
    Dataset,
    Kind,
    Problem,
    Trouble,
    Unreadable,
)
from app.rules.portal.values import Access

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
CHILD = "app.adapters.catalogs.child"
MEMORY_MB = 600
SHORTEST_SECONDS, LONGEST_SECONDS = 10, 30
"""Between these is the time for taking one answer apart, as far as the time for the whole reading allows."""
ENOUGH = {Trouble.TOO_LARGE, Trouble.TOO_SLOW, Trouble.TOO_HEAVY}
"""Troubles after which no other page is asked for."""
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
class _Answer:
    """One answer as it came, and what was found in it."""

    url: str
    raw: bytes
    taken: Taken


def visit(url: str, *, private_allowed: bool) -> Found:
    """Read the catalog at the address, or in one of the usual places of its host. Blocks. Raises Unreadable."""
    line = _Line(private_allowed, clock() + MOST_SECONDS)
    answer = _find(url, line)
    return _Reading(answer.url, line).all_of(answer)


def read_file(raw: bytes, name: str) -> Found:
    """Read a catalog that somebody has saved as a file. Raises Unreadable."""
    answer = _answer(raw, Page(name, True, None, 0, MOST_DATASETS), LONGEST_SECONDS)
    if answer.taken.shape is None:
        raise Unreadable(Problem(Trouble.NO_CATALOG))
    return _Reading(name, None).all_of(answer)


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

    def ask(self, url: str, seconds: float, shape: int | None = None, before: int = 0, had: int = 0) -> _Answer:
        """`shape` and `before` as `portal_page.Page` has them; `had` is how many datasets there are. Raises Unreadable."""
        left = self._until - clock()
        if left <= 0:
            raise Unreadable(Problem(Trouble.TOO_SLOW))
        answer = fetch(
            url, private_allowed=self._private_allowed, seconds=min(seconds, left), max_bytes=max(self._bytes, 1)
        )
        _check(answer)
        if not answer.whole and len(answer.body) >= self._bytes:
            raise Unreadable(Problem(Trouble.TOO_LARGE))
        self._bytes -= len(answer.body)
        page = Page(answer.final_url, answer.whole, shape, before, max(0, MOST_DATASETS - had))
        return _answer(answer.body, page, max(SHORTEST_SECONDS, min(LONGEST_SECONDS, self._until - clock())))


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


def _answer(raw: bytes, page: Page, seconds: float) -> _Answer:
    """Have the answer taken apart, within so many seconds. Raises Unreadable where there is nothing in it."""
    with tempfile.TemporaryDirectory(prefix="cityready-catalog-") as place:
        (Path(place) / "raw").write_bytes(raw)
        (Path(place) / "page.json").write_text(json.dumps(asdict(page)))
        ended = run(CHILD, place, seconds=int(seconds), memory_mb=MEMORY_MB)
        taken = None if ended else _left_in(Path(place))
    trouble = taken.trouble if taken else Trouble.TOO_HEAVY
    if taken is None or trouble not in {None, Trouble.CUT}:
        raise Unreadable(Problem(trouble or Trouble.BROKE))
    return _Answer(page.url, raw, taken)


def _left_in(place: Path) -> Taken:
    """What the process has left."""
    found = json.loads((place / "taken.json").read_bytes())
    trouble = Trouble(found["trouble"]) if found["trouble"] else None
    return Taken(**found | {"trouble": trouble, "datasets": tuple(map(_dataset, found["datasets"]))})


def _dataset(found: dict[str, Any]) -> Dataset:
    return Dataset(
        **found
        | {
            "changed": date.fromisoformat(found["changed"]) if found["changed"] else None,
            "access": Access(found["access"]) if found["access"] else None,
            "downloads": tuple(found["downloads"]),
            "words": tuple(found["words"]),
        }
    )


def _find(url: str, line: _Line) -> _Answer:
    """The first place with a catalog that lists something; one that lists nothing only where there is no other."""
    told: dict[str, Problem] = {}
    for place in _places(url):
        try:
            answer = line.ask(place, PAGE_SECONDS if place == url else GUESS_SECONDS)
        except Unreadable as error:
            _stop_if_final(error, given=place == url)
            told[place] = error.problem
            continue
        if answer.taken.listed:
            return answer
        told[place] = Problem(Trouble.NO_CATALOG if answer.taken.shape is None else Trouble.EMPTY)
    raise Unreadable(_most_telling(url, told))


def _stop_if_final(error: Unreadable, *, given: bool) -> None:
    trouble = error.problem.trouble
    if trouble in ENOUGH or (given and trouble in FINAL):
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
    """The pages of one catalog, as they come. A file has no line, and no other page."""

    url: str
    line: _Line | None
    datasets: list[Dataset] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    listed: int = 0
    odd: int = 0
    seen: set[str] = field(default_factory=set)

    def all_of(self, first: _Answer) -> Found:
        """Read on from the first answer. Raises Unreadable when there is no dataset at all."""
        shape = first.taken.shape or 0
        onward = self._add(first)
        while onward and self.line:
            try:
                onward = self._add(self.line.ask(onward, PAGE_SECONDS, shape, self.listed, len(self.datasets)))
            except Unreadable as error:
                self.problems.append(error.problem if error.problem.trouble in ENOUGH else Problem(Trouble.PAGE_FAILED))
                break
        if self.odd:
            self.problems.append(Problem(Trouble.ODD_ENTRIES, str(self.odd)))
        if not self.datasets:
            raise Unreadable(self.problems[0] if self.problems else Problem(Trouble.EMPTY))
        return Found(SHAPES[shape].kind, self.url, tuple(self.datasets), tuple(self.problems), self._snapshot())

    def _add(self, answer: _Answer) -> str | None:
        """Add what was found; returns the address of the next page, None after the last."""
        stop = self._why_stop(answer.taken)
        if stop:
            self.problems.append(Problem(stop))
        if stop in {Trouble.PAGE_FAILED, Trouble.REPEATS}:
            return None
        self.raw.append(answer.raw)
        self.seen.add(answer.taken.mark)
        self.listed += answer.taken.listed
        self.odd += answer.taken.odd
        self.datasets += answer.taken.datasets
        return None if stop else answer.taken.onward

    def _why_stop(self, taken: Taken) -> Trouble | None:
        if taken.shape is None:
            return None if taken.bare else Trouble.PAGE_FAILED
        if taken.listed and taken.mark in self.seen:
            return Trouble.REPEATS
        many = len(self.datasets) + taken.listed > MOST_DATASETS
        return taken.trouble or (Trouble.TOO_MANY if many else None)

    def _snapshot(self) -> bytes:
        """The answer itself; several pages as a list of them."""
        return self.raw[0] if len(self.raw) == 1 else b"[\n" + b",\n".join(self.raw) + b"\n]\n"
