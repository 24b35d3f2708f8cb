"""A page is laid out again for the numbers of others that it names, and not once more after it has them.

WeasyPrint does not see which place `target-counter(attr(...), page)` names, and takes what is wanted of it for a counter of the page
itself; that changes once more as soon as the number of all pages is known.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.css.targets import TargetCollector

from app.adapters.pdf.quick.replacing import replace_attribute


@contextmanager
def number_pages_once() -> Iterator[None]:
    """While the block runs a content of page numbers that attributes name is set anew when those pages have moved, and only then."""
    collect = TargetCollector.collect_missing_counters

    def collect_counters(collector: Any, box: Any, use: str, parse_again: Any, missing: Any, of_targets: Any) -> None:
        named = _name_targets(box) if use == "content" else {}
        if named and of_targets.keys() == {None}:
            missing, of_targets = [], named
        collect(collector, box, use, parse_again, missing, of_targets)

    with replace_attribute(TargetCollector, "collect_missing_counters", collect_counters):
        yield


def _name_targets(box: Any) -> dict[str, list[str]]:
    """By place which of its counters the content wants; empty for a content that has more than such counters."""
    wanted: dict[str, list[str]] = {}
    for kind, value in box.style["content"]:
        if kind != "target-counter()" or value[0][0] != "attr()" or value[0][1][1] != "string":
            return {}
        place = box.element.get(value[0][1][0], "")
        wanted.setdefault(place.removeprefix("#"), []).append(value[1])
    return wanted
