"""Elements that match the same rules under the same parent have one style, and a style that nobody asks for is not made.

WeasyPrint makes a style for the marker and for the notes of every element, six for each, and one for each element that has an
`id`, because that is a property with it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from math import inf
from typing import Any

from weasyprint import css
from weasyprint.css.validation import preprocess_declarations
from weasyprint.layout import page

from app.adapters.pdf.quick.matching import Places
from app.adapters.pdf.replacing import replace_attribute, replace_function

ANCHOR = "anchor"
SHAREABLE = {ANCHOR, "lang"}
"""What attributes say that does not keep elements from sharing a style: the language may be the same, the anchor is told apart."""
Said = dict[str, tuple[Any, Any]]
"""By property: its value and the weight of the rule that gives it."""


@contextmanager
def share_styles() -> Iterator[None]:
    """While the block runs styles are worked out once for all elements and pages that are told the same."""
    usual = css.StyleFor.__call__

    def find_style(style_for: Any, element: Any, pseudo_type: str | None = None) -> Any:
        if pseudo_type is not None and element in style_for.shared_styles.pseudo_rules:
            style_for.shared_styles.make_pseudo_style(element, pseudo_type)
        return usual(style_for, element, pseudo_type)

    with ExitStack() as parts:
        parts.enter_context(replace_attribute(css.StyleFor, "__init__", _prepare_styles))
        parts.enter_context(replace_attribute(css.StyleFor, "__call__", find_style))
        set_pages = page.set_page_type_computed_styles
        parts.enter_context(replace_function(set_pages, _share_page_styles(set_pages)))
        yield


def _prepare_styles(
    style_for: Any, html: Any, sheets: Any, presentational_hints: bool, font_config: Any, target_collector: Any
) -> None:
    style_for._cascaded_styles, style_for._computed_styles = {}, {}
    style_for._sheets, style_for.font_config = sheets, font_config
    style_for.initial_page_sizes = {"box": None, "area": None}
    shared = style_for.shared_styles = SharedStyles(style_for, html, target_collector)
    attributes = _read_attributes(html, presentational_hints)
    for element in html.wrapper_element.iter_subtree():
        shared.add_element(element, attributes.get(element.etree_element))


def _read_attributes(html: Any, presentational_hints: bool) -> dict[Any, Said]:
    """By element: what its attributes say."""
    found: dict[Any, Said] = {}
    for specificity, element, declarations, base_url in css.find_style_attributes(
        html.etree_element, presentational_hints, html.base_url
    ):
        said = found.setdefault(element, {})
        for name, values, importance in preprocess_declarations(base_url, declarations):
            _say(said, name, values, (css.declaration_precedence("author", importance), inf, specificity))
    return found


def _say(said: Said, name: str, values: Any, weight: Any) -> None:
    if name not in said or said[name][1] <= weight:
        said[name] = values, weight


class SharedStyles:
    """The styles of a document's elements."""

    def __init__(self, style_for: Any, html: Any, target_collector: Any) -> None:
        self._style_for = style_for
        self._html = html
        self._collector = target_collector
        self._places = Places([sheet for sheet, _, _ in style_for._sheets])
        self._matched: dict[int, tuple[Any, dict[str | None, Said]]] = {}
        self._rules: dict[Any, dict[str | None, Said]] = {}
        self._styles: dict[Any, Any] = {}
        self._common: dict[Any, Any] = {}
        """By element: the style that it shares; its own differs in nothing but the anchor."""
        self.pseudo_rules: dict[Any, dict[str | None, Said]] = {}
        """By element: what rules say, if some are for its marker, say."""

    def add_element(self, element: Any, attributes: Said | None) -> None:
        """Find the style of an element of the document, whose parent has been added."""
        node, parent = element.etree_element, element.parent
        matched, rules = self._find_rules(element)
        parent_style = None if parent is None else self._common[parent.etree_element]
        said = rules.get(None, {})
        is_apart, is_shared = bool(attributes and ANCHOR in attributes), ANCHOR not in said
        if attributes:
            said, is_shared = _join(attributes, said), is_shared and attributes.keys() <= SHAREABLE
        key = (id(parent_style), matched, str(said.get("lang")) if is_shared else node)
        style = self._styles.get(key)
        if style is None:
            common = {name: said[name] for name in said if name != ANCHOR} if is_shared and is_apart else said
            style = self._styles[key] = self._make_style(parent_style, common)
        self._common[node] = style
        if is_shared and is_apart:
            style = self._set_apart(style, said, key)
        self._style_for._computed_styles[node, None] = style
        if any("page" in each for each in (said, *rules.values())):
            self._note_page_name(element)
        if any(rules.keys()):
            self.pseudo_rules[node] = rules
            for pseudo_type in rules:
                if pseudo_type and ANCHOR in rules[pseudo_type]:
                    self.make_pseudo_style(node, pseudo_type)

    def _note_page_name(self, element: Any) -> None:
        """Note with all that an element is in, and with itself, that something there asks for a page by its name."""
        while element is not None:
            self._style_for._computed_styles[element.etree_element, None].names_pages = True
            element = element.parent

    def _find_rules(self, element: Any) -> tuple[Any, dict[str | None, Said]]:
        """Which rules match an element, and what they say."""
        place = self._places.find(element)
        if place in self._matched:
            return self._matched[place]
        matches = [sheet.matcher.match(element) for sheet, _, _ in self._style_for._sheets]
        matched = tuple(tuple(match[1] for match in of_sheet) for of_sheet in matches)
        rules = self._rules.get(matched)
        if rules is None:
            rules = self._rules[matched] = self._cascade(matches)
        if place is not None:
            self._matched[place] = matched, rules
        return matched, rules

    def make_pseudo_style(self, element: Any, pseudo_type: str) -> None:
        """Make the style of an element's marker, say, if rules ask for it and it has not been made."""
        styles, rules = self._style_for._computed_styles, self.pseudo_rules[element]
        if pseudo_type in rules and (element, pseudo_type) not in styles:
            style = self._make_style(styles[element, None], rules[pseudo_type], pseudo_type)
            styles[element, pseudo_type] = style

    def _cascade(self, matches: list[list[Any]]) -> dict[str | None, Said]:
        """What the matching rules say together, by pseudo-element."""
        rules: dict[str | None, Said] = {}
        for (sheet, origin, sheet_specificity), of_sheet in zip(self._style_for._sheets, matches, strict=True):
            for specificity, _, pseudo_type, (declarations, layer) in of_sheet:
                layer_order = inf if layer is None else sheet.layers.index(layer)
                said = rules.setdefault(pseudo_type, {})
                for name, values, importance in declarations:
                    precedence = css.declaration_precedence(origin, importance)
                    _say(said, name, values, (precedence, layer_order, sheet_specificity or specificity))
        return rules

    def _make_style(self, parent_style: Any, said: Said, pseudo_type: str | None = None) -> Any:
        is_root = parent_style is None
        root_style = (
            css.InitialStyle(self._style_for.font_config)
            if is_root
            else self._style_for._computed_styles[self._html.etree_element, None]
        )
        style = css.ComputedStyle(
            parent_style, said, pseudo_type, root_style,
            self._html.base_url, self._style_for.font_config, self._style_for.initial_page_sizes,
        )  # fmt: skip
        if style[ANCHOR] and self._collector:
            self._collector.collect_anchor(style[ANCHOR])
        return style

    def _set_apart(self, common: Any, said: Said, key: Any) -> Any:
        """A style that asks the common one for all but its anchor."""
        self._style_for._computed_styles[key, None] = common
        self._style_for(key)  # settles what does not apply to parts of tables
        style = self._make_style(common.parent_style, said)
        style.twin, style.specified = common, common.specified
        return style


def _join(attributes: Said, rules: Said) -> Said:
    said = dict(attributes)
    for name, (values, weight) in rules.items():
        _say(said, name, values, weight)
    return said


def _share_page_styles(set_pages: Any) -> Any:
    def set_page(page_type: Any, html: Any, style_for: Any) -> None:
        matched = tuple(
            id(declarations)
            for sheet, _, _ in style_for._sheets
            for _, selectors, declarations in sheet.page_rules
            for _, _, selector in selectors
            if style_for._page_type_match(selector, page_type)
        )
        kept = style_for.__dict__.setdefault("page_styles", {})
        styles = style_for._computed_styles
        if matched not in kept:
            set_pages(page_type, html, style_for)
            kept[matched] = [(pseudo, style) for (element, pseudo), style in styles.items() if element == page_type]
        styles.update({(page_type, pseudo): style for pseudo, style in kept[matched]})

    return set_page
