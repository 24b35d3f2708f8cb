"""Work that goes from one person to another: when someone leaves, and what nobody owns."""
