"""Rules of days: those that are typed, quarters, and how long evidence counts."""
