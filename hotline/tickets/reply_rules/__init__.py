"""What a unit's reply must say: its form, what the program knows about it, and what stands in its way."""
