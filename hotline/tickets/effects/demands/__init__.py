"""Demands from above, and the notices that wait for somebody: how they begin and how they end."""
