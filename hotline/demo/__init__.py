"""A small lawful demo: people for every desk, and tickets that have each lived their life through the one door."""

from hotline.demo.playing import seed

__all__ = ["seed"]
