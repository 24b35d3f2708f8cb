"""The database itself: its engine, its turns at writing, its troubles."""
