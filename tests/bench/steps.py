"""What one contact costs step by step, in one process and without a queue: taking in, telling, classifying, sending."""

from __future__ import annotations

import time
from dataclasses import replace

from sqlalchemy import event, select

from hotline.app import create_app
from hotline.cli.gunicorn_conf import leave_what_stays
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox import runner
from hotline.outbox.transports import NoTransport
from hotline.settings import read_settings
from models import Job
from models.job import undone
from tests.bench.contacts import BODIES, backends, used
from tests.bench.ground import Ground, ground

MANY = 400
WARM = 40


def run(many: int = MANY) -> None:
    """Jobs of one kind after the other, so that each has its own figure; the workers mix them as they come."""
    with ground("postgresql") as made:
        installation = _built(made)
        client = create_app(installation.settings, installation).test_client()
        leave_what_stays()
        counted: list[str] = []
        event.listen(installation.engine, "before_cursor_execute", lambda *told: counted.append(told[2]))

        def hand_in(first: int, n: int) -> None:
            for number in range(first, first + n):
                told = {"body": BODIES[number % len(BODIES)], "phone": f"13{number:09d}"}
                answer = client.post("/api/v1/tickets", json=told, headers={"Authorization": f"Bearer {made.token}"})
                assert answer.status_code == 201, answer.text

        hand_in(0, WARM)
        while kinds := _waiting(installation):
            for ids in kinds.values():
                runner.run_jobs(installation, ids)
        _tell(made, counted, "taken in", many, lambda: hand_in(WARM, many))
        while kinds := _waiting(installation):
            for name, ids in kinds.items():
                _tell(made, counted, name, len(ids), lambda ids=ids: runner.run_jobs(installation, ids))
        installation.engine.dispose()


def _built(made: Ground) -> Installation:
    settings = read_settings({**made.env, "REDIS_URL": ""})
    return build_installation(replace(settings, threads=4), transport=NoTransport())


def _waiting(installation: Installation) -> dict[str, list[int]]:
    kinds: dict[str, list[int]] = {}
    with installation.readings() as db:
        due = (undone(), Job.run_at <= installation.clock.now(), Job.name != "learn")
        for number, name in db.execute(select(Job.id, Job.name).where(*due).order_by(Job.id)):
            kinds.setdefault(name, []).append(number)
    return kinds


def _tell(made: Ground, counted: list[str], name: str, many: int, deed: object) -> None:
    counted.clear()
    ours, theirs = time.process_time(), used(backends(made))
    deed()  # type: ignore[operator]
    ours, theirs = time.process_time() - ours, used(backends(made)) - theirs
    print(
        f"  {name:9} {many:5} times: {ours / many * 1000:5.2f} ms of the program, {theirs / many * 1000:5.2f} ms of PostgreSQL,"
        f" {len(counted) / many:4.1f} statements each",
        flush=True,
    )
