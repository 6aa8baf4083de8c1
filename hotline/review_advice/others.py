"""The requests of those whose tickets were merged in: whatever they ask beyond the ticket's own words is a point of the reply as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NEW = 0.5
"""Which part of a request must be in no word of the ticket's own to be a point of its own, and not the same in other words."""

SAID = 0.25
"""Which part of what is new in it must stand in one sentence of the reply to count as answered."""


@dataclass(frozen=True)
class Heard:
    """What a merged citizen said, under their own number, as everybody may read it."""

    number: str
    words: str


@dataclass(frozen=True)
class OwnPoint:
    """A request that only a merged citizen makes, and the sentence of the reply that speaks of it ("" when none does)."""

    number: str
    request: str
    sentence: str


def own_points(message: str, reply: str, others: Iterable[Heard]) -> tuple[OwnPoint, ...]:
    """The requests of the others that the ticket's own words do not make, each once."""
    from classifier.replies.boilerplate import strip_reply
    from classifier.replies.match import content

    known, sentences, found = content(message), strip_reply(reply).sentences, []
    for number, request in _requests(others):
        asked = content(request)
        news = asked - known
        if asked and len(news) >= NEW * len(asked):
            found.append(OwnPoint(number, request, _said(news, sentences)))
            known |= asked
    return tuple(found)


def _requests(others: Iterable[Heard]) -> Iterator[tuple[str, str]]:
    from classifier.replies.features import subject_and_body
    from classifier.replies.requests import find_requests

    for heard in others:
        subject, body = subject_and_body(heard.words)
        yield from ((heard.number, one.text) for one in find_requests(body, subject))


def _said(news: frozenset[str], sentences: Iterable[str]) -> str:
    """The first sentence that has enough of what is new."""
    from classifier.replies.match import content

    return next((one for one in sentences if len(news & content(one)) >= SAID * len(news)), "")
