"""Use cases: check the right, load, ask the rules, write, record history; out comes a frozen page dataclass."""
