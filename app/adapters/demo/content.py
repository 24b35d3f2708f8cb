"""Reads the demo's content: who is in each city, what the departments answered, and what evidence they added."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from app.rules.city.award import AwardLevel
from app.rules.criteria.edition import EvidenceKind
from app.rules.days.freshness import months_before
from app.rules.evidence.piece import Visibility
from app.rules.people.permissions import Role
from app.rules.scoring.confidence import Confidence

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLDER = Path(__file__).parent / "cities"

DemoState = Literal["not_started", "in_progress", "submitted", "returned", "met", "not_met"]


class DemoPart(BaseModel):
    """Unknown keys are refused, so that a typing error in the content is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DemoPerson(DemoPart):
    """`login` is the part of the e-mail address before the @."""

    login: str
    name: str
    role: Role
    departments: tuple[str, ...] = ()


class DemoResponse(DemoPart):
    """The answer to one criterion; `by` and `reviewer` are logins, `reason` the reviewer's, `comment` a remark to the department.

    All of it is invented but what `published` names.
    """

    department: str
    by: str
    state: DemoState = "not_started"
    rating: Literal["met", "not_met"] | None = None
    confidence: Confidence | None = None
    ticked: tuple[str, ...] = ()
    narrative: str = ""
    published: str = ""
    reviewer: str = "reviewer"
    reason: str = ""
    comment: str = ""


class DemoEvidence(DemoPart):
    """One piece. `supports` has checklist items by criterion; `months_ago` a period relative to the day of loading.

    A file is made from `text`, in the format that the ending of `file` names. What is not `published` is invented.
    """

    title: str
    kind: EvidenceKind
    by: str
    published: bool = False
    supports: dict[str, tuple[str, ...]]
    period: tuple[date, date] | None = None
    months_ago: tuple[int, int] | None = None
    pointer: str = ""
    source: str = ""
    visibility: Visibility = Visibility.INTERNAL
    file: str = ""
    text: str = ""
    url: str = ""
    unit: str = ""
    current_value: Decimal | None = None
    current_period: str = ""
    published_percent: Decimal | None = None
    method: str = ""
    caveat: str = ""
    approved_by: str = ""

    def days_covered(self, today: date) -> tuple[date | None, date | None]:
        """First and last day covered; `months_ago` counts whole months back, this one being 0."""
        if self.months_ago is None:
            return self.period or (None, None)
        first, last = self.months_ago
        this_month = today.replace(day=1)
        return months_before(this_month, first), months_before(this_month, last - 1) - timedelta(days=1)


class DemoRequest(DemoPart):
    """A request to a partner or a department, `to` by its name; the date counts from the day of loading."""

    to: str
    criterion: str
    what: str
    why: str
    due_in_days: int


class DemoAward(DemoPart):
    """What the programme announced for the real city, as published."""

    level: AwardLevel
    announced_on: date
    source_url: str
    note: str = ""


class DemoCity(DemoPart):
    """`due_in_days` counts from the day of loading."""

    slug: str
    name: str
    country: str
    language: str
    time_zone: str
    population: int | None = None
    assessment: str
    due_in_days: int
    departments: tuple[str, ...]
    people: tuple[DemoPerson, ...]
    answers: dict[str, DemoResponse] = {}
    evidence: tuple[DemoEvidence, ...] = ()
    partners: tuple[str, ...] = ()
    requests: tuple[DemoRequest, ...] = ()
    awards: tuple[DemoAward, ...] = ()


INVENTED = "Invented example"


def mark_source(piece: DemoEvidence) -> str:
    """The source of a piece, which says whether the piece was published or is invented."""
    if piece.published:
        return f"{piece.source} (published)"
    return f"{INVENTED}; {piece.source}" if piece.source else INVENTED


def mark_text(text: str, published: str = "") -> str:
    """A text that someone here has invented, with a last line that says so and what in it was published."""
    mark = f"{INVENTED}. Published in it: {published}." if published else f"{INVENTED}."
    return f"{text.strip()}\n\n{mark}" if text.strip() else ""


def load_demo_cities() -> list[DemoCity]:
    """The demo cities, each from the files in its folder, in order of name."""
    return [_load_city(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()]


def load_demo_catalog(slug: str, today: date) -> bytes:
    """The city's open-data catalog, empty where it has none; `{12}` in it becomes the day twelve days ago."""
    path = FOLDER / slug / "catalog.json"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return re.sub(r"{(\d+)}", lambda days: (today - timedelta(days=int(days[1]))).isoformat(), text).encode()


def _load_city(folder: Path) -> DemoCity:
    parts: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yml")):
        parts |= yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506  (a safe loader)
    return DemoCity.model_validate(parts)
