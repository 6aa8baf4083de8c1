"""Calls and texts between the city and its citizens, as they came in and went out."""
