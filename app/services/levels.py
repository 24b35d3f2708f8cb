"""The levels of an edition as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.rules import charts
from app.rules.criteria import Edition
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


def level_gauge(figures: Standing, marks: Sequence[tuple[str, int]], width: float) -> charts.LevelGauge:
    return charts.draw_gauge((figures.verified, figures.claimed, figures.possible), figures.total, marks, width)
