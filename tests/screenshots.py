"""Make the pictures of the README anew from the demo: `./run screenshots` writes docs/pictures/."""

import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from app.main import create_app
from app.services import demo, report
from app.services.site import open_site
from app.settings import ROOT, Settings
from app.store.migrating import upgrade

PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
PAGES = {
    "my-work-320": ("lead", "/newark/my-work", 320, 640),
    "criterion-1280": ("lead", "/newark/criteria/DM7", 1280, 960),
    "review-1280": ("reviewer", "/newark/review/PA3", 1280, 960),
    "board-1280": ("reviewer", "/newark/board", 1280, 960),
    "planning-1280": ("reviewer", "/newark/planning?by=2027-12-31", 1280, 960),
    "scoring-1280": ("official", "/newark/scoring", 1280, 960),
    "readiness-1280": ("official", "/newark/readiness", 1280, 960),
}
"""Picture: who looks, at which page, and the width and height of the window in pixels."""


@contextmanager
def demo_city() -> Iterator[tuple[str, bytes]]:
    """The address of a server with the demo, and the demo's full report."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = Settings(data_dir=Path(folder), public_url=url, database_url="", storage_url="")
        upgrade(settings.database)
        site = open_site(settings)
        demo.load(site)
        pdf = report.make_file(site, "newark", "en", "full")
        site.close()
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None))
        thread = threading.Thread(target=server.run, args=([listener],))
        listener.listen(64)
        thread.start()
        yield url, pdf
        server.should_exit = True
        thread.join()


def picture(browser: Browser, url: str, name: str) -> None:
    role, path, width, height = PAGES[name]
    context = browser.new_context(base_url=url, viewport={"width": width, "height": height}, device_scale_factor=1)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#email", f"{role}@newark.example")
    page.fill("#pass_phrase", demo.PASS_PHRASE)
    page.locator("main form button").click()
    page.goto(path)
    page.screenshot(path=PICTURES / f"{name}.png")
    context.close()


def cover(pdf: bytes) -> None:
    """The first page of the report as a picture, by poppler's pdftoppm."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.pdf"
        file.write_bytes(pdf)
        target = PICTURES / "report-cover"
        subprocess.run(["pdftoppm", "-r", "60", "-png", "-singlefile", "-l", "1", str(file), str(target)], check=True)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo_city() as (url, pdf), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in PAGES:
            picture(browser, url, name)
        cover(pdf)
        browser.close()


if __name__ == "__main__":
    main()
