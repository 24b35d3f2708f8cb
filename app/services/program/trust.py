"""What our own verdicts are worth by what the programme said of earlier ones: for the planner."""

from dataclasses import dataclass

from app.rules.message import Message
from app.rules.program import (
    AnswerComparison,
    ConfirmedShare,
    OfficialAnswer,
    compare_answer,
    confirmed_share,
    expectation_in_words,
    share_in_words,
)
from app.rules.scoring.score import VerdictKind
from app.services.assessment.overview import Overview
from app.services.desk import Desk
from app.store import program
from app.store.program import AnswerBesideOurs


@dataclass(frozen=True)
class AreaShare:
    title: str
    share: ConfirmedShare


@dataclass(frozen=True)
class PlannerTrust:
    """The share that the programme confirmed, in one sentence with its count, and what follows for the criteria that are met now.

    `areas` are those of this edition of which it is known, and `too_kind` the criteria that we found met and the programme did not: the
    plan still counts them as our reviewers decided, so whoever plans is told by name.
    """

    said: Message
    expected: Message | None
    areas: tuple[AreaShare, ...]
    too_kind: tuple[str, ...]


def load_trust(desk: Desk, seen: Overview) -> PlannerTrust | None:
    """One query; None where the programme has said nothing yet. Areas are compared within this edition only."""
    beside_ours = program.list_answers_beside_ours(desk.session, desk.city_id)
    share = confirmed_share(map(_pair_answers, beside_ours))
    said = share_in_words(share)
    if said is None:
        return None
    within = [compared for compared in beside_ours if compared.edition == seen.edition.id]
    shares = [
        AreaShare(
            area.title,
            confirmed_share(_pair_answers(compared) for compared in within if compared.criterion in area.criteria),
        )
        for area in seen.edition.areas
    ]
    kind = {row.criterion for row in within if compare_answer(*_pair_answers(row)) is AnswerComparison.TOO_KIND}
    return PlannerTrust(
        said,
        expectation_in_words(share, len(seen.met)),
        tuple(area for area in shares if area.share.known),
        tuple(code for code in seen.edition.criteria if code in kind),
    )


def _pair_answers(compared: AnswerBesideOurs) -> tuple[VerdictKind | None, OfficialAnswer]:
    return VerdictKind(compared.decision) if compared.decision else None, OfficialAnswer(compared.answer)
