"""Work that is looked at: what was drawn, what its readers said, what came of it."""
