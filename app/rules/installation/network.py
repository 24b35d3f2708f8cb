"""Where a request comes from: what is kept of it, and whom it counts for."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from app.rules.message import Message, say

ADDRESS_LIMIT = 45
AGENT_LIMIT = 200
PREFIX = 64
"""Bits of an IPv6 address that a household or an office is given; the rest its machines choose, and can change for each try."""


@dataclass(frozen=True)
class Caller:
    """The network address and the browser of whoever asks, as far as they are kept; both empty for the command line and for jobs."""

    address: str = ""
    agent: str = ""

    @classmethod
    def bounded(cls, address: str, agent: str) -> "Caller":
        """What strangers send, cut to what is kept, without signs that a terminal or a page would act on."""
        return cls(_printable_text(address)[:ADDRESS_LIMIT], _printable_text(agent[: AGENT_LIMIT * 4])[:AGENT_LIMIT])

    @property
    def network(self) -> str:
        """Whom limits count: an IPv4 address, or the /64 of an IPv6 address."""
        return network_of(self.address)


NOBODY = Caller()


def _printable_text(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def network_of(address: str) -> str:
    """The IPv4 address, also of one written within IPv6; else the /64. What is no address counts as it is written."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:ADDRESS_LIMIT]
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    return str(IPv6Network((int(parsed), PREFIX), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)


BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
"""What a browser's own description contains, the more special first: each also names those that it wants to be taken for."""


def device_name(agent: str) -> Message:
    """What a person would call the device that describes itself so."""
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    if browser and system:
        return say("%(browser)s on %(system)s", browser=browser, system=system)
    if browser or system:
        return Message("%(name)s", values={"name": browser or system})
    return say("Unknown device")
