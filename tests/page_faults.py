"""What a program can notice of a page that a person would find broken or confusing, beyond what axe looks for."""

from pathlib import Path

from playwright.sync_api import Page

FIND_FAULTS = Path(__file__).with_suffix(".js").read_text("utf-8").partition("\n")[2]
FIND_WIDE = """() => {
  const wide = document.documentElement.scrollWidth;
  if (wide <= innerWidth) return [];
  const ends = (element) => element.getBoundingClientRect().right;
  const over = [...document.querySelectorAll("body *")].filter((element) => ends(element) > innerWidth + 1);
  const widest = over.sort((one, other) => ends(other) - ends(one))[0];
  return [`is ${wide} px wide for ${widest?.outerHTML.slice(0, 120)}`];
}"""


def find_faults(page: Page) -> list[str]:
    """Sentences on the page as it is now: what is too wide, underlined blanks, one name for several places, broken and cut words."""
    return [*find_wide_element(page), *page.evaluate(FIND_FAULTS)]


def find_wide_element(page: Page) -> list[str]:
    """Which element makes the page wider than its screen, as one sentence; none where nothing does."""
    faults: list[str] = page.evaluate(FIND_WIDE)
    return faults
