"""The department's side of a response: answering and submitting."""
