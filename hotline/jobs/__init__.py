"""Promises kept: a job starts again at the top of the house."""
