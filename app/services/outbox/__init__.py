"""The outbox: entries are noted from the history, bundled into letters, and sent by the worker."""
