"""The people who work on the hotline: one way to hire them, for page and command."""
