"""Who answers for which criterion: one by one, as a list, and in the table of all."""
