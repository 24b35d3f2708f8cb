"""What the programme said of an assessment: read, written down, and what it is worth for the planner."""
