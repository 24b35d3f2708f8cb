"""The language that a person chose, which pages and letters are in."""

from app.adapters import tokens
from app.services.site import Site
from app.store.account import sign_in
from app.store.database.engine import now
from app.store.people import Person


def keep_language(site: Site, token: str | None, language: str) -> int | None:
    """Keep the choice with whoever holds the session's token; returns the person's id, None where nobody is signed in."""
    with site.database.reading() as session:
        known = sign_in.identify_person(session, tokens.hash_token(token), None, now()) if token else None
    if known is None or known.language == language:
        return known.person_id if known else None
    with site.database.writing() as session:
        session.get_one(Person, known.person_id).language = language
    return known.person_id
