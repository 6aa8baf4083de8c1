"""Serving: everything in one go, or each process of a city by itself."""

from __future__ import annotations

import sys

import click

from hotline.cli.setup import load_into, migrate_database, seed_demo
from hotline.cli.terminal import the_installation, until_told
from hotline.i18n import _
from hotline.settings import Settings, read_settings


@click.command()
def run() -> None:
    """Everything in one go: migrate, load the city, seed the demo, serve."""
    settings = read_settings()
    migrate_database(settings)
    load_into(settings)
    if settings.demo:
        seed_demo(settings)
    serve_forever(settings)


@click.command()
def serve() -> None:
    """Serve the pages (in development also the clock and the jobs, in the same process)."""
    serve_forever(read_settings())


def serve_forever(settings: Settings) -> None:
    from hotline.cli.gunicorn_conf import serve as serve_app

    click.echo(_("热线已启动：%(url)s", url=f"http://{settings.host}:{settings.port}"))
    serve_app(settings)


@click.command()
def clock() -> None:
    """The minute clock: rings deadlines and hands due jobs to the workers. Run exactly one."""
    from hotline.jobs.schedule import run_clock

    run_clock(the_installation(), until_told())


@click.command()
def worker() -> None:
    """Run jobs handed over through Redis. Run as many as the city needs."""
    from hotline.jobs.worker import work

    work()


@click.command("up")
def up_() -> None:
    """PostgreSQL, Redis, two workers, the clock and gunicorn, started and stopped together."""
    from hotline.ops.local_city import up

    sys.exit(up())


COMMANDS: tuple[click.Command, ...] = (
    run,
    serve,
    clock,
    worker,
    up_,
)
