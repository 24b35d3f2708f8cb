"""What `doctor` finds out, and how it says it."""
