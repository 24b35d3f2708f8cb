"""Rules of a city: its name and color, its award, and its first hour and steps."""
