"""The command line: set up, run, and look after the hotline. Each command is one transaction or says why not."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping

import click

from hotline.city.mistakes import CityMistakes
from hotline.cli import (
    answers,
    classifier,
    contacts,
    documents,
    keys,
    machines,
    mask,
    operations,
    serving,
    setup,
)
from hotline.cli.gunicorn_conf import PRIVATE
from hotline.cli.log_lines import OneLine
from hotline.errors import Misconfigured, Refusal
from hotline.i18n import _


class Renamed(click.Group):
    """Commands by their present names; a former name still works and says the present one."""

    former: Mapping[str, str] = {"promises": "jobs", "city-up": "up"}

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        now = self.former.get(name, name)
        if now != name:
            click.echo(_("命令 %(old)s 已改名为 %(new)s。", old=name, new=now), err=True)
        return super().get_command(context, now)


LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@click.group(cls=Renamed, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """12345 hotline: from the call to the closed ticket."""


def main() -> None:
    """Run a command; refusals and wrong settings are sentences, not tracebacks. What it writes is its user's alone."""
    os.umask(PRIVATE)
    logging.basicConfig(level=logging.INFO, format=LINE, datefmt="%H:%M:%S")
    for handler in logging.getLogger().handlers:
        handler.setFormatter(OneLine(LINE, "%H:%M:%S"))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        cli()
    except (Misconfigured, Refusal) as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(2)
    except CityMistakes as trouble:
        click.echo("\n".join(trouble.sentences), err=True)
        sys.exit(2)


for room in (setup, serving, contacts, classifier, answers, documents, machines, operations, keys, mask):
    for command in room.COMMANDS:
        cli.add_command(command)
