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
from app.rules.criteria import Edition, Effort
from app.rules.errors import Invalid
from app.rules.message import Said, say
from app.rules.planning.question import Facts
from app.rules.scoring.score import Decision
from app.settings import ROOT

LARGEST_BYTES = 1_000_000
ANSWERS = {"met": Decision.MET, "not_met": Decision.NOT_MET}
"""What a file may say of a criterion; leaving it out means not reviewed."""
FACTS = ("efforts", "lead_days", "owners", "lapses")
"""What a file for a plan may hold besides the verdicts, each by criterion code."""
MOST_DAYS = 36_500

T = TypeVar("T")


def edition_called(edition_id: str) -> Edition:
    """The edition of the standard. Raises Invalid, with all there are, for another."""
    if edition_id not in list_edition_ids():
        raise unusable(
            say("There is no edition “%(id)s”; choose %(all)s.", id=edition_id[:40], all=", ".join(list_edition_ids()))
        )
    return load_edition(ROOT / "criteria" / edition_id)


def read_file(path: Path) -> str:
    """The text of a UTF-8 file, or of standard input for `-`."""
    try:
        with sys.stdin.buffer if path == Path("-") else path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as problem:
        raise unusable(say("%(path)s cannot be read: %(reason)s.", path=path, reason=problem.strerror)) from None
    if len(content) > LARGEST_BYTES:
        raise unusable(say("%(path)s is larger than 1 MB; an answers file is much smaller.", path=path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unusable(say("%(path)s is not UTF-8 text.", path=path)) from None


def read_verdicts(text: str, edition: Edition) -> dict[str, Decision]:
    """Verdicts by code from JSON `{"verdicts": {"DM1": "met", ...}}`. Raises Invalid for anything else, also for other keys."""
    found = _json(text)
    if not isinstance(found, dict) or found.keys() != {"verdicts"} or not isinstance(found["verdicts"], dict):
        raise unusable(say('The file must be a JSON object like {"verdicts": {"DM1": "met", "DM2": "not_met"}}.'))
    return _by_code(found["verdicts"], edition, _decision)


def read_facts(text: str, edition: Edition) -> tuple[dict[str, Decision], Facts]:
    """Verdicts as above, and beside them any of FACTS, each an object by code. Raises Invalid for anything else."""
    found = _json(text)
    if not isinstance(found, dict) or "verdicts" not in found or not found.keys() <= {"verdicts", *FACTS}:
        raise unusable(
            say(
                'The file must be a JSON object like {"verdicts": {"DM1": "met"}}; it may also have %(keys)s.',
                keys=", ".join(FACTS),
            )
        )
    for key, values in found.items():
        if not isinstance(values, dict):
            raise unusable(say("“%(key)s” must be a JSON object with a value for each criterion code.", key=key))
    facts = Facts(
        efforts=_by_code(found.get("efforts", {}), edition, _effort),
        lead_days=_by_code(found.get("lead_days", {}), edition, _days),
        owners=_by_code(found.get("owners", {}), edition, _owner),
        lapses=_by_code(found.get("lapses", {}), edition, _day_of_lapse),
    )
    return _by_code(found["verdicts"], edition, _decision), facts


def read_date(text: str) -> date | None:
    """The date of `2027-03-01`, and None for everything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None  # Python also reads 20270301 and weeks


def read_day(text: str | None) -> date | None:
    """The day of an option; None where it was left out. Raises Invalid."""
    if text is None:
        return None
    day = read_date(text)
    if day is None:
        raise unusable(say("The date must be like 2027-03-01, not “%(date)s”.", date=text[:40]))
    return day


def _by_code(values: Mapping[str, object], edition: Edition, read: Callable[[str, object], T]) -> dict[str, T]:
    for code in values:
        if code not in edition.criteria:
            raise unusable(say("There is no criterion “%(code)s” in this edition.", code=code[:40]))
    return {code: read(code, value) for code, value in values.items()}


def _decision(code: str, answer: object) -> Decision:
    if not isinstance(answer, str) or answer not in ANSWERS:
        raise unusable(
            say(
                "The verdict on %(code)s must be “met” or “not_met”, not %(answer)s.",
                code=code,
                answer=_shown(answer),
            )
        )
    return ANSWERS[answer]


def _effort(code: str, answer: object) -> Effort:
    if not isinstance(answer, str) or answer not in list(Effort):
        raise unusable(
            say(
                "The effort of %(code)s must be “S”, “M” or “L”, not %(answer)s.",
                code=code,
                answer=_shown(answer),
            )
        )
    return Effort(answer)


def _days(code: str, answer: object) -> int:
    if not isinstance(answer, int) or isinstance(answer, bool) or not 0 <= answer <= MOST_DAYS:
        raise unusable(
            say(
                "The lead days of %(code)s must be a whole number from 0 to %(most)s, not %(answer)s.",
                code=code,
                most=MOST_DAYS,
                answer=_shown(answer),
            )
        )
    return answer


def _owner(code: str, answer: object) -> str:
    if not isinstance(answer, str) or not answer.strip():
        raise unusable(say("The owner of %(code)s must be a name, not %(answer)s.", code=code, answer=_shown(answer)))
    return answer.strip()


def _day_of_lapse(code: str, answer: object) -> date:
    day = read_date(answer) if isinstance(answer, str) else None
    if day is None:
        raise unusable(
            say(
                "The lapse of %(code)s must be a date like “2027-03-01”, not %(answer)s.",
                code=code,
                answer=_shown(answer),
            )
        )
    return day


def _shown(answer: object) -> str:
    return json.dumps(answer, ensure_ascii=False)[:40]


def _json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as problem:
        raise unusable(say("The file is not JSON: look at line %(line)s.", line=problem.lineno)) from None
    except (RecursionError, ValueError):
        raise unusable(say("The file is not JSON that can be used here.")) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise unusable(say("“%(key)s” stands in the file twice; keep one of the two.", key=key[:40]))
        found[key] = value
    return found


def unusable(sentence: Said) -> Invalid:
    return Invalid({"answers": sentence})
