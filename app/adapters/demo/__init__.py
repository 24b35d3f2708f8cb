"""The demo's content and files."""
