"""A second site: the standby of the database, and the switch-over to it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hotline.cli.terminal import city_of, operator, the_installation
from hotline.clock import Clock
from hotline.i18n import _
from hotline.settings import read_settings


@click.group()
def standby() -> None:
    """The standby of the database."""


@standby.command("make")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--from", "primary", required=True, help="The primary, as a user who may replicate: postgresql://…")
@click.option("--name", default="standby", show_default=True, help="Of its slot, and in synchronous_standby_names.")
def standby_make(folder: Path, primary: str, name: str) -> None:
    """Copy the running primary into the empty FOLDER, ready for PostgreSQL to be started on as its standby."""
    from hotline.standby.replica import make

    make(primary, folder, name)
    click.echo(
        _("备库在 %(folder)s，用它启动 PostgreSQL，再设 HOTLINE_STANDBY 和 DATABASE_URL 的第二个地址。", folder=folder)
    )


@standby.command("state")
def standby_state() -> None:
    """Say whether the standby follows and how far it is behind; exit 1 when something is wrong."""
    from hotline.ops import standby_health

    installation = the_installation(quiet=True)
    with installation.readings() as db:
        found = standby_health.look(db, installation.settings)
    if found.answers is None:
        click.echo(_("没有备库（HOTLINE_STANDBY）。"))
        sys.exit(1)
    click.echo("\n".join(found.problems()) or _("备库跟着主库，落后 %(n)d 字节。", n=found.behind))
    sys.exit(1 if found.problems() else 0)


@click.command("switch-over")
@click.option(
    "--old-data", type=click.Path(path_type=Path), help="The data folder of the former primary, if it can be read."
)
@click.option(
    "--heads", type=click.Path(path_type=Path, exists=True), help="Heads of the seals that were kept elsewhere."
)
def switch_over(old_data: Path | None, heads: Path | None) -> None:
    """Make the standby of HOTLINE_STANDBY the primary, and say what had not arrived; exit 1 when something was lost."""
    from hotline.standby.switching import note
    from hotline.standby.switching import switch_over as switch

    settings, now = read_settings(), Clock().now()
    outcome = switch(settings, city_of(settings), old_data=old_data, heads=heads)
    click.echo("\n".join(outcome.sentences()))
    installation = the_installation(settings, quiet=True)
    with installation.sessions() as db:
        note(db, outcome, operator(), now)
        db.commit()
    sys.exit(1 if outcome.lost else 0)


COMMANDS: tuple[click.Command, ...] = (standby, switch_over)
