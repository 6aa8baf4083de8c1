"""Twilio: calls and texts, in and out."""
