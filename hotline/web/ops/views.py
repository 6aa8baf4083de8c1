"""For machines that watch this one: /healthz says whether to send people here, /metrics counts requests and waiting work."""

from __future__ import annotations

import hmac
import ipaddress
import os
import threading
import time
from collections.abc import Iterable, Iterator

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import func, select

from hotline.installation import Installation
from hotline.metrics.question import NOT_SEALED
from hotline.metrics.senders import SenderState
from hotline.ops import health
from hotline.tickets.states import OPEN
from hotline.web.core.permission import PUBLIC, SIGNED, allow
from hotline.web.core.request_context import here
from models import Job, Ticket
from models.job import given_up, late, undone

pages = Blueprint("operations", __name__)
CACHED = 15.0
FORMER_FAMILY = "promises"
"""The gauges of jobs by their name before 0.2.0, for dashboards that still draw them."""

REQUESTS = Counter("hotline_requests", "Requests answered", ("endpoint", "status"))
SECONDS = Histogram(
    "hotline_request_seconds",
    "Seconds until the answer begins",
    ("endpoint",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def install(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_count)
    app.extensions["gauges"] = Gauges(app.extensions["installation"])


@pages.get("/healthz")
@allow(PUBLIC)
def healthz() -> ResponseReturnValue:
    """200 while pages can be served, 503 when the database is away or lacks what this release needs; what else is wrong is
    said beside it, to those who may read the metrics: that nobody looks for viruses, or that a demo account is left, is for
    nobody else."""
    found = health.look(here.installation)
    if not (_is_local() or _has_token()):
        return jsonify(ok=found.fit), 200 if found.fit else 503
    answer = jsonify(
        ok=found.fit,
        database=found.database,
        tables=not found.faults,
        oldest_job_seconds=found.oldest,
        oldest_promise_seconds=found.oldest,  # the name before 0.2.0, for monitors that still read it
        disk_free_mb=found.disk_free >> 20,
        disk_low=found.disk_low,
        demo_people=found.demo_people,
        workers=found.workers,
        clocks=found.clocks,
        stuck_jobs=list(found.stuck),
        figures_differ=found.figures_differ,
        virus_scanner=found.files.scanner,
        files_infected=found.files.infected,
        second_place=found.files.second,
        copies_wrong=found.files.wrongs,
        standby=found.standby.follows if found.standby.answers is not None else None,
        standby_behind_bytes=found.standby.behind if found.standby.follows else None,
        months_lacking=list(found.months_lacking),
        backup_proved=None if not found.backups else bool(found.drill and found.drill.well and not found.drill_is_old),
        senders=[{"name": one.name, "ok": one.well} for one in found.senders],
    )
    return answer, 200 if found.fit else 503


@pages.get("/metrics")
@allow(SIGNED)
def metrics() -> ResponseReturnValue:
    """For this very machine, or with HOTLINE_METRICS_TOKEN as a bearer token."""
    if not (_is_local() or _has_token()):
        return Response("", 403)
    own = generate_latest(_of_all_processes()) if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else generate_latest()
    asked = CollectorRegistry()
    asked.register(current_app.extensions["gauges"])
    return Response(own + generate_latest(asked), content_type="text/plain; version=0.0.4; charset=utf-8")


class Gauges:
    """What the database says about waiting work, asked at most every 15 seconds however many ask us."""

    def __init__(self, installation: Installation):
        self._installation = installation
        self._lock = threading.Lock()
        self._asked_at = -CACHED
        self._found: list[GaugeMetricFamily] = []

    def describe(self) -> list[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self._lock:
            if time.monotonic() - self._asked_at >= CACHED:
                self._found, self._asked_at = list(self._ask()), time.monotonic()
            yield from self._found

    def _ask(self) -> Iterator[GaugeMetricFamily]:
        now = self._installation.clock.now()
        with self._installation.readings() as db:
            for name, meaning, which in (
                ("waiting", "Jobs not done yet", undone()),
                ("late", "Jobs more than two minutes overdue", late(now)),
                ("failed", "Jobs given up", given_up()),
            ):
                count = db.scalar(select(func.count()).select_from(Job).where(which)) or 0
                for family in ("jobs", FORMER_FAMILY):
                    yield GaugeMetricFamily(f"hotline_{family}_{name}", meaning, value=count)
            tickets = GaugeMetricFamily(
                "hotline_open_tickets", "Open tickets, sealed ones not counted", labels=["state"]
            )
            for state, count in db.execute(
                select(Ticket.state, func.count())
                .where(Ticket.state.in_([s.value for s in OPEN]), NOT_SEALED)
                .group_by(Ticket.state)
            ):
                tickets.add_metric([state], count)
            yield tickets
        found = health.look(self._installation)
        for family in ("job", "promise"):
            yield GaugeMetricFamily(
                f"hotline_oldest_{family}_seconds", "Seconds the oldest job is overdue", value=found.oldest or 0
            )
        for name, meaning, count in (
            ("workers", "Workers that showed a sign of life in the last minute", found.workers),
            ("clocks", "Clocks that showed a sign of life in the last minute", found.clocks),
            ("jobs_stuck", "Jobs that one worker has had in hand for two minutes", len(found.stuck)),
        ):
            yield GaugeMetricFamily(f"hotline_{name}", meaning, value=count)
        yield from _of_senders(found.senders)
        yield GaugeMetricFamily("hotline_disk_free_bytes", "Bytes free where files are stored", value=found.disk_free)


def _of_senders(senders: Iterable[SenderState]) -> Iterator[GaugeMetricFamily]:
    """What each sender of texts did today: one label, its name."""
    for name in ("sent", "pieces", "failed", "delivered", "undelivered", "cost"):
        gauge = GaugeMetricFamily(f"hotline_texts_{name}_today", f"Texts today: {name}", labels=["sender"])
        for one in senders:
            gauge.add_metric([one.name], getattr(one.today, name) if one.today else 0)
        yield gauge


def _start() -> None:
    g.started = time.perf_counter()


def _count(response: Response) -> Response:
    """Endpoints are few and name nobody; addresses and numbers never become labels."""
    endpoint = request.endpoint or "none"
    REQUESTS.labels(endpoint, str(response.status_code)).inc()
    if "started" in g:
        SECONDS.labels(endpoint).observe(time.perf_counter() - g.started)
    return response


def _of_all_processes() -> CollectorRegistry:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def _is_local() -> bool:
    """Asked from this machine directly; what a proxy hands on comes from elsewhere, whatever its own address."""
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback and "X-Forwarded-For" not in request.headers
    except ValueError:
        return False


def _has_token() -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    wanted = here.settings.metrics_token.encode()
    return bool(wanted) and hmac.compare_digest(given, wanted)
