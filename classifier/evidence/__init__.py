"""What a closing can be held against: pictures seen before, words used before, and the exact place a text speaks of."""
