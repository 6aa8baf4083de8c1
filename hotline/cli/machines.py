"""Keys of the city's other systems, and the index that they and people search."""

from __future__ import annotations

from datetime import timedelta

import click

from hotline.cli.terminal import operator, the_installation
from hotline.errors import Refusal
from hotline.i18n import _


@click.group()
def token() -> None:
    """Keys with which the city's other systems use the JSON API."""


@token.command("issue")
@click.argument("name")
@click.option("--source", required=True, help="The other system's name; its outer numbers are unique within it.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help="tickets.create, tickets.read, tickets.act.dispatch … (hotline token scopes)",
)
@click.option("--unit", "units", multiple=True, help="A unit whose matters it works on, with the units below it.")
@click.option("--town", "towns", multiple=True, help="A town whose matters it reads.")
@click.option("--address", "addresses", multiple=True, help="A network it may come from, like 10.1.0.0/16.")
@click.option("--days", type=click.IntRange(1, 3660), default=None, help="Ends after so many days.")
def token_issue(
    name: str,
    source: str,
    scopes: tuple[str, ...],
    units: tuple[str, ...],
    towns: tuple[str, ...],
    addresses: tuple[str, ...],
    days: int | None,
) -> None:
    """Make a token. It is shown once and stored nowhere."""
    from hotline.api.tokens import issue

    installation = the_installation(quiet=True)
    now = installation.clock.now()
    with installation.sessions() as db:
        secret = issue(
            db,
            name,
            source,
            list(scopes),
            now,
            city=installation.city,
            units=units,
            towns=towns,
            addresses=addresses,
            expires_at=now + timedelta(days=days) if days else None,
            by=operator(),
        )
        db.commit()
    click.echo(secret)


@token.command("scopes")
def token_scopes() -> None:
    """Everything a token may be granted, one by one."""
    from hotline.api.tokens import SCOPES

    for scope, name in SCOPES.items():
        click.echo(f"{scope}\t{_(name)}")


@token.command("list")
def token_list() -> None:
    """The tokens in force: number, name, source, last use, end, scopes."""
    from hotline.web.admin.tokens import in_force

    installation = the_installation(quiet=True)
    with installation.readings() as db:
        for one in in_force(db, installation.clock.now()):
            moments = (f"{at:%Y-%m-%d %H:%M}" if at else "–" for at in (one.last_used_at, one.expires_at))
            click.echo(
                "\t".join(
                    (str(one.id), one.name, one.source, *moments, " ".join((*one.scopes, *one.units, *one.towns)))
                )
            )


@token.command("rotate")
@click.argument("token_id", type=click.IntRange(1, 2**53))
@click.option(
    "--overlap-hours",
    type=click.IntRange(0, 24 * 90),
    default=24,
    show_default=True,
    help="So long the old one goes on.",
)
def token_rotate(token_id: int, overlap_hours: int) -> None:
    """A new secret with the same powers; the old one goes on for a while."""
    from hotline.web.admin.tokens import rotate

    installation = the_installation(quiet=True)
    with installation.sessions() as db:
        secret = rotate(db, token_id, installation.clock.now(), overlap_hours=overlap_hours, by=operator())
        db.commit()
    click.echo(secret)


@token.command("revoke")
@click.argument("token_id", type=click.IntRange(1, 2**53))
def token_revoke(token_id: int) -> None:
    """End a token at once."""
    from hotline.web.admin.tokens import revoke

    installation = the_installation(quiet=True)
    with installation.sessions() as db:
        if not revoke(db, token_id, installation.clock.now(), by=operator()):
            raise Refusal(_("这个令牌已经停用。"))
        db.commit()
    click.echo(_("令牌已停用。"))


@click.group()
def search() -> None:
    """The full-text index."""


@search.command("reindex")
def search_reindex() -> None:
    """Index every ticket anew, the newest first; the hotline goes on working meanwhile."""
    from hotline.tickets.search.indexing import index_everything

    done = index_everything(
        the_installation(quiet=True).sessions, lambda n: click.echo(_("已重建 %(n)d 张工单的索引", n=n), err=True)
    )
    click.echo(_("已重建 %(n)d 张工单的索引", n=done))


COMMANDS: tuple[click.Command, ...] = (token, search)
