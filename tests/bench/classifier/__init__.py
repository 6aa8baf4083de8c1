"""Measured on real messages and planted cases, beside a plain baseline of the same run."""
