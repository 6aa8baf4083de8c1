"""Answers to the model city's sheet for agents: nothing wrong, too little, and a fatal no."""

from __future__ import annotations

GOOD = {"courteous": "yes", "understood": "na", "title": "yes", "complete": "yes", "faithful": "yes", "category": "yes"}
GOOD |= {"urgency": "yes", "place": "yes", "secrecy": "na"}
WEAK = {**GOOD, "title": "no", "complete": "no", "category": "no"}
FATAL = {**GOOD, "faithful": "no"}
