"""Other platforms: what they are told of tickets, what they demand, and the citizens who write by their accounts."""
