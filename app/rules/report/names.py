"""What the lengths and the audiences of a report are called."""

from app.rules.message import Message, say
from app.rules.report.parts import ReportAudience, ReportLength

LENGTH_NAMES: dict[str, Message] = {
    ReportLength.ONE_PAGE: say("One page"),
    ReportLength.SUMMARY: say("Council summary, 6 to 8 pages"),
    ReportLength.FULL: say("Full, with every criterion"),
    ReportLength.ANNEX: say("A department’s own annex"),
}
"""The lengths that can be asked for."""


AUDIENCE_NAMES: dict[str, Message] = {
    ReportAudience.PUBLIC: say("The public"),
    ReportAudience.COUNCIL: say("The council"),
    ReportAudience.INTERNAL: say("Our own offices"),
}


AUDIENCE_NOTES: dict[str, Message] = {
    ReportAudience.PUBLIC: say("Public evidence only; no names of staff, no reasons of the reviewer, no drafts."),
    ReportAudience.COUNCIL: say(
        "Also the titles of internal evidence, who is responsible, and the reviewer’s reasons."
    ),
    ReportAudience.INTERNAL: say("Everything but restricted evidence, with drafts and internal addresses."),
}
