"""How often signing in may fail before it is paused.

A stranger's tries are counted for the account from that network, for that network, and for the account from everywhere. A device on
which the account's owner has signed in before has a count of its own, so that nobody else can keep the owner out.
"""

from datetime import timedelta

from app.rules.account.tries import MANY_BEHIND_ONE, TryLimit, hash_subject

WITHIN = timedelta(minutes=15)


def sign_in_limits(*, email: str, network: str, device: str, most: int) -> tuple[TryLimit, ...]:
    """What a try counts for. `device` is the id of a device that the account knows, empty for every other."""
    if device:
        return (TryLimit(hash_subject("device", device), most, WITHIN),)
    return (
        TryLimit(hash_subject("account from network", email, network), most, WITHIN),
        TryLimit(hash_subject("network", network), most * MANY_BEHIND_ONE, WITHIN),
        TryLimit(hash_subject("account", email), most * MANY_BEHIND_ONE, WITHIN),
    )
