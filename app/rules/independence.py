"""Who CityReady is not: the notice under every page, in every report and in the README, in one place."""

from app.rules.message import say

INDEPENDENCE = say(
    "CityReady is an independent preparation tool. It is not made, endorsed or checked by Bloomberg Philanthropies, "
    "Results for America or the What Works Cities Certification program. Levels shown are the city’s own estimate; "
    "only the program grants certification."
)

INDEPENDENCE_BRIEFLY = say(
    "Independent preparation tool: not made, endorsed or checked by Bloomberg Philanthropies, Results for America "
    "or the program."
)
"""For the foot of a printed page, where one line has room."""

OWN_WORDING = say("The wording of the criteria is our own; the official wording is in the program’s portal.")
ILLUSTRATIVE = say("This is a demonstration with illustrative data. It is not the city’s own submission.")
"""What goes with everything of a demo city that leaves the app."""
