"""The command line: set up, run, and look after the hotline. Each command is one transaction or says why not."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import click

from hotline.city.check import check_city, load_folder
from hotline.city.mistakes import CityMistakes
from hotline.clock import Clock
from hotline.errors import Misconfigured, Refusal
from hotline.house import House
from hotline.language import _
from hotline.settings import Settings, read_settings
from models import make_engine, make_sessions
from models.migrate import upgrade


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """12345 hotline: from the call to the closed ticket."""


def main() -> None:
    """Run a command; refusals and wrong settings are sentences, not tracebacks."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        cli()
    except (Misconfigured, Refusal) as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(2)
    except CityMistakes as trouble:
        click.echo("\n".join(trouble.sentences), err=True)
        sys.exit(2)


def the_house(settings: Settings | None = None) -> House:
    """This installation, as the environment describes it."""
    from hotline.jobs.build import build_house

    return build_house(settings or read_settings())


@cli.command()
def migrate() -> None:
    """Bring the database to the newest version of the tables."""
    settings = read_settings()
    changed = migrate_database(settings)
    click.echo(_("数据库已升级。") if changed else _("数据库已是最新。"))


def migrate_database(settings: Settings) -> bool:
    from hotline.tickets.search import create_search

    settings.var.mkdir(parents=True, exist_ok=True)
    settings.attachments.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    try:
        return upgrade(engine, (create_search,))
    finally:
        engine.dispose()


@cli.group()
def city() -> None:
    """The city's files: categories, units, rules, limits, calendar, texts, places."""


@city.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check(folder: Path | None) -> None:
    """Report every mistake of a city's folder at once, with file and line."""
    report = check_city(folder or read_settings().city_dir, Clock().now())
    click.echo("\n".join(report.lines))
    sys.exit(0 if report.ok else 1)


@city.command("load")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def load(folder: Path | None) -> None:
    """Check a city's folder and bring units and categories of the database in line with it."""
    settings = read_settings()
    lines = load_into(settings, folder)
    click.echo("\n".join(lines))


def load_into(settings: Settings, folder: Path | None = None) -> tuple[str, ...]:
    sessions = make_sessions(make_engine(settings.database_url))
    with sessions() as db:
        report = load_folder(db, folder or settings.city_dir, Clock().now())
        if not report.ok:
            raise Misconfigured("\n".join(report.lines))
        db.commit()
    return report.lines


@cli.command()
def run() -> None:
    """Everything in one go: migrate, load the city, seed the demo, serve."""
    settings = read_settings()
    migrate_database(settings)
    load_into(settings)
    if settings.demo:
        seed_demo(settings)
    serve_forever(settings)


def seed_demo(settings: Settings) -> None:
    """The demo's people and tickets, unless they are there: a second start must not wait for a house of its own."""
    from hotline.demo import seed
    from hotline.demo.people import are_there
    from hotline.web.login import DEMO_PASSWORD

    with make_sessions(make_engine(settings.database_url))() as db:
        there = are_there(db)
    if not there:
        seed(the_house(settings))
    click.echo(_("演示账号见登录页，密码都是 %(password)s", password=DEMO_PASSWORD))


@cli.command()
def serve() -> None:
    """Serve the pages (laptop mode also runs the clock and keeps promises in the same process)."""
    serve_forever(read_settings())


def serve_forever(settings: Settings) -> None:
    from hotline.gunicorn import serve as serve_app

    click.echo(_("热线已启动：%(url)s", url=f"http://{settings.host}:{settings.port}"))
    serve_app(settings)


@cli.command()
def clock() -> None:
    """The minute clock: rings deadlines and sweeps open promises to the workers. Run exactly one."""
    from hotline.jobs.schedule import run_clock

    run_clock(the_house(), _until_told())


@cli.command()
def worker() -> None:
    """Keep promises handed over through Redis. Run as many as the city needs."""
    from hotline.jobs.worker import work

    work()


@cli.command("city-up")
def city_up() -> None:
    """PostgreSQL, Redis, two workers, the clock and gunicorn, started and stopped together."""
    from hotline.upcity import up

    sys.exit(up())


def _until_told() -> threading.Event:
    import signal

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    return stop


