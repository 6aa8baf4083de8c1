"""News for open pages, and the notices of a person."""
