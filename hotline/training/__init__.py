"""Learning from our own work: examples, training apart from the pages, a trial in the shadow, and the way back."""
