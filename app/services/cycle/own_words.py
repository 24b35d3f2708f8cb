"""What a city said of its criteria in its own words when an assessment was closed, kept with it, since the next may be asked otherwise."""

import json
from collections.abc import Mapping
from typing import Any

from app.rules.assessment import OwnCriterion
from app.store.assessment import Assessment

KEPT_COLUMNS = ("official_wording", "checklist", "needed")
"""What a reader of the closed assessment sees; estimates are for planning only."""


def write_own_words(own: Mapping[str, OwnCriterion]) -> str:
    """The city's own words as JSON, also where it has none: an empty text says that nothing was kept."""
    return json.dumps({code: {name: getattr(words, name) for name in KEPT_COLUMNS} for code, words in own.items()})


def read_own_words(closed: Assessment, own: Mapping[str, OwnCriterion]) -> Mapping[str, OwnCriterion]:
    """Those of the closed assessment, those of today where none were kept."""
    if not closed.own_words:
        return own
    kept: dict[str, dict[str, Any]] = json.loads(closed.own_words)
    return {code: OwnCriterion(**words) for code, words in kept.items()}
