"""The command line: set up, run, and look after the hotline. Each command is one transaction or says why not."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from importlib import import_module

import click

from hotline.cli.gunicorn_conf import PRIVATE
from hotline.cli.log_lines import OneLine
from hotline.errors import Misconfigured, Refusal
from hotline.i18n import _

ROOMS: Mapping[str, tuple[str, ...]] = {
    "setup": ("migrate", "city", "demo", "simulate"),
    "serving": ("run", "serve", "clock", "worker", "up"),
    "contacts": ("import", "triage"),
    "classifier": ("train", "evaluate", "classify", "evaluate-replies"),
    "answers": ("answers",),
    "documents": ("docs", "story"),
    "machines": ("token", "search"),
    "operations": (
        "staff",
        "citizen",
        "audit",
        "receipt",
        "jobs",
        "health",
        "monitoring",
        "figures",
    ),
    "recovery.keeping": ("attachments", "backup", "drill", "restore", "move"),
    "recovery.standby": ("standby", "switch-over"),
    "keys": ("keys", "security"),
    "mask": ("mask",),
}
"""The rooms of this folder and their commands."""
_ROOM_OF = {name: room for room, names in ROOMS.items() for name in names}


class Rooms(click.Group):
    """Commands by their present names, each read with its room when it is asked for: what only watches a process should not hold
    what the process needs. A former name still works and says the present one."""

    former: Mapping[str, str] = {"promises": "jobs", "city-up": "up"}

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(_ROOM_OF)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        now = self.former.get(name, name)
        if now != name:
            click.echo(_("命令 %(old)s 已改名为 %(new)s。", old=name, new=now), err=True)
        if now not in _ROOM_OF:
            return None
        room = import_module(f"hotline.cli.{_ROOM_OF[now]}")
        return next(command for command in room.COMMANDS if command.name == now)


LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
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
