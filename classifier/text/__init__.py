"""Reading a text: words, cues, personal data, a title."""
