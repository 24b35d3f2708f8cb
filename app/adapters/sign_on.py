"""Talking to a city's sign-in service by OpenID Connect: finding out where it is, and taking its answer. Every fetch is bounded."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]

from app.adapters.outside import SentForm, fetch_url
from app.rules.account.sign_on import SignOnRefused, SignOnTrouble

SECONDS = 8
MOST_BYTES = 300_000
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a key pair only: `none`, and those with the client's secret, are refused."""


@dataclass(frozen=True)
class ProviderPlace:
    """Where the provider asks people, gives tokens, and has its keys."""

    issuer: str
    authorization: str
    token: str
    keys: str


@dataclass(frozen=True)
class AuthorizationWish:
    """What goes along when someone is sent to the provider. `asks_again` has it ask for the password whatever it knows."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    verifier: str
    asks_again: bool


def find_place(issuer: str, *, private_allowed: bool) -> ProviderPlace:
    """By discovery. Raises SignOnRefused where it does not answer, or speaks for another issuer."""
    found = _fetch_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration", private_allowed)
    if found.get("issuer") != issuer:
        raise SignOnRefused(SignOnTrouble.WRONG_ISSUER)
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    addresses = [found.get(name) for name in names]
    if not all(isinstance(address, str) and _is_safe(address, private_allowed) for address in addresses):
        raise SignOnRefused(SignOnTrouble.BROKEN)
    return ProviderPlace(issuer, *map(str, addresses))


def authorization_address(place: ProviderPlace, wish: AuthorizationWish) -> str:
    """Where the browser goes, with PKCE (RFC 7636)."""
    query = {
        "response_type": "code",
        "client_id": wish.client_id,
        "redirect_uri": wish.redirect_uri,
        "scope": "openid email profile",
        "state": wish.state,
        "nonce": wish.nonce,
        "code_challenge": create_s256_code_challenge(wish.verifier),
        "code_challenge_method": "S256",
    }
    query |= {"prompt": "login", "max_age": "0"} if wish.asks_again else {}
    return f"{place.authorization}{'&' if '?' in place.authorization else '?'}{urlencode(query)}"


def redeem_code(
    place: ProviderPlace, form: dict[str, str], client: tuple[str, str], *, private_allowed: bool
) -> dict[str, Any]:
    """The claims of the identity token that the code is worth, its signature looked at. Raises SignOnRefused."""
    sent = SentForm(form | {"grant_type": "authorization_code"}, client)
    token = _fetch_json(place.token, private_allowed, sent).get("id_token")
    keys = _fetch_json(place.keys, private_allowed)
    if not isinstance(token, str) or len(token) > MOST_BYTES:
        raise SignOnRefused(SignOnTrouble.BROKEN)
    return read_claims(token, keys)


def read_claims(token: str, keys: Any) -> dict[str, Any]:
    """The claims of a token that one of the keys has signed. Raises SignOnRefused."""
    from joserfc import jws  # here, because it takes room, and few processes take in a token
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        known = KeySet.import_key_set(keys)
        claims = json.loads(jws.deserialize_compact(token, known, algorithms=ALGORITHMS).payload)
    except (JoseError, ValueError, TypeError, KeyError) as problem:
        raise SignOnRefused(SignOnTrouble.FORGED) from problem
    if not isinstance(claims, dict):
        raise SignOnRefused(SignOnTrouble.BROKEN)
    return claims


def _is_safe(address: str, private_allowed: bool) -> bool:
    return private_allowed or urlsplit(address).scheme == "https"


def _fetch_json(url: str, private_allowed: bool, sent: SentForm | None = None) -> dict[str, Any]:
    """No redirect is followed: what a provider says of itself is where it is."""
    if not _is_safe(url, private_allowed):
        raise SignOnRefused(SignOnTrouble.BROKEN)
    reply = fetch_url(
        url, private_allowed=private_allowed, seconds=SECONDS, max_bytes=MOST_BYTES, sent=sent, redirects=0
    )
    if reply.status is None or reply.status >= 500:
        raise SignOnRefused(SignOnTrouble.AWAY)
    if reply.status >= 400 and sent:
        raise SignOnRefused(SignOnTrouble.REPLAYED if b"invalid_grant" in reply.body else SignOnTrouble.BROKEN)
    try:
        content = json.loads(reply.body) if reply.whole else None
    except ValueError:
        content = None
    if reply.status != 200 or not isinstance(content, dict):
        raise SignOnRefused(SignOnTrouble.BROKEN)
    return content
