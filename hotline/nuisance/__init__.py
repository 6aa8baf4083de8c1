"""Nuisance callers: agents are protected by a mark that a second person decides, and no emergency is lost by it."""
