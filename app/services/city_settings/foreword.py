"""The foreword of the city's reports as an administrator writes it, one for each language of the app."""

from dataclasses import dataclass

from app.rules.errors import Conflict, Invalid
from app.rules.files.typed_data import check_typed_data
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.report.foreword import ForewordText, check_foreword
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.settings import LANGUAGES
from app.store.city import lock_city
from app.store.report import foreword as forewords
from app.store.report.foreword import Foreword


@dataclass(frozen=True)
class WrittenForeword:
    """The foreword in one language, by its code and its own name; `version` is 0 where nobody has written one yet."""

    language: str
    language_name: str
    text: str
    name: str
    office: str
    version: int


def list_written(desk: Desk) -> tuple[WrittenForeword, ...]:
    """One for each language of the app, the city's own first."""
    rows = {row.language: row for row in forewords.list_forewords(desk.session, desk.city_id)}
    languages = sorted(LANGUAGES, key=lambda language: language != desk.who.city.language)
    return tuple(_describe_foreword(language, rows.get(language)) for language in languages)


def _describe_foreword(language: str, row: Foreword | None) -> WrittenForeword:
    written = (row.text, row.name, row.office, row.version) if row else ("", "", "", 0)
    return WrittenForeword(language, LANGUAGES[language], *written)


def write_foreword(desk: Desk, language: str, typed: ForewordText, version: int, *, may_stand: bool = False) -> None:
    """Keep it for the reports that are made from now on; an empty text takes it out of them.

    Raises Invalid, and Conflict when someone else changed it meanwhile.
    """
    if language not in LANGUAGES:
        raise Invalid({"": say("Choose one of the languages.")})
    checked = check_foreword(typed)
    texts = {"text": checked.text, "name": checked.name, "office": checked.office}
    check_typed_data(texts, desk.who.city.country, may_stand=may_stand)
    lock_city(desk.session, desk.city_id)
    row = forewords.find_foreword(desk.session, desk.city_id, language)
    if version != (row.version if row else 0):
        raise Conflict(CHANGED_MEANWHILE)
    row = row or Foreword(city_id=desk.city_id, language=language, version=0)
    row.text, row.name, row.office, row.version = checked.text, checked.name, checked.office, version + 1
    forewords.save_foreword(desk.session, row)
    verb = Verb.FOREWORD_SET if checked.text else Verb.FOREWORD_REMOVED
    desk.record(verb, LANGUAGES[language], text=checked.text, name=checked.name, office=checked.office)
