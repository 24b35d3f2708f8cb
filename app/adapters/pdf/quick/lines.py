"""A text that was set in a width is the same again: in the second pass of a table, after a page has turned, in the next cell."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, wraps
from math import inf
from typing import Any

from weasyprint.svg.text import Style as DrawnStyle
from weasyprint.text import ffi as libraries
from weasyprint.text import fonts, line_break

from app.adapters.pdf.quick.boxes import keep
from app.adapters.pdf.quick.shaping import ShapedWords, WordWidths, find_known_words
from app.adapters.pdf.quick.words import find_font_key, is_plain, split_plain_line
from app.adapters.pdf.replacing import replace_attribute, replace_function

LONGEST_KEPT = 400
"""Signs of a text whose lines are kept: what is longer stands once, and would be kept anew for each of its lines."""


READY_LINES = 6000
"""Lines that wait as Pango set them until they are drawn, about as many as a report of 60 pages has: each takes some kilobytes."""


@contextmanager
def keep_lines_ready() -> Iterator[None]:
    """While the block runs lines stay as Pango set them, where WeasyPrint would throw that away and set each again to draw it."""
    let_go, left = line_break.Layout.deactivate, READY_LINES

    def keep_layout(layout: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            let_go(layout)

    with replace_attribute(line_break.Layout, "deactivate", keep_layout):
        yield


@contextmanager
def draw_ready_lines() -> Iterator[None]:
    """While the block runs lines that were kept are drawn as they are, and let go."""
    set_again = line_break.Layout.reactivate

    def set_when_needed(layout: Any, style: Any) -> None:
        style = style.__dict__.get("twin", style)
        is_ready = hasattr(layout, "layout") and layout.style is style and not layout.justification_spacing
        if not is_ready or layout.get_first_line()[1] is not None:
            set_again(layout, style)

    with replace_attribute(line_break.Layout, "reactivate", set_when_needed):
        yield


@contextmanager
def set_lines_once(fonts_used: str = "") -> Iterator[None]:
    """While the block runs lines, struts and what Pango is told of a style are kept; words stay for whatever has the same fonts."""
    with ExitStack() as parts:
        parts.enter_context(replace_function(line_break.split_first_line, _keep_lines(fonts_used)))
        can_break = line_break.can_break_text
        parts.enter_context(replace_function(can_break, cache(can_break)))
        parts.enter_context(replace_function(line_break.strut, _keep_struts()))
        parts.enter_context(replace_attribute(line_break.Layout, "setup", _keep_settings()))
        yield


def _keep_lines(fonts_used: str) -> Any:
    split = line_break.split_first_line
    lines: dict[tuple[Any, ...], tuple[Any, Any]] = {}
    widths: dict[Any, WordWidths] = {}
    find_common = _find_common()

    def find_widths(style: Any) -> WordWidths:
        key = find_font_key(style)
        if key not in widths:
            is_kerned = style["font_kerning"] != "none"
            widths[key] = WordWidths(style) if is_kerned else ShapedWords(style, find_known_words(fonts_used, key[1]))
        return widths[key]

    @wraps(split)
    def split_line(
        text: str, style: Any, context: Any, width: Any, spacing: Any, is_line_start: bool = True, minimum: bool = False
    ) -> Any:
        style = find_common(style)
        key = (text, id(style), width, spacing, is_line_start, minimum)
        if key in lines:
            return lines[key][0]
        line = None
        if width != inf and not spacing and keep(style, "is_plain", is_plain):
            line = split_plain_line(text, style, width, find_widths)
        if line is None:
            line = split(text, style, context, width, spacing, is_line_start, minimum)
        if len(text) <= LONGEST_KEPT:
            lines[key] = (line, style)  # the style is kept, so that no other gets its number
        return line

    return split_line


def _find_common() -> Any:
    """Of styles that are alike to a text the one that stands for all."""
    drawn: dict[Any, Any] = {}

    def find_common(style: Any) -> Any:
        common = style.__dict__.get("twin")
        if common is None and type(style) is DrawnStyle:
            common = style.twin = drawn.setdefault(_name_drawn(style), style)
        return style if common is None else common

    return find_common


def _name_drawn(style: Any) -> tuple[Any, ...]:
    """All that the texts of a drawing can differ in, where each text has a style of its own."""
    return tuple(style["font_family"]), *(
        style[name] for name in ("font_style", "font_weight", "font_size", "direction")
    )


def _keep_struts() -> Any:
    measure = line_break.strut

    def measure_strut(style: Any) -> Any:
        style = style.__dict__.get("twin", style)
        kept = style.__dict__.get("strut")
        if kept is None:
            kept = style.strut = measure(style)
        return kept

    return measure_strut


def _keep_settings() -> Any:
    set_up = line_break.Layout.setup
    pango, ffi = libraries.pango, libraries.ffi
    fonts_settings: dict[Any, Any] = {}

    def prepare(style: Any) -> tuple[Any, Any, Any, Any]:
        """What all texts of a style share: Pango's context, the font's description, the language, and the features."""
        context = ffi.gc(
            pango.pango_font_map_create_context(style.font_config.font_map), libraries.gobject.g_object_unref
        )
        pango.pango_context_set_round_glyph_positions(context, False)
        pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
        if style["lang"]:
            pointer, _ = libraries.unicode_to_char_p(style["lang"])
            language = pango.pango_language_from_string(pointer)
            pango.pango_context_set_language(context, language)
        else:
            language = pango.pango_language_get_default()
        return context, fonts.get_font_description(style), language, _find_features(style)

    def set_up_layout(layout: Any, style: Any) -> None:
        if style["text_decoration_line"] != "none" or style["font_language_override"] != "normal":
            set_up(layout, style)
            return
        common = style.__dict__.get("twin", style)
        settings = common.__dict__.get("pango_settings")
        if settings is None:
            key = find_font_key(common)
            settings = common.pango_settings = fonts_settings.get(key) or prepare(common)
            fonts_settings[key] = settings
        context, description, layout.language, features = settings
        layout.style, layout.first_line_direction = style, 0
        layout.ascent = layout.underline_position = layout.strikethrough_position = None
        layout.layout = ffi.gc(pango.pango_layout_new(context), libraries.gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout.layout, False)
        pango.pango_layout_set_font_description(layout.layout, description)
        if features is not None:
            attributes = pango.pango_attr_list_new()
            pango.pango_attr_list_insert(attributes, features)
            pango.pango_layout_set_attributes(layout.layout, attributes)

    return set_up_layout


def _find_features(style: Any) -> Any:
    """What is told to Pango of the features of the font, kept by WeasyPrint for all texts that have the same; None without any."""
    features = fonts.font_features(
        *(
            style[f"font_{name}"]
            for name in (
                "kerning",
                "variant_ligatures",
                "variant_position",
                "variant_caps",
                "variant_numeric",
                "variant_alternates",
                "variant_east_asian",
                "feature_settings",
            )
        )
    )
    if not features:
        return None
    written = ",".join(f"{name} {value}" for name, value in features.items()).encode()
    return style.font_config.font_features.setdefault(written, libraries.pango.pango_attr_font_features_new(written))
