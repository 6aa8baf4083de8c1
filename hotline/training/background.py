"""Training runs in a process of its own at low priority: no page waits for it, and it brings scikit-learn to nobody else."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select

from hotline import outbox
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.settings import ROOT, Settings
from hotline.training.progress import begin
from hotline.triage.active_classifier import ActiveClassifier
from hotline.triage.model_registry import ModelRegistry
from models import Job

log = logging.getLogger(__name__)
PATIENCE = timedelta(seconds=20)
"""After a start: people who open the first pages go first."""

NICE = 15


def enqueue_first_model(installation: Installation) -> None:
    """An installation without a model that can answer enqueues a training; one that is already enqueued is enough."""
    if installation.settings.testing or can_answer(installation):
        return
    now = installation.clock.now()
    with installation.sessions() as db:
        waiting = select(Job.id).where(Job.name == "learn", Job.done_at.is_(None), Job.failed_at.is_(None)).limit(1)
        if db.scalar(waiting) is None:
            outbox.enqueue(db, "learn", key=f"learn:first:{now.isoformat()}", now=now, at=now + PATIENCE, by="setup")
        db.commit()


def can_answer(installation: Installation) -> bool:
    """Whether a model was chosen and this version of the program can take it up."""
    classifier = installation.classifier
    if isinstance(classifier, ActiveClassifier):
        classifier.look()
        return bool(classifier.file)
    return True


def enqueue_nightly(installation: Installation, now: datetime) -> None:
    """Once a day, whoever asks."""
    with installation.sessions() as db:
        outbox.enqueue(
            db, "learn", key=f"learn:{installation.city.calendar.start_of_day(now).date()}", now=now, by="clock"
        )
        db.commit()


def start_learning(installation: Installation, by: str, forced: bool) -> None:
    """Begin a training and do not wait for it; under test it runs here and now."""
    if installation.settings.testing:
        learn_and_note(installation, by, forced)
        return
    words = [sys.executable, "-m", "hotline", "train", "--by", by, *(["--force"] if forced else [])]
    begin(ModelRegistry(installation.settings.models))
    with (installation.settings.models / "learning.log").open("ab") as out:
        subprocess.Popen(
            words,
            cwd=ROOT,
            env=environment(installation.settings),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            preexec_fn=_step_back,
        )


def learn_and_note(installation: Installation, by: str, forced: bool) -> str:
    """Learn; a failure becomes a line of the history. Returns what happened: accepted, refused, unchanged, failed."""
    from hotline.training.nightly import learn

    try:
        with noting_failure(installation, by):
            return learn(installation, by, forced=forced).deed
    except Refusal:
        return "failed"


@contextmanager
def noting_failure(installation: Installation, by: str) -> Iterator[None]:
    """Whatever goes wrong becomes a line of the history in a few words, and a Refusal; what nobody foresaw is logged whole."""
    try:
        yield
    except Exception as trouble:
        foreseen = isinstance(trouble, (Refusal, ValueError, OSError))
        why = (str(trouble) if foreseen else f"{type(trouble).__name__}: {trouble}").strip()[:300]
        log.warning("no new model: %s", why, exc_info=None if foreseen else trouble)
        ModelRegistry(installation.settings.models).note("failed", "", installation.clock.now(), by, {"why": why})
        raise Refusal(_("没有训练出新模型：%(why)s", why=why)) from trouble


def environment(settings: Settings) -> dict[str, str]:
    """The environment under which a child process stands in the same installation."""
    return {
        **os.environ,
        "HOTLINE_MODE": settings.mode,
        "HOTLINE_CITY": str(settings.city_dir),
        "HOTLINE_VAR": str(settings.var),
        "DATABASE_URL": settings.database_url,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _step_back() -> None:
    os.nice(NICE)
