"""Tables and queries of the history, and the noting of every change of a row."""
