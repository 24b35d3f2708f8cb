"""The answers file that the command line reads: verdicts, and for a plan what the city knows of its criteria.

Whatever is wrong with it is said in one sentence, and nothing is skipped silently.
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from app.adapters.criteria.editions import list_edition_ids, load_edition
from app.rules.criteria.edition import Edition, Effort
from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.rules.planning.question import PlanningFacts
from app.rules.scoring.score import VerdictKind
from app.settings import ROOT

LARGEST_BYTES = 1_000_000
VERDICTS_BY_WORD = {"met": VerdictKind.MET, "not_met": VerdictKind.NOT_MET}
"""What a file may say of a criterion; leaving it out means not reviewed."""
FACT_KEYS = ("efforts", "lead_days", "owners", "lapses")
"""What a file for a plan may hold besides the verdicts, each by criterion code."""
MOST_DAYS = 36_500

T = TypeVar("T")


def find_edition(edition_id: str) -> Edition:
    """The edition of the standard. Raises Invalid, with all there are, for another."""
    if edition_id not in list_edition_ids():
        raise unusable_answers(
            say("There is no edition “%(id)s”; choose %(all)s.", id=edition_id[:40], all=", ".join(list_edition_ids()))
        )
    return load_edition(ROOT / "criteria" / edition_id)


def read_answers_file(path: Path) -> str:
    """The text of a UTF-8 file, or of standard input for `-`."""
    try:
        with sys.stdin.buffer if path == Path("-") else path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as problem:
        raise unusable_answers(
            say("%(path)s cannot be read: %(reason)s.", path=path, reason=problem.strerror)
        ) from None
    if len(content) > LARGEST_BYTES:
        raise unusable_answers(say("%(path)s is larger than 1 MB; an answers file is much smaller.", path=path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unusable_answers(say("%(path)s is not UTF-8 text.", path=path)) from None


def read_verdicts(text: str, edition: Edition) -> dict[str, VerdictKind]:
    """Verdicts by code from JSON `{"verdicts": {"DM1": "met", ...}}`. Raises Invalid for anything else, also for other keys."""
    document = _parse_json(text)
    if not isinstance(document, dict) or document.keys() != {"verdicts"} or not isinstance(document["verdicts"], dict):
        raise unusable_answers(
            say('The file must be a JSON object like {"verdicts": {"DM1": "met", "DM2": "not_met"}}.')
        )
    return _read_by_code(document["verdicts"], edition, _read_verdict)


def read_facts(text: str, edition: Edition) -> tuple[dict[str, VerdictKind], PlanningFacts]:
    """Verdicts as above, and beside them any of FACTS, each an object by code. Raises Invalid for anything else."""
    document = _parse_json(text)
    if not isinstance(document, dict) or "verdicts" not in document or not document.keys() <= {"verdicts", *FACT_KEYS}:
        raise unusable_answers(
            say(
                'The file must be a JSON object like {"verdicts": {"DM1": "met"}}; it may also have %(keys)s.',
                keys=", ".join(FACT_KEYS),
            )
        )
    for key, values in document.items():
        if not isinstance(values, dict):
            raise unusable_answers(
                say("“%(key)s” must be a JSON object with a value for each criterion code.", key=key)
            )
    facts = PlanningFacts(
        efforts=_read_by_code(document.get("efforts", {}), edition, _read_effort),
        lead_days=_read_by_code(document.get("lead_days", {}), edition, _read_lead_days),
        owners=_read_by_code(document.get("owners", {}), edition, _read_owner),
        lapses=_read_by_code(document.get("lapses", {}), edition, _read_lapse_day),
    )
    return _read_by_code(document["verdicts"], edition, _read_verdict), facts


def parse_date(text: str) -> date | None:
    """The date of `2027-03-01`, and None for everything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None  # Python also reads 20270301 and weeks


def parse_day_option(text: str | None) -> date | None:
    """The day of an option; None where it was left out. Raises Invalid."""
    if text is None:
        return None
    day = parse_date(text)
    if day is None:
        raise unusable_answers(say("The date must be like 2027-03-01, not “%(date)s”.", date=text[:40]))
    return day


def _read_by_code(values: Mapping[str, object], edition: Edition, read: Callable[[str, object], T]) -> dict[str, T]:
    for code in values:
        if code not in edition.criteria:
            raise unusable_answers(say("There is no criterion “%(code)s” in this edition.", code=code[:40]))
    return {code: read(code, value) for code, value in values.items()}


def _read_verdict(code: str, value: object) -> VerdictKind:
    if not isinstance(value, str) or value not in VERDICTS_BY_WORD:
        raise unusable_answers(
            say(
                "The verdict on %(code)s must be “met” or “not_met”, not %(answer)s.",
                code=code,
                answer=_quote_value(value),
            )
        )
    return VERDICTS_BY_WORD[value]


def _read_effort(code: str, value: object) -> Effort:
    if not isinstance(value, str) or value not in list(Effort):
        raise unusable_answers(
            say(
                "The effort of %(code)s must be “S”, “M” or “L”, not %(answer)s.",
                code=code,
                answer=_quote_value(value),
            )
        )
    return Effort(value)


def _read_lead_days(code: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_DAYS:
        raise unusable_answers(
            say(
                "The lead days of %(code)s must be a whole number from 0 to %(most)s, not %(answer)s.",
                code=code,
                most=MOST_DAYS,
                answer=_quote_value(value),
            )
        )
    return value


def _read_owner(code: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise unusable_answers(
            say("The owner of %(code)s must be a name, not %(answer)s.", code=code, answer=_quote_value(value))
        )
    return value.strip()


def _read_lapse_day(code: str, value: object) -> date:
    day = parse_date(value) if isinstance(value, str) else None
    if day is None:
        raise unusable_answers(
            say(
                "The lapse of %(code)s must be a date like “2027-03-01”, not %(answer)s.",
                code=code,
                answer=_quote_value(value),
            )
        )
    return day


def _quote_value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:40]


def _parse_json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_refuse_duplicates)
    except json.JSONDecodeError as problem:
        raise unusable_answers(say("The file is not JSON: look at line %(line)s.", line=problem.lineno)) from None
    except (RecursionError, ValueError):
        raise unusable_answers(say("The file is not JSON that can be used here.")) from None


def _refuse_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members: dict[str, object] = {}
    for key, value in pairs:
        if key in members:
            raise unusable_answers(say("“%(key)s” is in the file twice; keep one of the two.", key=key[:40]))
        members[key] = value
    return members


def unusable_answers(message: Message) -> Invalid:
    return Invalid({"answers": message})
