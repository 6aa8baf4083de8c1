"""The assistant's training: reviewers' own judgements teach a judge, which takes over only when it is not worse."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from classifier.text.masking.mask import mask
from hotline.installation import Installation
from hotline.review_advice.advise import fields_of, request_of
from hotline.review_advice.agreement import ABOUT, SOURCE
from hotline.review_advice.registry import Chosen, ReviewModelRegistry, ReviewTrainingRun, review_models_at
from hotline.review_advice.sent_back import written
from models import Correction, Reply, Review, Ticket

if TYPE_CHECKING:
    from classifier.replies.judge import Judge
    from classifier.replies.model import VerdictRow

log = logging.getLogger(__name__)
MOST = 3000
NEWEST = 0.2
FEWEST_NEW = 20
"""Reviews since the last training; fewer teach nothing that the last one did not."""

FEWEST_OF_EACH = 5
"""Of either verdict among the newest, or the comparison would be chance."""

SLACK = 0.01
"""ROC AUC the former judge may be ahead by before the new one counts as worse."""

UNSEEN = frozenset({"R03", "R04", "R05", "R11", "R14", "R15", "R16"})
"""Reasons that no words of the reply show: contact, evidence, signature. A send-back for these alone says nothing of its text."""

KEPT = 3
Dated = tuple[datetime, "VerdictRow"]


def learn_from_reviews(installation: Installation) -> str:
    """Train, compare on the newest fifth, swap only when not worse. Returns accepted, refused, unchanged or failed.

    One training at a time: the caller holds the lock of the training. A failure is noted, logged and keeps the present judge.
    """
    review_models, now = review_models_at(installation.settings.models), installation.clock.now()
    try:
        with installation.readings() as db:
            rows = reviewed(db)
        run = _train_anew(review_models, rows, now)
    except (ValueError, OSError) as trouble:
        log.warning("no new judge of replies: %s", trouble)
        run = ReviewTrainingRun("failed", now.isoformat(timespec="seconds"))
    if run is not None:
        review_models.note(run)
    return run.deed if run else "unchanged"


def reviewed(db: Session) -> list[Dated]:
    """Replies as reviewers judged them, the oldest first. Sealed tickets teach nothing, and personal data is masked: an
    informant's words or a telephone number must not stand in a model.
    """
    from classifier.replies.features import read
    from classifier.replies.model import VerdictRow

    by_reviewer = exists(
        select(Correction.id).where(
            Correction.ticket_id == Review.ticket_id,
            Correction.at == Review.at,
            Correction.about == ABOUT,
            Correction.source == SOURCE,
        )
    )
    found = db.execute(
        select(Review, Reply, Ticket)
        .join(Reply, Reply.id == Review.reply_id)
        .join(Ticket, Ticket.id == Review.ticket_id)
        .options(joinedload(Ticket.text))
        .where(Ticket.privacy != "sealed", Review.verdict.in_(("pass", "redo")), by_reviewer)
        .order_by(Review.id.desc())
        .limit(MOST)
    ).all()
    return [
        (
            review.at,
            VerdictRow(
                id=str(review.id),
                reading=read(mask(request_of(ticket)), mask(written(fields_of(reply)))),
                send_back=review.verdict == "redo",
                reasons=tuple(review.reasons or ()),
                group=str(ticket.merged_into_id or ticket.id),
            ),
        )
        for review, reply, ticket in reversed(found)
        if _shows(review)
    ]


def _shows(review: Review) -> bool:
    """Whether the words of the reply can tell why it was judged so."""
    return review.verdict == "pass" or not review.reasons or bool(set(review.reasons) - UNSEEN)


def _train_anew(review_models: ReviewModelRegistry, rows: Sequence[Dated], now: datetime) -> ReviewTrainingRun | None:
    """None when there is too little new, or too little of either verdict, to learn from or to compare on."""
    from classifier.replies.judge import train_judge

    present, chosen = review_models.judge(), review_models.chosen()
    last = None if review_models.broken else review_models.last_run()
    if sum(at.isoformat() > (last.until if last else "") for at, _row in rows) < FEWEST_NEW:
        return None
    held = int(len(rows) * NEWEST)
    older, newest = rows[: len(rows) - held], rows[len(rows) - held :]
    fresh = [row for at, row in newest if present.model is None or chosen is None or at.isoformat() > chosen.until]
    groups = {row.group for row in fresh}
    trial = train_judge([row for _at, row in older if row.group not in groups], calibrate=False)
    backs = sum(bool(row.send_back) for row in fresh)
    if trial.model is None or min(backs, len(fresh) - backs) < FEWEST_OF_EACH:
        return None
    run = ReviewTrainingRun(
        "accepted",
        now.isoformat(timespec="seconds"),
        rows[-1][0].isoformat(),
        len(rows),
        len(fresh),
        _auc(trial, fresh),
        _auc(present, fresh),
    )
    if run.candidate < run.present - SLACK:
        return replace(run, deed="refused")
    _take_up(review_models, train_judge([row for _at, row in rows]), run)
    return run


def _take_up(review_models: ReviewModelRegistry, judge: Judge, run: ReviewTrainingRun) -> None:
    """Keep the judge that has seen everything, and let it judge from now on."""
    from classifier.replies.storage import SUFFIX, save

    assert review_models.folder is not None
    path, digest = save(judge, review_models.folder)
    review_models.choose(Chosen(path.name, digest, run.at, run.until, run.reviews))
    _weed(review_models.folder, path, SUFFIX)


def _weed(folder: Path, kept: Path, suffix: str) -> None:
    for path in sorted(folder.glob(f"*{suffix}"), key=lambda one: -one.stat().st_mtime_ns)[KEPT:]:
        if path != kept:
            path.unlink(missing_ok=True)


def _auc(judge: Judge, rows: Sequence[VerdictRow]) -> float:
    import numpy as np

    from classifier.replies.evaluate import measures

    said = np.array(judge.probability([row.reading for row in rows]))
    return measures([bool(row.send_back) for row in rows], said)["auc"]
