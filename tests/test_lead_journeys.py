"""The way of a lead on a phone stays as short as it is: what `./run journeys` counts, held for the journeys that leads take most."""

import pytest

from tests.conftest import BrowserPage
from tests.journeys import HEIGHTS, count_journey, exceeded

WHERE = {"lead: first evidence": "LC6", "lead: changes requested, submitted": "LC3", "lead: renewal": "LC4"}
"""A criterion of the lead that has nothing, one that was returned, and one with a verdict."""


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_journey_of_a_lead_takes_more_than_it_may(language: str, browser_page: BrowserPage) -> None:
    page = browser_page("lead", width=320, language=language)
    page.set_viewport_size({"width": 320, "height": HEIGHTS[320]})
    counted = {name: count_journey(page, name, f"/alpha/criteria/{code}") for name, code in WHERE.items()}
    assert {name: over for name, counts in counted.items() if (over := exceeded(name, counts))} == {}
    assert all(counts.taps >= 3 for counts in counted.values()), "what is counted was really done"
