"""A province of cities: what each has told, and what a city remembers of what it told."""
