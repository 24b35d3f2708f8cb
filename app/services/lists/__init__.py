"""Lists and the one search box: how each was narrowed last, and what a person may find."""
