"""Files of other systems: what they are, what they say, and each of their rows as exactly one ticket."""
