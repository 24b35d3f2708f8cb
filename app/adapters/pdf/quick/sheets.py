"""A style sheet that was read for one report is the same for the next; only the fonts that it names are added anew."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint import css

from app.adapters.pdf.quick.matching import asks_little
from app.adapters.pdf.replacing import replace_attribute

SHEETS_KEPT = 12
"""As many as the lengths of a report have, in a few sets of fonts."""
NOT_ALONE = ("@import", "@layer", "@color-profile", "@counter-style", "@container")
"""What makes a sheet more than its own rules, its pages and its fonts."""
_sheets: dict[tuple[str, str], tuple[Any, list[Any], list[Any]]] = {}


class _NamedFonts:
    """Takes down which fonts a sheet names."""

    def __init__(self) -> None:
        self.faces: list[Any] = []

    def add_font_face(self, descriptors: Any, _: Any) -> None:
        self.faces.append(descriptors)


@contextmanager
def read_sheets_once() -> Iterator[None]:
    """While the block runs the style sheets inside of documents are taken from those that were read before."""
    read = css.CSS

    def read_sheet(*, font_config: Any, page_rules: Any, layers: Any, url_fetcher: Any, **named: Any) -> Any:
        text = named.get("string")
        given = {"page_rules": page_rules, "layers": layers, "url_fetcher": url_fetcher, **named}
        if text is None or any(word in text for word in NOT_ALONE):
            return read(font_config=font_config, **given)
        key = (text, named["media_type"])
        if key not in _sheets:
            fonts, rules = _NamedFonts(), []  # type: ignore[var-annotated]
            if len(_sheets) >= SHEETS_KEPT:
                del _sheets[next(iter(_sheets))]
            new = read(font_config=fonts, **{**given, "page_rules": rules})
            new.asks_little = asks_little(text)
            _sheets[key] = (new, fonts.faces, rules)
        kept, faces, rules = _sheets[key]
        sheet = copy.copy(kept)
        sheet.page_rules, sheet.layers, sheet.base_url = page_rules, layers, named["base_url"]
        page_rules += rules
        for descriptors in faces:
            font_config.add_font_face(descriptors, url_fetcher)
        return sheet

    with replace_attribute(css, "CSS", read_sheet):
        yield
