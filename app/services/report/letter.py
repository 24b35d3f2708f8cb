"""The mail that a report goes out with: asked for by a person, or a month's, with the report as a file where that is wanted."""

from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from app.adapters.mail import Mail, MailFile
from app.adapters.translations import load_translator
from app.rules.errors import OutsideUnavailable
from app.rules.independence import INDEPENDENCE
from app.rules.message import Message, say
from app.rules.monthly import is_file_attached
from app.rules.people.permissions import OFFICE
from app.rules.report.parts import ReportAudience
from app.services.account.sessions import today_in
from app.services.report.edition import has_edition
from app.services.report.verifying import verify_address
from app.services.site import Site
from app.store import monthly, people
from app.store.city import load_city
from app.store.monthly import MonthlyReport
from app.store.people import Person
from app.store.report.mailings import ReportMail
from app.store.report.reports import Report

BY_PERSON = say("%(sender)s of %(city)s sends you readiness report no. %(number)s of %(day)s.")
BY_MONTH = say("This is the monthly readiness report of %(city)s, no. %(number)s of %(day)s.")
BODY = say("%(opening)s\n\nRead it here:\n%(address)s\n\nCheck it by its code %(code)s:\n%(check)s")
ATTACHED = say("The report is attached as a PDF.")
WHY_MONTHLY = say(
    "The data office of %(city)s put you on the list of those who get it each month. To be taken off it, answer this mail."
)
UNTIL = say("You get it until %(until)s.")


@dataclass(frozen=True)
class ReportLetter:
    """The mail, and the key of the stored file that it is to carry; empty for none. The file is read when nothing is locked."""

    mail: Mail
    file_key: str = ""
    file_name: str = ""

    def with_file(self, site: Site) -> Mail:
        """The mail with its file; where storage does not give it, with the link alone, which stands in it anyway."""
        if not self.file_key:
            return self.mail
        try:
            content = b"".join(site.storage.open(self.file_key))
        except OutsideUnavailable:
            return self.mail
        return replace(self.mail, files=(MailFile(self.file_name, "application/pdf", content),))


def write_report_letter(session: Session, site: Site, row: ReportMail) -> ReportLetter | None:
    """In the report's language; None for a person who has left the city meanwhile, and where the report was disposed of."""
    active = people.load_active_people(session, row.city_id)
    known_report = session.get_one(Report, row.report_id)
    if known_report.disposed_at or (row.person_id and row.person_id not in active):
        return None
    city = load_city(session, row.city_id)
    t = load_translator(known_report.language)
    held = monthly.find_monthly_of_issue(session, row.city_id, row.issue_id) if row.issue_id else None
    about = {"city": city.name, "number": known_report.number}
    day = today_in(city, known_report.made_at or known_report.created_at)
    sender = people.load_names(session, row.city_id).get(row.asked_by, "")
    opening = Message((BY_MONTH if held else BY_PERSON).text, values={**about, "sender": sender, "day": day})
    is_attached = held is not None and is_file_attached(
        held.is_attached, known_report.audience, known_report.size_bytes if known_report.file_key else 0
    )
    parts = [
        _write_body(site, city.slug, known_report, opening),
        *([ATTACHED] if is_attached else []),
        *(_explain_monthly(session, held, row, city.name) if held else ()),
    ]
    mail = Mail(
        to=active[row.person_id].email if row.person_id else row.address,
        subject=t.say(say("%(city)s: readiness report no. %(number)s", **about)),
        text="\n\n".join(map(t.say, parts)) + f"\n\n-- \n{t.say(INDEPENDENCE)}\n",
        sender_name=city.letter_sender,
        reply_to=_reply_address(session, active, row, city.reply_to or ""),
        message_id=row.message_id,
        headers={"Auto-Submitted": "auto-generated"} if held else {},
    )
    if not is_attached:
        return ReportLetter(mail)
    name = f"{city.slug}-readiness-{known_report.number}-{known_report.language}-{known_report.length}.pdf"
    return ReportLetter(mail, known_report.file_key or "", name)


def _write_body(site: Site, slug: str, known_report: Report, opening: Message) -> Message:
    check = verify_address(site, known_report.code)
    is_open = known_report.audience == ReportAudience.PUBLIC and has_edition(known_report)
    inside = f"{site.settings.public_url}/{slug}/reports/{known_report.number}"
    address = f"{check}/report" if is_open else inside
    values = {"opening": opening, "address": address, "code": known_report.code, "check": check}
    return Message(BODY.text, values=values)


def _explain_monthly(session: Session, held: MonthlyReport, row: ReportMail, city: str) -> list[Message]:
    """Why the mail comes, for how long, and how it ends."""
    until = _find_until(session, held, row)
    return [Message(WHY_MONTHLY.text, values={"city": city}), *([say(UNTIL.text, until=until)] if until else [])]


def _find_until(session: Session, held: MonthlyReport, row: ReportMail) -> date | None:
    readers = monthly.list_readers(session, row.city_id, [held.id])
    return next((reader.until for reader in readers if row.address and reader.address == row.address), None)


def _reply_address(session: Session, active: dict[int, Person], row: ReportMail, own: str) -> str:
    """Of the person who asked for it; the city's own, or of someone else in the data office, where that one has left."""
    if row.asked_by in active:
        return active[row.asked_by].email
    office = people.list_people_with_role(session, row.city_id, OFFICE) if row.issue_id and not own else ()
    return own or next((active[person_id].email for person_id in office if person_id in active), "")
