"""Work that waits, and the worker that does it."""
