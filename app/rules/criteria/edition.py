"""What an edition of the standard says: plain data, made from the files in criteria/ by `adapters.criteria.editions`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.rules.message import Message, say


class Window(StrEnum):
    """How recent something must be to count; `rules.days.freshness` says what that means on a given day."""

    NONE = "none"
    QUARTERLY = "quarterly"
    EACH_QUARTER = "each-quarter"
    YEAR = "12-months"
    TWO_YEARS = "24-months"

    @property
    def months(self) -> int | None:
        """Months back from the day asked for; None where nothing runs out, and for the two that count calendar quarters."""
        return {"12-months": 12, "24-months": 24}.get(self.value)


WINDOW_NAMES: dict[Window, Message] = {
    Window.QUARTERLY: say("from this quarter or the one before"),
    Window.EACH_QUARTER: say("from each of the last two quarters"),
    Window.YEAR: say("from the last 12 months"),
    Window.TWO_YEARS: say("from the last 24 months"),
}


class EvidenceKind(StrEnum):
    FILE = "file"
    LINK = "link"
    FIGURE = "figure"
    NOTE = "note"


EVIDENCE_KIND_NAMES: dict[EvidenceKind, Message] = {
    EvidenceKind.FILE: say("File"),
    EvidenceKind.LINK: say("Link"),
    EvidenceKind.FIGURE: say("Figure"),
    EvidenceKind.NOTE: say("Note"),
}


class Basis(StrEnum):
    """Where what an edition says of a criterion comes from."""

    SOURCE_BACKED = "source-backed"
    INFERRED = "inferred"


BASIS_NAMES: dict[Basis, Message] = {
    Basis.SOURCE_BACKED: say("public sources"),
    Basis.INFERRED: say("our reading of public sources"),
}


class Effort(StrEnum):
    """How much work meeting a criterion from nothing usually is: our estimate, not the program's."""

    SMALL = "S"
    MEDIUM = "M"
    LARGE = "L"


EFFORT_NAMES: dict[Effort, Message] = {
    Effort.SMALL: say("small"),
    Effort.MEDIUM: say("medium"),
    Effort.LARGE: say("large"),
}


@dataclass(frozen=True)
class ChecklistItem:
    id: str
    text: str
    required: bool = False
    window: Window = Window.NONE


@dataclass(frozen=True)
class ExpectedEvidence:
    kind: EvidenceKind
    text: str
    window: Window = Window.NONE


@dataclass(frozen=True)
class CityExample:
    """What a city did, by a public source; it shows the way and proves nothing."""

    city: str
    text: str
    source: str
    link: str = ""


@dataclass(frozen=True)
class PublicSource:
    """Where the public can read something about a criterion, what it `says`, and the day on which it was seen."""

    name: str
    says: str
    seen_on: date
    link: str = ""


@dataclass(frozen=True)
class Criterion:
    """`short_name` is the program's own, where it is public; `part` is what a single department hands in."""

    code: str
    area: str
    title: str
    statement: str
    why: str
    core: bool
    prerequisites: tuple[str, ...]
    needed: int
    checklist: tuple[ChecklistItem, ...]
    evidence: tuple[ExpectedEvidence, ...]
    good: str
    weak: str
    effort: Effort
    owner: str
    basis: str
    evidence_basis: str
    short_name: str = ""
    part: str = ""
    effort_reason: str = ""
    examples: tuple[CityExample, ...] = ()
    sources: tuple[PublicSource, ...] = ()


@dataclass(frozen=True)
class Area:
    """A practice area; `criteria` are codes in the edition's order."""

    id: str
    prefix: str
    title: str
    about: str
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Level:
    """`percent` of all criteria, a whole number from 1 to 100, from which the level is reached."""

    id: str
    percent: int


@dataclass(frozen=True)
class CoreRule:
    """Criteria without which no level is given (`required` switches the rule), and where that is written."""

    required: bool
    criteria: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class PopulationRule:
    """The fewest people that a city has whom the programme takes, 0 where no public source says so, and where that is written."""

    minimum: int
    source: str


class OutcomeChoice(StrEnum):
    """What the programme let cities choose from: something of which a city shows that it has become better."""

    AIR = "air"
    BROADBAND = "broadband"
    OWN = "own"


@dataclass(frozen=True)
class OutcomeRule:
    """An outcome that the programme asked for beside the criteria; `asked` says whether it still does: yes, no or unknown.

    No `choices` where no public source speaks of one.
    """

    asked: str
    choices: tuple[OutcomeChoice, ...]
    source: str


class DecisionKind(StrEnum):
    """What a decision that only leaders can take is about."""

    POLICY = "policy"
    APPOINTMENT = "appointment"
    BUDGET = "budget"
    MANDATE = "mandate"


DECISION_NAMES: dict[DecisionKind, Message] = {
    DecisionKind.POLICY: say("Policy"),
    DecisionKind.APPOINTMENT: say("Appointment"),
    DecisionKind.BUDGET: say("Budget"),
    DecisionKind.MANDATE: say("Direction to staff"),
}


@dataclass(frozen=True)
class ExpectedDecision:
    """What only a mayor, a manager or a council can decide for a criterion: our suggestion."""

    kind: DecisionKind
    text: str


@dataclass(frozen=True)
class SharedDocument:
    """A document that several criteria ask for; `places` are codes and items, of which the item may be empty."""

    name: str
    places: tuple[tuple[str, str], ...]

    def elsewhere(self, code: str) -> tuple[str, ...]:
        """The other criteria that it serves, each once, in the order of the file."""
        return tuple(dict.fromkeys(other for other, _ in self.places if other != code))


@dataclass(frozen=True)
class Edition:
    """One dated version of the standard in one language; `criteria` is in the order of the areas.

    `leaders_decide` is by code. `catalog_facts` says by the key of a fact which criterion and item of its checklist it speaks of; an empty
    item is the criterion as a whole.

    Where `complete` is false, public facts did not suffice: the edition serves to compare, not to prepare from.
    """

    id: str
    label: str
    source: str
    seen_on: str
    complete: bool
    total: int
    levels: tuple[Level, ...]
    core: CoreRule
    population: PopulationRule
    outcome: OutcomeRule
    prerequisites: str
    areas: tuple[Area, ...]
    criteria: Mapping[str, Criterion]
    leaders_decide: Mapping[str, ExpectedDecision]
    catalog_facts: Mapping[str, tuple[str, str]]
    shared_documents: tuple[SharedDocument, ...] = ()
    language: str = "en"

    def area_of(self, code: str) -> Area:
        """The practice area of a criterion. Raises KeyError for an unknown code."""
        wanted = self.criteria[code].area
        return next(area for area in self.areas if area.id == wanted)

    def name_criteria(self, codes: Iterable[str]) -> str:
        """Each code with its title, however many. Raises KeyError for an unknown code."""
        return "; ".join(f"{code} {self.criteria[code].title}" for code in codes)

    def neighbors_of(self, code: str) -> tuple[str | None, str | None]:
        """The codes before and after this one, in the edition's order."""
        codes = list(self.criteria)
        position = codes.index(code)
        return codes[position - 1] if position else None, codes[position + 1] if position + 1 < len(codes) else None

    def unlocked_by(self, code: str) -> tuple[str, ...]:
        """The criteria that name this one as a prerequisite, in the edition's order."""
        return tuple(other.code for other in self.criteria.values() if code in other.prerequisites)

    def list_sources(self) -> tuple[tuple[PublicSource, int], ...]:
        """Each public source once, with how many criteria it speaks of, the one that speaks of most first."""
        counts = Counter(source for criterion in self.criteria.values() for source in criterion.sources)
        return tuple(counts.most_common())

    def shared_by(self, code: str) -> tuple[SharedDocument, ...]:
        """The documents that this criterion shares with others."""
        return tuple(shared for shared in self.shared_documents if code in dict(shared.places))
