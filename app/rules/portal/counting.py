"""The open-data autopilot: what a catalog says of a city's datasets, and what a person makes of each fact.

A fact is counted, never judged. What a catalog does not say counts as unknown and is shown apart.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.rules.errors import Refused
from app.rules.message import Message, counted, say
from app.rules.portal.values import DatasetAccess

SAMPLE_SIZE = 20
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
    access: DatasetAccess | None = None
    downloads: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    views: int | None = None


class FactKey(StrEnum):
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


FACT_TITLES: dict[FactKey, Message] = {
    FactKey.DATASETS: say("Datasets on the open-data site"),
    FactKey.DATES: say("Datasets that show when they were last updated"),
    FactKey.RECENT: say("Datasets updated in the past 12 months"),
    FactKey.ON_TIME: say("Datasets updated as often as they promise"),
    FactKey.LICENSE: say("Datasets that state a license"),
    FactKey.MACHINE: say("Datasets in a format that software can read"),
    FactKey.BROKEN: say("Downloads that do not work"),
    FactKey.DICTIONARY: say("Datasets whose columns are explained"),
    FactKey.DEPARTMENTS: say("Departments with at least one dataset"),
    FactKey.NEWEST: say("Newest change in the catalog"),
    FactKey.DESCRIBED: say("Datasets with description, publisher and a way to get them"),
    FactKey.CONTACT: say("Datasets that name a contact"),
    FactKey.RESTRICTED: say("Listed datasets that are restricted or closed"),
    FactKey.PROCUREMENT: say("Datasets about purchasing"),
    FactKey.VIEWS: say("Visits to datasets in the past month"),
}


@dataclass(frozen=True)
class CatalogFact:
    """A number counted in one catalog: `value`, of `total` where it is a share. `unknown` counts what the catalog does not say.

    The newest change has a day instead of a number.
    """

    key: FactKey
    value: int
    total: int | None = None
    unknown: int = 0
    on: date | None = None


_ALL_OF: dict[FactKey, Message] = {
    FactKey.DEPARTMENTS: say("%(value)s of %(total)s departments have at least one dataset in the catalog."),
    FactKey.BROKEN: say("%(value)s of %(total)s downloads that were tried do not work."),
    FactKey.DATES: say("%(value)s of %(total)s datasets show when they were last updated."),
    FactKey.RECENT: say("%(value)s of %(total)s datasets were updated in the past 12 months."),
    FactKey.ON_TIME: say("%(value)s of %(total)s datasets were updated as often as they promise."),
    FactKey.LICENSE: say("%(value)s of %(total)s datasets state a license or terms of use."),
    FactKey.MACHINE: say("%(value)s of %(total)s datasets come in a format that software can read."),
    FactKey.DICTIONARY: say("%(value)s of %(total)s datasets explain their columns."),
    FactKey.DESCRIBED: say("%(value)s of %(total)s datasets have a description, a publisher and a way to get them."),
    FactKey.CONTACT: say("%(value)s of %(total)s datasets name someone to contact."),
    FactKey.RESTRICTED: say("%(value)s of %(total)s datasets are listed as restricted or closed."),
    FactKey.PROCUREMENT: say(
        "%(value)s of %(total)s datasets seem to be about purchasing, judged by title and keywords."
    ),
}


def fact_sentence(fact: CatalogFact) -> Message:
    """The fact in one sentence."""
    if fact.key is FactKey.NEWEST:
        return say("The newest change in the catalog is of %(day)s.", day=fact.on or "–")
    if fact.key is FactKey.DATASETS:
        return counted("The catalog lists %(count)s dataset.", "The catalog lists %(count)s datasets.", fact.value)
    if fact.key is FactKey.VIEWS:
        return counted(
            "Its datasets were visited %(count)s time in the past month.",
            "Its datasets were visited %(count)s times in the past month.",
            fact.value,
        )
    if fact.key is FactKey.BROKEN and fact.unknown == fact.total:
        return say("The downloads could not be tried from here.")
    return Message(_ALL_OF[fact.key].text, values={"value": fact.value, "total": fact.total or 0})


def fact_unit(fact: CatalogFact) -> Message:
    """What the number counts, as the unit of a figure."""
    if fact.key is FactKey.VIEWS:
        return say("visits")
    if fact.total is None:
        return say("datasets")
    if fact.key is FactKey.DEPARTMENTS:
        return say("of %(total)s departments", total=fact.total)
    if fact.key is FactKey.BROKEN:
        return say("of %(total)s downloads tried", total=fact.total)
    return say("of %(total)s datasets", total=fact.total)


def unknown_sentence(fact: CatalogFact) -> Message | None:
    """What the catalog leaves open; None where it leaves nothing open."""
    if not fact.unknown:
        return None
    if fact.key is FactKey.DEPARTMENTS:
        return counted(
            "Unknown: %(count)s dataset names no publisher, or one that is none of your departments.",
            "Unknown: %(count)s datasets name no publisher, or one that is none of your departments.",
            fact.unknown,
        )
    if fact.key is FactKey.BROKEN:
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


SURENESS_NAMES: dict[Sureness, Message] = {
    Sureness.HIGH: say("High confidence"),
    Sureness.MEDIUM: say("Medium confidence"),
    Sureness.LOW: say("Low confidence"),
}


_BY_NATURE: dict[FactKey, tuple[Sureness, Message]] = {
    FactKey.PROCUREMENT: (Sureness.LOW, say("Titles and keywords are only a hint; look at the datasets yourself.")),
    FactKey.DEPARTMENTS: (
        Sureness.MEDIUM,
        say("Names of publishers were compared with the names of your departments, and not all of them fit."),
    ),
    FactKey.BROKEN: (Sureness.MEDIUM, say("Only a sample of the downloads was tried, once.")),
}


def fact_sureness(fact: CatalogFact, datasets: int, *, partial: bool) -> tuple[Sureness, Message]:
    """How sure the fact is, and why. `datasets` is how many the reading counted."""
    if partial:
        return Sureness.LOW, say("The catalog could be read only in part.")
    if fact.unknown * 2 > max(datasets, 1):
        return Sureness.LOW, say("More than half of the datasets do not say.")
    if fact.key in _BY_NATURE and (fact.unknown or fact.key is not FactKey.DEPARTMENTS):
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


FACT_STATE_NAMES: dict[FactState, Message] = {
    FactState.PROPOSED: say("Proposed"),
    FactState.ACCEPTED: say("Accepted as evidence"),
    FactState.REJECTED: say("Not used this time"),
    FactState.NEVER: say("Not suggested again"),
}


_NEXT_STATES = {
    FactState.PROPOSED: {FactState.ACCEPTED, FactState.REJECTED, FactState.NEVER},
    FactState.REJECTED: {FactState.PROPOSED},
    FactState.NEVER: {FactState.PROPOSED},
    FactState.ACCEPTED: set[FactState](),
}


def check_fact_decision(state: FactState, to: FactState) -> None:
    """Raises Refused for a decision that does not fit what was decided before."""
    if to not in _NEXT_STATES[state]:
        raise Refused(say("This proposal was decided already. Load the page again."))
