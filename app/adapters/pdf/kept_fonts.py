"""The fonts of a report stay open for the next one that has the same: finding and reading them takes a fifth of a report's time."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager

from weasyprint.text.fonts import FontConfiguration

SETS_KEPT = 3
"""As many as a city's languages ask for; each takes some megabytes."""
_kept: dict[str, FontConfiguration] = {}
atexit.register(_kept.clear)


@contextmanager
def keep_fonts(name: str) -> Iterator[FontConfiguration]:
    """The fonts that were used under the name, else new ones; kept unless the block fails, which may leave a font half read."""
    fonts = _kept.pop(name, None) or FontConfiguration()
    yield fonts
    _kept[name] = fonts
    while len(_kept) > SETS_KEPT:
        del _kept[next(iter(_kept))]
