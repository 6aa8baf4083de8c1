"""How tickets and people are found: the index of every two characters, what is written into it, and who looked."""
