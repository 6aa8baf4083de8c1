"""What the city shows: published matters, and the codes that open a citizen's own list."""
