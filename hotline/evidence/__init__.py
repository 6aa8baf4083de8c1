"""Closings held against evidence: what speaks against a reply, and what came back after it was called solved."""
