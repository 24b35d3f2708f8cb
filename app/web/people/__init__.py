"""People and who answers for what: members, the table of all, many at once, and handing over."""
