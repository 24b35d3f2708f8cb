"""What may stand in a report for whom: one table, applied where the report's data is made and nowhere else."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from app.rules.evidence.piece import Visibility
from app.rules.report.parts import ReportAudience
from app.rules.review.moves import ResponseState


@dataclass(frozen=True)
class AudienceSight:
    """What an audience sees beyond the figures, the criteria and public evidence. Restricted evidence is in no report."""

    internal_titles: bool
    internal_addresses: bool
    staff_names: bool
    partner_names: bool
    reasons: bool
    drafts: bool

    def names_piece(self, visibility: Visibility) -> bool:
        """Whether a piece is named; one that is not is counted and keeps its number."""
        return visibility is Visibility.PUBLIC or (visibility is Visibility.INTERNAL and self.internal_titles)

    def shows_text(self, state: ResponseState) -> bool:
        """Whether what a department wrote is shown: once it has been handed in, or where drafts may be seen."""
        return self.drafts or state in HANDED_IN

    def seen_address(self, address: str) -> str:
        """The address as the audience may have it; empty where it leads into the city's own network or holds a key."""
        return address if self.internal_addresses or is_open_address(address) else ""

    def seen_text(self, text: str) -> str:
        """What was typed, with three dots for each address in it that the audience may not have."""
        return _ADDRESS.sub(lambda match: self.seen_address(match[0]) or LEFT_OUT, text)


LEFT_OUT = "[…]"
_ADDRESS = re.compile(r"(?:https?|ftp|file|smb)://[^\s<>\"“”«»]+", re.IGNORECASE)


SIGHTS: dict[ReportAudience, AudienceSight] = {
    ReportAudience.PUBLIC: AudienceSight(
        internal_titles=False,
        internal_addresses=False,
        staff_names=False,
        partner_names=False,
        reasons=False,
        drafts=False,
    ),
    ReportAudience.COUNCIL: AudienceSight(
        internal_titles=True,
        internal_addresses=False,
        staff_names=True,
        partner_names=True,
        reasons=True,
        drafts=False,
    ),
    ReportAudience.INTERNAL: AudienceSight(
        internal_titles=True,
        internal_addresses=True,
        staff_names=True,
        partner_names=True,
        reasons=True,
        drafts=True,
    ),
}


HANDED_IN = frozenset({ResponseState.SUBMITTED, ResponseState.DECIDED})


INSIDE_ENDINGS = (".local", ".localhost", ".internal", ".intranet", ".lan", ".corp", ".home", ".home.arpa", ".test")
"""How names of a city's own network end; a name without a dot is one as well."""


KEY_WORDS = (
    "token",
    "key",
    "secret",
    "sig",
    "signature",
    "password",
    "pwd",
    "auth",
    "session",
    "sid",
    "code",
    "ticket",
)
"""Words in the names of an address's parameters that let whoever has the address in."""


def is_open_address(address: str) -> bool:
    """Whether a web address may be handed out: a public host, no account and no key in it."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or parts.username or parts.password or not _is_public_host(host):
        return False
    names = [name.lower() for name, _ in parse_qsl(f"{parts.query}&{parts.fragment}", keep_blank_values=True)]
    return not any(word in _name_words(name) for name in names for word in KEY_WORDS)


def _is_public_host(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(INSIDE_ENDINGS)


def _name_words(name: str) -> set[str]:
    """`access_token` and `X-Amz-Signature` in their words; a name in one word is one."""
    return set("".join(sign if sign.isalnum() else " " for sign in name).split())
