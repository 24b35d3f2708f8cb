"""The evidence of a report: a line for each piece, and the index of them all."""

from app.adapters.translations import Translator
from app.rules.criteria.edition import EVIDENCE_KIND_NAMES, EvidenceKind
from app.rules.evidence.figure_words import figure_in_words
from app.rules.evidence.piece import VISIBILITY_NAMES, Figure, Visibility, compute_change
from app.rules.message import Message, counted, say
from app.rules.report.chapter import EvidenceLine, IndexEntry
from app.rules.report.parts import split_paragraphs
from app.services.report.sources import ReportSources
from app.store.evidence.pieces import Evidence

WITHHELD_NAMES: dict[Visibility, Message] = {
    Visibility.INTERNAL: say("Internal evidence"),
    Visibility.RESTRICTED: say("Restricted evidence"),
}
"""What stands for the title of a piece that the audience may not see."""


def evidence_line(t: Translator, piece: Evidence, sources: ReportSources) -> EvidenceLine:
    """The line of one piece; of one that the audience may not see only its number and kind go into the report or its data."""
    number, seen_as = sources.numbers[piece.id], Visibility(piece.visibility)
    kind, visibility = t.say(EVIDENCE_KIND_NAMES[EvidenceKind(piece.kind)]), t.say(VISIBILITY_NAMES[seen_as])
    if not sources.sight.names_piece(seen_as):
        title = t.say(WITHHELD_NAMES[seen_as])
        return EvidenceLine(number, kind, title, "", "", "", "", visibility, restricted=True, address="")
    seen_text = sources.sight.seen_text
    note, note_cut = split_paragraphs(seen_text(piece.note), sources.most_characters)
    return EvidenceLine(
        number=number,
        kind=kind,
        title=seen_text(piece.title),
        period=_period_words(t, piece),
        source=seen_text(piece.source),
        pointer=seen_text(piece.page_pointer),
        figure=_figure_words(t, piece),
        visibility=visibility,
        restricted=False,
        address=sources.sight.seen_address(piece.url),
        method=seen_text(piece.method),
        caveat=seen_text(piece.caveat),
        note=note,
        note_cut=note_cut,
        sha256=sources.fingerprints.get(piece.file_id or 0, ""),
        language=piece.language,
    )


def _period_words(t: Translator, piece: Evidence) -> str:
    if piece.period_from and piece.period_to:
        return t.say(say("%(begin)s to %(end)s", begin=t.day(piece.period_from), end=t.day(piece.period_to)))
    day = piece.period_from or piece.period_to
    if day:
        return t.day(day)
    if piece.effective_on:
        return t.say(say("In force since %(day)s", day=piece.effective_on))
    return t.say(say("no period given"))


def _figure_words(t: Translator, piece: Evidence) -> str:
    change = compute_change(piece.baseline_value, piece.current_value, piece.published_percent)
    figure = Figure(
        piece.unit,
        piece.baseline_value,
        piece.baseline_period,
        piece.current_value,
        piece.current_period,
        change,
    )
    words = figure_in_words(figure, t.number, t.percent)
    return t.say(words) if words else ""


def evidence_index(t: Translator, sources: ReportSources) -> tuple[IndexEntry, ...]:
    """Every piece once, with the codes of the criteria that it supports."""
    codes: dict[int, list[str]] = {}
    pieces: dict[int, Evidence] = {}
    for code, supporting_pieces in sources.pieces.items():
        for piece in supporting_pieces:
            pieces[piece.id] = piece
            codes.setdefault(piece.id, []).append(code)
    return tuple(
        IndexEntry(evidence_line(t, pieces[piece_id], sources), tuple(codes[piece_id])) for piece_id in sources.numbers
    )


def withheld_sentence(t: Translator, index: tuple[IndexEntry, ...]) -> str:
    """How many pieces count and are not named to the audience, the internal and the restricted ones apart; empty for none."""
    kinds = [entry.evidence.title for entry in index if entry.evidence.restricted]
    counts = {kind: kinds.count(t.say(name)) for kind, name in WITHHELD_NAMES.items()}
    return t.say(_count_withheld(**{kind.value: count for kind, count in counts.items()})) if kinds else ""


def _count_withheld(internal: int, restricted: int) -> Message:
    if not restricted:
        return counted(
            "%(count)s piece of internal evidence counts and is not named here.",
            "%(count)s pieces of internal evidence count and are not named here.",
            internal,
        )
    if not internal:
        return counted(
            "%(count)s piece of restricted evidence counts and is not named here.",
            "%(count)s pieces of restricted evidence count and are not named here.",
            restricted,
        )
    return say(
        "%(total)s pieces of evidence count and are not named here: internal %(internal)s, restricted %(restricted)s.",
        total=internal + restricted,
        internal=internal,
        restricted=restricted,
    )
