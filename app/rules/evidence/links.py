"""Which addresses may stand as evidence, and which of them the app may visit."""

import re
import unicodedata
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from app.rules.errors import Invalid
from app.rules.message import Message, say

LONGEST = 2000


class LinkState(StrEnum):
    """What a visit found. `dead`: its site says that the page is not there; `no_site`: no site of that name was found from here."""

    OPENS = "ok"
    GONE = "dead"
    NO_SITE = "no_site"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


DEAD = (LinkState.GONE, LinkState.NO_SITE)
"""States of a link that does not open."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_COMMAND = re.compile(r"[a-z][a-z0-9+-]*:(?![0-9])", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\s<>"\\]')

_PUBLIC_6 = IPv6Network("2000::/3")
_HIDING_6 = tuple(IPv6Network(text) for text in ("2001::/23", "2002::/16", "3fff::/20"))
"""Teredo and other special purposes, 6to4, documentation: ranges within 2000::/3 that lead elsewhere or nowhere."""
_HIDING_4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""Protocol assignments and the 6to4 relay, which the standard library counts as global."""


def clean_url(text: str) -> str:
    """The address that a person meant, with https:// added when it was left out.

    Raises Invalid for the field `url` when it is no http(s) address, longer than 2,000 characters, or carries a password.
    """
    url = text.strip()
    _refuse_when(not url, say("Enter the address of the page, such as https://www.city.gov/data."))
    _refuse_when(
        len(url) > LONGEST, say("This address is longer than %(limit)s characters. Use a shorter one.", limit=LONGEST)
    )
    _refuse_when(
        _is_unreadable(url), say("An address cannot contain spaces, quotes or invisible characters. Copy it again.")
    )
    scheme = _SCHEME.match(url)
    _refuse_when(
        scheme[1].lower() not in {"http", "https"} if scheme else bool(_COMMAND.match(url)),
        say("Only addresses that begin with http:// or https:// can be kept."),
    )
    url = url if scheme else f"https://{url}"
    _check_host(_split_url(url), typed_scheme=bool(scheme))
    return url


def is_clean_url(url: str) -> bool:
    """Whether an address that no person typed may be proposed to one, by the same rule."""
    try:
        return clean_url(url) == url
    except Invalid:
        return False


def is_public_address(address: str) -> bool:
    """Whether an IP address is one of the open internet.

    False for private, loopback, link-local, multicast and reserved ones, and for IPv6 ranges that carry another address inside
    (mapped, 6to4, NAT64, Teredo); IANA special-purpose address registries. A text that is no address raises ValueError.
    """
    parsed = ip_address(address.partition("%")[0])
    return _is_public_4(parsed) if isinstance(parsed, IPv4Address) else _is_public_6(parsed)


def _is_public_4(address: IPv4Address) -> bool:
    special = address.is_multicast or address.is_reserved or any(address in network for network in _HIDING_4)
    return address.is_global and not special


def _is_public_6(address: IPv6Address) -> bool:
    return address.is_global and address in _PUBLIC_6 and not any(address in network for network in _HIDING_6)


def _refuse_when(wrong: bool, message: Message) -> None:
    if wrong:
        raise Invalid({"url": message})


def _is_unreadable(url: str) -> bool:
    return bool(_FORBIDDEN.search(url)) or any(unicodedata.category(letter)[0] == "C" for letter in url)


def _split_url(url: str) -> SplitResult:
    """Reading the port is what finds a wrong one."""
    try:
        parts = urlsplit(url)
        wrong = parts.port == 0
    except ValueError:
        wrong = True
    _refuse_when(wrong, say("This is not a complete web address. Copy it from the browser's address bar."))
    return parts


def _check_host(parts: SplitResult, *, typed_scheme: bool) -> None:
    """A single word is taken as a host only after http://, as on a closed network."""
    _refuse_when(
        "@" in parts.netloc,
        say("This address contains a user name or password. Remove it, so that nobody else reads it."),
    )
    host = parts.hostname or ""
    _refuse_when(
        not host.strip(".") or not (typed_scheme or "." in host.strip(".")),
        say("This is not a complete web address. Copy it from the browser's address bar."),
    )


WEEK_DAYS = 7
LONGEST_PAUSE_DAYS = 28


def visit_again_days(troubles: int) -> int:
    """Days until the next visit after so many visits in a row that found no page: a week while all is well, then 1, 2, 4 … 28."""
    return WEEK_DAYS if troubles == 0 else min(LONGEST_PAUSE_DAYS, 2 ** min(troubles - 1, 10))


_HOMES = {"", "index.html", "index.htm", "index.php", "index.aspx", "default.aspx", "home", "en", "es", "pt", "fr"}


def leads_home(url: str, final_url: str) -> bool:
    """Whether the address of one page leads to the site's first page: as good as gone."""
    return not is_home(url) and is_home(final_url)


_SIGN_IN_PATH = re.compile(
    r"(^|[/._-])(log[-_]?in|logon|sign[-_]?in|sso|saml2?|adfs|oauth2?|wsfed|authenticate|openid-connect|iniciar[-_]?sesion|acceso|acceder|ingresar"
    r"|entrar|connexion)([/._-]|$)",
    re.IGNORECASE,
)
_SIGN_IN_HOSTS = re.compile(
    r"(^|\.)(accounts\.google\.com|okta\.com|auth0\.com|onelogin\.com|pingone\.com|duosecurity\.com|b2clogin\.com|ciamlogin\.com|id\.me)$"
    r"|\.cloudflareaccess\.com$|^(login|signin|sso|idp|adfs|sts)\.",
    re.IGNORECASE,
)


def is_sign_in(url: str) -> bool:
    """Whether this is an address where people sign in."""
    parts = urlsplit(url)
    return bool(_SIGN_IN_HOSTS.search(parts.hostname or "") or _SIGN_IN_PATH.search(parts.path))


def leads_to_sign_in(url: str, final_url: str) -> bool:
    """Whether an address led on to where people sign in; whoever gave the address of such a page meant that page."""
    return not is_same_place(url, final_url) and not is_sign_in(url) and is_sign_in(final_url)


_DOOR_PATH = re.compile(
    r"/(consent|cookie-?(wall|consent|check)|captcha|disclaimer)(\.[a-z]{2,5})?(/|$)", re.IGNORECASE
)
_DOOR_HOSTS = re.compile(r"^(consent|guce)\.", re.IGNORECASE)


def leads_to_door(url: str, final_url: str) -> bool:
    """Whether an address led on to a page that first asks its visitors something; whoever gave the address of that page meant it."""
    return not is_same_place(url, final_url) and not _is_door(url) and _is_door(final_url)


def _is_door(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_DOOR_HOSTS.search(parts.hostname or "") or _DOOR_PATH.search(parts.path))


def is_home(url: str) -> bool:
    """Whether this is the address of a whole site."""
    parts = urlsplit(url)
    return not parts.query and parts.path.strip("/").lower() in _HOMES


def is_same_place(url: str, other_url: str) -> bool:
    """Whether two addresses differ only in what no reader would notice: https, `www.`, a slash at the end."""
    return _comparable_parts(url) == _comparable_parts(other_url)


def _comparable_parts(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return (parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query)
