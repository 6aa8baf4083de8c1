"""How the city deals with nuisance callers: for which reasons a number is marked, and for how long."""
