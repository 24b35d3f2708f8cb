"""The levels of an edition as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.rules import charts
from app.rules.criteria.edition import Edition
from app.rules.message import Message
from app.rules.scoring import score
from app.rules.scoring.score import LEVEL_NAMES, Standing


@dataclass(frozen=True)
class LevelThreshold:
    """A level of the edition: reached from `needed` criteria, which is `percent` of all, rounded up."""

    id: str
    title: Message
    needed: int
    percent: int


def list_levels(edition: Edition) -> tuple[LevelThreshold, ...]:
    """The edition's levels from the lowest, each with the fewest criteria that reach it."""
    rising = sorted(edition.levels, key=lambda level: level.percent)
    return tuple(
        LevelThreshold(level.id, LEVEL_NAMES[level.id], score.fewest_for(level, edition.total), level.percent)
        for level in rising
    )


@dataclass(frozen=True)
class LevelScale:
    """The three figures on the scale of the levels."""

    figures: Standing
    levels: tuple[LevelThreshold, ...]

    def gauge(self, titles: Sequence[str], width: float = 700) -> charts.LevelGauge:
        """How it is drawn; `titles` are the names of `levels` in the reader's language."""
        marks = tuple((title, level.needed) for title, level in zip(titles, self.levels, strict=True))
        bars = (self.figures.verified, self.figures.claimed, self.figures.possible)
        return charts.draw_gauge(bars, self.figures.total, marks, width)
