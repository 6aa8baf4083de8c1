"""Names of people in a plain text: what announces one, what a name looks like, and when the same signs are a word."""
