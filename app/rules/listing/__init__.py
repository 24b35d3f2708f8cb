"""How a list is narrowed: by words, by filters and in an order, all of it in its address."""
