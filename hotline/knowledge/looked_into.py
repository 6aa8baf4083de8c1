"""A file of articles is looked into for viruses while it waits to be taken; one in which something is found is dropped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.installation import Installation
from hotline.knowledge.demo import folder_of
from hotline.stored_files.checking import look_into, state_of, tell
from models import Job, KnowledgeImport
from models.store.hidden import ring_of
from models.tickets.attachment import INFECTED


def knowledge_file(installation: Installation, db: Session, job: Job) -> Callable[[], None] | None:
    if not installation.settings.clamd:
        return None
    return partial(_check, installation, int(job.args["import_id"]))


def _check(installation: Installation, import_id: int) -> None:
    settings = installation.settings
    with installation.readings() as db:
        run = db.get(KnowledgeImport, import_id)
        if run is None or run.state != "looked":
            return
        path = folder_of(settings.var) / run.stored_as
    verdict = look_into(settings.clamd, path, ring_of(installation.engine))
    with installation.sessions() as db:
        run = db.get_one(KnowledgeImport, import_id, with_for_update=True)
        run.checked = state_of(verdict)
        if run.checked == INFECTED and run.state == "looked":
            run.state = "dropped"
            path.unlink(missing_ok=True)
            told = _("知识库导入文件 %(n)d", n=import_id)
            tell(db, installation.city, verdict.said, told, installation.clock.now(), run.stored_as)
        db.commit()
