"""Contacts that come in as files, and the proposals for them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hotline.cli.terminal import progress_bar, the_installation
from hotline.i18n import _
from hotline.installation import Installation


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="NAME=COLUMN",
    help="Which column is what, e.g. body=诉求内容; phone= takes no phone.",
)
@click.option(
    "--source", default="", help="The other system's name; its numbers are unique within it. Default: the file's name."
)
@click.option("--channel", default="web", show_default=True, help="The channel of rows that name none.")
@click.option("--batch", default=200, show_default=True, type=click.IntRange(1, 5000), help="Rows to a transaction.")
@click.option("--no-triage", is_flag=True, help="Leave the proposals to the workers.")
@click.option(
    "--texts",
    default="recent",
    show_default=True,
    type=click.Choice(["recent", "all", "none"]),
    help="About which rows citizens are texted: recent (their own time lies in the last 3 days), all, or none.",
)
def import_(
    file: Path, pairs: tuple[str, ...], source: str, channel: str, batch: int, no_triage: bool, texts: str
) -> None:
    """Take in messages from jsonl, jsonl.gz, csv or xlsx. May be repeated and interrupted: each row becomes one ticket.

    Old matters text nobody: unless told otherwise, rows without a time or older than three days become quiet tickets, and
    their citizens get no text until they are heard from again.
    """
    from hotline.intake.columns import read_map
    from hotline.intake.importing import Wish, import_file

    installation = the_installation(quiet=True)
    wish = Wish(file, source=source, channel=channel, columns=read_map(pairs), batch=batch, texts=texts)
    with progress_bar(_("读入")) as bar:
        outcome = import_file(installation, wish, bar)
    if not no_triage:
        propose_all(installation)
    click.echo(
        _(
            "读到 %(read)d 条：新建 %(new)d，已有 %(known)d，退回 %(rejected)d。",
            read=outcome.read,
            new=outcome.new,
            known=outcome.known,
            rejected=len(outcome.rejected),
        )
    )
    for line, reason in outcome.rejected[:10]:
        click.echo(_("第 %(line)d 行：%(reason)s", line=line, reason=reason), err=True)
    if outcome.rejected:
        click.echo(_("退回的行写在 %(file)s，改好后可以再导入。", file=wish.rejects), err=True)
        sys.exit(1)


@click.command()
def triage() -> None:
    """Propose a unit for every ticket that waits for its proposal, and keep all other promises that are due."""
    propose_all(the_installation(quiet=True))


def propose_all(installation: Installation) -> None:
    from hotline.outbox.bulk import run_all_due

    with progress_bar(_("拟办建议")) as bar:
        kept = run_all_due(installation, bar)
    click.echo(_("完成 %(n)d 项待办。", n=kept), err=True)


COMMANDS: tuple[click.Command, ...] = (
    import_,
    triage,
)
