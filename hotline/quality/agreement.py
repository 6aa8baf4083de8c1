"""Do two readers see the same? Asked of every ticket that two have scored without knowing of each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.quality import listing
from hotline.tickets.roles import Actor
from models import QualityScore, QualityTask

Pair = tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """same: the share of equal answers. kappa: beyond chance; None where everybody always answers alike, for then nothing is told by it."""

    n: int
    same: float
    kappa: float | None


def agreement(pairs: Sequence[Pair]) -> Agreement:
    """Fleiss' kappa of two exchangeable readers (Psychol. Bull. 76, 1971): nobody is always the first."""
    if not pairs:
        return Agreement(0, 0.0, None)
    counted, n = Counter(answer for pair in pairs for answer in pair), len(pairs)
    same = sum(one == other for one, other in pairs) / n
    chance = sum((number / (2 * n)) ** 2 for number in counted.values())
    return Agreement(n, same, (same - chance) / (1 - chance) if chance < 1 else None)


@dataclass(frozen=True)
class OfSheet:
    """tasks: how many tickets two have read. questions: code → its words in both languages and the agreement on it."""

    sheet: str
    tasks: int
    whole: Agreement
    questions: tuple[tuple[dict[str, str], Agreement], ...]


def by_sheet(db: Session, actor: Actor, since: datetime) -> list[OfSheet]:
    """Since then, sheets in the order of their codes; of a sheet that has changed the newest words stand."""
    wish = listing.Wish("told", outcome="double", since=since)
    tasks = {one.id: one for one, _ticket in db.execute(listing.listed(actor, wish).order_by(QualityTask.id))}
    read: dict[int, list[QualityScore]] = {number: [] for number in tasks}
    for at in range(0, len(tasks), 500):
        some = list(tasks)[at : at + 500]
        scores = select(QualityScore).where(QualityScore.task_id.in_(some), QualityScore.kind == "reading")
        for score in db.scalars(scores.order_by(QualityScore.id)):
            read[score.task_id].append(score)
    codes = sorted({one.sheet_code for one in tasks.values()})
    return [
        _of_sheet(code, [(one, read[one.id]) for one in tasks.values() if one.sheet_code == code]) for code in codes
    ]


def _of_sheet(code: str, some: Sequence[tuple[QualityTask, list[QualityScore]]]) -> OfSheet:
    asked = {one["code"]: one for task, _scores in some for one in task.sheet["questions"]}
    pairs: dict[str, list[Pair]] = {question: [] for question in asked}
    for _task, (first, second) in ((task, scores) for task, scores in some if len(scores) == 2):
        for question in first.answers.keys() & second.answers.keys() & pairs.keys():
            pairs[question].append((first.answers[question], second.answers[question]))
    every = [pair for some_pairs in pairs.values() for pair in some_pairs]
    return OfSheet(
        code, len(some), agreement(every), tuple((asked[one], agreement(found)) for one, found in pairs.items())
    )
