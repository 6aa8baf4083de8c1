"""Telephone calls: who rings, who answers, who is rung into a call, whom we call back."""
