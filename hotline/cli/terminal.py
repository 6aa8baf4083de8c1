"""What every command stands on: the installation it works for, and how it shows what it does."""

from __future__ import annotations

import getpass
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from hotline.city.schema import City
from hotline.errors import Misconfigured
from hotline.i18n import _
from hotline.installation import Installation
from hotline.settings import Settings, read_settings
from hotline.tickets.roles import Actor


def the_installation(settings: Settings | None = None, *, quiet: bool = False) -> Installation:
    """This installation, as the environment describes it. quiet: jobs are left to whoever runs them anyway.

    Raises Misconfigured while the database has no tables.
    """
    from sqlalchemy import inspect

    from hotline.jobs.build import build_installation
    from hotline.outbox.transports import NoTransport

    installation = build_installation(settings or read_settings(), transport=NoTransport() if quiet else None)
    if not inspect(installation.engine).has_table("ticket"):
        raise Misconfigured(
            _("数据库里还没有表：请先运行 hotline migrate，再运行 hotline city load（make run 会一并完成）。")
        )
    return installation


def operator() -> Actor:
    """Whoever runs a command on this machine, for the audit log."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return Actor("operator", None, name[:64])


def city_of(settings: Settings) -> City:
    """The city and its words, without a database."""
    from classifier.text.words import load_words
    from hotline.city.loader import load_city

    loaded = load_city(settings.city_dir, closely=False)
    load_words(loaded.vocabulary)
    return loaded


def show_figures(found: Mapping[str, Any], as_json: bool) -> None:
    from hotline.training.labelled_files import lines

    click.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(lines(found)))


@contextmanager
def progress_of_shares(what: str) -> Iterator[Callable[[str, float], None]]:
    """A progress bar on stderr for work that tells its share (0–1); it shows itself after two seconds."""
    from tqdm import tqdm

    with tqdm(
        desc=what,
        total=100,
        delay=2,
        file=sys.stderr,
        bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed} {postfix}",
    ) as bar:

        def tell(step: str, share: float) -> None:
            bar.set_postfix_str(step, refresh=False)
            bar.update(max(0, round(share * 100) - bar.n))

        yield tell


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar on stderr, told how far we are."""
    from tqdm import tqdm

    with tqdm(desc=what, unit="", file=sys.stderr) as bar:

        def show(done: int, of: int | None) -> None:
            bar.total = of
            bar.update(done - bar.n)

        yield show


def until_told() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    return stop


def note_deed(installation: Installation, deed: str, subject: str, **detail: Any) -> None:
    """The same row of the audit that the page would write, with who ran the command."""
    from hotline.tickets.privacy.audit import record

    with installation.sessions() as db:
        record(db, deed, operator(), installation.clock.now(), subject=subject[:120], **detail)
        db.commit()
