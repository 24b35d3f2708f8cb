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
