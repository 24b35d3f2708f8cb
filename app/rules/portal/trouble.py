"""What can be wrong with a catalog, and how it is said."""

from dataclasses import dataclass
from enum import StrEnum

from app.rules.message import Message, say

MOST_BYTES = 60_000_000


MOST_DATASETS = 20_000


MOST_SECONDS = 120


class CatalogState(StrEnum):
    """What has become of a city's catalog: never asked for, asked, read, read in part, or not to be read."""

    NEW = ""
    ASKED = "asked"
    READ = "read"
    PARTIAL = "partial"
    FAILED = "failed"


class CatalogKind(StrEnum):
    """The program, or the file format, that a catalog comes from."""

    DCAT = "dcat"
    CKAN = "ckan"
    SOCRATA = "socrata"
    HUB = "hub"
    OPENDATASOFT = "ods"
    UDATA = "udata"


CATALOG_KIND_NAMES: dict[CatalogKind, Message] = {
    CatalogKind.DCAT: say("a list in the DCAT format (data.json)"),
    CatalogKind.CKAN: say("a CKAN site"),
    CatalogKind.SOCRATA: say("a Socrata site"),
    CatalogKind.HUB: say("an ArcGIS Hub site"),
    CatalogKind.OPENDATASOFT: say("an Opendatasoft site"),
    CatalogKind.UDATA: say("a udata site"),
}


class CatalogTrouble(StrEnum):
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
    MANY_ODD_ENTRIES = "many-odd-entries"
    BROKE = "broke"
    NOT_KEPT = "not-kept"
    PART = "part"
    FILE_NOT_JSON = "file-not-json"
    FILE_NO_CATALOG = "file-no-catalog"
    FILE_BROKEN_OFF = "file-broken-off"
    FILE_BROKE = "file-broke"


TROUBLE_SENTENCES: dict[CatalogTrouble, Message] = {
    CatalogTrouble.NO_SITE: say("There is no site at this address. Check the spelling, then save the address again."),
    CatalogTrouble.BLOCKED: say(
        "This address, or one that it leads to, is not on the open internet, so it is not visited. Upload the catalog as a file instead."
    ),
    CatalogTrouble.UNREACHABLE: say(
        "The site did not answer. Open the address in a browser; if it opens there, try again in an hour."
    ),
    CatalogTrouble.ANSWERS: say(
        "The site answered with an error (%(detail)s). Try again later, or tell whoever runs it."
    ),
    CatalogTrouble.NOT_JSON: say(
        "What is at this address is not JSON, the form that catalogs have. Give the address of the open-data site itself, or of its data.json."
    ),
    CatalogTrouble.PACKED: say(
        "The site sends its catalog packed, although it was asked not to. Download the catalog in a browser and upload it as a file."
    ),
    CatalogTrouble.TOO_LARGE: say("The catalog is larger than %(megabytes)s MB, which is too much to read at once."),
    CatalogTrouble.NO_CATALOG: say(
        "No catalog was found here, nor in the places where open-data sites usually keep one. Give the address of the catalog itself, "
        "or upload it as a file."
    ),
    CatalogTrouble.EMPTY: say("The catalog is there but lists no dataset."),
    CatalogTrouble.BROKEN_OFF: say(
        "The site’s response was cut off. Try again; if it happens again, tell whoever runs the site."
    ),
    CatalogTrouble.CUT: say("The catalog was cut off. What came before is counted below."),
    CatalogTrouble.PAGE_FAILED: say("The site stopped answering half-way. What came before is counted below."),
    CatalogTrouble.REPEATS: say("The site sent the same page again and again. What came before is counted below."),
    CatalogTrouble.TOO_MANY: say("The catalog has more than %(most)s datasets. The first ones are counted below."),
    CatalogTrouble.TOO_SLOW: say("The site took longer than %(seconds)s seconds, so the reading stopped there."),
    CatalogTrouble.TOO_HEAVY: say(
        "This catalog is too large to read here. Tell whoever runs the site, or upload a part of it as a file."
    ),
    CatalogTrouble.ODD_ENTRIES: say("Entries that could not be read and are not counted: %(detail)s."),
    CatalogTrouble.MANY_ODD_ENTRIES: say(
        "Of the entries in this catalog, %(detail)s could not be read and are not counted, so the numbers below are those of a part."
    ),
    CatalogTrouble.BROKE: say(
        "Something in this catalog could not be read. Upload it as a file, or tell whoever runs this app."
    ),
    CatalogTrouble.PART: say(
        "This is only a part of the catalog (%(detail)s of its datasets). Give the address of the site, which is read to its end."
    ),
    CatalogTrouble.FILE_NOT_JSON: say(
        "This file is not JSON, the form that catalogs have. Save the site’s data.json, and upload that; or give the address of the site."
    ),
    CatalogTrouble.FILE_NO_CATALOG: say(
        "No catalog was found in this file. Save the site’s data.json, and upload that; or give the address of the site."
    ),
    CatalogTrouble.FILE_BROKEN_OFF: say("This file ends before its catalog does. Save it again, and upload it again."),
    CatalogTrouble.FILE_BROKE: say("Something in this file could not be read. Tell whoever runs this app."),
    CatalogTrouble.NOT_KEPT: say(
        "What was read could not be written down here. Try again later; if it stays like this, tell whoever runs this app."
    ),
}


IN_FILES = {
    CatalogTrouble.NOT_JSON: CatalogTrouble.FILE_NOT_JSON,
    CatalogTrouble.NO_CATALOG: CatalogTrouble.FILE_NO_CATALOG,
    CatalogTrouble.BROKEN_OFF: CatalogTrouble.FILE_BROKEN_OFF,
    CatalogTrouble.BROKE: CatalogTrouble.FILE_BROKE,
}
"""What a trouble is called where the catalog came as a file, and there is no address to look at."""
HARMLESS = {CatalogTrouble.ODD_ENTRIES}
"""Troubles that do not make a reading partial."""


@dataclass(frozen=True)
class CatalogProblem:
    """A trouble with what it needs to be told, kept as one word or two."""

    trouble: CatalogTrouble
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.trouble.value} {self.detail}".strip()

    @property
    def said(self) -> Message:
        limits = {"most": MOST_DATASETS, "megabytes": MOST_BYTES // 1_000_000, "seconds": MOST_SECONDS}
        return Message(TROUBLE_SENTENCES[self.trouble].text, values={**limits, "detail": self.detail or "–"})


def read_problems(text: str) -> tuple[CatalogProblem, ...]:
    """Problems as they were kept, one a line; one that this version does not know is told in general words."""
    lines = (line.partition(" ") for line in text.splitlines() if line)
    return tuple(
        CatalogProblem(CatalogTrouble(word) if word in set(CatalogTrouble) else CatalogTrouble.BROKE, detail)
        for word, _, detail in lines
    )


def is_partial(problems: tuple[CatalogProblem, ...]) -> bool:
    return any(problem.trouble not in HARMLESS for problem in problems)


class UnreadableCatalog(Exception):
    """Nothing could be counted. Carries the problem."""

    def __init__(self, problem: CatalogProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem
