"""Signing in and out, password and language."""
