"""Versions: the same content has the same fingerprint, and what changed is named in the words of the form."""

from datetime import date
from decimal import Decimal

from app.rules.evidence.version import changed_fields, content_fingerprint, version_content

PIECE = {"title": "Plan", "period_to": date(2026, 9, 30), "current_value": Decimal("8.0000"), "note": "", "id": 7}


def test_a_fingerprint_depends_on_what_a_version_says_and_on_nothing_else() -> None:
    text = version_content(PIECE, "ab12")
    assert text == version_content({**dict(reversed(PIECE.items())), "id": 8, "version": 3}, "ab12")
    assert len(content_fingerprint(text)) == 64
    for other in (
        version_content(PIECE, "ab13"),
        version_content({**PIECE, "title": "plan"}, "ab12"),
        version_content({**PIECE, "note": "x"}, "ab12"),
    ):
        assert content_fingerprint(other) != content_fingerprint(text)


def test_what_changed_is_named_in_the_order_of_the_form() -> None:
    before = version_content(PIECE, "ab12")
    after = version_content({**PIECE, "title": "The plan", "period_to": None}, "ab13")
    assert [str(said) for said in changed_fields(before, after)] == ["Title", "File", "Covers the time until"]
    assert changed_fields(before, before) == ()
