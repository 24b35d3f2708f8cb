"""The open-data autopilot: what a catalog says of a city's datasets, and what a person makes of each fact.

A fact is counted, never judged. What a catalog does not say counts as unknown and is shown apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.rules.errors import Refused
from app.rules.message import Said, counted, say
from app.rules.portal.values import Access

MOST_BYTES = 60_000_000
MOST_DATASETS = 20_000
MOST_SECONDS = 120
SAMPLE = 20
"""How many downloads are tried."""
EVERY_DAYS = 30
"""A catalog with an address is read again by itself after this time."""
MOST_NAMES = 40


@dataclass(frozen=True)
class Dataset:
    """One entry of a catalog. None, like an empty text, stands for what the catalog does not say."""

    title: str
    described: bool = False
    publisher: str = ""
    changed: date | None = None
    every_days: int | None = None
    license: bool | None = None
    contact: bool | None = None
    dictionary: bool | None = None
    machine: bool | None = None
    access: Access | None = None
    downloads: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    views: int | None = None


class Kind(StrEnum):
    """The program, or the file format, that a catalog comes from."""

    DCAT = "dcat"
    CKAN = "ckan"
    SOCRATA = "socrata"
    HUB = "hub"


KIND_NAMES: dict[Kind, Said] = {
    Kind.DCAT: say("a list in the DCAT format (data.json)"),
    Kind.CKAN: say("a CKAN site"),
    Kind.SOCRATA: say("a Socrata site"),
    Kind.HUB: say("an ArcGIS Hub site"),
}


class Trouble(StrEnum):
    """Why a catalog could not be read, or only in part."""

    NO_SITE = "no-site"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    ANSWERS = "answers"
    NOT_JSON = "not-json"
    PACKED = "packed"
    TOO_LARGE = "too-large"
    NO_CATALOG = "no-catalog"
    EMPTY = "empty"
    BROKEN_OFF = "broken-off"
    CUT = "cut"
    PAGE_FAILED = "page-failed"
    REPEATS = "repeats"
    TOO_MANY = "too-many"
    TOO_SLOW = "too-slow"
    TOO_HEAVY = "too-heavy"
    ODD_ENTRIES = "odd-entries"
    BROKE = "broke"
    NOT_KEPT = "not-kept"


TROUBLE_SENTENCES: dict[Trouble, Said] = {
    Trouble.NO_SITE: say("There is no site at this address. Check the spelling, then save the address again."),
    Trouble.BLOCKED: say(
        "This address, or one that it leads to, is not on the open internet, so it is not visited. Upload the catalog as a file instead."
    ),
    Trouble.UNREACHABLE: say(
        "The site did not answer. Open the address in a browser; if it opens there, try again in an hour."
    ),
    Trouble.ANSWERS: say("The site answered with an error (%(detail)s). Try again later, or tell whoever runs it."),
    Trouble.NOT_JSON: say(
        "What is at this address is no JSON, the form that catalogs have. Give the address of the open-data site itself, or of its data.json."
    ),
    Trouble.PACKED: say(
        "The site sends its catalog packed, although it was asked not to. Download the catalog in a browser and upload it as a file."
    ),
    Trouble.TOO_LARGE: say("The catalog is larger than %(megabytes)s MB, which is too much to read at once."),
    Trouble.NO_CATALOG: say(
        "No catalog was found here, nor in the places where open-data sites usually keep one. Give the address of the catalog itself, "
        "or upload it as a file."
    ),
    Trouble.EMPTY: say("The catalog is there but lists no dataset."),
    Trouble.BROKEN_OFF: say(
        "The answer of the site breaks off in the middle. Try again; if it stays like this, tell whoever runs the site."
    ),
    Trouble.CUT: say("The catalog breaks off in the middle. What came before is counted below."),
    Trouble.PAGE_FAILED: say("The site stopped answering half-way. What came before is counted below."),
    Trouble.REPEATS: say("The site sent the same page again and again. What came before is counted below."),
    Trouble.TOO_MANY: say("The catalog has more than %(most)s datasets. The first ones are counted below."),
    Trouble.TOO_SLOW: say("The site took longer than %(seconds)s seconds, so the reading stopped there."),
    Trouble.TOO_HEAVY: say(
        "Taking this catalog apart needs more memory or time than there is for one. Tell whoever runs the site, or upload a part of it as a file."
    ),
    Trouble.ODD_ENTRIES: say("Entries that could not be read and are not counted: %(detail)s."),
    Trouble.BROKE: say(
        "Something in this catalog could not be read. Upload it as a file, or tell whoever runs this app."
    ),
    Trouble.NOT_KEPT: say(
        "What was read could not be written down here. Try again later; if it stays like this, tell whoever runs this app."
    ),
}
HARMLESS = {Trouble.ODD_ENTRIES}
"""Troubles that do not make a reading partial."""


@dataclass(frozen=True)
class Problem:
    """A trouble with what it needs to be told, kept as one word or two."""

    trouble: Trouble
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.trouble.value} {self.detail}".strip()

    @property
    def said(self) -> Said:
        limits = {"most": MOST_DATASETS, "megabytes": MOST_BYTES // 1_000_000, "seconds": MOST_SECONDS}
        return Said(TROUBLE_SENTENCES[self.trouble].text, values={**limits, "detail": self.detail or "–"})


def problems_of(kept: str) -> tuple[Problem, ...]:
    """Problems as they were kept, one a line; one that this version does not know is told in general words."""
    lines = (line.partition(" ") for line in kept.splitlines() if line)
    return tuple(Problem(Trouble(word) if word in set(Trouble) else Trouble.BROKE, detail) for word, _, detail in lines)


def is_partial(problems: tuple[Problem, ...]) -> bool:
    return any(problem.trouble not in HARMLESS for problem in problems)


class Unreadable(Exception):
    """Nothing could be counted. Carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Key(StrEnum):
    """What is counted."""

    DATASETS = "datasets"
    DATES = "dates"
    RECENT = "recent"
    ON_TIME = "on-time"
    LICENSE = "license"
    MACHINE = "machine"
    BROKEN = "broken"
    DICTIONARY = "dictionary"
    DEPARTMENTS = "departments"
    NEWEST = "newest"
    DESCRIBED = "described"
    CONTACT = "contact"
    RESTRICTED = "restricted"
    PROCUREMENT = "procurement"
    VIEWS = "views"


TITLES: dict[Key, Said] = {
    Key.DATASETS: say("Datasets on the open-data site"),
    Key.DATES: say("Datasets that show when they were last updated"),
    Key.RECENT: say("Datasets updated in the past 12 months"),
    Key.ON_TIME: say("Datasets updated as often as they promise"),
    Key.LICENSE: say("Datasets that state a license"),
    Key.MACHINE: say("Datasets in a format that software can read"),
    Key.BROKEN: say("Downloads that do not work"),
    Key.DICTIONARY: say("Datasets whose columns are explained"),
    Key.DEPARTMENTS: say("Departments with at least one dataset"),
    Key.NEWEST: say("Newest change in the catalog"),
    Key.DESCRIBED: say("Datasets with description, publisher and a way to get them"),
    Key.CONTACT: say("Datasets that name a contact"),
    Key.RESTRICTED: say("Listed datasets that are restricted or closed"),
    Key.PROCUREMENT: say("Datasets about purchasing"),
    Key.VIEWS: say("Visits to datasets in the past month"),
}

PLACES: Mapping[str, Mapping[Key, tuple[str, str]]] = {
    "wwc-2022": {
        Key.DATASETS: ("OD3", "one-site"),
        Key.DATES: ("OD3", "dates"),
        Key.RECENT: ("OD3", ""),
        Key.ON_TIME: ("OD3", ""),
        Key.LICENSE: ("OD3", "terms"),
        Key.MACHINE: ("OD3", "download"),
        Key.BROKEN: ("OD3", "download"),
        Key.DICTIONARY: ("OD2", "explained"),
        Key.DEPARTMENTS: ("DM2", "coverage"),
        Key.NEWEST: ("DM2", "refreshed"),
        Key.DESCRIBED: ("DM2", "catalog"),
        Key.CONTACT: ("DM2", "catalog"),
        Key.RESTRICTED: ("DM2", ""),
        Key.PROCUREMENT: ("RDC7", "open-data"),
        Key.VIEWS: ("OD4", "records"),
    }
}
"""By edition, which criterion and item of its checklist a fact speaks of; an empty item is the criterion as a whole."""


@dataclass(frozen=True)
class Fact:
    """A number counted in one catalog: `value`, of `total` where it is a share. `unknown` counts what the catalog does not say.

    The newest change has a day instead of a number.
    """

    key: Key
    value: int
    total: int | None = None
    unknown: int = 0
    on: date | None = None


_ALL_OF: dict[Key, Said] = {
    Key.DEPARTMENTS: say("%(value)s of %(total)s departments have at least one dataset in the catalog."),
    Key.BROKEN: say("%(value)s of %(total)s downloads that were tried do not work."),
    Key.DATES: say("%(value)s of %(total)s datasets show when they were last updated."),
    Key.RECENT: say("%(value)s of %(total)s datasets were updated in the past 12 months."),
    Key.ON_TIME: say("%(value)s of %(total)s datasets were updated as often as they promise."),
    Key.LICENSE: say("%(value)s of %(total)s datasets state a license or terms of use."),
    Key.MACHINE: say("%(value)s of %(total)s datasets come in a format that software can read."),
    Key.DICTIONARY: say("%(value)s of %(total)s datasets explain their columns."),
    Key.DESCRIBED: say("%(value)s of %(total)s datasets have a description, a publisher and a way to get them."),
    Key.CONTACT: say("%(value)s of %(total)s datasets name somebody to contact."),
    Key.RESTRICTED: say("%(value)s of %(total)s datasets are listed as restricted or closed."),
    Key.PROCUREMENT: say("%(value)s of %(total)s datasets seem to be about purchasing, judged by title and keywords."),
}


def sentence(fact: Fact) -> Said:
    """The fact in one sentence."""
    if fact.key is Key.NEWEST:
        return say("The newest change in the catalog is of %(day)s.", day=fact.on or "–")
    if fact.key is Key.DATASETS:
        return counted("The catalog lists %(count)s dataset.", "The catalog lists %(count)s datasets.", fact.value)
    if fact.key is Key.VIEWS:
        return counted(
            "Its datasets were visited %(count)s time in the past month.",
            "Its datasets were visited %(count)s times in the past month.",
            fact.value,
        )
    return Said(_ALL_OF[fact.key].text, values={"value": fact.value, "total": fact.total or 0})


def unit(fact: Fact) -> Said:
    """What the number counts, as the unit of a figure."""
    if fact.key is Key.VIEWS:
        return say("visits")
    if fact.total is None:
        return say("datasets")
    if fact.key is Key.DEPARTMENTS:
        return say("of %(total)s departments", total=fact.total)
    if fact.key is Key.BROKEN:
        return say("of %(total)s downloads tried", total=fact.total)
    return say("of %(total)s datasets", total=fact.total)


def unknown_sentence(fact: Fact) -> Said | None:
    """What the catalog leaves open; None where it leaves nothing open."""
    if not fact.unknown:
        return None
    if fact.key is Key.DEPARTMENTS:
        return counted(
            "Unknown: %(count)s dataset names no publisher, or one that is none of your departments.",
            "Unknown: %(count)s datasets name no publisher, or one that is none of your departments.",
            fact.unknown,
        )
    if fact.key is Key.BROKEN:
        return counted(
            "Unknown: %(count)s download gave no clear answer.",
            "Unknown: %(count)s downloads gave no clear answer.",
            fact.unknown,
        )
    return counted("Unknown: %(count)s dataset does not say.", "Unknown: %(count)s datasets do not say.", fact.unknown)


class Sureness(StrEnum):
    """How far a fact can be relied on."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


SURENESS_NAMES: dict[Sureness, Said] = {
    Sureness.HIGH: say("High confidence"),
    Sureness.MEDIUM: say("Medium confidence"),
    Sureness.LOW: say("Low confidence"),
}

_BY_NATURE: dict[Key, tuple[Sureness, Said]] = {
    Key.PROCUREMENT: (Sureness.LOW, say("Titles and keywords are only a hint; look at the datasets yourself.")),
    Key.DEPARTMENTS: (
        Sureness.MEDIUM,
        say("Names of publishers were compared with the names of your departments, and not all of them fit."),
    ),
    Key.BROKEN: (Sureness.MEDIUM, say("Only a sample of the downloads was tried, once.")),
}


def sureness(fact: Fact, datasets: int, *, partial: bool) -> tuple[Sureness, Said]:
    """How sure the fact is, and why. `datasets` is how many the reading counted."""
    if partial:
        return Sureness.LOW, say("The catalog could be read only in part.")
    if fact.unknown * 2 > max(datasets, 1):
        return Sureness.LOW, say("More than half of the datasets do not say.")
    if fact.key in _BY_NATURE and (fact.unknown or fact.key is not Key.DEPARTMENTS):
        return _BY_NATURE[fact.key]
    if fact.unknown * 10 > datasets:
        return Sureness.MEDIUM, say("More than one dataset in ten does not say.")
    return Sureness.HIGH, say("Nearly every dataset in the catalog says so itself.")


class FactState(StrEnum):
    """What a person made of a proposal; `never` is a rejection for good."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEVER = "never"


STATE_NAMES: dict[FactState, Said] = {
    FactState.PROPOSED: say("Proposed"),
    FactState.ACCEPTED: say("Accepted as evidence"),
    FactState.REJECTED: say("Not used this time"),
    FactState.NEVER: say("Never proposed again"),
}

_MOVES = {
    FactState.PROPOSED: {FactState.ACCEPTED, FactState.REJECTED, FactState.NEVER},
    FactState.REJECTED: {FactState.PROPOSED},
    FactState.NEVER: {FactState.PROPOSED},
    FactState.ACCEPTED: set[FactState](),
}


def check_move(state: FactState, to: FactState) -> None:
    """Raises Refused for a decision that does not fit what was decided before."""
    if to not in _MOVES[state]:
        raise Refused(say("This proposal was decided already. Load the page again."))
