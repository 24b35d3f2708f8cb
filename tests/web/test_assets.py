"""The files that pages name."""

import re

import pytest
from starlette.testclient import TestClient

from app.settings import ROOT
from app.web.assets import ICONS, STYLES, asset_address, load_asset
from app.web.named_parts import keep_rules

NAMED = re.compile(r"""\b(?:icon\(|mark\(|tag\("[\w-]+", )"(\w+)\"""")
CHOSEN = re.compile(r"{% set (?:symbols|\w+_icons) = {(.*?)} %}", re.DOTALL)


def named_icons() -> set[str]:
    """What templates give to `icon` and `tag`, and what they choose from by a state."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    named = {name for text in texts for name in NAMED.findall(text)}
    return named | {
        name for text in texts for choices in CHOSEN.findall(text) for name in re.findall(r': "(\w+)"', choices)
    }


def test_every_icon_of_a_page_is_in_the_one_picture_that_browsers_fetch(client: TestClient) -> None:
    answer = client.get(asset_address(ICONS))
    assert answer.headers["content-type"].startswith("image/svg+xml")
    drawn = set(re.findall(r'<symbol id="(\w+)"', answer.text))
    assert {"edit", "undo", "attach_file"} <= named_icons()
    assert named_icons() - drawn == set()
    assert "accessibility_new" not in drawn, "no template has it"


def test_the_icons_have_another_address_when_they_are_others() -> None:
    assert load_asset(ICONS).mark in asset_address(ICONS)


SHEET = (
    "a{color:red}.usa-tag,.margin-4{margin:1px}.margin-5{margin:2px}@media all and (min-width:40em){.tablet\\:margin-4{margin:3px}}"
    ".usa-nav:not(.is-open,.margin-9) a{margin:4px}@font-face{font-family:x}@media print{.usa-tag{margin:5px}.margin-5{margin:6px}}"
)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (set(), ".usa-tag{margin:1px}"),
        ({"margin-4"}, ".usa-tag,.margin-4{margin:1px}"),
        ({"margin-5"}, ".usa-tag{margin:1px}.margin-5{margin:2px}"),
        ({"tablet:margin-4"}, ".usa-tag{margin:1px}@media all and (min-width:40em){.tablet\\:margin-4{margin:3px}}"),
    ],
)
def test_a_style_sheet_keeps_components_elements_and_the_utilities_that_are_named(words: set[str], kept: str) -> None:
    picked = keep_rules(SHEET, words)
    assert picked.startswith(
        f"a{{color:red}}{kept}.usa-nav:not(.is-open,.margin-9) a{{margin:4px}}@font-face{{font-family:x}}"
    )
    assert picked.endswith(
        "@media print{.usa-tag{margin:5px}" + ("}" if words != {"margin-5"} else ".margin-5{margin:6px}}")
    )


def test_a_browser_gets_the_rules_that_pages_need_under_an_address_of_their_own() -> None:
    whole = (ROOT / "static" / STYLES).read_text()
    served = load_asset(STYLES).body.decode()
    assert len(served) < len(whole) * 0.6
    assert served.count("{") == served.count("}")
    assert set(re.findall(r"\.(usa-[\w-]+)", whole)) == set(re.findall(r"\.(usa-[\w-]+)", served))
    assert load_asset(STYLES).mark in asset_address(STYLES)


COLOUR = r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b"
SAME_BY_NIGHT = {"city", "city-ink", "accent", "on-dark", "cover"}
"""The header is dark by day, too."""


def test_every_colour_has_a_name_and_a_value_by_night() -> None:
    """A colour written where it is used would stay as bright in the dark."""
    style = (ROOT / "static" / "app.css").read_text()
    by_day, by_night = (
        set(re.findall(r"--([a-z-]+):", root)) for root in re.findall(r":root(?:, .edition)? \{([^}]*)\}", style)[:2]
    )
    assert by_day - by_night == SAME_BY_NIGHT
    used = re.sub(r":root(?:, .edition)? \{[^}]*\}|\[(?:fill|stroke)=[^]]*\]", "", style)
    assert re.findall(rf"[^{{;]*:[^{{;]*{COLOUR}[^{{;]*;", used) == []
