"""Ready words: written once, filled from the ticket, put into a form by one key; a person's own, and everybody's."""
