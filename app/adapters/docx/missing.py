"""What is missing in the Word file of a summary: every unmet criterion with its owner, and what partners are asked for."""

from collections.abc import Callable

from babel import Locale

from app.adapters.docx.paper import CellContent, DocxPaper, Spoken, ToldBlock
from app.rules.message import Message, counted, say
from app.rules.report.acting import PartnerRequest, SummaryTask
from app.rules.report.blocks import BlockKind, TextBlock, read_text
from app.rules.report.page import ReportPage
from app.rules.report.summary import ReportSummary

Say = Callable[[Message | str], str]
HEADS = (say("Criterion"), say("Owner"), say("Due"), say("What is missing"))


def write_missing(paper: DocxPaper, tell: Say, page: ReportPage, summary: ReportSummary) -> None:
    """Who must act on what, then the requests to outside organizations."""
    paper.add_heading(tell(say("What is missing, and who must act?")))
    if not summary.missing:
        paper.add_text(tell(say("Nothing is missing: every criterion is met by our own review.")))
    else:
        count = summary.missing
        missing = counted("%(num)s criterion is not met.", "%(num)s criteria are not met.", count, num=count)
        paper.add_text(f"{tell(missing)} {summary.wait}")
    heads = [tell(head) for head in HEADS]
    for group in summary.groups:
        paper.add_heading(f"{group.name} ({len(group.tasks)})", 2)
        if group.said:
            paper.add_text(group.said)
        rows = [_task_row(tell, page, task) for task in group.tasks]
        paper.add_table(group.name, heads, rows)
    if summary.partners:
        paper.add_heading(f"{tell(say('Partners'))} ({len(summary.partners)})", 2)
        asked = [
            (
                f"{line.code} {line.title}".strip(),
                (Spoken(line.partner, page.text_language),),
                _partner_words(tell, line),
            )
            for line in summary.partners
        ]
        paper.add_table(tell(say("Requests to outside organizations that are open.")), heads[:3], asked)
    if summary.partners_said:
        paper.add_heading(tell(say("Partners")), 2)
        paper.add_text(summary.partners_said)


def name_office(tell: Say, page: ReportPage, name: str) -> tuple[Spoken, ...]:
    """A department in the language of the city, which named it; that there is none is said in the report's."""
    return (Spoken(name, "" if name == tell(say("no department yet")) else page.text_language),)


def _task_row(tell: Say, page: ReportPage, task: SummaryTask) -> tuple[CellContent, ...]:
    asked = tell(say("Also asked: %(partners)s.", partners=task.asked)) if task.asked else ""
    missing: CellContent = (*read_text(f"{task.why} {task.way} {asked}"), *_told_reason(tell, page, task))
    title = f"{task.code} {task.title}"
    return (
        f"{title}, {tell(say('core'))}" if task.core else title,
        name_office(tell, page, task.owner),
        _due_words(tell, task),
        missing,
    )


def _partner_words(tell: Say, line: PartnerRequest) -> str:
    if not line.answered:
        return _due_words(tell, line)
    return ", ".join(filter(None, (line.due, tell(say("an answer waits to be read")))))


def _due_words(tell: Say, line: SummaryTask | PartnerRequest) -> str:
    return f"{line.due}, {tell(say('overdue'))}" if line.overdue else line.due


def _told_reason(tell: Say, page: ReportPage, task: SummaryTask) -> tuple[ToldBlock, ...]:
    """The reason behind its name, on the same line where it begins with a sentence, in the language in which it was written."""
    if not task.reason:
        return ()
    language, name = task.language or page.text_language, tell(say("Reviewer’s reason"))
    if language and language != page.language:
        spoken = Locale.parse(page.language).languages.get(language, language)
        name = f"{name} ({tell(say('in %(language)s', language=spoken))})"
    first, *others = task.reason_blocks
    head = first if first.is_paragraph else TextBlock(BlockKind.PARAGRAPH, ("",))
    rest = others if first.is_paragraph else task.reason_blocks
    return (ToldBlock(head, language, f"{name}:"), *(ToldBlock(block, language) for block in rest))
