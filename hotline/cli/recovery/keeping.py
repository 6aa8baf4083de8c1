"""Backups, their drill and their way back, a city's move, and its stored files."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import click

from hotline.cli.terminal import note_deed, operator, progress_bar, the_installation
from hotline.clock import Clock
from hotline.i18n import _
from hotline.settings import read_settings


@click.group()
def attachments() -> None:
    """The files that belong to tickets."""


@attachments.command("clean")
@click.option("--afresh", is_flag=True, help="From the first file, not from where the last run stopped.")
def attachments_clean(afresh: bool) -> None:
    """Take out of stored pictures and films what cameras wrote into them; may be stopped and run again."""
    from hotline.tickets.privacy.stored_pictures import clean_stored

    with progress_bar("clean") as progress:
        done = clean_stored(the_installation(quiet=True), afresh, progress)
    click.echo(
        _(
            "看了 %(looked)d 个文件，加密了其中还没有加密的，并清除拍摄地点等信息，共 %(cleaned)d 个；%(lost)d 个文件不在了。",
            looked=done.looked,
            cleaned=done.cleaned,
            lost=done.lost,
        )
    )


@attachments.command("count")
@click.option(
    "--new-place", is_flag=True, help="Take the folder of HOTLINE_SECOND_PLACE, empty, as a new second place first."
)
def attachments_count(new_place: bool) -> None:
    """Mend what was named, copy what lacks a copy, read both copies of every file; exit 1 when two are not alike."""
    from hotline.stored_files import second_place

    installation = the_installation(quiet=True)
    if new_place:
        second_place.begin_anew(installation, operator())
    with progress_bar("count") as progress:
        done = second_place.count(installation, installation.clock.now(), progress=progress)
    click.echo(
        _(
            "新复制 %(copied)d 个，修补 %(mended)d 个，核对 %(looked)d 个，对不上 %(wrong)d 个。",
            copied=done.copied,
            mended=done.mended,
            looked=done.looked,
            wrong=done.wrong,
        )
    )
    sys.exit(1 if done.wrong else 0)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--drill", "also_drill", is_flag=True, help="Then restore it beside, and remove those that are too old.")
def backup(folder: Path, also_drill: bool) -> None:
    """Copy the database and the attachments, sealed, into a new folder below FOLDER, while the hotline goes on working."""
    from sqlalchemy.exc import SQLAlchemyError

    from hotline.backups import make

    settings = read_settings()
    made = make.back_up(settings, folder, Clock().now())
    click.echo(made)
    with suppress(SQLAlchemyError):  # a standby is copied too, and takes no rows
        note_deed(the_installation(quiet=True), "backup_made", made.name)
    if also_drill and _drilled(folder):
        make.remove_old(folder, Clock().now(), settings.backup_days)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
def drill(folder: Path) -> None:
    """Restore the newest backup of FOLDER beside the living database, count and check it; exit 1 when anything differs."""
    sys.exit(0 if _drilled(folder) else 1)


def _drilled(folder: Path) -> bool:
    from hotline.backups import drill as practice

    row = practice.drill(the_installation(quiet=True), folder)
    click.echo(
        _("恢复了 %(name)s：%(rows)d 行，用时 %(seconds)s 秒。", name=row.backup, rows=row.rows, seconds=row.seconds)
    )
    click.echo(row.problems or _("与线上一致，封条完好。"))
    return row.well


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
def restore(folder: Path) -> None:
    """Bring the backup FOLDER back into an empty database and the attachments' folder; exit 1 when something differs."""
    from hotline.backups.restore import restore as bring_back

    restored = bring_back(read_settings(), folder, Clock().now())
    rows = sum(restored.manifest.rows.values())
    click.echo(
        _(
            "已恢复 %(at)s 的备份：%(rows)d 行，%(files)d 个附件，封条 %(links)d 条；其后删除的 %(erased)d 人（件）已再次删除。",
            at=restored.manifest.at[:16],
            rows=rows,
            files=restored.files,
            links=restored.links,
            erased=restored.erased,
        )
    )
    click.echo("\n".join(restored.problems) or _("与备份时一致，封条完好。"))
    note_deed(the_installation(quiet=True), "backup_restored", folder.name, problems=len(restored.problems))
    sys.exit(1 if restored.problems else 0)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--database", default="", help="An empty PostgreSQL database; without it SQLite in FOLDER.")
def move(folder: Path, database: str) -> None:
    """Carry this city, with every key and file, into the empty FOLDER. Stop it first; start it there, with HOTLINE_VAR=FOLDER."""
    from hotline.backups.move import move as carry

    restored = carry(read_settings(), folder, database, Clock().now())
    rows = sum(restored.manifest.rows.values())
    click.echo(
        _(
            "已搬到 %(folder)s：%(rows)d 行，%(files)d 个附件，封条 %(links)d 条，都核对过。",
            folder=folder,
            rows=rows,
            files=restored.files,
            links=restored.links,
        )
    )
    click.echo(
        _("请用 HOTLINE_VAR=%(folder)s 启动；地址变了的，请省级热线在“下属城市”里改。旧地方不再启动。", folder=folder)
    )


COMMANDS: tuple[click.Command, ...] = (attachments, backup, drill, restore, move)
