"""Departments of a city: who leads them, and what becomes of their work."""
