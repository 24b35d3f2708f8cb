"""What a city said of its criteria in its own words when an assessment was closed, kept with it, since the next may be asked otherwise."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.store.assessment import Assessment, LocalCriterion

KEPT_COLUMNS = ("official_wording", "checklist", "needed")
"""What a reader of the closed assessment sees; estimates are for planning only."""


def write_own_words(own: Iterable[LocalCriterion]) -> str:
    """The city's own words as JSON, also where it has none: an empty text says that nothing was kept."""
    return json.dumps({row.criterion: {name: getattr(row, name) for name in KEPT_COLUMNS} for row in own})


def read_own_words(closed: Assessment, own: Mapping[str, LocalCriterion]) -> Mapping[str, LocalCriterion]:
    """Those of the closed assessment, as rows that are in no session; those of today where none were kept."""
    if not closed.own_words:
        return own
    kept = json.loads(closed.own_words)
    about: dict[str, Any] = {"city_id": closed.city_id, "edition": closed.edition}
    return {code: LocalCriterion(**about, criterion=code, **words) for code, words in kept.items()}
