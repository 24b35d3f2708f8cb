"""Claims: which figure may be said, and in which words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Refused
from app.rules.evidence.claim import Claim, check_approvable, claim_footnote, claim_sentence
from app.rules.evidence.piece import Figure, FigureChange, compute_change

BEFORE, NOW = Decimal(48), Decimal(36)


def with_figure(claim: Claim, **values: Any) -> Claim:
    return replace(claim, figure=replace(claim.figure, **values))


PUBLISHED = Claim(
    metric="Homicides",
    source="City announcement.",
    figure=Figure(
        unit="homicides",
        baseline_value=None,
        baseline_period="",
        current_value=None,
        current_period="2024",
        change=FigureChange(Decimal(-25), as_published=True),
    ),
)
COMPUTED = with_figure(
    PUBLISHED,
    baseline_value=BEFORE,
    current_value=NOW,
    baseline_period="2023",
    change=compute_change(BEFORE, NOW, None),
    dataset="Cases by year",
    method="Counted by day of death",
    caveat="Counted anew in 2022",
)


def said(claim: Claim) -> str:
    return str(claim_sentence(claim, str, lambda percent: f"{percent.normalize():f} %"))


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (PUBLISHED, "Homicides went down by 25 % in 2024."),
        (COMPUTED, "Homicides went down by 25 % from 2023 to 2024."),
        (with_figure(COMPUTED, change=FigureChange(Decimal(7), False)), "Homicides went up by 7 % from 2023 to 2024."),
        (with_figure(COMPUTED, change=FigureChange(Decimal(0), False)), "Homicides did not change from 2023 to 2024."),
        (with_figure(PUBLISHED, change=FigureChange(Decimal(7), True)), "Homicides went up by 7 % in 2024."),
        (with_figure(PUBLISHED, change=FigureChange(Decimal(0), True)), "Homicides did not change in 2024."),
        (with_figure(PUBLISHED, change=None, current_value=NOW), "Homicides: 36 homicides in 2024."),
        (with_figure(PUBLISHED, change=None, current_value=NOW, unit=""), "Homicides: 36 in 2024."),
    ],
)
def test_a_claim_is_one_plain_sentence(claim: Claim, words: str) -> None:
    assert said(claim) == words


def test_the_footnote_has_the_source_first_and_the_approver_last() -> None:
    notes = [str(note) for note in claim_footnote(COMPUTED, "Rita Office", date(2026, 11, 26), str)]
    assert notes == [
        "Source: City announcement.",
        "Dataset: Cases by year.",
        "From 48 to 36 homicides.",
        "Method: Counted by day of death.",
        "To keep in mind: Counted anew in 2022.",
        "Approved by Rita Office on 2026-11-26.",
    ]


def test_a_change_without_values_is_said_to_be_as_published() -> None:
    notes = [str(note) for note in claim_footnote(PUBLISHED, "Rita", date(2026, 11, 26), str)]
    assert "The change is given as published; the source gives no values." in notes
    assert len(notes) == 3


@pytest.mark.parametrize(
    ("kind", "visibility", "period", "right"),
    [
        (EvidenceKind.FIGURE, "public", "2024", True),
        (EvidenceKind.FIGURE, "internal", "2024", False),
        (EvidenceKind.FIGURE, "restricted", "2024", False),
        (EvidenceKind.FIGURE, "public", "", False),
        (EvidenceKind.NOTE, "public", "2024", False),
    ],
)
def test_only_a_public_figure_with_its_period_is_approved(
    kind: EvidenceKind, visibility: str, period: str, right: bool
) -> None:
    if right:
        check_approvable(kind, visibility, period)
    else:
        with pytest.raises(Refused):
            check_approvable(kind, visibility, period)
