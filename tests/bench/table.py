"""What was measured, as a table that a person reads and an exit status that a machine reads."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One measurement: `ratio` is ours to the anchor's, `budget` its limit with the side that is good, None for information only."""

    what: str
    ours: str
    anchor: str
    ratio: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool:
        above = self.at_least is None or self.ratio >= self.at_least
        return above and (self.at_most is None or self.ratio <= self.at_most)

    @property
    def budget(self) -> str:
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return f"<= {self.at_most:g}" if self.at_most is not None else ""

    def cells(self) -> tuple[str, ...]:
        verdict = ("met" if self.met else "MISSED") if self.budget else "for information"
        return (
            self.what,
            self.ours,
            self.anchor,
            f"{self.ratio:.{2 if self.ratio >= 0.1 else 4}f}",
            self.budget,
            verdict,
        )


HEAD = ("what", "ours", "anchor", "ratio", "budget", "")


def print_table(title: str, lines: Sequence[Line]) -> None:
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    print(f"\n{title}\n")
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
