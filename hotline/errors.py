"""Every way the hotline says no, each carrying the sentence a person reads."""

from __future__ import annotations


class Refusal(Exception):
    """The request breaks a rule of the trade; the sentence says which, and what to do (HTTP 400)."""

    status = 400

    def __init__(self, sentence: str, *, field: str | None = None, problems: dict[str, str] | None = None):
        super().__init__(sentence)
        self.sentence = sentence
        self.problems = problems or ({field: sentence} if field else {})


class NotAllowed(Refusal):
    """This person may not do this, whatever the ticket's state (HTTP 403)."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or this person may not know that there is (HTTP 404)."""

    status = 404


class OutOfTurn(Refusal):
    """The ticket has moved on since the page was opened (HTTP 409)."""

    status = 409


class TooMany(Refusal):
    """Too many requests in too short a time (HTTP 429)."""

    status = 429


class Misconfigured(Exception):
    """The installation cannot start as it is configured; each line is one sentence."""
