"""Counts what the main journeys ask of people, in a real browser: `./run journeys` prints the table.

A tap is a press on a link, a button, a choice or a file picker; a field is one that a person has to fill in; a page is one that was
loaded; words are those that can be read in the main part of each view; screens are the heights of the window that pages take, each
with its longest view. What a journey begins on is not counted.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Browser, FilePayload, Locator, Page, sync_playwright

from app.services.demo.loading import PASS_PHRASE
from app.settings import LANGUAGES
from tests.browsers import open_browser
from tests.screenshots import demo_city
from tests.small_files import city_workbook, pack_office

HEIGHTS = {320: 640, 1280: 800}
"""Windows that are measured in, by width: a small phone and a small desk."""
VIEW = """() => {
  const main = document.querySelector("main");
  const shown = [...main.querySelectorAll("*")].filter((part) => part.checkVisibility() && part.getClientRects().length);
  const bottom = Math.max(...shown.map((part) => part.getBoundingClientRect().bottom + scrollY));
  return [main.innerText.split(/\\s+/).filter((word) => /[\\p{L}\\p{N}]/u.test(word)).length, bottom / innerHeight];
}"""
PROPERTIES = """<p xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/">
<dc:title>City service standard</dc:title><t:created>2026-05-31T10:00:00Z</t:created></p>"""
TEXT = """<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>
<w:t>Public standard for data products, {}.</w:t></w:r></w:p></w:body></w:document>"""


class Counts(NamedTuple):
    """What one journey takes, or may take at most."""

    taps: int
    fields: int
    pages: int
    words: int
    screens: int


def write_document(folder: Path, name: str) -> Path:
    """A Word file that says its title and its day, so that there is something to propose."""
    document = folder / f"{name}.docx"
    document.write_bytes(pack_office("word/document.xml", TEXT.format(name), {}, properties=PROPERTIES))
    return document


@dataclass
class Walk:
    """One journey in the browser; every step is counted as it is taken."""

    page: Page
    folder: Path
    taps: int = 0
    fields: int = 0
    pages: int = 0
    words: int = 0
    heights: dict[str, float] = field(default_factory=dict)

    @property
    def counts(self) -> Counts:
        screens = sum(ceil(round(heights, 2)) for heights in self.heights.values())
        return Counts(self.taps, self.fields, self.pages, self.words, screens)

    def look(self) -> None:
        """Count the view that is there now."""
        words, heights = self.page.evaluate(VIEW)
        self.words += words
        self.heights[self.page.url] = max(heights, self.heights.get(self.page.url, 0))

    def load(self, step: Callable[[], object]) -> None:
        """A step that leads to another page."""
        with self.page.expect_event("load"):
            step()
        self.pages += 1

    def follow(self, control: Locator) -> None:
        """A tap that leads to another page."""
        self.taps += 1
        self.load(control.click)
        self.look()

    def fill(self, name: str, text: str) -> None:
        self.fields += 1
        self.page.fill(f"#{name}", text)

    def send_file(self, name: str) -> None:
        """A tap on the picker; the file goes by itself, and the first question about it comes as soon as it has been read."""
        self.taps += 1
        self.fields += 1
        self.load(lambda: self.page.set_input_files("#file", write_document(self.folder, name)))
        self.page.wait_for_selector("#question form")

    def say_yes(self) -> None:
        """Press "Yes" at each question until there is none."""
        questions = self.page.locator("#question form input[name=at]")
        while questions.count():
            asked = questions.get_attribute("value")
            self.look()
            self.taps += 1
            self.page.locator("#question form button").first.click()
            self.page.wait_for_function(
                "asked => document.querySelector('#question input[name=at]')?.value !== asked", arg=asked
            )
        self.look()


def give_first_evidence(walk: Walk, criterion: str = "/newark/criteria/DM9") -> None:
    """From a criterion that has nothing: one file, and a yes to each question."""
    walk.page.goto(criterion)
    walk.send_file("standard")
    walk.say_yes()


def answer_changes(walk: Walk, criterion: str = "/newark/criteria/DM7") -> None:
    """From a criterion that was returned: a file, and it is with the reviewer again."""
    walk.page.goto(criterion)
    walk.send_file("plan")
    walk.say_yes()
    walk.follow(walk.page.locator("form[action$='/submit'] button"))


def renew_evidence(walk: Walk, criterion: str = "/newark/criteria/DM1") -> None:
    """From a criterion with a verdict: newer evidence beside it."""
    walk.page.goto(criterion)
    walk.send_file("minutes")
    walk.say_yes()


def sign_in(walk: Walk, email: str) -> None:
    """From the sign-in page to the first page of this person."""
    walk.page.context.clear_cookies(name="cityready_session")
    walk.page.goto("/sign-in")
    walk.look()
    walk.fill("email", email)
    walk.fill("pass_phrase", PASS_PHRASE)
    walk.follow(walk.page.locator("main form button").first)


def take_report(walk: Walk) -> None:
    """From the sign-in of an official to the PDF."""
    sign_in(walk, "official@newark.example")
    walk.follow(walk.page.locator("form[action$='/reports'] button"))
    file = walk.page.locator("#report-state a[href$='/file']")
    file.wait_for()
    with walk.page.expect_download() as download:
        file.click()
    assert download.value.suggested_filename.endswith(".pdf")
    walk.taps += 1


def decide_waiting(walk: Walk) -> None:
    """From the queue: "met" for the six that wait, by keyboard; a key counts as a tap."""
    walk.page.goto("/newark/review")
    walk.look()
    walk.follow(walk.page.locator("main a[href^='/newark/review/']").first)
    while walk.page.locator("form[data-verdict]").count():
        walk.page.keyboard.press("m")
        walk.load(lambda: walk.page.keyboard.press("Enter"))
        walk.taps += 2
        walk.look()


def answer_request(walk: Walk, link: str = "/contribute/nothing") -> None:
    """From the partner's personal link to the receipt, with a few sentences."""
    walk.page.goto(link)
    walk.look()
    walk.fill("note", "We meet each month and publish what we decide.")
    walk.fill("name", "Ana Soto")
    walk.follow(walk.page.locator("#upload .evidence-send button"))


def assign_criterion(walk: Walk) -> None:
    """From the list of assignments, narrowed to one criterion: another department and a date."""
    walk.page.goto("/newark/people/assignments?q=DM9")
    walk.look()
    walk.follow(walk.page.locator("a[href*='edit=DM9']"))
    walk.page.locator("#department").select_option(index=2)
    walk.page.locator("#person").select_option(index=0)
    walk.fields += 2
    walk.follow(walk.page.locator("form[action*='/assignments/DM9'] button"))


def set_up_city(walk: Walk) -> None:
    """From the page that takes many at once: departments, people and criteria of one workbook."""
    walk.page.goto("/riverton/people/bulk")
    walk.look()
    book = FilePayload(name="set-up.xlsx", mimeType="", buffer=city_workbook())
    walk.fields += 1
    walk.page.set_input_files("[name=file]", book)
    walk.follow(walk.page.locator("form:has([name=file]) button").first)
    walk.fields += 1
    walk.page.locator("label[for=invites-later]").click()
    walk.follow(walk.page.locator("form[action$='/bulk/save'] button:not([formaction])").first)


def begin_first_day(walk: Walk, link: str = "/welcome/nothing") -> None:
    """From the link of an invitation to the first criterion of one's own."""
    walk.page.goto(link)
    walk.look()
    for name in ("pass_phrase", "again"):
        walk.fill(name, "Nine quiet lanterns by the canal")
    walk.follow(walk.page.locator("main form button").first)
    walk.follow(walk.page.locator("main a[href*='/criteria/']").first)


LEAD, REVIEWER, ADMIN = "lead@newark.example", "reviewer@newark.example", "admin@riverton.example"
PARTNER, FIRST_DAY = "partner: contribution", "lead: first day"
JOURNEYS: dict[str, tuple[str, Callable[..., None]]] = {
    "lead: first evidence": (LEAD, give_first_evidence),
    "lead: changes requested, submitted": (LEAD, answer_changes),
    "lead: renewal": (LEAD, renew_evidence),
    FIRST_DAY: ("", begin_first_day),
    "reviewer: six verdicts": (REVIEWER, decide_waiting),
    "official: PDF": ("", take_report),
    PARTNER: ("", answer_request),
    "office: assign a criterion": (REVIEWER, assign_criterion),
    "office: a city from one workbook": (ADMIN, set_up_city),
}
"""Who is signed in before it begins, or nobody, and how it goes."""
PLACES = {PARTNER: "/contribute/{link}", FIRST_DAY: "/welcome/{invitation}"}
"""Where those begin that come by a link."""

LIMITS = {
    "lead: first evidence": Counts(taps=4, fields=1, pages=1, words=250, screens=2),
    "lead: changes requested, submitted": Counts(taps=5, fields=1, pages=2, words=250, screens=4),
    "lead: renewal": Counts(taps=4, fields=1, pages=1, words=250, screens=2),
    FIRST_DAY: Counts(taps=2, fields=2, pages=2, words=1000, screens=16),
    "reviewer: six verdicts": Counts(taps=13, fields=0, pages=7, words=3600, screens=60),
    "official: PDF": Counts(taps=3, fields=2, pages=2, words=1250, screens=16),
    PARTNER: Counts(taps=1, fields=2, pages=1, words=420, screens=7),
    "office: assign a criterion": Counts(taps=2, fields=2, pages=2, words=400, screens=8),
    "office: a city from one workbook": Counts(taps=2, fields=2, pages=2, words=1150, screens=42),
}
"""What these may take at most, in each language and window. Whoever makes one longer raises it here, and says why."""


def count_journey(page: Page, name: str, *places: str) -> Counts:
    """What the journey takes in this page, whose person is signed in; in the demo, unless `places` say where else."""
    with TemporaryDirectory() as folder:
        walk = Walk(page, Path(folder))
        JOURNEYS[name][1](walk, *places)
        return walk.counts


def exceeded(name: str, counts: Counts) -> dict[str, tuple[int, int]]:
    """By name what is more than the journey may take, with how much it may; empty where all is well."""
    limits = LIMITS.get(name, counts)._asdict()
    return {what: (count, limits[what]) for what, count in counts._asdict().items() if count > limits[what]}


def measure(browser: Browser, url: str, name: str, language: str, width: int, *places: str) -> Counts:
    """What the journey takes in a context of its own, from its person's sign-in on."""
    size = {"width": width, "height": HEIGHTS[width]}
    context = browser.new_context(base_url=url, viewport=size, locale=language, service_workers="block")  # type: ignore[arg-type]
    context.add_cookies([{"name": "cityready_language", "value": language, "url": url}])
    page = context.new_page()
    if email := JOURNEYS[name][0]:
        page.goto("/sign-in")
        page.fill("#email", email)
        page.fill("#pass_phrase", PASS_PHRASE)
        page.locator("main form button").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)
    counts = count_journey(page, name, *places)
    context.close()
    return counts


def main() -> None:
    """Every journey, or those that are named, in every language and window.

    Each of these has a demo city of its own, since a journey changes what it walks through. Ends with 1 where one is over its limit.
    """
    names, has_grown = sys.argv[1:] or list(JOURNEYS), False
    print("| journey | language | width |", " | ".join(Counts._fields), "|")
    print("| --- " * (3 + len(Counts._fields)) + "|")
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        for language in LANGUAGES:
            for width in HEIGHTS:
                with demo_city() as (url, _pdf, ids):
                    for name in names:
                        places = (PLACES[name].format(**ids),) if name in PLACES else ()
                        counts = measure(browser, url, name, language, width, *places)
                        over = f" over the limit: {exceeded(name, counts)}" if exceeded(name, counts) else ""
                        has_grown = has_grown or bool(over)
                        print(
                            f"| {name} | {language} | {width} |", " | ".join(map(str, counts)), f"|{over}", flush=True
                        )
        browser.close()
    sys.exit(has_grown)


if __name__ == "__main__":
    main()
