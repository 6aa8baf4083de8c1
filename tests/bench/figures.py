"""The overview counted from the history and read from the days, at 100,000 tickets and at 1,000,000; and how long folding takes."""

from __future__ import annotations

import os
import re
import statistics
import time
from pathlib import Path

from sqlalchemy import text

from tests.bench import pages
from tests.bench.ground import Client, Ground, children, ground, served

ASKED = {
    "overview": "/overview/",
    "30 days": "/overview/?period=30d",
    "yesterday": "/overview/?period=yesterday",
    "one unit": "/overview/?unit=chengguan",
    "by category": "/overview/?by=category",
    "districts": "/overview/districts",
    "doors": "/overview/doors",
}

SIZES = (100_000, 1_000_000)
HELD = "SELECT pg_total_relation_size('figure_day') + pg_total_relation_size('figure_ticket')"
KEPT = "chengguan,housing,education,hrss,transport,market,ecology,medins"
AREAS = "wenfeng,beiguan,yindu,longan,anyang,tangyin,huaxian,neihuang,linzhou"

FILL = (
    "CREATE TEMP TABLE made AS SELECT n AS id, now() AT TIME ZONE 'UTC' - (CASE WHEN n <= :open THEN n / 20.0 ELSE 48 + "
    "8760 * ((n * 0.618033988749895::float8) - floor(n * 0.618033988749895::float8)) END) * interval '1 hour' AS at, "
    "(string_to_array(:units, ','))[1 + (hashint4(n) & 1023) % 8] AS unit, "
    "(string_to_array(:areas, ','))[1 + (hashint4(n + 7) & 1023) % 9] AS area, "
    "lpad((1 + (hashint4(n + 3) & 1023) % 12)::text, 2, '0') || lpad((1 + (hashint4(n + 5) & 1023) % 8)::text, 2, '0') AS category, "
    "(string_to_array('hotline,hotline,hotline,wechat,web,app', ','))[1 + (hashint4(n + 11) & 1023) % 6] AS channel, "
    "n <= :open AS is_open, hashint4(n + 13) & 1023 AS dice FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n",
    "INSERT INTO ticket (id, number, code_generation, query_code, state, version, move_count, round, channel, title, "
    "request_type, urgency, privacy, category_code, area, unit_code, desk_code, due_at, created_at, submitted_at, "
    "dispatched_at, moved_at, closed_at, close_kind, must_sign, binding, auto_signed, auto_dispatched, asking_more, "
    "dissatisfied, supervised, for_discipline, for_media, excluded, safety, urges, returns, extensions, quiet) "
    "SELECT id, 'f' || id, 1, '', CASE WHEN is_open THEN 'handling' ELSE 'closed' END, 1, 4, 1, channel, '路灯不亮', 'help', "
    "'normal', 'masked', category, area, unit, unit, at + interval '5 days', at, at, at + interval '1 hour', at, "
    "CASE WHEN is_open THEN NULL ELSE at + interval '3 days' END, CASE WHEN is_open THEN NULL ELSE 'rated' END, "
    "false, false, false, false, false, false, false, false, false, false, false, 0, 0, 0, false FROM made",
    "INSERT INTO ticket_event (ticket_id, at, action, from_state, to_state, round, actor_kind, actor_name, unit_code, data) "
    "SELECT id, at + hours * interval '1 hour', action, was, becomes, 1, 'staff', '安', unit, '{}' FROM made, (VALUES "
    "(0, 'submit', 'draft', 'to_dispatch'), (1, 'dispatch', 'to_dispatch', 'to_sign'), (2, 'sign', 'to_sign', 'handling'), "
    "(48, 'reply', 'handling', 'to_review'), (50, 'pass', 'to_review', 'to_follow_up'), "
    "(72, 'record', 'to_follow_up', 'closed')) AS story (hours, action, was, becomes) WHERE NOT is_open OR hours < 3",
    "INSERT INTO assignment (ticket_id, unit_code, part, round, started_at) "
    "SELECT id, unit, 'lead', 1, at + interval '1 hour' FROM made",
    'INSERT INTO deadline (ticket_id, clock, round, unit_code, "limit", started_at, due_at, first_due_at, rung, release, '
    "stopped_at, met) SELECT id, clock, 1, unit, '24h', at, at + hours * interval '1 hour', at + hours * interval '1 hour', 0, "
    "'bench', CASE WHEN is_open AND clock = 'reply' THEN NULL ELSE at + needed * interval '1 hour' END, "
    "CASE WHEN is_open AND clock = 'reply' THEN NULL ELSE dice % 20 > 0 END FROM made, (VALUES ('dispatch', 24, 1), "
    "('sign', 25, 2), ('contact', 25, 3), ('reply', 120, 48)) AS clocks (clock, hours, needed)",
    "INSERT INTO survey (ticket_id, own_id, round, unit_code, asked_at, asked_by, answered_at, answered_by, solved, result, "
    "scale, outcome, valid, attempts) SELECT id, id, 1, unit, at + interval '51 hours', 'sms', "
    "at + (52 + dice % 20) * interval '1 hour', 'sms', CASE WHEN dice % 4 = 0 THEN 'no' ELSE 'yes' END, 1 + dice % 5, '{}', "
    "'satisfied', true, 0 FROM made WHERE NOT is_open",
    "DROP TABLE made",
)
"""A year of handled matters, evenly over its days, and as many open ones at any size; made by the database, for speed."""


def run(most: int = SIZES[-1]) -> None:
    with ground("postgresql") as made:
        grown = 0
        for size in [one for one in SIZES if one <= most] or [most]:
            _fill(made, grown + 1, size)
            grown = size
            _both(made, size)


def _fill(made: Ground, first: int, last: int) -> None:
    engine, began = made.engine(), time.perf_counter()
    told = {"first": first, "last": last, "open": pages.OPEN, "units": KEPT, "areas": AREAS}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SET session_replication_role = replica"))
        for statement in FILL:
            names = {name: value for name, value in told.items() if f":{name}" in statement}
            connection.execute(text(statement), names)
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    print(f"{last:9,}  filled in {time.perf_counter() - began:.0f} s", flush=True)


def _both(made: Ground, size: int) -> None:
    _forget(made)
    _measure(made, size, "counted", 5)
    _fold(made, size)
    _measure(made, size, "folded", 25)


def _measure(made: Ground, size: int, how: str, repeats: int) -> None:
    with served(made) as server:
        client = Client(server.port, cookie=pages.log_in(server.port))
        for name, path in ASKED.items():
            before = _postgres_cpu(made)
            took = [pages._time(client, path) for _ in range(repeats)]
            cpu = (_postgres_cpu(made) - before) / repeats
            p95 = statistics.quantiles(took, n=20)[18]
            print(
                f"{size:9,}  {how:8} {name:12} p50 {statistics.median(took):8.1f} ms   p95 {p95:8.1f} ms   "
                f"PostgreSQL {cpu * 1000:8.1f} ms",
                flush=True,
            )


def _fold(made: Ground, size: int) -> None:
    cpu, mine = _postgres_cpu(made), time.process_time()
    pages.fold_days(made)
    spent = f"{_postgres_cpu(made) - cpu:.0f} s of PostgreSQL and {time.process_time() - mine:.0f} s of Python"
    engine = made.engine()
    with engine.connect() as connection:
        held = connection.scalar(text(HELD)) or 0
    engine.dispose()
    print(f"{size:9,}  folding used {spent}; the days hold {held / 2**20:.0f} MB", flush=True)


def _forget(made: Ground) -> None:
    engine = made.engine()
    with engine.begin() as connection:
        for table in ("figure_day", "figure_ticket", "figure_mark"):
            connection.execute(text(f"DELETE FROM {table}"))
    engine.dispose()


def _postgres_cpu(made: Ground) -> float:
    """Seconds of processor that the server and its ended children have used."""
    pid = int((made.folder / "postgres" / "postmaster.pid").read_text().split()[0])
    return _cpu_of(pid) + sum(_cpu_of(child) for child in children(pid))


def _cpu_of(pid: int) -> float:
    try:
        fields = re.split(r"\) ", Path(f"/proc/{pid}/stat").read_text(), maxsplit=1)[1].split()
    except OSError:
        return 0.0
    return sum(int(one) for one in fields[11:15]) / os.sysconf("SC_CLK_TCK")
