"""Live sessions: a guest answers citizens' questions at a set time."""
