"""Tables and queries, one noun a file. Functions take a Session, are scoped to a city, and never commit."""
