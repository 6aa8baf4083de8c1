"""How the city looks at its own work: score sheets, and what is drawn for them each day."""
