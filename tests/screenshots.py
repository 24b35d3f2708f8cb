"""Make the pictures of the README anew from the demo: `./run screenshots` writes docs/pictures/."""

import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from sqlmodel import col, select

from app.main import create_app
from app.services.demo import loading
from app.services.people.invitation import invite_person
from app.services.report import making
from app.services.requests import page as request
from app.services.site import Site, open_site
from app.settings import ROOT, Settings
from app.store.city import City, Department, city_values
from app.store.evidence.pieces import Evidence
from app.store.migrating import upgrade_database
from app.store.request import EvidenceRequest
from tests.browsers import open_browser
from tests.world import run_jobs

PICTURES = ROOT / "docs" / "pictures"
PAGES = {
    "my-work-320": ("lead", "/newark/my-work", 320, 640),
    "criterion-1280": ("lead", "/newark/criteria/DM7", 1280, 960),
    "review-1280": ("reviewer", "/newark/review/PA3", 1280, 960),
    "board-1280": ("reviewer", "/newark/board", 1280, 960),
    "planning-1280": ("reviewer", "/newark/planning?by=2027-12-31", 1280, 960),
    "scoring-1280": ("official", "/newark/scoring", 1280, 960),
    "evidence-1280": ("reviewer", "/newark/evidence/{charter}", 1280, 960),
    "open-data-1280": ("reviewer", "/newark/portal", 1280, 960),
    "partner-320": (None, "/contribute/{link}", 320, 640),
    "readiness-1280": ("official", "/newark/readiness", 1280, 960),
}
"""Picture: who looks (None: signed out), at which page, and the width and height of the window in pixels."""


@contextmanager
def demo_city() -> Iterator[tuple[str, bytes, dict[str, object]]]:
    """The address of a server with the demo, the demo's full report, and what stands in addresses."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url="", storage_url="")
        upgrade_database(settings.database)
        site = open_site(settings)
        loading.load_demo(site)
        pdf = making.make_report_file(site, "newark", "en", "full")
        ids = _ids(site)
        run_jobs(site)
        site.close()
        with serve(settings) as url:
            yield url, pdf, ids


@contextmanager
def serve(settings: Settings) -> Iterator[str]:
    """The address of a server on a free port, which stops at the end."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(settings.model_copy(update={"public_url": url}))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join()


def _ids(site: Site) -> dict[str, object]:
    """A file with pages to show, the link of a partner, and that of someone who is invited."""
    with site.database.writing() as session:
        city = session.exec(select(City).where(City.slug == "newark")).one()
        given: dict[str, Any] = {"name": "Nora Diaz", "email": "nora@newark.example", "role": "lead"}
        office = session.exec(select(Department).where(Department.city_id == city.id)).first()
        invited = invite_person(
            session, site, city_values(city), None, **given, departments=[str(office.id)] if office else []
        )
    with site.database.reading() as session:
        charter = session.exec(select(Evidence).where(col(Evidence.title).startswith("Charter"))).first()
        asked = session.exec(select(EvidenceRequest).where(col(EvidenceRequest.partner_id).is_not(None))).first()
        link = request.request_link(site, asked).rpartition("/")[2] if asked else ""
    return {
        "charter": charter.id if charter else 0,
        "link": link,
        "invitation": (invited.link or "").rpartition("/")[2],
    }


def picture(browser: Browser, url: str, name: str, ids: dict[str, object]) -> None:
    role, path, width, height = PAGES[name]
    context = browser.new_context(base_url=url, viewport={"width": width, "height": height}, device_scale_factor=1)
    page = context.new_page()
    if role:
        page.goto("/sign-in")
        page.fill("#email", f"{role}@newark.example")
        page.fill("#pass_phrase", loading.PASS_PHRASE)
        page.locator("main form button").click()
        page.wait_for_url("**/newark/**")
    page.goto(path.format(**ids))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")
    context.close()
    shrink_picture(PICTURES / f"{name}.png")


def shrink_picture(file: Path) -> None:
    """Keep 256 colours, which are all that a page has but for its smooth letters: half the bytes."""
    with Image.open(file) as whole:
        few = whole.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


def cover(pdf: bytes) -> None:
    """The first page of the report as a picture, by poppler's pdftoppm."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.pdf"
        file.write_bytes(pdf)
        target = PICTURES / "report-cover"
        subprocess.run(["pdftoppm", "-r", "60", "-png", "-singlefile", "-l", "1", str(file), str(target)], check=True)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo_city() as (url, pdf, ids), sync_playwright() as playwright:
        browser = open_browser(playwright)
        for name in PAGES:
            picture(browser, url, name, ids)
        cover(pdf)
        browser.close()


if __name__ == "__main__":
    main()
