"""What an answer of a city's sign-in service must say; and that only a signature with the service's own key counts."""

import base64
import hmac
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from app.adapters import sign_on
from app.rules.account.sign_on import (
    TROUBLE_SENTENCES,
    ExpectedAnswer,
    SignOnRefused,
    SignOnTrouble,
    is_of_domain,
    need_fresh,
    read_identity,
)

AT = 1_800_000_000
EXPECTED = ExpectedAnswer("https://id.city.gov", "cityready", "nonce-1")
CLAIMS: dict[str, Any] = {
    "iss": "https://id.city.gov", "aud": "cityready", "sub": "17", "exp": AT + 300, "iat": AT, "nonce": "nonce-1",
    "email": "lee@city.gov", "email_verified": True, "name": "Lee",
}  # fmt: skip
ENTRA = {**CLAIMS, "email": None, "preferred_username": "Lee@city.gov"}
del ENTRA["email_verified"]
KEYCLOAK = {**CLAIMS, "aud": ["cityready", "account"], "azp": "cityready"}
OKTA = {**CLAIMS, "email_verified": "true"}


@pytest.mark.parametrize(
    ("claims", "email", "is_verified"),
    [
        (CLAIMS, "lee@city.gov", True),
        (ENTRA, "Lee@city.gov", None),
        (KEYCLOAK, "lee@city.gov", True),
        (OKTA, "lee@city.gov", True),
    ],
)
def test_answers_of_the_known_shapes_are_read(claims: dict[str, Any], email: str, is_verified: bool | None) -> None:
    identity = read_identity(claims, EXPECTED, AT)
    assert (identity.subject, identity.email, identity.is_verified) == ("17", email, is_verified)


@pytest.mark.parametrize(
    ("wrong", "trouble"),
    [
        ({"iss": "https://evil.example"}, SignOnTrouble.WRONG_ISSUER),
        ({"aud": "another"}, SignOnTrouble.WRONG_AUDIENCE),
        ({"aud": ["another"]}, SignOnTrouble.WRONG_AUDIENCE),
        ({"aud": ["cityready", "another"], "azp": "another"}, SignOnTrouble.WRONG_AUDIENCE),
        ({"aud": None}, SignOnTrouble.WRONG_AUDIENCE),
        ({"exp": AT - 121}, SignOnTrouble.EXPIRED),
        ({"iat": AT + 121}, SignOnTrouble.EXPIRED),
        ({"exp": "soon"}, SignOnTrouble.EXPIRED),
        ({"nonce": "nonce-2"}, SignOnTrouble.REPLAYED),
        ({"nonce": None}, SignOnTrouble.REPLAYED),
        ({"sub": ""}, SignOnTrouble.BROKEN),
        ({"sub": 17}, SignOnTrouble.BROKEN),
        ({"sub": "x" * 256}, SignOnTrouble.BROKEN),
    ],
)
def test_an_answer_that_is_wrong_in_one_thing_opens_nothing(wrong: dict[str, Any], trouble: SignOnTrouble) -> None:
    with pytest.raises(SignOnRefused) as refused:
        read_identity(CLAIMS | wrong, EXPECTED, AT)
    assert refused.value.trouble is trouble


def test_a_clock_that_is_off_by_two_minutes_is_good_enough() -> None:
    assert read_identity(CLAIMS | {"exp": AT - 119}, EXPECTED, AT).subject == "17"
    assert read_identity(CLAIMS | {"iat": AT + 119}, EXPECTED, AT).subject == "17"


@pytest.mark.parametrize("auth_time", [None, AT - 301, "now"])
def test_a_sensitive_step_needs_a_password_that_was_just_typed(auth_time: Any) -> None:
    need_fresh({"auth_time": AT - 60}, AT)
    with pytest.raises(SignOnRefused):
        need_fresh({"auth_time": auth_time}, AT)


def _sign_with_public_key(public: bytes) -> str:
    """What takes a public key for a secret would believe it."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "1"}, CLAIMS)]
    plain = b".".join(part.rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.digest(public, plain, "sha256")).rstrip(b"=")
    return (plain + b"." + signature).decode()


def test_only_a_signature_with_the_services_own_key_pair_counts() -> None:
    own, other = (RSAKey.generate_key(2048, parameters={"kid": "1"}) for _ in range(2))
    keys = KeySet([own]).as_dict(private=False)
    token = jwt.encode({"alg": "RS256", "kid": "1"}, CLAIMS, own)
    assert sign_on.read_claims(token, keys) == CLAIMS
    head, body, signature = token.split(".")
    forged = [
        jwt.encode({"alg": "RS256", "kid": "1"}, CLAIMS, other),
        f"{head}.{body}x.{signature}",
        f"{head}.{body}.",
        "not a token",
        _sign_with_public_key(own.as_pem(private=False)),
    ]
    for text in forged:
        with pytest.raises(SignOnRefused) as refused:
            sign_on.read_claims(text, keys)
        assert refused.value.trouble is SignOnTrouble.FORGED, text[:40]


def test_a_domain_is_a_whole_one_and_every_trouble_has_a_sentence() -> None:
    assert is_of_domain("lee@city.gov", "city.gov police.city.gov")
    assert not is_of_domain("lee@city.gov.evil.example", "city.gov")
    assert not is_of_domain("lee@notcity.gov", "city.gov")
    assert not is_of_domain("", "city.gov")
    assert set(TROUBLE_SENTENCES) == set(SignOnTrouble)
