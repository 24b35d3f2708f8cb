"""The demo: loading it, and taking it out again."""
