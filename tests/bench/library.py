"""Budget 8: the library finds and turns pages over 20,000 pieces within twice the time of a bare indexed query.

Ours is the store's query, from the words to rows that a page can show; the anchor is the same question in hand-written SQL on the same
file. The budget is for all questions together: putting a query together takes half a millisecond, which is nothing to a person and
many times a lookup that takes a fiftieth of one. Beside it, for information, each question, and the whole page as its service makes it.
"""

import random
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

from sqlmodel import Session, select

from app.rules.text.search_words import words_of
from app.services.account.sessions import identify_member
from app.services.desk import Desk, Who
from app.services.evidence import library as evidence_library
from app.services.evidence.library import PAGE_SIZE
from app.services.evidence.shelf import LibrarySearch
from app.services.site import Site, open_site
from app.store import search
from app.store.city import City
from app.store.database.engine import sqlite_module
from app.store.evidence import library as shelves
from app.store.evidence.library import LibraryShelf
from app.store.evidence.pieces import Evidence
from tests.bench.data import CITY, demo_city, settings
from tests.bench.table import Line

PIECES, REPEATS, TWICE = 20_000, 40, 2.0
BARE = (
    "SELECT e.id, e.kind, e.title, e.visibility, e.period_from, e.period_to, e.link_state FROM evidence e "
    "WHERE e.city_id = ? AND e.withdrawn_at IS NULL {words} ORDER BY e.id DESC LIMIT 51 OFFSET ?"
)
WORD = "AND e.id IN (SELECT evidence_id FROM search_word WHERE city_id = ? AND word >= ? AND word < ?)"
QUESTIONS: dict[str, tuple[str, int]] = {
    "a word that every piece has": ("evidence", 1),
    "a word that one piece in a hundred has": ("bridge", 1),
    "two words": ("evidence bridge", 1),
    "a word that one piece has": ("number19000", 1),
    "page 1 of all": ("", 1),
    "page 200 of all": ("", 200),
}


def measure(folder: Path) -> list[Line]:
    made = demo_city(folder / "library")
    with closing(open_site(settings(made.data_dir))) as site:
        with site.database.writing() as session:
            _fill(session)
        with site.database.reading() as session:
            who = identify_member(session, made.token, CITY, None)
        found = {name: _times(site, who, *asked) for name, asked in QUESTIONS.items()}
    ours, anchor, whole = (sum(times[at] for times in found.values()) for at in range(3))
    return [
        _line("all questions, the search", ours, anchor, TWICE),
        _line("all questions, the page", whole, anchor),
        *(_line(f"search, {name}", times[0], times[1]) for name, times in found.items()),
    ]


def _line(what: str, ours: float, anchor: float, at_most: float | None = None) -> Line:
    return Line(what, f"{ours:.2f} ms", f"{anchor:.2f} ms", ours / anchor, at_most=at_most)


def _fill(session: Session) -> None:
    chance = random.Random(8)
    city = session.exec(select(City.id).where(City.slug == CITY)).one() or 0
    for number in range(PIECES):
        common = chance.sample(("budget", "street", "school", "water", "park", "police", "library"), 3)
        title = f"Evidence number{number} on {' '.join(common)}{' bridge' if number % 100 == 0 else ''}"
        piece = Evidence(city_id=city, kind="note", title=title, note=title)
        session.add(piece)
        session.flush()
        search.index_piece(session, city, piece.id, words_of([title]))


def _times(site: Site, who: Who, word: str, page: int) -> list[float]:
    """Milliseconds of our query, of the one by hand, and of the whole page."""
    words, offset = words_of([word]), (page - 1) * PAGE_SIZE
    bare_sql = BARE.format(words=" ".join([WORD] * len(words)))
    given = [who.city_id, *(value for one in words for value in (who.city_id, one, one + search.LAST)), offset]
    with (
        site.database.reading() as session,
        closing(sqlite_module().connect(site.settings.data_dir / "cityready.db")) as bare,
    ):
        ask: Callable[[], Any] = lambda: shelves.list_pieces(  # noqa: E731
            session, who.city_id, 0, LibraryShelf(words=words), restricted_for=None, limit=PAGE_SIZE + 1, offset=offset
        )
        by_hand: Callable[[], Any] = lambda: bare.execute(bare_sql, given).fetchall()  # noqa: E731
        desk = Desk(session, site, who)
        whole: Callable[[], Any] = lambda: evidence_library.search_library(desk, LibrarySearch(word=word, page=page))  # noqa: E731
        assert [row.id for row in ask()] == [row[0] for row in by_hand()], "both must find the same"
        return _medians(ask, by_hand, whole)


def _medians(*asked: Callable[[], Any]) -> list[float]:
    """Milliseconds of each, one after the other in turn, so that a busy moment meets all of them."""
    spent: list[list[float]] = [[] for _ in asked]
    for _ in range(REPEATS):
        for at, one in enumerate(asked):
            began = time.perf_counter()
            one()
            spent[at].append((time.perf_counter() - began) * 1000)
    return [median(times) for times in spent]
