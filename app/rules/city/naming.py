"""What a city may be called in addresses, and how large the programme wants it."""

import re
from dataclasses import dataclass
from datetime import datetime

from app.rules.criteria.edition import PopulationRule
from app.rules.errors import Invalid
from app.rules.message import say

SLUG_LIMIT = 40
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

RESERVED = frozenset(
    {
        "about", "account", "admin", "api", "app", "app-icon", "assets", "calendar", "cities", "city", "confirm", "contribute", "demo", "devices",
        "docs",
        "favicon", "health", "help", "language", "letters", "login", "logout", "manifest.webmanifest", "metrics", "new", "notice", "offline",
        "passphrase", "portal", "public", "robots", "service-worker.js",
        "settings", "sign-in", "sign-on", "sign-out", "sign-up", "static", "status", "support", "verify", "welcome", "well-known", "www",
    }
)  # fmt: skip
"""First words of addresses that the app uses itself, or will probably want. A test holds that every one in use is here."""


@dataclass(frozen=True)
class CityValues:
    """A city as whoever asks sees it; `history_count` and `history_head` are the end of its chain of events as it was read."""

    id: int
    slug: str
    name: str
    country: str
    language: str
    time_zone: str
    population: int | None
    logo_key: str | None
    illustrative: bool
    history_count: int
    history_head: str
    version: int
    created_at: datetime
    second_step_roles: str | None = None
    passphrases_closed_at: datetime | None = None
    passkeys_open_at: datetime | None = None
    small_office: bool = False
    color: str | None = None
    sender_name: str | None = None
    reply_to: str | None = None
    retention_default: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""

    @property
    def letter_sender(self) -> str:
        """The name that letters come from."""
        return self.sender_name or self.name

    @property
    def contact_dial(self) -> str:
        """What a telephone dials: digits alone, and an extension after a pause."""
        main, _, inside = re.sub(r"(ext|x|int|ramal|poste)", "x", self.contact_phone.lower()).partition("x")
        digits = re.sub(r"[^\d+]", "", main)
        return digits + (f",{re.sub(r'[^0-9]', '', inside)}" if inside else "")

    @property
    def has_contact(self) -> bool:
        """Whether people know whom to ask when they are told to ask their data office."""
        return bool(self.contact_phone or self.contact_email)

    def needs_second_step(self, role: str) -> bool:
        """Whether people in this role enter with a second step only."""
        return role in (self.second_step_roles or "").split()


def check_slug(slug: str) -> str:
    """The slug without outer space. Raises Invalid unless it is lower-case words joined by hyphens, free, and not too long."""
    slug = slug.strip()
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LIMIT:
        raise Invalid(
            {
                "slug": say(
                    "“%(slug)s” cannot be part of an address. Use a-z, digits and single hyphens, at most %(limit)s characters, such as “san-juan”.",
                    slug=slug[:60],
                    limit=SLUG_LIMIT,
                )
            }
        )
    if slug in RESERVED:
        raise Invalid({"slug": say("“%(slug)s” is a word that the app uses itself. Choose another.", slug=slug)})
    return slug


SENDER_LIMIT = 80


def check_sender_name(typed: str) -> str | None:
    """The name that letters come from, with single spaces; None for the city's own. Raises Invalid for one that mail programs tear apart."""
    name = " ".join(typed.split())
    if len(name) > SENDER_LIMIT or not name.isprintable() or set(name) & set('<>"@'):
        raise Invalid(
            {
                "sender_name": say(
                    "Use at most %(limit)s characters, without < > @ and quotation marks.", limit=SENDER_LIMIT
                )
            }
        )
    return name or None


PHONE = re.compile(r"[+(]?\d[\d ()./-]{3,30}\d( ?(ext|x|int|ramal|poste)\.? ?\d{1,6})?", re.IGNORECASE)
"""A telephone number as people write it, with what is dialed inside the house."""


def check_phone(phone: str) -> str:
    """The number as typed, without outer space, or nothing. Raises Invalid for what cannot be dialed."""
    phone = " ".join(phone.split())
    if phone and not PHONE.fullmatch(phone):
        raise Invalid({"contact_phone": say("Enter a telephone number in digits, such as +1 973 555 0100.")})
    return phone


MOST_PEOPLE = 99_999_999


def check_population(population: int | None) -> int | None:
    """The number of people, or None where it is not known. Raises Invalid for a number that no city has."""
    if population is not None and not 1 <= population <= MOST_PEOPLE:
        raise Invalid({"population": say("Enter the number of people in your city, such as 28000.")})
    return population


@dataclass(frozen=True)
class SizeNotice:
    """That a city has fewer people than the programme asks for: a reason to ask it, not to stop."""

    population: int
    minimum: int


def size_notice(population: int | None, rule: PopulationRule) -> SizeNotice | None:
    """None where the city is large enough, or either number is not known."""
    if population is None or population >= rule.minimum:
        return None
    return SizeNotice(population, rule.minimum)
