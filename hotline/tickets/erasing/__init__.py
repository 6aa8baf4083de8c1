"""What the city forgets: old tickets by a rule, and a person who asks."""
