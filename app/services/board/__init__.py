"""The board: where the city stands, who has to move, and what moved in the past days."""
