"""Which parts of a report were asked for, on which paper, and how long texts are broken."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LETTER_COUNTRIES = frozenset({"US", "CA", "CL", "CO", "MX"})


NARRATIVE_CHARACTERS = 20_000


SHORTENED_CHARACTERS = 1_500
"""What stays of a text in a report that was asked for with shortened ones; about half a sheet."""


NARRATIVE_PARAGRAPHS = 200
"""Each paragraph is a block to lay out; ten thousand one-letter lines would take longer than the rest of a report."""


class ReportLength(StrEnum):
    """How much a report says. `annex` is what one department answers for."""

    ONE_PAGE = "one-page"
    SUMMARY = "summary"
    FULL = "full"
    ANNEX = "annex"


class ReportAudience(StrEnum):
    """Who is to read a report; chosen first, since it decides what may stand in it. The narrowest is the default."""

    PUBLIC = "public"
    COUNCIL = "council"
    INTERNAL = "internal"


@dataclass(frozen=True)
class ReportParts:
    """What a report has beyond its length: the forecast, on the day on which it was asked for, and a saved scenario as the plan.

    `is_shortened` where long texts are cut for print, because the whole of them took too much.
    """

    forecast_on: date | None = None
    scenario: int | None = None
    is_shortened: bool = False

    def write(self) -> str:
        """The form in which a report's row keeps it, such as `forecast:2026-11-25 plan:12`; empty for neither."""
        forecast = f"forecast:{self.forecast_on.isoformat()}" if self.forecast_on else ""
        plan = f"plan:{self.scenario}" if self.scenario else ""
        return " ".join(filter(None, (forecast, plan, "short:1" if self.is_shortened else "")))


def read_parts(text: str) -> ReportParts:
    """What `Parts.write` wrote."""
    values = dict(part.split(":") for part in text.split())
    day = date.fromisoformat(values["forecast"]) if "forecast" in values else None
    return ReportParts(day, int(values["plan"]) if "plan" in values else None, "short" in values)


def paper_for(country: str) -> str:
    """The paper that a country prints on, by its two-letter code."""
    return "Letter" if country.upper() in LETTER_COUNTRIES else "A4"


@dataclass(frozen=True)
class ReportOrder:
    """A report as it is asked for. `department_id` is there for an annex only; a draft says on every sheet that it is one."""

    language: str
    length: ReportLength
    audience: ReportAudience = ReportAudience.PUBLIC
    is_draft: bool = False
    department_id: int | None = None
    parts: ReportParts = ReportParts()


def split_paragraphs(text: str, most: int = NARRATIVE_CHARACTERS) -> tuple[tuple[str, ...], bool]:
    """A narrative as paragraphs without blank ones, and whether it was cut at `most` characters.

    From NARRATIVE_PARAGRAPHS on, lines run on in one paragraph: every word stays.
    """
    lines = [line for line in (_tidy_line(raw) for raw in text[:most].splitlines()) if line]
    first_lines, other_lines = lines[: NARRATIVE_PARAGRAPHS - 1], lines[NARRATIVE_PARAGRAPHS - 1 :]
    return (*first_lines, *([" ".join(other_lines)] if other_lines else [])), len(text) > most


def _tidy_line(line: str) -> str:
    """The line with single spaces; tabs stay, since they part the cells of a table."""
    return "\t".join(" ".join(cell.split()) for cell in line.strip().split("\t"))
