"""The master key: made, changed, and held against the database."""

from __future__ import annotations

import click

from hotline.cli.terminal import operator, the_installation
from hotline.i18n import _
from hotline.settings import read_settings


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


COMMANDS: tuple[click.Command, ...] = (keys,)
