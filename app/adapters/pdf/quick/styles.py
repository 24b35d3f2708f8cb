"""Most properties of most elements are what their parent has or what every element has; those need no working out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint import css
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

from app.adapters.pdf.quick.cascade import ANCHOR
from app.adapters.pdf.replacing import replace_attribute

WORKED_OUT = {"page", "position", "float", "display"}
"""What depends on more than the parent."""
PHYSICAL = frozenset(css.PHYSICAL_FUNCTIONS)
LOGICAL = frozenset(
    find_name(block="ttb", inline=direction)
    for find_name in css.PHYSICAL_FUNCTIONS.values()
    for direction in ("ltr", "rtl")
)
"""Names such as margin_inline_start, by which a physical property is said in another way."""


def _is_plain(name: str) -> bool:
    return name not in WORKED_OUT and not name.startswith(("__", "text_decoration_"))


PASSED_DOWN = frozenset(name for name in INHERITED if _is_plain(name))
THE_SAME = frozenset(
    name for name in INITIAL_VALUES if _is_plain(name) and name not in INHERITED and name not in INITIAL_NOT_COMPUTED
)


@contextmanager
def inherit_directly() -> Iterator[None]:
    """While the block runs a property that no rule names is taken from the parent or from the initial values."""
    work_out = css.ComputedStyle.__missing__

    def find_value(style: Any, name: str) -> Any:
        common = style.__dict__.get("twin")
        if common is not None and name != ANCHOR:
            value = style[name] = common[name]
            return value
        if name in style.cascaded or style.parent_style is None:
            return work_out(style, name)
        if name in PHYSICAL and _says_logical(style):
            return work_out(style, name)
        if name in PASSED_DOWN:
            value = style[name] = style.parent_style[name]
            return value
        if name in THE_SAME:
            value = style[name] = INITIAL_VALUES[name]
            return value
        return work_out(style, name)

    with replace_attribute(css.ComputedStyle, "__missing__", find_value):
        yield


def _says_logical(style: Any) -> bool:
    kept = style.__dict__.get("says_logical")
    if kept is None:
        kept = style.says_logical = not LOGICAL.isdisjoint(style.cascaded)
    return bool(kept)
