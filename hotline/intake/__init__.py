"""How a contact becomes a ticket."""
