"""Ready words and macros: written once, filled from the ticket, used by one key; a person's own, and everybody's."""
