"""Days of a city: how the history is counted, and how the same numbers are read from the days into which it was folded."""
