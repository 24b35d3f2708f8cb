"""The glossary, what is public about the program, and the texts of a criterion with the words of the glossary linked."""

from dataclasses import dataclass
from functools import lru_cache

from app.rules.criteria.edition import Criterion, Edition, SharedDocument
from app.rules.criteria.guide import EditionGuide, GlossaryTerm, TextPart, link_terms
from app.services.desk import Desk
from app.services.site import NEWEST_EDITION


@dataclass(frozen=True)
class GuidePage:
    """The same for every city, in the words of the newest edition."""

    guide: EditionGuide


def load_guide_page(desk: Desk) -> GuidePage:
    return GuidePage(desk.site.guide(NEWEST_EDITION, desk.who.language))


@dataclass(frozen=True)
class AskedTexts:
    """What a criterion says it asks for and why, what to hand in, and the documents that it shares with others; `titles` with their codes."""

    statement: tuple[TextPart, ...]
    why: tuple[TextPart, ...]
    evidence: tuple[tuple[TextPart, ...], ...]
    shared: tuple[SharedDocument, ...]
    titles: tuple[tuple[str, str], ...]


def link_asked(desk: Desk, edition: Edition, criterion: Criterion) -> AskedTexts:
    """Each word of the glossary is linked once, where it stands first."""
    expected = [piece.text for piece in criterion.evidence]
    terms = desk.site.guide(edition.id, edition.language).terms
    statement, why, *evidence = _link_kept((criterion.statement, criterion.why, *expected), terms)
    shared = edition.shared_by(criterion.code)
    codes = dict.fromkeys(code for document in shared for code in document.elsewhere(criterion.code))
    titles = tuple((code, edition.criteria[code].title) for code in codes if code in edition.criteria)
    return AskedTexts(statement, why, tuple(evidence), shared, titles)


@lru_cache(maxsize=500)
def _link_kept(texts: tuple[str, ...], terms: tuple[GlossaryTerm, ...]) -> tuple[tuple[TextPart, ...], ...]:
    """Kept by the texts and the terms themselves, which are the same for everyone who reads a criterion in a language."""
    return link_terms(texts, terms)
