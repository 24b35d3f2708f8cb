"""Versions: the same content has the same fingerprint, and what changed is named in the words of the form."""

from datetime import date
from decimal import Decimal

from app.rules.evidence.version import changed, content, fingerprint

PIECE = {"title": "Plan", "period_to": date(2026, 9, 30), "current_value": Decimal("8.0000"), "note": "", "id": 7}


def test_a_fingerprint_depends_on_what_a_version_says_and_on_nothing_else() -> None:
    text = content(PIECE, "ab12")
    assert text == content({**dict(reversed(PIECE.items())), "id": 8, "version": 3}, "ab12")
    assert len(fingerprint(text)) == 64
    for other in (
        content(PIECE, "ab13"),
        content({**PIECE, "title": "plan"}, "ab12"),
        content({**PIECE, "note": "x"}, "ab12"),
    ):
        assert fingerprint(other) != fingerprint(text)


def test_what_changed_is_named_in_the_order_of_the_form() -> None:
    before = content(PIECE, "ab12")
    after = content({**PIECE, "title": "The plan", "period_to": None}, "ab13")
    assert [str(said) for said in changed(before, after)] == ["Title", "File", "Covers the time until"]
    assert changed(before, before) == ()
