"""The square picture on a report that leads a telephone to the page where the report is checked."""

from dataclasses import dataclass

QUIET = 4
"""White modules around it, without which readers do not find it."""


@dataclass(frozen=True)
class QrDrawing:
    """`size` modules each way with the white around; `path` goes through the middle of each run of dark ones, one wide."""

    size: int
    path: str


def draw_qr(address: str) -> QrDrawing:
    """A code that can still be read with a seventh of it unreadable."""
    import segno  # here, because it takes room, and few processes draw a code

    rows = [bytes(row) for row in segno.make_qr(address, error="m", boost_error=False).matrix]
    runs = [(x, y, length) for y, row in enumerate(rows) for x, length in _dark_runs(row)]
    path = "".join(f"M{x + QUIET} {y + QUIET}.5h{length}" for x, y, length in runs)
    return QrDrawing(len(rows) + 2 * QUIET, path)


def _dark_runs(row: bytes) -> list[tuple[int, int]]:
    """Where dark modules begin in a row, and how many there are."""
    starts = [x for x, dark in enumerate(row) if dark and not (x and row[x - 1])]
    return [(x, (row[x:] + b"\0").index(0)) for x in starts]
