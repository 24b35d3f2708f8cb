"""Tables and queries of reports, and of who kept, opened and received them."""
