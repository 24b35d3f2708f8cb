"""The browser that pages are opened in: Chromium without a window.

Debian's `chromium` draws its tabs and its address bar even when nobody sees them; `chromium-headless-shell`, of the same source, has
none. A page costs it two thirds, a context a quarter, and what a page shows and does is the same: only what is the window's own would
be missed, and no test looks at that. Where it is not installed, the other is taken.
"""

from pathlib import Path

from playwright.sync_api import Browser, Playwright

PROGRAMS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
"""The first that is there is taken."""


def open_browser(playwright: Playwright) -> Browser:
    """A browser that draws with the processor, as machines without a screen do."""
    program = next((program for program in PROGRAMS if Path(program).exists()), PROGRAMS[-1])
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
