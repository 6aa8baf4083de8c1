"""After an upload a job copies the file and has it looked into; what was missed is found again each minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.installation import Installation
from hotline.keys import second_place
from hotline.stored_files.checking import check
from hotline.stored_files.second_place import copy
from hotline.tickets.names import JobName
from models import Attachment, Job, KnowledgeImport
from models.job import undone
from models.tickets.attachment import FAILED, UNCHECKED
from webhooks import clamd

SOON, DAILY = timedelta(minutes=2), timedelta(days=1)
AT_ONCE = 500


def file_stored(installation: Installation, db: Session, job: Job) -> Callable[[], None] | None:
    """Neither the copy nor the scanner is waited for by anybody, and neither holds a transaction."""
    settings = installation.settings
    if not settings.clamd and settings.second_place is None:
        return None
    return partial(_care_for, installation, int(job.args["attachment_id"]))


def _care_for(installation: Installation, attachment_id: int) -> None:
    if installation.settings.second_place is not None:
        copy(installation, attachment_id)
    if installation.settings.clamd:
        check(installation, attachment_id)


def look_after_files(installation: Installation, now: datetime) -> None:
    """Files that nothing is known of, that the scanner could not tell of, or that have no copy: each is asked for again."""
    settings, wanting = installation.settings, []
    if settings.clamd and clamd.answers(settings.clamd):
        wanting.append(_not_checked(now))
        _ask_again_of_articles(installation, now)
    if second_place.stands(settings):
        wanting.append(and_(Attachment.copied_at.is_(None), Attachment.added_at < now - SOON))
    if not wanting:
        return
    with installation.sessions() as db:
        if db.scalar(select(Job.id).where(Job.name == JobName.FILE_STORED, undone()).limit(1)) is not None:
            return  # these come first, and a file that fails is no reason to heap up jobs for it
        found = db.execute(select(Attachment.id, Attachment.stored_as).where(or_(*wanting)).limit(AT_ONCE)).all()
        jobs = [
            outbox.NewJob(JobName.FILE_STORED, f"file:{name}:{now:%y%m%d%H%M}", {"attachment_id": number})
            for number, name in found
        ]
        outbox.enqueue_all(db, jobs, now=now)
        db.commit()


def _ask_again_of_articles(installation: Installation, now: datetime) -> None:
    """Files of articles that wait to be taken; each once in ten minutes."""
    unknown = (KnowledgeImport.checked.in_((UNCHECKED, FAILED)), KnowledgeImport.at < now - SOON)
    with installation.sessions() as db:
        waiting = db.scalars(
            select(KnowledgeImport.id).where(KnowledgeImport.state == "looked", *unknown).limit(AT_ONCE)
        )
        jobs = [
            outbox.NewJob(
                JobName.KNOWLEDGE_FILE, f"articles:{one}:{now:%y%m%d%H}{now.minute // 10}", {"import_id": one}
            )
            for one in waiting
        ]
        outbox.enqueue_all(db, jobs, now=now)
        db.commit()


def _not_checked(now: datetime) -> ColumnElement[bool]:
    """What was too large for the scanner is tried once a day: its limit may have been raised."""
    large = Attachment.found == clamd.TOO_LARGE
    since = or_(
        and_(or_(Attachment.found.is_(None), ~large), Attachment.checked_at < now - SOON),
        and_(large, Attachment.checked_at < now - DAILY),
    )
    new = and_(Attachment.checked == UNCHECKED, Attachment.added_at < now - SOON)
    return or_(new, and_(Attachment.checked == FAILED, since))
