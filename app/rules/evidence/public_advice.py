"""What whoever makes something public for the first time has to read before: it cannot be called back."""

from app.rules.errors import Invalid
from app.rules.message import say

PUBLIC_ADVICE = "public_advice"
"""The field in which its reader says so."""


def check_public_advice(*, advised: bool) -> None:
    """Raises Invalid at its field for someone who has not said that they read it."""
    if not advised:
        raise Invalid({PUBLIC_ADVICE: say("Read what “public” means, and tick that you have read it.")})
