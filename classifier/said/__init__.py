"""What a sentence of a record says, learnt from sentences: a plea to stay unknown, a promise to call, words without content."""
