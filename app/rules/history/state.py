"""How rows of the city's tables are called where they are compared with the record, and what is said of one that differs."""

from enum import StrEnum
from typing import NamedTuple

from app.rules.message import Message, say


class RowKind(NamedTuple):
    """`several` heads a list; `told` begins a sentence about one of them, named by `about`: a criterion, a title or a person."""

    several: Message
    told: Message


ROW_KINDS: dict[str, RowKind] = {
    "verdict": RowKind(say("Verdicts"), say("The verdict on %(about)s")),
    "response": RowKind(
        say("Answers: narrative, own rating and state"), say("The answer on %(about)s (narrative, own rating or state)")
    ),
    "checklist_answer": RowKind(say("Ticks on checklists"), say("A tick on the checklist of %(about)s")),
    "narrative_version": RowKind(say("Earlier narratives"), say("An earlier narrative of %(about)s")),
    "judged_response": RowKind(
        say("What verdicts were given on"), say("The copy of what a verdict on %(about)s was given on")
    ),
    "review_comment": RowKind(say("Comments of reviewers"), say("A comment on %(about)s")),
    "membership": RowKind(
        say("People: role, departments, name and e-mail address"),
        say("The access of %(about)s (role, departments, name or e-mail address)"),
    ),
    "handover": RowKind(say("Handovers"), say("What was handed over to %(about)s")),
    "department": RowKind(say("Departments"), say("The department %(about)s")),
    "assignment": RowKind(say("Assignments and due dates"), say("The assignment of %(about)s")),
    "evidence": RowKind(
        say("Evidence: content, file, visibility and approvals"),
        say("The evidence %(about)s (content, file, visibility or approvals)"),
    ),
    "evidence_support": RowKind(say("Which evidence supports what"), say("A piece of evidence behind %(about)s")),
    "evidence_version": RowKind(say("Earlier versions of evidence"), say("An earlier version of the evidence %(about)s")),
    "evidence_opening": RowKind(
        say("Who opened restricted evidence"), say("A note of who opened the evidence %(about)s")
    ),
    "link_copy": RowKind(say("Copies of linked pages"), say("A copy of the page that %(about)s links to")),
    "file_reading": RowKind(say("What was found in files"), say("What was found in the file %(about)s")),
    "file_reading_answer": RowKind(
        say("Decisions on what was found in files"), say("A decision on what was found in the file of %(about)s")
    ),
    "retention_class": RowKind(say("Retention classes"), say("The retention class %(about)s")),
    "evidence_request": RowKind(say("Requests for evidence"), say("A request for %(about)s")),
    "contribution": RowKind(say("What partners sent"), say("What a partner sent (%(about)s)")),
    "partner": RowKind(say("Partners"), say("The partner %(about)s")),
    "local_criterion": RowKind(
        say("The city’s own wording and estimates"), say("The city’s own wording or estimate of %(about)s")
    ),
    "scenario": RowKind(say("Scenarios"), say("The scenario %(about)s")),
    "report": RowKind(say("Reports"), say("Report no. %(about)s")),
    "portal": RowKind(say("Open-data catalog: address"), say("The address of the open-data catalog")),
    "portal_reading": RowKind(say("Open-data catalog: readings"), say("A reading of the open-data catalog (%(about)s)")),
    "portal_fact": RowKind(say("Open-data catalog: facts"), say("A fact from the open-data catalog for %(about)s")),
    "foreword": RowKind(say("Forewords of reports"), say("The foreword of reports (%(about)s)")),
    "award": RowKind(say("Awards of the program"), say("The award %(about)s")),
    "program_application": RowKind(say("Submissions to the program"), say("What is known of a submission (%(about)s)")),
    "program_question": RowKind(say("Questions of the program"), say("A question of the program on %(about)s")),
    "program_answer": RowKind(say("Answers of the program"), say("The program’s answer on %(about)s")),
    "assessment": RowKind(say("Assessments"), say("The assessment %(about)s")),
    "city": RowKind(say("The city itself"), say("The name or another setting of the city")),
}  # fmt: skip
"""By table, what people look for first at the top."""


class RowDifference(StrEnum):
    """Between a row and what the record says of it."""

    ALTERED = "altered"
    GONE = "gone"
    BACK = "back"
    UNRECORDED = "unrecorded"
    OVERWRITTEN = "overwritten"


SENTENCES: dict[RowDifference, Message] = {
    RowDifference.ALTERED: say("%(what)s is not as event %(number)s recorded it."),
    RowDifference.GONE: say("%(what)s is missing, though event %(number)s recorded it."),
    RowDifference.BACK: say("%(what)s is there, though event %(number)s removed it."),
    RowDifference.UNRECORDED: say("%(what)s is in no event: it was added from outside this app."),
    RowDifference.OVERWRITTEN: say("%(what)s was changed from outside this app some time before event %(number)s."),
}


def describe_difference(kind: str, difference: RowDifference, about: str | Message, number: int) -> Message:
    """What is wrong with a row, in one sentence; `number` is the event that recorded it last."""
    what = Message(ROW_KINDS[kind].told.text, values={"about": about or "–"})
    return Message(SENTENCES[difference].text, values={"what": what, "number": number})
