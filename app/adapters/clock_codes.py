"""Codes by the clock (TOTP, RFC 6238): six digits, another each half minute; and the recovery codes for when the phone is gone."""

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
DRIFT_SECONDS = 40
"""How far the clock of a phone may be off, either way."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_ISSUER = "CityReady"


def make_secret() -> str:
    """160 bits as an authenticator app takes them, in base 32."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, at: datetime, after_step: int) -> int | None:
    """The step of the clock to which the code belongs, None for a wrong one.

    Steps up to `after_step` are over: a code that was taken once is never taken again, nor is one from before it.
    """
    clock, moment = pyotp.TOTP(secret), at.timestamp()
    first, last = int(moment - DRIFT_SECONDS) // STEP_SECONDS, int(moment + DRIFT_SECONDS) // STEP_SECONDS
    matching = [
        step
        for step in range(first, last + 1)
        if hmac.compare_digest(clock.generate_otp(step), code) and step > after_step
    ]
    return max(matching, default=None)


def current_code(secret: str, at: datetime) -> str:
    """What an app shows at this moment."""
    return str(pyotp.TOTP(secret).at(at))


def setup_picture(secret: str, email: str) -> str:
    """A QR code that authenticator apps read, as an address with its content in it."""
    import segno  # here, because it takes room, and few processes draw a code

    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=3, dark="#1b1b1b", light="#fff"))


def make_recovery_codes() -> tuple[str, ...]:
    """Each for one sign-in; 79 bits, so that nobody guesses one whatever the hash."""
    return tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)) for _ in range(RECOVERY_CODES)
    )


def hash_recovery_code(typed: str) -> str:
    """What is stored of a code and looked for, however it was typed."""
    plain = "".join(filter(str.isalnum, typed.lower()))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
