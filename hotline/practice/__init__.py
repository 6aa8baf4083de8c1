"""The practice room: invented callers, runs scored against a key, examinations; no figure of the city is touched."""
