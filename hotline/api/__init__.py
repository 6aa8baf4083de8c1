"""The JSON API for the city's other systems."""
