"""Whether the address that is printed on reports can be opened by whoever holds the paper."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from app.rules.message import Message, say


def is_address_of_machine(address: str) -> bool:
    """Whether it leads nowhere but to the machine that opens it."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    try:
        number = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return number.is_loopback or number.is_unspecified


def warn_of_address(address: str) -> Message:
    return say(
        "Reports print the address %(address)s for checking them, and it opens on this server only. "
        "Set CITYREADY_PUBLIC_URL to the address that people use before you make a report for others.",
        address=address,
    )
