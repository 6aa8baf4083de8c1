"""Personal data in a text: found in any writing, whether it has a shape of its own or a ticket knows it, and starred."""
