"""To whom a report is mailed: staff of the city, and for a public report whoever is typed."""

import re
from datetime import timedelta
from enum import StrEnum

from app.rules.account.sign_up import check_email
from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.rules.report.parts import ReportAudience

MOST_RECIPIENTS = 50
TEXT_LIMIT = MOST_RECIPIENTS * 330
"""An address has at most 320 signs."""
ADDRESSES_KEPT = timedelta(days=90)
"""How long it is kept to which address outside of the city a report went: long enough to answer whoever says it never came."""


class MailState(StrEnum):
    """WAITING until the mail server has it, then SENT, or FAILED with a reason."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


MAIL_STATE_NAMES: dict[str, Message] = {
    MailState.WAITING: say("on its way"),
    MailState.SENT: say("sent"),
    MailState.FAILED: say("not sent"),
}


def read_addresses(typed: str, audience: str) -> tuple[str, ...]:
    """The addresses of a field, between spaces, commas, semicolons or lines; each once.

    Raises Invalid for what is no address, for too many, and for any where the report is not for the public.
    """
    if len(typed) > TEXT_LIMIT:
        raise Invalid({"addresses": _too_many()})
    parts = [part for part in re.split(r"[\s,;]+", typed) if part]
    if parts and audience != ReportAudience.PUBLIC:
        raise Invalid(
            {"addresses": say("This report is not for the public: send it to people who work in this city here.")}
        )
    addresses: dict[str, None] = {}
    for part in parts:
        try:
            addresses[check_email(part)] = None
        except Invalid:
            raise Invalid({"addresses": say("“%(text)s” is not an e-mail address.", text=part[:60])}) from None
    return tuple(addresses)


def check_recipients(count: int) -> None:
    """Raises Invalid for nobody, and for more than MOST_RECIPIENTS."""
    if not count:
        raise Invalid({"addresses": say("Choose someone, or write an address.")})
    if count > MOST_RECIPIENTS:
        raise Invalid({"addresses": _too_many()})


def _too_many() -> Message:
    return say("Send it to at most %(most)s people at once.", most=MOST_RECIPIENTS)
