"""The public board: what the city publishes of closed matters, and the desk where a person reads it first."""
