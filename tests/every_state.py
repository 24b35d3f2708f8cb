"""Every state that a page comes to by something done on it, or that its address alone does not tell: an open menu, a refused form,
a link that ended, a report in the making.

`PAGES` of tests/web/test_accessibility.py lists the pages; both are pictured by `python -m tests.states_in_pictures` and looked at by axe.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Page

from app.services.demo import loading

LEAD, OFFICIAL, ADMIN = "lead@newark.example", "official@newark.example", "admin@newark.example"


def _stay(_page: Page) -> None:
    """Nothing is done: the address says all."""


def open_menu(page: Page) -> None:
    """As on a phone; where there is room the menu is always open."""
    if page.locator(".usa-menu-btn").is_visible():
        page.locator(".usa-menu-btn").click()
        page.locator(".usa-nav.is-visible").wait_for()


def show_keys(page: Page) -> None:
    page.locator("[data-show-keys]").click()


def send_form(page: Page, form: str, fields: dict[str, str]) -> None:
    """Send the form as a browser without JavaScript would, whatever its fields, and wait for what comes."""
    with page.expect_navigation():
        page.locator(form).first.evaluate(
            """(form, fields) => {
                for (const [name, value] of Object.entries(fields)) {
                    const field = form.elements[name] ?? form.appendChild(document.createElement("input"));
                    field.name = name;
                    field.value = value;
                }
                HTMLFormElement.prototype.submit.call(form);
            }""",
            fields,
        )


@dataclass(frozen=True)
class PageState:
    """Who opens which address, and what is done there then; `status` is what the last answer may be.

    `is_covered` where a menu lies over the page, whose main part is out of reach meanwhile.
    """

    who: str | None
    address: str
    come_to: Callable[[Page], None] = _stay
    status: int = 200
    is_covered: bool = False


def _sends(form: str, **fields: str) -> Callable[[Page], None]:
    return partial(send_form, form=form, fields=fields)


STATES = {
    "the menu of a lead, open": PageState(LEAD, "/newark/my-work", open_menu, is_covered=True),
    "the menu of an administrator, open": PageState(ADMIN, "/newark/review", open_menu, is_covered=True),
    "the list of keys": PageState(ADMIN, "/newark/review/PA3", show_keys),
    "a page that is not there": PageState(LEAD, "/newark/nothing-here", status=404),
    "a criterion that is not there": PageState(LEAD, "/newark/criteria/XX9", status=404),
    "a page of another city": PageState(LEAD, "/riverton/board", status=404),
    "a page that is not for this person": PageState(OFFICIAL, "/newark/history", status=403),
    "a personal link that ended": PageState(None, "/contribute/{link}x", status=404),
    "an invitation that ended": PageState(None, "/welcome/{invitation}x", status=404),
    "a link for a new passphrase that ended": PageState(None, "/passphrase/{forgotten}x", status=404),
    "a link for a new address that ended": PageState(None, "/account/email/{new_email}x", status=404),
    "a link to stop letters that ended": PageState(None, "/letters/stop/{letter}x", status=404),
    "a wrong passphrase": PageState(None, "/sign-in", _sends("main form", email="a@b.example", pass_phrase="x"), 422),
    "a page of someone signed out": PageState(None, "/newark/board", status=200),
    "a figure with mistakes": PageState(
        LEAD, "/newark/criteria/DM9/evidence/new?kind=figure", _sends("form.evidence-form"), 422
    ),
    "public advice that nobody has read": PageState(
        LEAD,
        "/newark/criteria/DM9/evidence/new?kind=note",
        _sends("form.evidence-form", title="How we decide", note="By a vote of the desk.", visibility="public"),
        422,
    ),
    "public advice for a partner": PageState(
        None, "/contribute/{link}", lambda page: page.click("label[for=may_quote]")
    ),
    "a contribution with mistakes": PageState(
        None, "/contribute/{link}", _sends("#upload", note="We meet.", name=""), 422
    ),
    "a contribution that arrived": PageState(
        None, "/contribute/{link}", _sends("#upload", note="We meet every month.", name="Ana", role="Chair")
    ),
    "a note with numbers of people": PageState(
        LEAD,
        "/newark/criteria/DM9/evidence/new?kind=note",
        _sends("form.evidence-form", title="Calls", note="Ana Soto, 123-45-6789, 973-733-6400.", visibility="internal"),
    ),
    "a file that is no file": PageState(
        LEAD, "/newark/criteria/DM9/evidence/new?kind=file", _sends("form.evidence-form"), 422
    ),
    "a wrong passphrase where it is asked again": PageState(
        LEAD, "/confirm", _sends("main form", pass_phrase="x"), 422
    ),
    "a second step that is asked for": PageState(
        None, "/sign-in", _sends("main form", email=LEAD, pass_phrase=loading.PASS_PHRASE)
    ),
    "people before they are saved": PageState(
        ADMIN,
        "/newark/people/bulk",
        _sends(
            "main form", text="Name,E-mail,Department,Role\nAda,ada@newark.example,Parks,lead\nBo,,,", kind="people"
        ),
    ),
    "wordings before they are saved": PageState(
        ADMIN, "/newark/settings/wordings", _sends("main form", text="DM1\nThe city has a plan.\nXX9\nNobody.")
    ),
    "two people wrote one text": PageState(
        LEAD, "/newark/criteria/DM7", _sends("#narrative-form", narrative="Another text.", narrative_version="0"), 409
    ),
    "settings that someone else changed": PageState(
        ADMIN, "/newark/settings", _sends("main form:has([name=version])", version="0"), 409
    ),
    "a report that waits": PageState(OFFICIAL, "/newark/reports/{waiting}"),
    "a report in the making": PageState(OFFICIAL, "/newark/reports/{making}"),
    "a report that failed": PageState(OFFICIAL, "/newark/reports/{failed}"),
    "a report that was disposed of": PageState(OFFICIAL, "/newark/reports/{disposed}"),
    "nothing in the library fits": PageState(LEAD, "/newark/evidence?q=zzqq"),
    "nothing in the history fits": PageState(ADMIN, "/newark/history?q=zzqq"),
    "nobody fits": PageState(ADMIN, "/newark/people?q=zzqq"),
    "no assignment fits": PageState(ADMIN, "/newark/people/assignments?q=zzqq"),
    "no request fits": PageState(ADMIN, "/newark/requests?q=zzqq"),
    "no response in review fits": PageState(ADMIN, "/newark/review?q=zzqq"),
    "nothing is found": PageState(LEAD, "/newark/search?q=zzqq"),
    "all areas open": PageState(LEAD, "/newark/criteria?open=1"),
    "a long title": PageState(LEAD, "/newark/evidence/{long}"),
    "what was done": PageState(LEAD, "/newark/criteria/DM7?done=submitted"),
}
"""By what they are called: every state that is looked at, besides the pages themselves."""
