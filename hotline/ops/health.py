"""Is this machine fit to serve? What a load balancer and an operator ask, answered without a word about anybody."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from hotline.i18n import _
from hotline.installation import Installation
from hotline.metrics.senders import SenderState, states
from models import Job
from webhooks.ranked_senders import each_of

LOW_DISK = 1 << 30
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Health:
    """oldest: seconds by which the oldest promise is overdue, None when it cannot be asked. disk_free: bytes. senders: by rank."""

    database: bool
    oldest: int | None
    disk_free: int
    senders: tuple[SenderState, ...] = ()

    @property
    def fit(self) -> bool:
        """Only a database that is away makes this machine useless: late work or a full disk must not close the pages too."""
        return self.database

    def problems(self) -> list[str]:
        """What an operator must look at, as sentences."""
        found = []
        if not self.database:
            found.append(_("数据库没有应答。"))
        if self.oldest is not None and self.oldest > LATE.total_seconds():
            found.append(
                _("最早的待办已经晚了 %(minutes)d 分钟：请看后台进程和时钟是否在运行。", minutes=self.oldest // 60)
            )
        found += [
            _("短信平台 %(name)s 不正常：%(why)s", name=one.name, why=(one.today.error if one.today else "") or "–")
            for one in self.senders
            if not one.well
        ]
        if self.disk_free < LOW_DISK:
            found.append(_("磁盘只剩 %(mb)d MB，请马上清理。", mb=self.disk_free >> 20))
        return found


def look(installation: Installation) -> Health:
    """Asks the database two small questions and the disk that holds var."""
    try:
        with installation.readings() as db:
            now = installation.clock.now()
            due = db.scalar(
                select(func.min(Job.run_at)).where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_at <= now)
            )
            senders = tuple(states(db, [one.name for one in each_of(installation.sender)], now))
    except SQLAlchemyError:
        return Health(False, None, free_space(installation.settings.var))
    return Health(True, int((now - due).total_seconds()) if due else 0, free_space(installation.settings.var), senders)


def free_space(folder: Path) -> int:
    """Bytes free where this folder lies, or will lie."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return shutil.disk_usage(there).free
