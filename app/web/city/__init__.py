"""The pages of a city itself: its settings, departments, award and first hour."""
