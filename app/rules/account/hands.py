"""In whose hands an account may be, for the rules that ask for two people.

Where there is no mail server an administrator has to be shown the link with which a person chooses a passphrase, and could use it
alone. Until the passphrase is chosen anew through the person's own mailbox, both count as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Hands:
    """`shown` says for a person who was shown the link with which the passphrase of today was chosen, by ids."""

    shown: Mapping[int, int]

    def are_one(self, first: int | None, second: int | None) -> bool:
        """Whether two people count as one: the link of one was shown to the other, or those of both to a third."""
        return first is not None and second is not None and self._holder(first) == self._holder(second)

    def _holder(self, person_id: int) -> int:
        """The person at the end of the chain; where it runs in a circle, one and the same of those in it."""
        chain: list[int] = []
        while person_id not in chain:
            chain.append(person_id)
            person_id = self.shown.get(person_id, person_id)
        return min(chain[chain.index(person_id) :])
