"""The copy sheet of a city's open assessment: one builder for its page, its workbook and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.adapters.tables.writing import LongColumns, write_workbook
from app.adapters.translations import Translator, load_translator
from app.rules.city.naming import CityValues
from app.rules.copy_sheet import (
    LONG_ANSWER_HEADS,
    LONG_PIECE_HEADS,
    CopySheet,
    SheetAnswer,
    SheetArea,
    SheetPiece,
    answer_rows,
    list_gaps,
    piece_rows,
)
from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.piece import Visibility
from app.rules.message import Message, say
from app.rules.report.audience import SIGHTS
from app.rules.report.parts import ReportAudience, ReportParts
from app.rules.review.moves import STATE_NAMES, ResponseState
from app.rules.scoring.score import REVIEWED_NAMES
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.report.index import evidence_line
from app.services.report.sources import ReportSources, load_sources
from app.services.site import Site
from app.store.evidence import support
from app.store.evidence.pieces import Evidence

CAUTIONS: dict[Visibility, Message] = {
    Visibility.INTERNAL: say("Internal: ask its department before you hand it over."),
    Visibility.RESTRICTED: say("Restricted: it is not named here. Hand over a redacted copy, or leave it out."),
}


@dataclass(frozen=True)
class SheetSources:
    """What the answers are copied from; `pointers` say where to look, by response and piece."""

    t: Translator
    whole: Overview
    sources: ReportSources
    pointers: Mapping[tuple[int, int], str]


def build_copy_sheet(
    session: Session, site: Site, city: CityValues, language: str, *, met_only: bool = False
) -> CopySheet:
    """The same for everyone of the city: nobody finds restricted evidence in it. Raises NotFound without an open assessment."""
    whole = load_overview(session, site, city, language)
    sources = load_sources(session, city, whole, SIGHTS[ReportAudience.INTERNAL], ReportParts())
    pointers = support.load_pointers(session, city.id, [written.id for written in sources.responses.values()])
    seen = SheetSources(load_translator(language), whole, sources, pointers)
    areas = [
        SheetArea(
            area.title,
            tuple(
                _copy_answer(seen, stand) for stand in map(whole.stand_of, area.criteria) if stand.met or not met_only
            ),
        )
        for area in whole.edition.areas
    ]
    return CopySheet(
        city=city.name,
        assessment=whole.assessment.name,
        edition=whole.edition.label,
        day=whole.day,
        met_only=met_only,
        met=len(whole.met),
        total=whole.edition.total,
        areas=tuple(area for area in areas if area.answers),
    )


def _copy_answer(seen: SheetSources, stand: Stand) -> SheetAnswer:
    written = seen.sources.responses.get(stand.code)
    answer = written.narrative if written else ""
    pieces = tuple(
        _copy_piece(seen, piece, number, written.id if written else 0)
        for number, piece in enumerate(seen.sources.pieces.get(stand.code, []), start=1)
    )
    gaps = list_gaps(is_met=stand.met, answer=answer, pieces=len(pieces), out_of_date=stand.code in seen.whole.at_risk)
    decision = stand.decision if stand.state is ResponseState.DECIDED else None
    return SheetAnswer(
        code=stand.code,
        program_name=stand.criterion.short_name,
        title=stand.criterion.title,
        is_core=stand.criterion.core,
        state=stand.state,
        decision=decision,
        status=seen.t.say(REVIEWED_NAMES[decision] if decision else STATE_NAMES[stand.state]),
        answer=answer,
        language=written.narrative_language if written and answer else "",
        pieces=pieces,
        gaps=tuple(map(seen.t.say, gaps)),
    )


def _copy_piece(seen: SheetSources, piece: Evidence, number: int, response_id: int) -> SheetPiece:
    line = evidence_line(seen.t, piece, seen.sources)
    caution = CAUTIONS.get(Visibility(piece.visibility))
    pointer = seen.pointers.get((response_id, piece.id), piece.page_pointer)
    return SheetPiece(
        evidence_id=piece.id,
        number=number,
        kind=EvidenceKind(piece.kind),
        kind_name=line.kind,
        title=line.title,
        file_name="" if line.restricted else piece.file_name,
        address=line.address,
        place="" if line.restricted else pointer,
        period=line.period,
        said="" if line.restricted else line.figure or piece.note,
        visibility=line.visibility,
        caution=seen.t.say(caution) if caution else "",
    )


def write_copy_sheet(sheet: CopySheet, language: str) -> bytes:
    """The workbook: a sheet with a row for each criterion, and one with a row for each piece."""
    t = load_translator(language)
    answers, evidence = t.say(say("Answers")), t.say(say("Evidence"))
    widths: dict[str, LongColumns] = {answers: LONG_ANSWER_HEADS, evidence: LONG_PIECE_HEADS}
    return write_workbook({answers: answer_rows(sheet, t.say), evidence: piece_rows(sheet, t.say)}, widths)
