"""How gunicorn serves the hotline: threads enough for open live streams, quick restarts; told by the environment.

A live stream holds a thread, so pages stay quick up to about 50 streams for 128 threads.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.glogging import Logger

from hotline.cli.log_lines import OneLine

if TYPE_CHECKING:
    from flask import Flask

    from hotline.installation import Installation
    from hotline.settings import Settings

log = logging.getLogger(__name__)
wsgi_app = "hotline.cli.gunicorn_conf:app()"
bind = f"{os.environ.get('HOTLINE_HOST', '127.0.0.1')}:{os.environ.get('HOTLINE_PORT', '8000')}"
worker_class = "hotline.ops.patient_worker.PatientWorker"
workers = int(os.environ.get("HOTLINE_WORKERS", "2"))
threads = int(os.environ.get("HOTLINE_THREADS", "128"))
worker_connections = threads + 1000
"""Lines of one process. Where there are no more of them than threads, gunicorn hangs up after every answer."""
timeout = 60
graceful_timeout = 5
keepalive = 5
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True
COUNTED = "hotline-metrics-"
AFTER_THE_FIRST_PAGE = 2.0
"""Seconds after which a process that just started loads what no page waits for; until then whoever asks first has it to himself."""

PRIVATE = 0o077
"""Database, attachments, models, exports and logs are the program's user's alone."""


class PlainLogger(Logger):
    """gunicorn speaks of requests it could not read; what they held is written as it is spelt, like every other line."""

    def _set_handler(self, log: Any, output: Any, fmt: Any, stream: Any = None) -> None:
        super()._set_handler(log, output, OneLine(fmt._fmt, fmt.datefmt), stream)


logger_class = PlainLogger


def on_starting(server: Any) -> None:
    """Before the first fork: what several processes share, and a new folder in which they add up what they count."""
    if server.cfg.workers > 1:
        load_what_all_share()
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=COUNTED, dir=worker_tmp_dir)


def on_exit(_server: Any) -> None:
    """The folder we made goes; one that the operator named is left alone."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if os.path.basename(folder).startswith(COUNTED):
        shutil.rmtree(folder, ignore_errors=True)


def load_what_all_share() -> None:
    """The program, its words and what advises reviewers lie in memory once; nothing here opens a connection or starts a thread."""
    import hotline.app
    import hotline.jobs.schedule  # noqa: F401
    from classifier.text.words import cut
    from hotline.city.loader import load_city
    from hotline.review_advice import advise
    from hotline.settings import read_settings

    load_city(read_settings().city_dir, closely=False)
    cut("路灯不亮")
    warm_up()
    advise.warm_up()
    leave_what_stays()


def warm_up() -> None:
    """What the first page needs not, and the first contact does. What advises reviewers waits for the first reply: a small city
    need not hold it all night. A call and a letter are listened to in different ways.
    """
    from classifier.text.danger.life import life
    from classifier.text.patterns.late import compile_all

    compile_all()
    life("路灯不亮")
    life("路灯不亮。" * 40)


def app() -> Flask:
    """The application of one gunicorn process, made after the fork so that no connection is shared.

    In development the same process also runs the minute clock; with Redis the clock is a process of its own.
    """
    from hotline.app import create_app
    from hotline.jobs.build import build_installation
    from hotline.jobs.schedule import run_clock
    from hotline.settings import read_settings

    os.umask(PRIVATE)
    settings = read_settings()
    installation = build_installation(settings)
    if not settings.redis_url:
        threading.Thread(target=run_clock, args=(installation, threading.Event()), name="clock", daemon=True).start()
    behind = threading.Timer(AFTER_THE_FIRST_PAGE, _behind_the_first_page, (installation,))
    behind.name, behind.daemon = "warm-up", True
    behind.start()
    return create_app(settings, installation)


def _behind_the_first_page(installation: Installation) -> None:
    """What nobody waits for. Tables that are not as the program needs them are named in the log; health says so until they are."""
    from hotline.ops.health import told

    warm_up()
    leave_what_stays()
    if faults := installation.tables.faults():
        log.error(told(faults))


def leave_what_stays() -> None:
    """The garbage collector need not walk the city and the application again and again (decision 014 has the figures)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def serve(settings: Settings, first: Callable[[], None], ready: Callable[[], None]) -> None:
    """Serve from this process with the settings above; returns when told to stop.

    first: what must be done before any page is served. Several processes share what it loads, so it is done before they part; a
    single one does it itself, and the process that watches over it holds nothing (decision 042). ready: called when the first
    process serves.
    """
    from gunicorn.app.base import BaseApplication

    alone = settings.workers == 1
    booted = threading.Event()

    def serves(worker: Any) -> None:
        booted.set()
        if worker.age == 1:
            ready()

    class Server(BaseApplication):
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"{settings.host}:{settings.port}",
                "worker_class": worker_class,
                "workers": settings.workers,
                "threads": settings.threads,
                "timeout": timeout,
                "graceful_timeout": graceful_timeout,
                "keepalive": keepalive,
                "worker_tmp_dir": worker_tmp_dir,
                "control_socket_disable": True,
                "loglevel": "warning",
                "logger_class": logger_class,
                "on_starting": on_starting,
                "post_fork": lambda _server, worker: _say_alive(worker, booted),
                "post_worker_init": serves,
                "on_exit": on_exit,
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return _or_a_sentence(first) if alone else app()

    if not alone:
        first()
    Server().run()


def _or_a_sentence(first: Callable[[], None]) -> Flask:
    """What hinders a start is told in its own words, and ends the start."""
    from gunicorn.errors import AppImportError

    from hotline.errors import Misconfigured

    try:
        first()
        return app()
    except Misconfigured as trouble:
        raise AppImportError(str(trouble)) from trouble


def _say_alive(worker: Any, booted: threading.Event) -> None:
    """A process that still makes itself ready is not stuck: a first start makes a whole city."""

    def say() -> None:
        while not booted.wait(timeout / 6):
            worker.notify()

    threading.Thread(target=say, name="making ready", daemon=True).start()
