"""What a request may not be: without meaning, too large, too often, a second time, a number that no row can have."""
