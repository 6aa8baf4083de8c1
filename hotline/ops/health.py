"""Is this machine fit to serve? What a load balancer and an operator ask, answered without a word about anybody."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hotline.figures.auditing import last_found
from hotline.i18n import _
from hotline.installation import Installation
from hotline.metrics.senders import SenderState, states
from hotline.ops import standby_health, stored_health
from hotline.ops.standby_health import StandbyState
from hotline.ops.stored_health import StoredFiles
from models import Delivery, Job, Process, RestoreDrill, Staff
from models.job import LATE, undone
from models.process import SILENT, STUCK
from models.store import log_months, runtime_role
from webhooks.ranked_senders import each_of

KEPT_FREE = 200 << 20
"""So much of the disk stays free for the database that goes on working, whatever is uploaded or backed up."""

MISSED = timedelta(hours=30)
"""A drill each night, and some hours for a slow one."""

LOW_DISK, HUGE = 1 << 30, 10 << 30


@dataclass(frozen=True)
class Health:
    """oldest: seconds by which the oldest job is overdue, None when it cannot be asked. disk_free, disk_size: bytes.

    demo_people: active rows of the demo while it is off; they cannot sign in, and should be gone.

    faults: what this release needs in the database and does not find (tables, columns, indexes, triggers). senders: by rank.

    apart: workers and the clock are processes of their own here; so many of them live. stuck: jobs that hang in a worker's hands.

    owns_logs: the program's database user could switch off what guards the logs.

    dead_letters: what other platforms would not take, and nobody has decided about.

    figures_differ: figures by day of which the last nightly audit counted another number from the history.

    files: the virus scanner and the second place of attachments. standby: how far it is behind.
    months_lacking: months of logs that nobody has made, and parts with rows of no month.

    backups: they are made each night here. drill: the last that was tried; drill_is_old: the last night's is missing.
    """

    database: bool
    oldest: int | None
    disk_free: int
    disk_size: int = 0
    faults: tuple[str, ...] = ()
    senders: tuple[SenderState, ...] = ()
    demo_people: int = 0
    apart: bool = False
    workers: int = 0
    clocks: int = 0
    stuck: tuple[int, ...] = ()
    owns_logs: bool = False
    backups: bool = False
    drill: RestoreDrill | None = None
    drill_is_old: bool = False
    dead_letters: int = 0
    figures_differ: int = 0
    files: StoredFiles = field(default_factory=StoredFiles)
    standby: StandbyState = field(default_factory=StandbyState)
    months_lacking: tuple[str, ...] = ()

    @property
    def fit(self) -> bool:
        """A database that is away or of another make fails every page: late work or a full disk must not close them too."""
        return self.database and not self.faults

    @property
    def disk_low(self) -> bool:
        return is_low(self.disk_free, self.disk_size)

    def problems(self) -> list[str]:
        """What an operator must look at, as sentences."""
        found = []
        if not self.database:
            found.append(_("数据库没有应答。"))
        if self.faults:
            found.append(told(self.faults))
        if self.oldest is not None and self.oldest >= LATE.total_seconds():
            found.append(
                _("最早的待办已经晚了 %(minutes)d 分钟：请看后台进程和时钟是否在运行。", minutes=self.oldest // 60)
            )
        if self.owns_logs:
            found.append(_("程序的数据库用户可以关掉日志的保护：请设 DATABASE_OWNER_URL，再运行 hotline migrate。"))
        found += self.of_processes() + self.of_backups() + self.of_partners() + self.of_figures()
        found += self.files.problems() + self.standby.problems()
        found += [
            _("短信平台 %(name)s 不正常：%(why)s", name=one.name, why=(one.today.error if one.today else "") or "–")
            for one in self.senders
            if not one.well
        ]
        if self.demo_people:
            found.append(_("演示已关，但还有 %(n)d 个演示用户在用：他们不能登录，请停用。", n=self.demo_people))
        if self.disk_low:
            found.append(_("磁盘只剩 %(mb)d MB，请马上清理。", mb=self.disk_free >> 20))
        if self.months_lacking:
            months = ", ".join(self.months_lacking)
            found.append(
                _(
                    "日志的月份没有备好或有不属于任何月份的行（%(months)s）：请看时钟的日志，再运行 hotline migrate。",
                    months=months,
                )
            )
        return found

    def of_backups(self) -> list[str]:
        if not self.backups:
            return []
        if self.drill is None or self.drill_is_old:
            return [_("昨夜没有做备份的恢复演练：请看 var/backup.log。")]
        return [] if self.drill.well else [_("备份的恢复演练没有通过：%(why)s", why=self.drill.problems[:300])]

    def of_partners(self) -> list[str]:
        if not self.dead_letters:
            return []
        return [_("有 %(n)d 条推送其他平台不收：请到“管理 › 平台往来”重投或放弃。", n=self.dead_letters)]

    def of_figures(self) -> list[str]:
        if not self.figures_differ:
            return []
        return [
            _(
                "夜间对账：有 %(n)d 个每日数字与按历史重算的不同，见“管理 › 系统状况”；请运行 hotline figures rebuild，并告诉技术人员。",
                n=self.figures_differ,
            )
        ]

    def of_processes(self) -> list[str]:
        found = []
        if self.apart and self.database and not self.workers:
            found.append(_("没有后台进程在运行（一分钟内都没有动静）：待办都在等，请启动 hotline worker。"))
        if self.apart and self.database and not self.clocks:
            found.append(_("时钟没有在运行（一分钟内没有动静）：期限不会响，请启动 hotline clock。"))
        if self.stuck:
            jobs = _("、").join(str(one) for one in self.stuck)
            found.append(_("后台进程卡在待办 %(jobs)s 上两分钟以上，请看日志。", jobs=jobs))
        return found


def look(installation: Installation) -> Health:
    """Asks the database some small questions and the disk that holds var."""
    try:
        with installation.readings() as db:
            now = installation.clock.now()
            due = db.scalar(select(func.min(Job.run_at)).where(undone(), Job.run_at <= now))
            senders = tuple(states(db, [one.name for one in each_of(installation.sender)], now))
            demo = demo_people(db) if not installation.settings.demo else 0
            last = db.scalar(select(RestoreDrill).order_by(RestoreDrill.at.desc()).limit(1))
            owns_logs = runtime_role.may_switch_off_triggers(db.connection())
            dead = db.scalar(select(func.count()).where(Delivery.state == "failed")) or 0
            alive = Counter(db.scalars(select(Process.kind).where(Process.seen_at > now - SILENT)))
            differ = len(last_found(db))
            standby = standby_health.look(db, installation.settings)
            files = stored_health.look(db, installation.settings, now)
            lacking = log_months.lacking(db.connection(), installation.city.timezone)
            stuck = tuple(db.scalars(select(Process.job_id).where(Process.busy_since < now - STUCK)))
        faults = installation.tables.faults()
    except SQLAlchemyError:
        return Health(False, None, *space(installation.settings.var))
    late = int((now - due).total_seconds()) if due else 0
    return Health(
        True,
        late,
        *space(installation.settings.var),
        tuple(faults),
        senders,
        demo,
        bool(installation.settings.redis_url),
        alive["worker"],
        alive["clock"],
        tuple(one for one in stuck if one is not None),
        owns_logs and not (installation.settings.development or installation.settings.testing),
        installation.settings.backups is not None,
        last,
        last is not None and last.at < now - MISSED,
        dead,
        differ,
        files,
        standby,
        tuple(lacking),
    )


def demo_people(db: Session) -> int:
    """How many of the demo's people are active."""
    return db.scalar(select(func.count()).where(Staff.demo.is_(True), Staff.active.is_(True))) or 0


def told(faults: Sequence[str]) -> str:
    """What is not as it must be, for those who look after the database."""
    return _(
        "数据库与本版程序不符（缺少或不同：%(what)s）：请先运行 hotline migrate；仍然如此，请从备份恢复或联系技术人员。",
        what=", ".join(faults),
    )


def is_low(free: int, size: int) -> bool:
    """Less than a tenth is left, or less than one gigabyte; of a huge disk ten gigabytes are enough."""
    return free < max(LOW_DISK, min(size // 10, HUGE))


def space(folder: Path) -> tuple[int, int]:
    """Bytes free, and of how many, where this folder lies or will lie."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    disk = shutil.disk_usage(there)
    return disk.free, disk.total


def free_space(folder: Path) -> int:
    return space(folder)[0]
