"""Use cases of a city in which one person does everything."""
