"""A lawful city in a box: years of history through the real rules, with the rates of the model city; the same seed, the same city."""
