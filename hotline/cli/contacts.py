"""Contacts that come in as files, and the proposals for them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline.cli.terminal import city_of, note_deed, progress_bar, the_installation
from hotline.clock import Clock
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.settings import read_settings

if TYPE_CHECKING:
    from hotline.intake.importing.take import Outcome


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
@click.option("--sheet", default="", help="Only this sheet of a workbook. Default: every sheet that holds matters.")
@click.option(
    "--heading-row",
    default=0,
    type=click.IntRange(0, 10_000),
    help="The line of the headings. Default: it is looked for.",
)
@click.option(
    "--history/--no-history",
    default=True,
    show_default=True,
    help="Matters that another system settled come in settled.",
)
@click.option("--check", is_flag=True, help="Only say what was understood; nothing is taken in.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: what was understood, and the counts.")
def import_(
    file: Path,
    pairs: tuple[str, ...],
    source: str,
    channel: str,
    batch: int,
    no_triage: bool,
    texts: str,
    sheet: str,
    heading_row: int,
    history: bool,
    check: bool,
    as_json: bool,
) -> None:
    """Take in messages from jsonl, jsonl.gz, csv, xlsx or xls. May be repeated and interrupted: each row becomes one ticket.

    First it says what it understood: sheets, headings, columns, rows. What is doubtful is refused with a sentence.
    Old matters text nobody: unless told otherwise, rows without a time or older than three days become quiet tickets, and
    their citizens get no text until they are heard from again.
    """
    from hotline.intake.importing.headings import read_map
    from hotline.intake.importing.preflight import preflight
    from hotline.intake.importing.take import import_file
    from hotline.intake.importing.told import sentences
    from hotline.intake.importing.wish import Wish

    wish = Wish(
        file,
        source=source,
        channel=channel,
        columns=read_map(pairs),
        batch=batch,
        texts=texts,
        sheet=sheet,
        heading_row=heading_row,
        history=history,
    )
    if check:
        with _one_object(as_json, file):
            _plan, found = preflight(wish, city_of(read_settings()), Clock().now())
        click.echo(json.dumps(found.plain(), ensure_ascii=False) if as_json else "\n".join(sentences(found)))
        return
    installation = the_installation(quiet=True)
    note_deed(installation, "import_started", file.name)
    with _one_object(as_json, file), progress_bar(_("读入")) as bar:
        outcome = import_file(
            installation,
            wish,
            bar,
            lambda found: None if as_json else click.echo("\n".join(sentences(found)), err=True),
        )
    if not no_triage:
        propose_all(installation)
    _tell_outcome(outcome, wish.rejects(installation.settings.var / "imports"), as_json)


@contextmanager
def _one_object(as_json: bool, file: Path) -> Iterator[None]:
    """With --json a refusal is an object too, so that whoever reads it need not read sentences."""
    try:
        yield
    except Refusal as refusal:
        if as_json:
            click.echo(json.dumps({"file": file.name, "refused": refusal.sentence}, ensure_ascii=False))
        raise


def _tell_outcome(outcome: Outcome, rejects: Path, as_json: bool) -> None:
    counts = {name: getattr(outcome, name) for name in ("read", "new", "known", "conflict", "rejected")}
    if as_json:
        wrong = [{"sheet": one.sheet, "line": one.line, "reason": one.reason} for one in outcome.told]
        click.echo(
            json.dumps(
                {**counts, "told": wrong, "understood": outcome.understood and outcome.understood.plain()},
                ensure_ascii=False,
            )
        )
    else:
        click.echo(
            _("读到 %(read)d 条：新建 %(new)d，已有 %(known)d，冲突 %(conflict)d，退回 %(rejected)d。", **counts)
        )
    for one in outcome.told[:10]:
        where = _("工作表“%(sheet)s”", sheet=one.sheet) if one.sheet else ""
        click.echo(where + _("第 %(line)d 行：%(reason)s", line=one.line, reason=one.reason), err=True)
    if outcome.conflict or outcome.rejected:
        click.echo(_("没有读入的行写在 %(file)s，改好后可以再导入。", file=rejects), err=True)
        sys.exit(1)


@click.command()
def triage() -> None:
    """Propose a unit for every ticket that waits for its proposal, and run all other jobs that are due."""
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
