"""What a report stated, in a few words and counts: kept with its row, so that whoever holds a paper can compare it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from app.rules.report.page import ReportPage


@dataclass(frozen=True)
class StatedFigures:
    """`headline` and `answer` are in the report's language, and tell both results where they differ. `fresh` counts what was not out of date."""

    headline: str
    answer: str
    met: int
    fresh: int
    claimed: int
    possible: int
    total: int

    def write(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def state_figures(page: ReportPage) -> StatedFigures:
    figures = page.figures
    return StatedFigures(
        page.headline, page.answer, figures.met, page.still_fresh, figures.claimed, figures.possible, figures.total
    )


def read_counts(content: Mapping[str, object]) -> tuple[int, int] | None:
    """How many criteria the data of a report says are met, and still fresh; None where its version kept no figures.

    A version that knew one result only said of all that is met that it is fresh.
    """
    figures = content.get("figures")
    met = figures.get("met") if isinstance(figures, dict) else None
    fresh = content.get("still_fresh", met)
    return (met, fresh) if isinstance(met, int) and isinstance(fresh, int) else None


def read_stated(text: str) -> StatedFigures | None:
    """What `StatedFigures.write` wrote; None of a report that was made before such figures were kept."""
    return StatedFigures(**json.loads(text)) if text else None
