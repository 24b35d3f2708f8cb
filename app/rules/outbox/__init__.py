"""The outbox: what people are written to about, when a letter leaves, and when one is no longer wanted."""
