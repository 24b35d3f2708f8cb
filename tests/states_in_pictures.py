"""Every page and every state as a picture: `python -m tests.states_in_pictures FOLDER [WORD...]`.

Three widths, in light, in dark and in the colours that a reader's system forces; below FOLDER/sheets the pictures of a look and width
side by side, so that a person sees them all in a few minutes. What a program can notice is printed: what is wider than the screen,
words broken in two, blanks that are underlined, and links or buttons of one name that lead to several places. WORD narrows it to
states whose name has it.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright
from sqlmodel import select

from app.services.demo import loading
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.migrating import upgrade_database
from app.store.people import Person
from tests import world
from tests.browsers import open_browser
from tests.every_state import STATES, PageState
from tests.furnished_demo import furnish_demo
from tests.page_faults import find_faults
from tests.screenshots import serve
from tests.web.test_accessibility import PAGES

WIDTHS = (320, 390, 1280)
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
ON_A_SHEET = {320: 7, 390: 7, 1280: 4}
THUMB_WIDTH = {320: 256, 390: 256, 1280: 448}
THUMB_HEIGHT = 1500
"""Pixels: of a longer page a sheet shows the upper part; the picture itself has all."""


def list_states(words: list[str]) -> dict[str, PageState]:
    """The pages and the states beyond them, or those whose name has one of the words."""
    pages = {address: PageState(who, address) for who, addresses in PAGES.items() for address in addresses}
    return {name: state for name, state in (pages | STATES).items() if not words or any(word in name for word in words)}


def _open_as(browser: Browser, site: Site, url: str, who: str | None) -> Page:
    context = browser.new_context(base_url=url, viewport={"width": 320, "height": 900}, service_workers="block")
    if who:
        with site.database.reading() as session:
            person = session.exec(select(Person).where(Person.email == who)).one()
        context.add_cookies([{"name": "cityready_session", "value": world.sign_in(site, person.id), "url": url}])
    return context.new_page()


def _picture_state(page: Page, state: PageState, ids: dict[str, Any], place: Path) -> Iterator[str]:
    """Write the pictures of one state; what a program notices of it."""
    page.emulate_media(**LOOKS["light"])
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.goto(state.address.format(**ids))
    state.come_to(page)
    page.wait_for_load_state("networkidle")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(**LOOKS["light"])
        yield from (f"{width} px: {fault}" for fault in find_faults(page))
        for look, options in LOOKS.items():
            page.emulate_media(**options)
            page.screenshot(path=place.with_name(f"{place.name}.{look}-{width}.png"), full_page=True)


def write_sheets(folder: Path) -> None:
    """The pictures of each look and width side by side, with their names above them."""
    (folder / "sheets").mkdir(exist_ok=True)
    for look in LOOKS:
        for width in WIDTHS:
            files = sorted(folder.glob(f"*.{look}-{width}.png"))
            step = ON_A_SHEET[width]
            for first in range(0, len(files), step):
                sheet = _join_pictures(files[first : first + step], THUMB_WIDTH[width])
                sheet.save(folder / "sheets" / f"{look}-{width}-{first // step:02}.png")


def _join_pictures(files: list[Path], width: int) -> Image.Image:
    thumbs = []
    for file in files:
        with Image.open(file) as picture:
            most = THUMB_HEIGHT * picture.width // width
            upper = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, most)))
        thumbs.append(upper.resize((width, upper.height * width // upper.width)))
    sheet = Image.new("RGB", ((width + 8) * len(files), max(thumb.height for thumb in thumbs) + 16), "gray")
    for place, (file, thumb) in enumerate(zip(files, thumbs, strict=True)):
        ImageDraw.Draw(sheet).text((place * (width + 8) + 2, 2), file.name.split(".")[0][: width // 6], fill="white")
        sheet.paste(thumb, (place * (width + 8), 16))
    return sheet


def _file_name(number: int, name: str) -> str:
    return f"{number:03}-" + "".join(sign if sign.isalnum() else "-" for sign in name).strip("-")[:60]


def main(folder: Path, words: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        settings = Settings(data_dir=Path(data), database_url="", storage_url="")
        upgrade_database(settings.database)
        site = open_site(settings)
        loading.load_demo(site)
        ids = furnish_demo(site)
        browser = open_browser(playwright)
        with serve(settings) as url:
            pages: dict[str | None, Page] = {}
            for number, (name, state) in enumerate(list_states(words).items()):
                page = pages.get(state.who) or _open_as(browser, site, url, state.who)
                pages[state.who] = page
                for fault in _picture_state(page, state, ids, folder / _file_name(number, name)):
                    print(f"{name} ({state.who or 'a visitor'}), {fault}", flush=True)
        browser.close()
        site.close()
    write_sheets(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
