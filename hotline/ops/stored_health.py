"""How the files stand: is the virus scanner there, what did it find, and has each file its copy on the second place?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hotline.i18n import N_, _
from hotline.keys import second_place
from hotline.settings import Settings
from models import Attachment
from models.tickets.attachment import FAILED, INFECTED, UNCHECKED
from webhooks import clamd

NAMED = 5
LATE = timedelta(minutes=15)
"""A file without a copy for so long waits for a place that is away or full."""

TROUBLES = {
    "missing": N_("第二份不见了"),
    "torn": N_("第二份坏了"),
    "first gone": N_("第一份不见了"),
    "first torn": N_("第一份坏了"),
    "both": N_("两份都坏了，请从备份恢复"),
}


@dataclass(frozen=True)
class StoredFiles:
    """scanner, second: None where there is none, else whether it answers. unchecked, failed, infected: files by what the scanner
    said. late: files without a copy; wrong: (id, trouble) of some whose copies were not alike at the last count; wrongs: of all."""

    scanner: bool | None = None
    second: bool | None = None
    unchecked: int = 0
    failed: int = 0
    infected: int = 0
    late: int = 0
    wrongs: int = 0
    wrong: tuple[tuple[int, str], ...] = ()

    def problems(self) -> list[str]:
        found = []
        if self.scanner is False:
            found.append(_("查毒程序 clamd 没有应答：新附件暂时“未查毒”，恢复后自动补查。"))
        if self.scanner and self.failed:
            found.append(_("有 %(n)d 个附件没能查毒，会自动重试。", n=self.failed))
        if self.second is False:
            found.append(_("附件的第二处存放不在（没有挂载，或不是原来那一个）：请检查 HOTLINE_SECOND_PLACE。"))
        if self.second and self.late:
            found.append(_("有 %(n)d 个附件还没有复制到第二处。", n=self.late))
        if self.wrongs:
            named = _("、").join(_("附件 %(id)d %(what)s", id=one, what=_(TROUBLES[what])) for one, what in self.wrong)
            found.append(
                _("附件的两份有 %(n)d 个对不上：%(named)s。今夜会用完好的一份修补。", n=self.wrongs, named=named)
            )
        return found


def look(db: Session, settings: Settings, now: datetime) -> StoredFiles:
    wrong = select(Attachment.id, Attachment.copy_trouble).where(Attachment.copy_trouble.is_not(None))
    late = (Attachment.copied_at.is_(None), Attachment.added_at < now - LATE, Attachment.checked != INFECTED)
    two = settings.second_place is not None
    unchecked, failed, infected = (
        _many(db, Attachment.checked == state) if settings.clamd else 0 for state in (UNCHECKED, FAILED, INFECTED)
    )
    return StoredFiles(
        scanner=clamd.answers(settings.clamd) if settings.clamd else None,
        second=second_place.stands(settings) if two else None,
        unchecked=unchecked,
        failed=failed,
        infected=infected,
        late=_many(db, *late) if two else 0,
        wrongs=_many(db, Attachment.copy_trouble.is_not(None)) if two else 0,
        wrong=tuple((row[0], str(row[1])) for row in db.execute(wrong.order_by(Attachment.id).limit(NAMED)))
        if two
        else (),
    )


def _many(db: Session, *which: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).select_from(Attachment).where(*which)) or 0
