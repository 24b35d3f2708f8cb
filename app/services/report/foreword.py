"""The foreword that a report has: in its language where there is one, else in another, which is said."""

from babel import Locale
from sqlmodel import Session

from app.adapters.translations import Translator
from app.rules.city.naming import CityValues
from app.rules.message import say
from app.rules.report.audience import AudienceSight
from app.rules.report.foreword import ReportForeword, choose_language
from app.rules.report.parts import ReportLength
from app.store.report import foreword as forewords

WITH_FOREWORD = frozenset({ReportLength.SUMMARY, ReportLength.FULL})


def load_foreword(
    session: Session, t: Translator, city: CityValues, length: str, sight: AudienceSight
) -> ReportForeword | None:
    """None for a report that is too short for one, and where nobody has written any. Addresses are as its readers may have them."""
    if length not in WITH_FOREWORD:
        return None
    written = {row.language: row for row in forewords.list_forewords(session, city.id) if row.text}
    language = choose_language(written, t.language, city.language)
    if not language:
        return None
    row = written[language]
    text = sight.seen_text(row.text)
    if language == t.language:
        return ReportForeword(text, row.name, row.office)
    name = Locale.parse(t.language).languages[language]
    said = t.say(say("In %(language)s, the language in which it was written.", language=name))
    return ReportForeword(text, row.name, row.office, language, said)
