"""What only a large city shows."""
