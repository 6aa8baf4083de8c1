"""A ticket's rounds: what the unit said in each, how it was judged, and what the citizens answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from models import Reply, Review, Survey


@dataclass
class Round:
    """What the unit said and what the reviewer and the citizens said about it."""

    number: int
    replies: list[Reply] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)


def rounds_of(replies: Iterable[Reply], reviews: Iterable[Review], surveys: Iterable[Survey]) -> list[Round]:
    """The latest round first; rounds in which nothing was said yet are left out."""
    rounds: dict[int, Round] = {}
    for reply in replies:
        rounds.setdefault(reply.round, Round(reply.round)).replies.append(reply)
    for review in reviews:
        rounds.setdefault(review.round, Round(review.round)).reviews.append(review)
    for survey in surveys:
        rounds.setdefault(survey.round, Round(survey.round)).surveys.append(survey)
    return [rounds[number] for number in sorted(rounds, reverse=True)]
