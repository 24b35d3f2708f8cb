"""What files say: their text, their facts, and a picture of them."""
