"""Passkeys: what one is asked for, what it may be called, and the count by which a copied one shows."""

from collections.abc import Collection
from enum import StrEnum

from app.rules.errors import CityReadyError, Invalid
from app.rules.message import Message, say

MOST_PASSKEYS = 10
LONGEST_NAME = 60


class PasskeyPurpose(StrEnum):
    """What an answer is good for; one that was asked for otherwise opens nothing."""

    ADD = "add"
    ENTER = "enter"
    SECOND_STEP = "second_step"
    CONFIRM = "confirm"

    @property
    def needs_owner(self) -> bool:
        """Whether the passkey has to make sure who holds it, by a PIN or a finger: here nothing else does."""
        return self in {PasskeyPurpose.ENTER, PasskeyPurpose.CONFIRM}


class PasskeyTrouble(StrEnum):
    """What is wrong with an answer."""

    MISSING = "missing"
    LATE = "late"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    COPIED = "copied"
    NOT_ALONE = "not_alone"


TROUBLE_SENTENCES: dict[PasskeyTrouble, Message] = {
    PasskeyTrouble.MISSING: say("Your browser sent no passkey. Press the button again, or use another way."),
    PasskeyTrouble.LATE: say("This took too long, or was used already. Press the button again."),
    PasskeyTrouble.WRONG: say("This passkey could not be checked. Press the button again, or use another way."),
    PasskeyTrouble.UNKNOWN: say("This passkey is not known here any more. Use another one, or another way."),
    PasskeyTrouble.COPIED: say(
        "This passkey counts back, so it may have been copied, and is refused. Use a recovery code, then remove it on the page “My account”."
    ),
    PasskeyTrouble.NOT_ALONE: say(
        "Your city does not let people in with a passkey alone. Type your passphrase first; then the passkey is your second step."
    ),
}


class PasskeyRefused(CityReadyError):
    """The answer opens nothing; `trouble` says why."""

    def __init__(self, trouble: PasskeyTrouble) -> None:
        self.trouble = trouble
        super().__init__(TROUBLE_SENTENCES[trouble])


def check_passkey_name(name: str, others: Collection[str]) -> str:
    """The name without outer space, by which a person tells passkeys apart. Raises Invalid."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid({"name": say("Give the passkey a name of up to 60 characters, such as “Work laptop”.")})
    if name.casefold() in map(str.casefold, others):
        raise Invalid({"name": say("You have a passkey of this name already. Choose another name.")})
    if len(others) >= MOST_PASSKEYS:
        raise Invalid({"name": say("You have %(most)s passkeys. Remove one first.", most=MOST_PASSKEYS)})
    return name


def counts_on(stored: int, shown: int) -> bool:
    """Whether a passkey has counted on since it was used last; those that are kept on several devices count nothing and say 0.

    Source: Web Authentication Level 2, 6.1.1 and 7.2 step 21.
    """
    return shown > stored or stored == shown == 0
