"""Use cases of what comes in bulk: look at it, save it, undo it."""
