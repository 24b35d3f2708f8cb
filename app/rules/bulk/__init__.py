"""Rules of what comes in bulk: tables of departments, people, partners and assignments, and what would become of each line."""
