"""Both results as JSON holds them, for the interface and the command line."""

from app.rules.message import say
from app.rules.scoring.headline import results_headline
from app.rules.scoring.results import TwoResults, results_details
from app.rules.scoring.score import Score


def results_as_data(results: TwoResults) -> dict[str, object]:
    """Day, both results, what is out of date, renewed and self-decided as codes, the core check by code, and the explanation in words."""
    return {
        "day": results.day.isoformat(),
        "by_reviews": _score_data(results.reviewed),
        "still_fresh": _score_data(results.fresh),
        "out_of_date": list(results.out_of_date),
        "renewed": list(results.renewed),
        "self_decided": list(results.self_decided),
        "core": {code: results.core_state(code).value for code in results.reviewed.core_required},
        "explanation": str(
            say("%(headline)s. %(details)s", headline=results_headline(results), details=results_details(results))
        ),
    }


def _score_data(result: Score) -> dict[str, object]:
    return {
        "met": result.met,
        "percent": float(result.percent),
        "level_by_count": result.level_by_count,
        "level": result.level,
        "core_open": list(result.core_open),
    }
