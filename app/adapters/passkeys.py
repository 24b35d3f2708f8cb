"""Web Authentication by py_webauthn: what a browser is asked for, and whether what it brings is signed as it should be.

The library is loaded with the first passkey, so that a start of the app does not wait for it.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.rules.account.passkey import PasskeyRefused, PasskeyTrouble

SECONDS = 300
"""How long a challenge can be answered."""
MOST_BYTES = 20_000
"""Of an answer; those of common devices have 2,000."""


@dataclass(frozen=True)
class RelyingParty:
    """Where the installation is reached, as browsers check it: a passkey made there works nowhere else."""

    host: str
    origin: str


@dataclass(frozen=True)
class NewKey:
    """What a device tells of a passkey that it has made, as base64url."""

    key_id: str
    public_key: str
    count: int


@dataclass(frozen=True)
class StoredKey:
    """A passkey as it was kept."""

    key_id: str
    public_key: str


@dataclass(frozen=True)
class PasskeyAnswer:
    """An answer whose form can be read, but which nothing has been checked of yet."""

    text: str
    challenge: str
    key_id: str


def relying_party(public_url: str) -> RelyingParty:
    """By the address at which people reach the installation."""
    parts = urlsplit(public_url)
    return RelyingParty(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def make_challenge() -> str:
    """32 bytes that nobody can guess, as base64url."""
    return secrets.token_urlsafe(32)


def ask_for_new(
    party: RelyingParty, person: tuple[int, str, str], challenge: str, known: Iterable[str], *, site_name: str
) -> str:
    """The options of `navigator.credentials.create` as JSON; `person` is number, address and name, `known` what must not be made again."""
    from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
    from webauthn.helpers import structs

    person_id, email, name = person
    options = generate_registration_options(
        rp_id=party.host,
        rp_name=site_name,
        user_id=hashlib.sha256(f"{party.host} {person_id}".encode()).digest(),
        user_name=email,
        user_display_name=name,
        challenge=base64url_to_bytes(challenge),
        timeout=SECONDS * 1000,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(key_id)) for key_id in known],
    )
    return options_to_json(options)


def ask_for_use(party: RelyingParty, challenge: str, known: Iterable[str], *, needs_owner: bool) -> str:
    """The options of `navigator.credentials.get` as JSON; with no `known` the device offers what it has for here."""
    from webauthn import base64url_to_bytes, generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    wish = structs.UserVerificationRequirement
    options = generate_authentication_options(
        rp_id=party.host,
        challenge=base64url_to_bytes(challenge),
        timeout=SECONDS * 1000,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(key_id)) for key_id in known],
        user_verification=wish.REQUIRED if needs_owner else wish.PREFERRED,
    )
    return options_to_json(options)


def read_answer(text: str) -> PasskeyAnswer:
    """What an answer is to. Raises PasskeyRefused for one that is missing, too long or no answer."""
    from webauthn.helpers import base64url_to_bytes

    if not text:
        raise PasskeyRefused(PasskeyTrouble.MISSING)
    try:
        if len(text) > MOST_BYTES:
            raise ValueError
        answer = json.loads(text)
        said = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        key_id, challenge = answer["id"], said["challenge"]
        if not isinstance(key_id, str) or not isinstance(challenge, str):
            raise TypeError
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        raise PasskeyRefused(PasskeyTrouble.WRONG) from problem
    return PasskeyAnswer(text, challenge, key_id)


def check_new(party: RelyingParty, answer: PasskeyAnswer) -> NewKey:
    """The passkey that an answer brings; that its challenge was ours is for the caller to know. Raises PasskeyRefused."""
    from webauthn import base64url_to_bytes, verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    try:
        made = verify_registration_response(
            credential=answer.text,
            expected_challenge=base64url_to_bytes(answer.challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
        )
    except Exception as problem:  # whatever a stranger's bytes bring about inside the library
        raise PasskeyRefused(PasskeyTrouble.WRONG) from problem
    return NewKey(
        bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key), made.sign_count
    )


def check_use(party: RelyingParty, answer: PasskeyAnswer, key: StoredKey, *, needs_owner: bool) -> int:
    """The count that a right answer shows; whether it may be that low is for the caller. Raises PasskeyRefused."""
    from webauthn import base64url_to_bytes, verify_authentication_response

    try:
        used = verify_authentication_response(
            credential=answer.text,
            expected_challenge=base64url_to_bytes(answer.challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=0,
            require_user_verification=needs_owner,
        )
    except Exception as problem:  # whatever a stranger's bytes bring about inside the library
        raise PasskeyRefused(PasskeyTrouble.WRONG) from problem
    return used.new_sign_count
