"""Tables that people upload, read whole and not only for a preview."""
