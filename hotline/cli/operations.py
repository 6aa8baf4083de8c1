"""What an operator does between the days: people, late jobs, books, backups, and forgetting a person."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hotline.cli.terminal import note_deed, operator, the_installation
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.settings import read_settings


@click.group()
def staff() -> None:
    """The people who work here."""


@staff.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="May be given several times.")
@click.option("--unit", default=None, help="The code of the unit, needed for handlers and unit leaders.")
@click.option("--password", default=None, help="Made up and printed when not given.")
def staff_add(login: str, name: str, roles: tuple[str, ...], unit: str | None, password: str | None) -> None:
    """Add somebody; the password must be changed at the first sign-in."""
    from hotline.staff.accounts import Person, hire
    from hotline.staff.changes import tell_roles

    installation = the_installation(quiet=True)
    with installation.sessions() as db:
        person = Person(login, name, roles, unit or "")
        row, secret = hire(db, installation.city, person, operator(), installation.clock.now(), password=password)
        tell_roles(db, row, operator(), installation.clock.now())
        db.commit()
    click.echo(_("已添加 %(login)s，初始密码 %(secret)s，首次登录须修改。", login=login, secret=secret))


@staff.command("list")
def staff_list() -> None:
    """Everybody, with roles and unit."""
    from hotline.staff.accounts import people

    installation = the_installation(quiet=True)
    with installation.readings() as db:
        for row in people(db, installation.city):
            click.echo("\t".join(row))


@staff.command("password")
@click.argument("login")
@click.option("--password", default=None, help="Made up and printed when not given.")
def staff_password(login: str, password: str | None) -> None:
    """Give somebody a new password and end their sessions."""
    from hotline.staff.accounts import by_login, give_password

    installation = the_installation(quiet=True)
    with installation.sessions() as db:
        person, now = by_login(db, login), installation.clock.now()
        secret = give_password(db, installation.city, person, operator(), now, password=password)
        db.commit()
    click.echo(_("%(login)s 的新密码：%(secret)s，登录后须修改。", login=login, secret=secret))


@staff.command("second-factor")
@click.argument("login")
def staff_second_factor(login: str) -> None:
    """Let somebody who lost telephone and recovery codes set up a new second factor; the head and discipline are told."""
    from hotline.staff.accounts import by_login
    from hotline.staff.changes import reset_second

    installation = the_installation(quiet=True)
    with installation.sessions() as db:
        reset_second(db, by_login(db, login), operator(), installation.clock.now(), None)
        db.commit()
    click.echo(_("%(login)s 的手机验证码已重设。", login=login))


@click.group()
def citizen() -> None:
    """The people who contacted the hotline."""


@citizen.command("erase")
@click.argument("phone")
@click.option("--reason", required=True, help="Who asked for it, and how; kept in the audit book.")
def citizen_erase(phone: str, reason: str) -> None:
    """Forget one person on request; refused while one of their tickets is open."""
    from hotline.tickets.erasing.erase_person import erase_person_now

    erased = erase_person_now(the_installation(quiet=True), phone, reason, operator())
    click.echo(
        _("已删除 %(tickets)d 张工单中的个人信息和 %(files)d 个附件。", tickets=erased.tickets, files=len(erased.files))
    )


@click.group()
def audit() -> None:
    """The book of sensitive deeds."""


@audit.command("verify")
@click.option(
    "--head", type=click.Path(path_type=Path, exists=True), help="Heads of the chain that were kept elsewhere."
)
def audit_verify(head: Path | None) -> None:
    """Recompute the chain of seals over the book and the stories; exit 1 when anything was tampered with."""
    from sqlalchemy.exc import SQLAlchemyError

    from hotline.tickets.privacy.audit import record
    from hotline.tickets.seals import archives
    from hotline.tickets.seals.seal_files import verify_here

    installation = the_installation(quiet=True)
    with installation.readings() as db:
        verdict, gone = verify_here(db, installation.settings, head), archives.all_of(db, "audit")
    with suppress(SQLAlchemyError), installation.sessions() as db:  # the book itself may be what is gone
        found: dict[str, Any] = {"links": verdict.links, "rows": verdict.rows, "problems": len(verdict.problems)}
        record(db, "audit_verified", operator(), installation.clock.now(), subject="chain", **found)
        db.commit()
    click.echo(_("核对封条 %(links)d 条、记录 %(rows)d 行。", links=verdict.links, rows=verdict.rows))
    for one in gone:
        click.echo(
            _("其中到 %(year)d 年底的 %(rows)d 行已归档：%(file)s", year=one.year, rows=one.rows, file=one.file or "–")
        )
    click.echo("\n".join(verdict.problems) or _("完好，没有改动。"))
    sys.exit(1 if verdict.problems else 0)


@audit.command("archive")
@click.argument("year", type=int)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--erase", is_flag=True, help="For good, without a file.")
def audit_archive(year: int, folder: Path | None, erase: bool) -> None:
    """Take the book up to the end of YEAR out of PostgreSQL, into a sealed file in FOLDER; the chain of seals stays whole."""
    from hotline.backups.log_years import archive_year

    if (folder is None) is not erase:
        raise Refusal(_("请给出存放归档文件的文件夹，或用 --erase 彻底删除。"))
    row = archive_year(the_installation(quiet=True), year, folder, operator())
    click.echo(_("已取出 %(rows)d 行日志（%(first)d–%(last)d）。", rows=row.rows, first=row.first_id, last=row.last_id))


@audit.command("archived")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--print", "printed", is_flag=True, help="What it tells, a row a line, as JSON.")
def audit_archived(file: Path, printed: bool) -> None:
    """Hold an archive of the book against the seals that stayed; exit 1 when a row is not as it was sealed."""
    from hotline.backups.log_years import lines_of, problems_of
    from hotline.tickets.seals.seal_files import seal_key

    installation = the_installation(quiet=True)
    with installation.readings() as db:
        row, problems = problems_of(db, file, installation.settings, seal_key(installation.settings))
    for line in lines_of(file, installation.settings) if printed else ():
        click.echo(line)
    click.echo(
        "\n".join(problems) or _("归档完好：%(year)d 年及以前，%(rows)d 行。", year=row.year, rows=row.rows), err=True
    )
    sys.exit(1 if problems else 0)


@click.group()
def receipt() -> None:
    """Receipts that citizens keep."""


@receipt.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--heads", type=click.Path(path_type=Path, exists=True), help="Heads that were kept elsewhere; best these."
)
def check_receipt(file: Path, heads: Path | None) -> None:
    """Hold the receipt FILE against the roots that were told; exit 2 when it does not fit."""
    from hotline.tickets.seals.receipts import check
    from hotline.tickets.seals.seal_files import NIGHTLY, read_roots

    told = read_roots(heads or read_settings().var / NIGHTLY)
    read = check(file.read_text(), told)
    click.echo(
        _(
            "凭证完好：工单 %(number)s 的 %(n)d 步记录在 %(day)s 公布的根之下。",
            number=read.number,
            n=len(read.story) - 1,
            day=read.day,
        )
    )


@click.group(invoke_without_command=True)
@click.option("--late", "only", flag_value="late", help="Only those that wait longer than they should.")
@click.option("--failed", "only", flag_value="failed", help="Only those that were given up.")
@click.pass_context
def jobs(context: click.Context, only: str | None) -> None:
    """Work that must happen after a commit: what is late, and what was given up."""
    if context.invoked_subcommand is not None:
        return
    from hotline.outbox.overdue import failed_jobs, late_jobs

    installation = the_installation(quiet=True)
    with installation.readings() as db:
        found = [] if only == "failed" else late_jobs(db, installation.clock.now())
        found += [] if only == "late" else failed_jobs(db)
    for job in found:
        last = (job.error or "").strip().splitlines()[-1:] or [""]
        click.echo(f"{job.id}\t{job.name}\t{job.run_at:%Y-%m-%d %H:%M}\t{job.attempts}\t{last[0][:120]}")
    click.echo(_("共 %(n)d 项。", n=len(found)), err=True)


@jobs.command("retry")
@click.argument("job_id", type=int)
def jobs_retry(job_id: int) -> None:
    """Try one job again, from the beginning."""
    from hotline.outbox import retry
    from hotline.tickets.privacy.audit import record

    installation = the_installation(quiet=True)
    with installation.sessions() as db:
        again = retry(db, job_id, installation.clock.now())
        if again:
            record(db, "job_retried", operator(), installation.clock.now(), subject=str(job_id))
        db.commit()
    if not again:
        raise Refusal(_("没有这一项，或已经完成。"))
    click.echo(_("已放回队列，一分钟内重试。"))


@click.command()
def health() -> None:
    """Whether this machine is fit to serve: the database, late work, the disk; exit 1 when something must be looked at."""
    from hotline.ops.health import look

    found = look(the_installation(quiet=True))
    senders = _("、").join(one.name for one in found.senders) or "–"
    click.echo(
        _(
            "数据库：%(database)s；最早的待办晚了 %(seconds)s 秒；磁盘可用 %(mb)d MB；短信由 %(senders)s 发出。",
            senders=senders,
            mb=found.disk_free >> 20,
            database=_("有应答") if found.database else _("没有应答"),
            seconds="–" if found.oldest is None else found.oldest,
        )
    )
    click.echo("\n".join(found.problems()) or _("一切正常。"))
    sys.exit(1 if found.problems() else 0)


@click.group()
def monitoring() -> None:
    """The rules by which the units' work is monitored."""


@monitoring.command("rebuild")
def monitoring_rebuild() -> None:
    """Derive every broken rule anew from the tickets' history; nothing is lost or doubled by it."""
    from hotline.monitoring.violations import rebuild

    installation = the_installation(quiet=True)
    note_deed(installation, "monitoring_rebuilt", installation.city.code)
    with installation.sessions() as db:
        many = rebuild(db, installation.city, installation.clock.now())
        db.commit()
    click.echo(_("已按经过重新对照 %(n)s 张工单。", n=many))


@click.group()
def figures() -> None:
    """The figures by day, folded from the history."""


@figures.command("rebuild")
@click.option("--month", type=click.DateTime(["%Y-%m"]), default=None, help="One month only, e.g. 2026-03.")
def figures_rebuild(month: datetime | None) -> None:
    """Make the days anew from the history: all of them, or those of one month. Pages count from the history meanwhile."""
    from hotline.figures.folding import fold
    from hotline.figures.rebuilding import rebuild, rebuild_month

    installation = the_installation(quiet=True)
    now, many = installation.clock.now(), 0
    note_deed(installation, "figures_rebuilt", f"{month:%Y-%m}" if month else installation.city.code)
    with installation.sessions() as db:
        if month is not None:
            many = rebuild_month(db, installation.city, month.date(), now)
        else:
            rebuild(db, installation.city, now)
        db.commit()
    while month is None:
        with installation.sessions() as db:
            some = fold(db, installation.city, now)
            db.commit()
        many += some
        if not some:
            break
    click.echo(_("已按历史重算 %(n)s 张工单的每日数字。", n=many))


COMMANDS: tuple[click.Command, ...] = (
    staff,
    citizen,
    audit,
    receipt,
    jobs,
    health,
    monitoring,
    figures,
)
