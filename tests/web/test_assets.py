"""The files that pages name."""

import re

from starlette.testclient import TestClient

from app.settings import ROOT
from app.web.assets import ICONS, asset_address, load_asset

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
