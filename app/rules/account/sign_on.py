"""Single sign-on by OpenID Connect: what an answer of the city's provider must be like, and what is said of one that is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.rules.errors import CityReadyError
from app.rules.message import Message, say

LEEWAY_SECONDS = 120
"""How far the clock of the provider may be off."""
FRESH_SECONDS = 300
"""How long ago someone may have signed in at the provider for a sensitive step here."""


class SignOnTrouble(StrEnum):
    """What is wrong with an answer, as it stands in the security record."""

    AWAY = "provider away"
    BROKEN = "unreadable answer"
    DENIED = "refused by the provider"
    FOREIGN = "not begun here"
    FORGED = "forged"
    EXPIRED = "expired"
    WRONG_ISSUER = "wrong issuer"
    WRONG_AUDIENCE = "wrong audience"
    REPLAYED = "replayed"
    STALE = "signed in too long ago"
    UNVERIFIED = "address not verified"
    OTHER_DOMAIN = "address of another domain"
    NO_ACCOUNT = "no account"
    NO_GROUPS = "no groups named"
    NO_GROUP = "in no group any more"
    OTHER_CITY = "account of several cities"
    OTHER_PERSON = "another account"


TROUBLE_SENTENCES: dict[SignOnTrouble, Message] = {
    SignOnTrouble.AWAY: say(
        "Your city’s sign-in service does not answer now. Try again in a few minutes, or tell your IT."
    ),
    SignOnTrouble.BROKEN: say("Your city’s sign-in service gave an answer that could not be read. Tell your IT."),
    SignOnTrouble.DENIED: say("Your city’s sign-in service did not let you in. Ask your IT for access to CityReady."),
    SignOnTrouble.FOREIGN: say(
        "This sign-in was not begun in this browser, or was finished already. Begin again here."
    ),
    SignOnTrouble.FORGED: say("The answer of your city’s sign-in service is not signed as it should be. Tell your IT."),
    SignOnTrouble.EXPIRED: say(
        "This sign-in has expired. Begin again; if it happens each time, a clock is wrong: tell your IT."
    ),
    SignOnTrouble.WRONG_ISSUER: say(
        "The answer comes from another sign-in service than the one of your city. Tell your IT."
    ),
    SignOnTrouble.WRONG_AUDIENCE: say(
        "The answer of your city’s sign-in service is meant for another application. Tell your IT."
    ),
    SignOnTrouble.REPLAYED: say("This answer belongs to another sign-in. Begin again."),
    SignOnTrouble.STALE: say(
        "Your city’s sign-in service did not ask for your password again. Sign out there, then repeat the step."
    ),
    SignOnTrouble.UNVERIFIED: say("Your city’s sign-in service has not confirmed your e-mail address. Tell your IT."),
    SignOnTrouble.OTHER_DOMAIN: say(
        "Your e-mail address is not of a domain that your city signs in with. Ask your data office."
    ),
    SignOnTrouble.NO_ACCOUNT: say(
        "No account here belongs to your e-mail address. Ask your data office to invite you."
    ),
    SignOnTrouble.NO_GROUPS: say(
        "Your city’s sign-in service did not say which groups you are in, so nothing was changed. Tell your IT."
    ),
    SignOnTrouble.NO_GROUP: say(
        "Your city’s sign-in service lists you in no group with access any more. Ask your IT or your data office."
    ),
    SignOnTrouble.OTHER_CITY: say(
        "Your account belongs to several cities. Sign in with your passphrase and connect the two on the page “My account”."
    ),
    SignOnTrouble.OTHER_PERSON: say("This sign-in belongs to another account here. Use the one that is yours."),
}


class SignOnRefused(CityReadyError):
    """The answer opens nothing; `trouble` says why."""

    def __init__(self, trouble: SignOnTrouble) -> None:
        self.trouble = trouble
        super().__init__(TROUBLE_SENTENCES[trouble])


@dataclass(frozen=True)
class ExpectedAnswer:
    """What an identity token must say: who issued it, for whom, and for which sign-in."""

    issuer: str
    client_id: str
    nonce: str


@dataclass(frozen=True)
class SignOnIdentity:
    """Who the provider says it is. `is_verified` is None where it does not say whether the address was verified, `groups` where none were."""

    subject: str
    email: str
    name: str
    is_verified: bool | None
    groups: frozenset[str] | None = None


def read_identity(claims: Mapping[str, Any], expected: ExpectedAnswer, at: float) -> SignOnIdentity:
    """The identity in a token whose signature is right; `at` is now, in seconds. Raises SignOnRefused.

    Source: OpenID Connect Core 1.0, 3.1.3.7.
    """
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != expected.issuer:
        raise SignOnRefused(SignOnTrouble.WRONG_ISSUER)
    if expected.client_id not in audiences or claims.get("azp", expected.client_id) != expected.client_id:
        raise SignOnRefused(SignOnTrouble.WRONG_AUDIENCE)
    if not _is_current(claims, at):
        raise SignOnRefused(SignOnTrouble.EXPIRED)
    if claims.get("nonce") != expected.nonce:
        raise SignOnRefused(SignOnTrouble.REPLAYED)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise SignOnRefused(SignOnTrouble.BROKEN)
    email = claims.get("email") or claims.get("preferred_username")
    verified = claims.get("email_verified")
    is_verified = None if verified is None else verified in {True, "true"}
    return SignOnIdentity(subject, _text(email), _text(claims.get("name")), is_verified)


def need_fresh(claims: Mapping[str, Any], at: float) -> None:
    """Raises SignOnRefused where the person did not just sign in at the provider."""
    signed_in_at = claims.get("auth_time")
    if not isinstance(signed_in_at, int | float) or signed_in_at < at - FRESH_SECONDS:
        raise SignOnRefused(SignOnTrouble.STALE)


def is_of_domain(email: str, domains: str) -> bool:
    """Whether the address is of one of the domains, which have spaces between."""
    return email.rpartition("@")[2] in domains.split()


def _is_current(claims: Mapping[str, Any], at: float) -> bool:
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int | float) or not isinstance(issued, int | float):
        return False
    return expires > at - LEEWAY_SECONDS and issued < at + LEEWAY_SECONDS


def _text(value: Any) -> str:
    return value[:300] if isinstance(value, str) else ""
