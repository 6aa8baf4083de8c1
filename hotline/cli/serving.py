"""Serving: everything in one go, or each process of a city by itself."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Callable

import click

from hotline.errors import Misconfigured
from hotline.i18n import _, speaking
from hotline.settings import Settings, read_settings


@click.command()
def run() -> None:
    """Everything in one go: migrate, load the city, seed the demo, serve."""
    settings = read_settings()
    need_free_port(settings)
    serve_forever(settings, lambda: make_ready(settings))


@click.command()
def serve() -> None:
    """Serve the pages (in development also the clock and the jobs, in the same process)."""
    settings = read_settings()
    need_free_port(settings)
    serve_forever(settings)


def make_ready(settings: Settings) -> None:
    """Tables, the city and the demo as this release needs them. On a second start nothing but a look, and tables that nobody
    changed are compared with what the program needs behind the first page (`gunicorn_conf`).
    """
    from hotline.cli.setup import load_into, migrate_database, seed_demo

    migrate_database(settings, compare=False)
    load_into(settings)
    if settings.demo:
        seed_demo(settings)


def serve_forever(settings: Settings, first: Callable[[], None] = lambda: None) -> None:
    """Serve; how to get in is said once somebody can, never before. first: done before any page is served."""
    from hotline.cli.gunicorn_conf import serve as serve_app

    serve_app(settings, first, lambda: click.echo("\n".join(how_to_get_in(settings))))


def how_to_get_in(settings: Settings) -> list[str]:
    """Where to sign in and with what, in both languages."""
    from hotline.staff.sign_in.passwords import DEMO_PASSWORD

    url = own_address(settings)
    said = []
    for language in ("zh", "en"):
        with speaking(language):
            said.append(_("热线已启动。工作人员登录：%(url)s/login　市民页面：%(url)s/c", url=url))
            if settings.demo:
                said.append(
                    _(
                        "先用 demo-agent（话务员）登录，密码 %(password)s；登录页上有每个岗位的账号。",
                        password=DEMO_PASSWORD,
                    )
                )
    return said


def own_address(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host
    return f"http://{host}:{settings.port}"


def need_free_port(settings: Settings) -> None:
    """One sentence and an end, before anything is changed or announced. Raises Misconfigured."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((settings.host, settings.port))
        except OSError as trouble:
            raise Misconfigured(_port_taken(settings, trouble)) from None


def _port_taken(settings: Settings, trouble: OSError) -> str:
    if trouble.errno != errno.EADDRINUSE:
        return _("不能在 %(host)s:%(port)s 监听：%(why)s", host=settings.host, port=settings.port, why=trouble.strerror)
    return _(
        "端口 %(port)s 已有程序在用，可能热线已经启动了（%(url)s/login）。要再开一个，请换一个端口，例如 HOTLINE_PORT=%(other)s make run。",
        port=settings.port,
        url=own_address(settings),
        other=settings.port + 1000,
    )


@click.command()
def clock() -> None:
    """The minute clock: rings deadlines and hands due jobs to the workers. Run exactly one."""
    from hotline.cli.terminal import the_installation, until_told
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
