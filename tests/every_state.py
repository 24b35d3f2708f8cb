"""Every state that a page comes to by something done on it, or that its address alone does not tell: an open menu, a refused form,
a link that ended, a report in the making.

`PAGES` of tests/web/test_accessibility.py lists the pages; both are pictured by `python -m tests.states_in_pictures` and looked at by axe.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import FilePayload, Page

from app.services.demo import loading
from app.web.cookies import SESSION_COOKIE
from tests.furnished_demo import LETTER

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


def send_when_signed_out(page: Page, form: str, fields: dict[str, str]) -> None:
    """Send it after the session has ended; the one that comes next begins signed in again."""
    cookies = page.context.cookies()
    page.context.clear_cookies(name=SESSION_COOKIE)
    send_form(page, form, fields)
    page.context.add_cookies([cookie for cookie in cookies if cookie.get("name") == SESSION_COOKIE])  # type: ignore[misc]


def sign_in_with_what_was_typed(page: Page) -> None:
    send_when_signed_out(page, "form[action*='/comments']", {"text": "Which year is it?\nThe minutes say 2025."})
    send_form(page, "#sign-in", {"email": ADMIN, "pass_phrase": loading.PASS_PHRASE})


def sign_in_too_often(page: Page) -> None:
    for _ in range(11):
        send_form(page, "main form", {"email": "busy@newark.example", "pass_phrase": "x"})


def send_known_file(page: Page) -> None:
    """A file that the library has, of another source than it says there."""
    letter = FilePayload(name="our copy.txt", mimeType="text/plain", buffer=LETTER)
    page.set_input_files("#file", letter)
    page.fill("#source", "The mayor's office")
    page.click(".evidence-send button")
    page.locator(".evidence-outcome--bad a").wait_for()


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
    "too many tries to sign in": PageState(None, "/sign-in", sign_in_too_often, 429),
    "a form sent after the session ended": PageState(
        LEAD,
        "/newark/criteria/DM7",
        partial(send_when_signed_out, form="#narrative-form", fields={"narrative": "We meet every month."}),
        401,
    ),
    "what was typed before the session ended": PageState(ADMIN, "/newark/review/PA3", sign_in_with_what_was_typed),
    "recovery codes": PageState(LEAD, "/account/second-step", _sends("form[action='/account/recovery-codes']")),
    "a file that cannot be opened now": PageState(LEAD, "/newark/evidence/{unreadable}/file", status=503),
    "a form that could not be saved": PageState(
        LEAD,
        "/newark/evidence/{unreadable}/redact",
        _sends("form.redact", words="Ana Soto\n123-45-6789", title="Letter without names", visibility="internal"),
        503,
    ),
    "a file that the library has": PageState(LEAD, "/newark/criteria/DM9/evidence/{document}/questions"),
    "a file that says something else in the library": PageState(
        LEAD, "/newark/criteria/DM9/evidence/new?kind=file", send_known_file
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
