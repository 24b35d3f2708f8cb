"""What is true, whatever the screen or the database: pure functions over plain data; today's date is always an argument."""
