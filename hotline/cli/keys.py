"""The master key, and what keeps strangers out: how it stands, and whose eyes a text has passed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hotline.cli.terminal import note_deed, operator, the_installation
from hotline.i18n import _
from hotline.settings import read_settings
from models import Staff


@click.group()
def keys() -> None:
    """The master key, which opens telephone numbers, names, files and sealed words."""


@keys.command("new")
def new() -> None:
    """Make the master key of a new installation; refused where there is one."""
    from hotline.keys.master_key import make

    path = read_settings().master_key
    make(path)
    click.echo(_("主密钥已写入 %(file)s，只有本用户能读。请现在抄一份放进保险柜：丢了它，数据读不出来。", file=path))


@keys.command("rotate")
def rotate() -> None:
    """Change the master key while everybody works; may be stopped and run again."""
    from hotline.keys import rotation
    from hotline.tickets.privacy.audit import record

    installation = the_installation(quiet=True)
    now = installation.clock.now()
    many, former = rotation.rotate(installation.engine, installation.settings, now)
    with installation.sessions() as db:
        record(db, "keys_rotated", operator(), now, keys=many)
        db.commit()
    click.echo(
        _(
            "主密钥已更换，%(n)d 把数据密钥已重新包裹。请把新的抄进保险柜，并复制到每台机器的 %(file)s；"
            "旧的在 %(former)s：更换前的备份到期之前还要用它，请移进保险柜。",
            n=many,
            file=installation.settings.master_key,
            former=former,
        )
    )


@click.group()
def security() -> None:
    """What keeps strangers out, and how it stands."""


@security.command("report")
def report() -> None:
    """Print the present state of accounts, keys, files and books; exit 1 when something is weak."""
    from hotline.staff.security_state import SIGNS, WEAK, state_of

    lines = list(state_of(the_installation(quiet=True)))
    for line in lines:
        click.echo(f"{_(SIGNS[line.state])}\t{line.what}")
    weak = sum(line.state == WEAK for line in lines)
    click.echo(_("共 %(n)d 项，薄弱 %(weak)d 项。", n=len(lines), weak=weak), err=True)
    sys.exit(1 if weak else 0)


@security.command("watermark")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def who_read(file: Path) -> None:
    """Say who read what stands in FILE, and in which minute: words copied from a page of a sealed ticket, or an export."""
    from hotline.tickets.privacy import watermark

    installation, found = the_installation(quiet=True), []
    with installation.readings() as db:
        for one in watermark.read(watermark.words_of(file), installation.settings.secret_key):
            person = db.get(Staff, one.staff_id)
            found.append(f"{one.at:%Y-%m-%d %H:%M}Z\t{person.login}\t{person.name}" if person else f"{one.staff_id}")
    note_deed(installation, "watermark_read", file.name, found=len(found))
    click.echo("\n".join(sorted(found)) or _("这份文字里没有水印。"))
    sys.exit(0 if found else 1)


COMMANDS: tuple[click.Command, ...] = (keys, security)
