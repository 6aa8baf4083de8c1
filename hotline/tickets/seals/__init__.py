"""Seals over rows that may change, beside the chain over the logs."""
