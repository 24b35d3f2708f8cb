"""What templates call the states by, and the words that people read for them: all of it stands beside the enums in the rules."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.rules.assessment import AssessmentState
from app.rules.board import STATUS_NAMES, CriterionStatus, NextActor
from app.rules.calendar import KIND_NAMES, DayKind
from app.rules.criteria.edition import (
    BASIS_NAMES,
    EFFORT_NAMES,
    EVIDENCE_KIND_NAMES,
    WINDOW_NAMES,
    EvidenceKind,
    Window,
)
from app.rules.criteria.guide import CERTAINTY_NAMES, TOPIC_NAMES
from app.rules.cycle.confirming import Confirmation, CriterionChange
from app.rules.days.freshness import FRESHNESS_NAMES, Freshness
from app.rules.evidence.links import LinkState
from app.rules.evidence.piece import VISIBILITY_NAMES, Visibility
from app.rules.evidence.questions import FileQuestion
from app.rules.files.file_reading import ReadingState
from app.rules.files.scanning import ScanState
from app.rules.message import Message
from app.rules.my_work import WorkNeed
from app.rules.people.permissions import Role
from app.rules.portal.counting import FactState
from app.rules.report.state import ReportState
from app.rules.request import ContributionState, RequestState
from app.rules.review.comment import CommentKind
from app.rules.review.moves import STATE_NAMES, RenewalState, ResponseState
from app.rules.scoring.confidence import CONFIDENCE_NAMES
from app.rules.scoring.results import CoreState
from app.rules.scoring.score import (
    RATING_CLAIMS,
    REVIEWED_NAMES,
    VERDICT_HEADINGS,
    VERDICT_NAMES,
    SelfRating,
    VerdictKind,
)

STATES: dict[str, type[StrEnum]] = {
    kind.__name__: kind
    for kind in (
        AssessmentState, Confirmation, ContributionState, CoreState, CriterionChange, CriterionStatus, EvidenceKind, FactState, Freshness, NextActor,
        RenewalState, RequestState, ResponseState, Role, SelfRating, VerdictKind, Visibility, Window, WorkNeed,
        CommentKind, DayKind, FileQuestion, LinkState, ReadingState, ReportState, ScanState,
    )
}  # fmt: skip

STATE_WORDS: dict[str, Mapping[Any, Message]] = {
    "basis_names": BASIS_NAMES,
    "certainty_names": CERTAINTY_NAMES,
    "confidence_names": CONFIDENCE_NAMES,
    "day_kind_names": KIND_NAMES,
    "effort_names": EFFORT_NAMES,
    "evidence_kind_names": EVIDENCE_KIND_NAMES,
    "freshness_names": FRESHNESS_NAMES,
    "rating_claims": RATING_CLAIMS,
    "state_names": STATE_NAMES,
    "status_names": STATUS_NAMES,
    "topic_names": TOPIC_NAMES,
    "verdict_headings": VERDICT_HEADINGS,
    "verdict_names": VERDICT_NAMES,
    "reviewed_names": REVIEWED_NAMES,
    "visibility_names": VISIBILITY_NAMES,
    "window_names": WINDOW_NAMES,
}
