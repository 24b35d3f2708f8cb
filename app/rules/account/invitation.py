"""What becomes of an invitation, and what someone who opens its link can do."""

from dataclasses import dataclass
from enum import StrEnum


class InvitationState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class OfferStep(StrEnum):
    """What comes next for whoever opened the link."""

    ACCEPT = "accept"
    """Signed in with this address: accept or decline."""
    SIGN_IN = "sign_in"
    """The address has an account: its owner signs in first."""
    CHOOSE = "choose"
    """No account yet: choose a passphrase."""
    ASK = "ask"
    """The address is known in another city, and this link did not come through the mailbox, so it opens no account."""


@dataclass(frozen=True)
class LinkOpener:
    """Who opened an invitation's link, seen from the address that it is for.

    `is_shown` when an administrator was shown the link; `is_elsewhere` when the address belongs to a person of another city.
    """

    is_signed_in: bool
    has_account: bool
    is_shown: bool
    is_elsewhere: bool


def next_offer_step(opener: LinkOpener) -> OfferStep:
    """An account belongs to its person: a link that someone else has seen never opens one that another city knows."""
    if opener.is_signed_in:
        return OfferStep.ACCEPT
    if opener.has_account:
        return OfferStep.SIGN_IN
    return OfferStep.ASK if opener.is_shown and opener.is_elsewhere else OfferStep.CHOOSE
