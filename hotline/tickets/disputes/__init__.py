"""The meeting about a disputed ticket: which units are heard, what they said, and by when."""
