"""Reading a text the way it was meant: one writing for all who read it."""
