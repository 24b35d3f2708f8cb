"""The council summary as a Word file: the same words and figures as its PDF, for the clerk who puts them into a paper of the council."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from app.adapters.docx.level_picture import draw_levels
from app.adapters.docx.missing import Say, name_office, write_missing
from app.adapters.docx.paper import CellContent, DocxPaper, Spoken
from app.adapters.translations import load_translator
from app.rules.independence import INDEPENDENCE_BRIEFLY
from app.rules.message import Message, say
from app.rules.report.page import ReportPage
from app.rules.report.renewing import RenewalDocument
from app.rules.report.summary import ReportSummary, SummaryOutcome


def write_summary_docx(page: ReportPage, summary: ReportSummary) -> bytes:
    """The whole file. `summary` is the page's own."""
    tell = load_translator(page.language).say
    made_on = date.fromisoformat(page.origin.made_on)
    paper = DocxPaper(page.language, page.paper, made_on)
    readiness = tell(say("Readiness for What Works Cities Certification"))
    paper.describe(f"{page.city.name}: {readiness}", page.city.name, tell(say("Council summary")), page.language)
    paper.set_edges(f"{page.city.name} · {tell(say('Self-assessment, estimate'))}", tell(INDEPENDENCE_BRIEFLY))
    paper.add_title(f"{page.city.name}: {readiness}")
    number = tell(say("Report no. %(number)s", number=page.origin.number))
    made = tell(say("Draft")) if page.is_draft else tell(say("Final"))
    audience = tell(say("For: %(audience)s", audience=page.audience_name))
    paper.add_text(" · ".join((page.assessment, number, page.origin.made_on_text, audience, made)))
    if page.illustrative:
        paper.add_text(tell(say("Illustrative, not an actual submission of %(city)s", city=page.city.name)))
    _write_answer(paper, tell, page, summary)
    _write_foreword(paper, tell, page)
    _write_matrix(paper, tell, page, summary)
    write_missing(paper, tell, page, summary)
    _write_renewals(paper, tell, page, summary)
    _write_changes(paper, tell, page, summary)
    _write_method(paper, tell, page, summary)
    return paper.write()


def _write_answer(paper: DocxPaper, tell: Say, page: ReportPage, summary: ReportSummary) -> None:
    paper.add_heading(tell(say("Where do we stand, and what must be decided?")))
    paper.add_text("", f"{page.headline}.")
    if page.award:
        source = tell(say("Source: %(address)s", address=page.award.source))
        paper.add_text(" ".join(filter(None, (page.award.valid, page.award.not_checked, source))), page.award.said)
    paper.add_picture(draw_levels(page), 158, _levels_in_words(tell, page))
    heads = (tell(say("Result")), tell(say("Criteria")), tell(say("Level")))
    reviewed, *others = summary.results
    shared = (*reviewed[:2], f"{reviewed[2]} ({page.figures.met_percent})")
    paper.add_table(tell(say("Both results")), heads, [shared, *others])
    for name, number in (
        (say("Claimed by departments"), page.figures.claimed),
        (say("Still possible"), page.figures.possible),
    ):
        paper.add_text(tell(say("%(met)s of %(total)s", met=number, total=page.figures.total)), f"{tell(name)}:")
    paper.add_heading(tell(say("Can it be certified?")), 2)
    paper.add_text(summary.certifiable)
    paper.add_heading(tell(say("What is the biggest risk?")), 2)
    paper.add_text(summary.risk.text)
    for line in summary.risk.documents:
        paper.add_text(_document_words(tell, page, line), f"{tell(say('To renew'))}:")
    paper.add_heading(tell(say("Which decisions are asked for?")), 2)
    if summary.decisions:
        names = ("Criterion", "Kind", "Decision", "What it unlocks")
        rows = [(f"{line.code} {line.title}", line.kind, line.text, line.unlocks) for line in summary.decisions]
        paper.add_table(tell(say("Decisions of the leadership")), [tell(HEADS[name]) for name in names], rows)
    else:
        paper.add_text(tell(say("None: no open criterion waits for a decision that only leaders can take.")))


def _write_foreword(paper: DocxPaper, tell: Say, page: ReportPage) -> None:
    foreword = page.foreword
    if foreword is None:
        return
    paper.add_heading(tell(say("Foreword")))
    if foreword.said:
        paper.add_text(foreword.said)
    paper.add_blocks(foreword.blocks, foreword.language)
    paper.add_text(foreword.office, f"{foreword.name},", foreword.language)


HEADS: dict[str, Message] = {
    "Criterion": say("Criterion"),
    "Kind": say("Kind"),
    "Decision": say("Decision"),
    "What it unlocks": say("What it unlocks"),
    "Status": say("Status"),
    "Owner": say("Owner"),
    "Day": say("Day"),
    "Evidence": say("Evidence"),
    "Then": say("If it is not renewed"),
}


FORECAST = say(
    "A forecast from the periods that the evidence covers. It changes no verdict: what is out of date counts again "
    "when it is renewed and reviewed. It says nothing about a certification that the city holds."
)


def _standard_in_words(tell: Say, page: ReportPage) -> str:
    """The edition, and from how many criteria each level begins."""
    percent = load_translator(page.language).percent
    levels = (
        say(
            "%(level)s: from %(count)s criteria (%(percent)s)",
            level=mark.title,
            count=mark.needed,
            percent=percent(Decimal(mark.percent)),
        )
        for mark in page.levels
    )
    return f"{tell(say('Standard'))}: {'; '.join((page.edition.label, *map(tell, levels)))}."


def _levels_in_words(tell: Say, page: ReportPage) -> str:
    """What the picture of the levels says."""
    scale = say(
        "Level scale from 0 to %(total)s criteria. Met by our own review: %(verified)s. "
        "Claimed by departments: %(claimed)s. Possible: %(possible)s.",
        total=page.figures.total,
        verified=page.figures.met,
        claimed=page.figures.claimed,
        possible=page.figures.possible,
    )
    begins = (say("%(level)s begins at %(count)s.", level=mark.title, count=mark.needed) for mark in page.levels)
    return " ".join(map(tell, (scale, *begins)))


def _document_words(
    tell: Say, page: ReportPage, line: RenewalDocument, *, is_titled: bool = True
) -> tuple[Spoken, ...]:
    """The title in its own language; not `is_titled` where the titles of the criteria stand beside it."""
    titles = page.titles if is_titled else {}
    named = "; ".join(f"{code} {titles.get(code, '')}".strip() for code in line.codes)
    opening, title, closing = tell(say("“%(title)s”", title=line.title)).partition(line.title)
    language = line.language or page.text_language if line.told else ""
    return (
        Spoken(opening),
        Spoken(title, language),
        Spoken(f"{closing} ({named}) · "),
        *name_office(tell, page, line.owner),
    )


def _join_documents(tell: Say, page: ReportPage, documents: Iterable[RenewalDocument]) -> tuple[Spoken, ...]:
    lines = [_document_words(tell, page, line, is_titled=False) for line in documents]
    return tuple(part for place, line in enumerate(lines) for part in ((Spoken("; "), *line) if place else line))


def _outcome_notes(page: ReportPage, outcome: SummaryOutcome) -> tuple[Spoken, ...]:
    """What the city wrote in them in its own language."""
    language = outcome.language or page.text_language
    notes = ((Spoken(name), Spoken(told, language), Spoken(f"{end} ")) for name, told, end in outcome.split_notes)
    return tuple(part for note in notes for part in note if part.text)


def _write_matrix(paper: DocxPaper, tell: Say, page: ReportPage, summary: ReportSummary) -> None:
    paper.add_heading(tell(say("Where does each criterion stand, and who answers for it?")))
    paper.add_text(" · ".join(f"{name}: {count}" for _, name, count in summary.legend))
    heads = [tell(HEADS[name]) for name in ("Criterion", "Status", "Owner")]
    for area in summary.matrix:
        paper.add_heading(f"{area.title} ({area.said})", 2)
        core = tell(say("core"))
        rows: list[tuple[CellContent, ...]] = [
            (
                f"{tile.code} {tile.title}",
                f"{tile.name}, {core}" if tile.core else tile.name,
                name_office(tell, page, tile.owner),
            )
            for tile in area.tiles
        ]
        paper.add_table(area.title, heads, rows)


def _write_renewals(paper: DocxPaper, tell: Say, page: ReportPage, summary: ReportSummary) -> None:
    paper.add_heading(tell(say("What must be renewed in the next 12 months?")))
    if summary.expired:
        paper.add_heading(tell(say("Out of date already")), 2)
        paper.add_list([_document_words(tell, page, line) for line in summary.expired])
    if summary.renewals:
        rows = [
            (
                line.day,
                "; ".join(line.names or line.codes),
                _join_documents(tell, page, line.documents),
                f"{line.then} {tell(say('The estimate falls.'))}" if line.drops else line.then,
            )
            for line in summary.renewals
        ]
        heads = [tell(HEADS[name]) for name in ("Day", "Criterion", "Evidence", "Then")]
        paper.add_table(tell(say("What expires by month.")), heads, rows)
    else:
        paper.add_text(
            tell(say("Nothing that counts today expires in the next 12 months, as far as its evidence says."))
        )
    if summary.later:
        paper.add_text(summary.later)
    if summary.unknown:
        unknown = say(
            "Nobody knows how long these count, because their evidence names no period: %(codes)s.",
            codes=summary.unknown,
        )
        paper.add_text(tell(unknown))
    paper.add_text(tell(FORECAST))


def _write_changes(paper: DocxPaper, tell: Say, page: ReportPage, summary: ReportSummary) -> None:
    paper.add_heading(tell(say("What has changed, and what was achieved?")))
    for change in summary.changes:
        paper.add_text(" ".join(change.lines), f"{change.since}:")
    paper.add_heading(tell(say("Outcomes that the city reports")), 2)
    if not summary.outcomes:
        paper.add_text(
            tell(say("No public figure is recorded yet. The first one that is will stand here with its source."))
        )
    for outcome in summary.outcomes:
        paper.add_text(_outcome_notes(page, outcome), outcome.sentence)
    if page.outcome:
        paper.add_heading(tell(say("The outcome that the program asked for")), 2)
        paper.add_list(page.outcome)


def _write_method(paper: DocxPaper, tell: Say, page: ReportPage, summary: ReportSummary) -> None:
    paper.add_heading(tell(say("How was this worked out, and how can it be checked?")))
    for paragraph in (*page.method[:4], _standard_in_words(tell, page), page.withheld, page.carried):
        if paragraph:
            paper.add_text(paragraph)
    paper.add_heading(tell(say("How to check this report")), 2)
    paper.add_text(summary.checking)
    paper.add_text(f"{page.origin.verification_code} · {page.origin.verification_address}")
    anchor = say(
        "History of the city when it was made: entry %(number)s, %(hash)s.",
        number=page.origin.history_number,
        hash=page.origin.history_hash,
    )
    paper.add_text(tell(anchor))
    paper.add_heading(tell(say("Contact")), 2)
    paper.add_list(summary.contact)
    paper.add_heading(tell(say("Notice")), 2)
    for paragraph in page.notice:
        paper.add_text(paragraph)
    paper.add_heading(tell(say("Words")), 2)
    for term in summary.terms:
        paper.add_text(term.meaning, f"{term.term}:")
