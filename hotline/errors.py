"""Every way the hotline says no: a sentence that a person reads, and a code that machines and tests read."""

from __future__ import annotations


class About(str):
    """A guard's sentence about one field of the form: it is shown beside that field, and leads to it."""

    field: str

    def __new__(cls, field: str, sentence: str) -> About:
        said = super().__new__(cls, sentence)
        said.field = field
        return said


class Refusal(Exception):
    """The request breaks a rule of the trade; the sentence says which, and what to do (HTTP 400).

    code: the name of the rule (a guard's is its function's), in no language and the same for ever.
    """

    status = 400
    usual_code = "refused"

    def __init__(
        self, sentence: str, *, code: str = "", field: str | None = None, problems: dict[str, str] | None = None
    ):
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.usual_code
        field = sentence.field if isinstance(sentence, About) else field
        self.problems = problems or ({field: sentence} if field else {})


class NotAllowed(Refusal):
    """This person may not do this, whatever the ticket's state (HTTP 403)."""

    status = 403
    usual_code = "not_allowed"


class NotFound(Refusal):
    """There is no such thing, or this person may not know that there is (HTTP 404)."""

    status = 404
    usual_code = "not_found"


class OutOfTurn(Refusal):
    """The ticket has moved on since the page was opened (HTTP 409)."""

    status = 409
    usual_code = "out_of_turn"


class TooMany(Refusal):
    """Too many requests in too short a time (HTTP 429)."""

    status = 429
    usual_code = "too_many"


class Misconfigured(Exception):
    """The installation cannot start as it is configured; each line is one sentence."""
