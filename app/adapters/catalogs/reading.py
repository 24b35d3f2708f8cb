"""Reading an open-data catalog: from an address, where its kind is found by itself, or from a file.

Everything from outside comes through `outside.fetch_url`, and is taken apart in a process of its own with bounded time and memory. A reading
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

from app.adapters.catalogs.page import SHAPES, PageContent, PageContext
from app.adapters.children.frame import run_child
from app.adapters.outside import HttpReply, fetch_url
from app.rules.evidence.links import LinkState
from app.rules.portal.counting import Dataset
from app.rules.portal.trouble import (
    MOST_BYTES,
    MOST_DATASETS,
    MOST_SECONDS,
    CatalogKind,
    CatalogProblem,
    CatalogTrouble,
    UnreadableCatalog,
)
from app.rules.portal.values import DatasetAccess

PLACES = (
    "/data.json", "/api/feed/dcat-us/3.0.json", "/api/feed/dcat-us/1.1.json",
    "/api/3/action/package_search?rows=500",
    "/api/catalog/v1?domains={host}&search_context={host}&only=dataset&limit=500",
    "/api/search/v1/collections/dataset/items?limit=100",
    "/api/views.json?limit=200&page=1",
    "/api/explore/v2.1/catalog/datasets?limit=100",
    "/api/1/datasets/?page=1&page_size=100",
)  # fmt: skip
"""Where open-data sites keep their catalogs."""

PAGE_SECONDS = 60
GUESS_SECONDS = 30
DOWNLOAD_SECONDS = 8
DOWNLOADS_AT_ONCE = 5
CHILD = "app.adapters.catalogs.child"
MEMORY_MB = 600
SHORTEST_SECONDS, LONGEST_SECONDS = 10, 30
"""Between these is the time for taking one answer apart, as far as the time for the whole reading allows."""
FEW_ODD = 10  # one entry in so many may be unreadable without making the catalog a part of itself
STOPPING_TROUBLES = {CatalogTrouble.TOO_LARGE, CatalogTrouble.TOO_SLOW, CatalogTrouble.TOO_HEAVY}
"""Troubles after which no other page is asked for."""
FINAL_TROUBLES = {CatalogTrouble.NO_SITE, CatalogTrouble.BLOCKED, CatalogTrouble.UNREACHABLE}
"""Troubles of the address as given after which there is nothing to look for on the same host."""


@dataclass(frozen=True)
class CatalogReading:
    """A catalog as it was read: where it was found, its datasets, what went wrong on the way, and the JSON as it came."""

    kind: CatalogKind
    url: str
    datasets: tuple[Dataset, ...]
    problems: tuple[CatalogProblem, ...]
    snapshot: bytes


@dataclass(frozen=True)
class _CatalogPage:
    """One answer as it came, and what was found in it."""

    url: str
    raw: bytes
    taken: PageContent


def visit_catalog(url: str, *, private_allowed: bool) -> CatalogReading:
    """Read the catalog at the address, or in one of the usual places of its host. Blocks. Raises Unreadable."""
    site_visit = _SiteVisit(private_allowed, clock() + MOST_SECONDS)
    first_page = _find_catalog(url, site_visit)
    return _CatalogReader(first_page.url, site_visit).read_all_pages(first_page)


def read_catalog_file(raw: bytes, name: str) -> CatalogReading:
    """Read a catalog that someone has saved as a file. Raises Unreadable."""
    page = _parse_in_child(raw, PageContext(name, True, None, 0, MOST_DATASETS), LONGEST_SECONDS)
    if page.taken.shape is None:
        raise UnreadableCatalog(CatalogProblem(CatalogTrouble.NO_CATALOG))
    return _CatalogReader(name, None).read_all_pages(page)


def try_downloads(links: Sequence[str], *, private_allowed: bool) -> tuple[int, int, int]:
    """How many were tried, how many are not there, and how many gave no clear answer. Reads no content. Blocks."""
    ask = partial(fetch_url, private_allowed=private_allowed, seconds=DOWNLOAD_SECONDS, wanted=lambda headers: False)
    with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        replies = list(pool.map(ask, links))
    return count_downloads(replies)


def count_downloads(replies: Sequence[HttpReply]) -> tuple[int, int, int]:
    """How many there are, how many are not there, and how many gave no clear answer.

    Where nobody answered at all, no host was found by name and no server said anything: that tells of the way out of here.
    """
    if all(reply.status is None for reply in replies):
        return len(replies), 0, len(replies)
    dead = sum(reply.state is LinkState.GONE for reply in replies)
    return len(replies), dead, sum(reply.state in (LinkState.UNKNOWN, LinkState.BLOCKED) for reply in replies)


class _SiteVisit:
    """The way to one site, with what is left of the time and of the bytes."""

    def __init__(self, private_allowed: bool, until: float) -> None:
        self._private_allowed, self._until, self._bytes = private_allowed, until, MOST_BYTES

    def read_page(
        self, url: str, seconds: float, shape: int | None = None, before: int = 0, dataset_count: int = 0
    ) -> _CatalogPage:
        """`shape` and `before` as `portal_page.Page` has them; `dataset_count` is how many datasets there are. Raises Unreadable."""
        seconds_left = self._until - clock()
        if seconds_left <= 0:
            raise UnreadableCatalog(CatalogProblem(CatalogTrouble.TOO_SLOW))
        reply = fetch_url(
            url,
            private_allowed=self._private_allowed,
            seconds=min(seconds, seconds_left),
            max_bytes=max(self._bytes, 1),
        )
        _check_reply(reply)
        if not reply.whole and len(reply.body) >= self._bytes:
            raise UnreadableCatalog(CatalogProblem(CatalogTrouble.TOO_LARGE))
        self._bytes -= len(reply.body)
        context = PageContext(reply.final_url, reply.whole, shape, before, max(0, MOST_DATASETS - dataset_count))
        return _parse_in_child(reply.body, context, max(SHORTEST_SECONDS, min(LONGEST_SECONDS, self._until - clock())))


def _check_reply(reply: HttpReply) -> None:
    """RaiseUnreadableCatalogle unless there is content."""
    trouble = None
    if reply.state is LinkState.BLOCKED:
        trouble = CatalogTrouble.BLOCKED
    elif reply.status is None:
        trouble = CatalogTrouble.NO_SITE if reply.state is LinkState.GONE else CatalogTrouble.UNREACHABLE
    elif reply.state is not LinkState.OPENS:
        trouble = CatalogTrouble.ANSWERS
    elif "content-encoding" in reply.headers:
        trouble = CatalogTrouble.PACKED
    if trouble:
        raise UnreadableCatalog(CatalogProblem(trouble, str(reply.status) if trouble is CatalogTrouble.ANSWERS else ""))


def _parse_in_child(raw: bytes, context: PageContext, seconds: float) -> _CatalogPage:
    """Have the answer taken apart, within so many seconds. Raises Unreadable where there is nothing in it."""
    with tempfile.TemporaryDirectory(prefix="cityready-catalog-") as place:
        (Path(place) / "raw").write_bytes(raw)
        (Path(place) / "page.json").write_text(json.dumps(asdict(context)))
        failure = run_child(CHILD, place, seconds=int(seconds), memory_mb=MEMORY_MB)
        content = None if failure else _load_content(Path(place))
    trouble = content.trouble if content else CatalogTrouble.TOO_HEAVY
    if content is None or trouble not in {None, CatalogTrouble.CUT}:
        raise UnreadableCatalog(CatalogProblem(trouble or CatalogTrouble.BROKE))
    return _CatalogPage(context.url, raw, content)


def _load_content(place: Path) -> PageContent:
    """What the process has left."""
    fields = json.loads((place / "taken.json").read_bytes())
    trouble = CatalogTrouble(fields["trouble"]) if fields["trouble"] else None
    return PageContent(**fields | {"trouble": trouble, "datasets": tuple(map(_build_dataset, fields["datasets"]))})


def _build_dataset(fields: dict[str, Any]) -> Dataset:
    return Dataset(
        **fields
        | {
            "changed": date.fromisoformat(fields["changed"]) if fields["changed"] else None,
            "access": DatasetAccess(fields["access"]) if fields["access"] else None,
            "downloads": tuple(fields["downloads"]),
            "words": tuple(fields["words"]),
        }
    )


def _find_catalog(url: str, site_visit: _SiteVisit) -> _CatalogPage:
    """The first place with a catalog that lists something; one that lists nothing only where there is no other."""
    problems: dict[str, CatalogProblem] = {}
    for place in _list_places(url):
        try:
            page = site_visit.read_page(place, PAGE_SECONDS if place == url else GUESS_SECONDS)
        except UnreadableCatalog as error:
            _stop_if_final(error, is_given=place == url)
            problems[place] = error.problem
            continue
        if page.taken.listed:
            return page
        problems[place] = CatalogProblem(
            CatalogTrouble.NO_CATALOG if page.taken.shape is None else CatalogTrouble.EMPTY
        )
    raise UnreadableCatalog(_most_telling_problem(url, problems))


def _stop_if_final(error: UnreadableCatalog, *, is_given: bool) -> None:
    trouble = error.problem.trouble
    if trouble in STOPPING_TROUBLES or (is_given and trouble in FINAL_TROUBLES):
        raise error


def _most_telling_problem(url: str, problems: dict[str, CatalogProblem]) -> CatalogProblem:
    """An empty catalog, then what is wrong at the very address; that a site's front page is no JSON is not worth telling."""
    empty = next((problem for problem in problems.values() if problem.trouble is CatalogTrouble.EMPTY), None)
    own = problems.get(url)
    plain = own is None or own.trouble is CatalogTrouble.NO_CATALOG or own.detail in {"404", "410"}
    if own and own.trouble is CatalogTrouble.NOT_JSON and not urlsplit(url).path.endswith(".json"):
        plain = True
    return empty or (CatalogProblem(CatalogTrouble.NO_CATALOG) if plain or own is None else own)


def _list_places(url: str) -> list[str]:
    """The address as given, then the usual places on its host, and below its path for a site that has none of its own."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    folders = ["", path] if path and "." not in path.rpartition("/")[2] and not path.startswith("/api") else [""]
    host = f"{parts.scheme}://{parts.netloc}"
    addresses = [url] + [host + folder + place.format(host=parts.netloc) for folder in folders for place in PLACES]
    return list(dict.fromkeys(addresses))


@dataclass
class _CatalogReader:
    """The pages of one catalog, as they come. A file has no line, and no other page."""

    url: str
    line: _SiteVisit | None
    datasets: list[Dataset] = field(default_factory=list)
    problems: list[CatalogProblem] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    listed: int = 0
    odd: int = 0
    seen: set[str] = field(default_factory=set)
    total: int | None = None

    def read_all_pages(self, first: _CatalogPage) -> CatalogReading:
        """Read on from the first answer. Raises Unreadable when there is no dataset at all."""
        shape = first.taken.shape or 0
        next_url = self._add_page(first)
        while next_url and self.line:
            try:
                next_url = self._add_page(
                    self.line.read_page(next_url, PAGE_SECONDS, shape, self.listed, len(self.datasets))
                )
            except UnreadableCatalog as error:
                self.problems.append(
                    error.problem
                    if error.problem.trouble in STOPPING_TROUBLES
                    else CatalogProblem(CatalogTrouble.PAGE_FAILED)
                )
                break
        if self.total is not None and self.listed < self.total and not self.problems:
            self.problems.append(CatalogProblem(CatalogTrouble.PART, f"{self.listed}/{self.total}"))
        if self.datasets and self.odd * FEW_ODD > self.listed:
            self.problems.append(CatalogProblem(CatalogTrouble.MANY_ODD_ENTRIES, f"{self.odd}/{self.listed}"))
        elif self.odd:
            self.problems.append(CatalogProblem(CatalogTrouble.ODD_ENTRIES, str(self.odd)))
        if not self.datasets:
            raise UnreadableCatalog(self.problems[0] if self.problems else CatalogProblem(CatalogTrouble.EMPTY))
        return CatalogReading(
            SHAPES[shape].kind, self.url, tuple(self.datasets), tuple(self.problems), self._make_snapshot()
        )

    def _add_page(self, page: _CatalogPage) -> str | None:
        """Add what was found; returns the address of the next page, None after the last."""
        stop = self._reason_to_stop(page.taken)
        if stop:
            self.problems.append(CatalogProblem(stop))
        if stop in {CatalogTrouble.PAGE_FAILED, CatalogTrouble.REPEATS}:
            return None
        self.raw.append(page.raw)
        self.seen.add(page.taken.mark)
        self.listed += page.taken.listed
        self.total = page.taken.total if self.total is None else self.total
        self.odd += page.taken.odd
        self.datasets += page.taken.datasets
        return None if stop else page.taken.onward

    def _reason_to_stop(self, content: PageContent) -> CatalogTrouble | None:
        if content.shape is None:
            return None if content.bare else CatalogTrouble.PAGE_FAILED
        if content.listed and content.mark in self.seen:
            return CatalogTrouble.REPEATS
        many = len(self.datasets) + content.listed > MOST_DATASETS
        return content.trouble or (CatalogTrouble.TOO_MANY if many else None)

    def _make_snapshot(self) -> bytes:
        """The answer itself; several pages as a list of them."""
        return self.raw[0] if len(self.raw) == 1 else b"[\n" + b",\n".join(self.raw) + b"\n]\n"
