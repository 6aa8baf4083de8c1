"""The citizens' pages: hand in a matter, see how it stands, answer the question."""
