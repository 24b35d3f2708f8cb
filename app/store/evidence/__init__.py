"""Tables and queries of evidence."""
