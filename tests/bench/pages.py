"""Open list, Chinese search, ticket page and overview at 1,000, 20,000 and 100,000 tickets, and whether times stay flat."""

from __future__ import annotations

import random
import re
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from hotline.city.loader import load_city
from hotline.clock import Clock
from hotline.figures.folding import fold
from hotline.figures.rebuilding import rebuild
from hotline.tickets.search import full_text, matching
from hotline.tickets.states import State
from models import Assignment, Citizen, Deadline, Survey, Ticket, TicketEvent, TicketText, make_sessions
from tests.bench.ground import ANYANG, Client, Ground, Server, ground, served
from tests.support.make import PASSWORD

SIZES = (1_000, 20_000, 100_000)
OPEN = 900
"""Open tickets at any size: a city's open work does not grow with its archive."""

GOLDEN = 0.618_033_988_75
"""Its multiples fall evenly into the year at any size, so the current month grows with the table as a city's would."""

PLACES = ("文峰大道", "东工路", "彰德路", "人民大道", "中华路", "灯塔路", "相州路", "永明路", "平原路", "文明大道")
MATTERS = (
    "路灯不亮",
    "井盖破损",
    "垃圾没有清运",
    "暖气不热",
    "自来水浑浊",
    "夜间施工噪声",
    "占道经营",
    "公交车不准点",
    "拖欠工资",
    "小区电梯停运",
    "燃气报警",
    "学区咨询",
    "医保报销",
    "违章停车",
    "油烟扰民",
)
UNITS = ("chengguan", "housing", "education", "hrss", "transport", "market", "ecology", "medins")


def run(repeats: int = 60) -> None:
    for name in ("sqlite", "postgresql"):
        with ground(name) as made:
            grown = 0
            for size in SIZES:
                _grow(made, grown, size)
                fold_days(made)
                grown = size
                with served(made) as server:
                    _measure(made, server, size, repeats)


def _grow(made: Ground, first: int, last: int) -> None:
    """Fill the tables as years of work would have: mostly closed, spread over units, categories and days."""
    engine, dice, now = made.engine(), random.Random(7), datetime.now(UTC)
    began = time.perf_counter()
    with make_sessions(engine)() as db:
        for start in range(first, last, 2_000):
            _batch(db, range(start, min(start + 2_000, last)), dice, now)
            db.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
        if made.name == "postgresql":
            connection.execute(text("SELECT setval('ticket_id_seq', (SELECT max(id) FROM ticket))"))
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    print(f"{made.name:10} filled up to {last:,} tickets in {time.perf_counter() - began:.0f} s", flush=True)


def fold_days(made: Ground) -> None:
    """As the clock of a living city has done by then: the overview reads its days, and counts nothing from the history."""
    engine, city, now = made.engine(), load_city(ANYANG), Clock().now()
    began = time.perf_counter()
    with make_sessions(engine)() as db:
        rebuild(db, city, now)
        db.commit()
        while fold(db, city, now):
            db.commit()
        db.commit()
        db.execute(text("ANALYZE figure_day"))
        rows = db.scalar(text("SELECT count(*) FROM figure_day"))
        db.commit()
    engine.dispose()
    print(f"{made.name:10} folded into {rows:,} rows of days in {time.perf_counter() - began:.0f} s", flush=True)


def _batch(db: Session, numbers: range, dice: random.Random, now: datetime) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {
        t: [] for t in (Citizen, Ticket, TicketText, Assignment, TicketEvent, Deadline, Survey)
    }
    for n in numbers:
        _one(
            rows,
            n + 1,
            dice,
            now,
            is_open=n < OPEN,
            age=timedelta(hours=(n % OPEN) / 20 if n < OPEN else 48 + 8_760 * (n * GOLDEN % 1)),
        )
    for table, made in rows.items():
        if made:
            db.execute(insert(table), made)
    for row, words in zip(rows[Ticket], rows[TicketText], strict=True):
        full_text.index_all(db, [full_text.Written(row["id"], (row["title"], words["body"], words["place"]))])


def _one(
    rows: dict[Any, list[dict[str, Any]]], n: int, dice: random.Random, now: datetime, *, is_open: bool, age: timedelta
) -> None:
    place, matter, unit = dice.choice(PLACES), dice.choice(MATTERS), dice.choice(UNITS)
    state = (
        dice.choice((State.TO_DISPATCH, State.HANDLING, State.TO_SIGN, State.TO_REVIEW, State.TO_FOLLOW_UP))
        if is_open
        else State.CLOSED
    )
    at, with_unit = now - age, state != State.TO_DISPATCH
    due = at + timedelta(days=5)
    rows[Citizen].append(
        {"id": n, "phone": f"139{n:08d}", "name": "王某", "language": "zh", "no_texts": False, "created_at": at}
    )
    rows[Ticket].append(
        {
            "id": n,
            "number": f"{at:%y%m%d}{n:06d}",
            "code_generation": 1,
            "former_code": "",
            "state": state.value,
            "version": 1,
            "move_count": 4,
            "round": 1,
            "channel": "hotline",
            "title": f"{place}{matter}",
            "request_type": "help",
            "urgency": "normal",
            "privacy": "masked",
            "category_code": "0204",
            "area": "wenfeng",
            "citizen_id": n,
            "contact_phone": f"139{n:08d}",
            "unit_code": unit if with_unit else None,
            "desk_code": unit if with_unit else None,
            "due_at": due,
            "created_at": at,
            "submitted_at": at,
            "dispatched_at": at + timedelta(hours=1) if with_unit else None,
            "moved_at": at,
            "closed_at": None if is_open else at + timedelta(days=3),
            "close_kind": None if is_open else "rated",
            "must_sign": False,
            "binding": False,
            "auto_signed": False,
            "auto_dispatched": False,
            "asking_more": False,
            "dissatisfied": False,
            "supervised": False,
            "for_discipline": False,
            "for_media": False,
            "excluded": False,
            "safety": False,
            "urges": 0,
            "returns": 0,
            "extensions": 0,
        }
    )
    body = f"{place}附近{matter}，已经{dice.randint(2, 30)}天了，多次反映没有结果，住在附近的居民意见很大，请尽快安排处理并回复。"
    rows[TicketText].append(
        {"ticket_id": n, "body": body, "place": place, "extra": {}, "public_title": f"{place}{matter}"}
    )
    story = ("submit", "dispatch", "sign", "reply", "pass", "record") if not is_open else ("submit",)
    rows[TicketEvent] += [
        {
            "ticket_id": n,
            "at": at + timedelta(hours=h),
            "action": action,
            "from_state": "draft",
            "to_state": state.value,
            "round": 1,
            "actor_kind": "staff",
            "actor_name": "安",
            "unit_code": unit,
            "data": {},
        }
        for h, action in enumerate(story)
    ]
    rows[Deadline] += [
        {
            "ticket_id": n,
            "clock": clock,
            "round": 1,
            "unit_code": unit,
            "limit": "24h",
            "started_at": at,
            "due_at": due,
            "first_due_at": due,
            "rung": 0,
            "release": "bench",
            "stopped_at": None if is_open else due - timedelta(hours=9),
            "met": None if is_open else True,
        }
        for clock in ("dispatch", "sign", "contact", "reply")
    ]
    if with_unit:
        rows[Assignment].append({"ticket_id": n, "unit_code": unit, "part": "lead", "round": 1, "started_at": at})
    if not is_open:
        rows[Survey].append(
            {
                "ticket_id": n,
                "own_id": n,
                "citizen_id": n,
                "round": 1,
                "unit_code": unit,
                "token": f"t{n}",
                "asked_at": due,
                "answered_at": due,
                "asked_by": "sms",
                "answered_by": "sms",
                "solved": "yes",
                "result": dice.choice((5, 5, 4, 3, 1)),
                "scale": {},
                "outcome": "satisfied",
                "valid": True,
                "attempts": 0,
            }
        )


def _measure(made: Ground, server: Server, size: int, repeats: int) -> None:
    client = Client(server.port, cookie=log_in(server.port))
    engine = made.engine()
    with make_sessions(engine)() as db:
        number = db.scalars(select(Ticket.number).order_by(Ticket.id.desc()).limit(1)).one()
    engine.dispose()
    pages = {
        "open list": "/search/?open=1",
        "search 路灯": "/search/?q=%E8%B7%AF%E7%81%AF",
        "two words": "/search/?q=%E8%B7%AF%E7%81%AF+%E4%B8%9C%E5%B7%A5%E8%B7%AF",
        "dispatch desk": "/dispatch/",
        "ticket page": f"/tickets/{number}",
        "overview": "/overview/",
    }
    for name, path in pages.items():
        took = [_time(client, path) for _ in range(repeats)][3:]
        cuts = statistics.quantiles(took, n=20)
        print(
            f"{made.name:10} {size:8,}  {name:14} p50 {statistics.median(took):7.1f} ms   p95 {cuts[18]:7.1f} ms",
            flush=True,
        )
    print(f"{made.name:10} {size:8,}  memory {server.memory_mb():.0f} MB; {_queries(made)}", flush=True)


def _queries(made: Ground) -> str:
    """The search itself, without the page around it, and whether it found every true match."""
    engine = made.engine()
    with make_sessions(engine)() as db:
        true = (
            db.scalar(
                text(
                    "SELECT count(*) FROM ticket JOIN ticket_text ON ticket_id = id WHERE title LIKE '%路灯%' OR body LIKE '%路灯%'"
                )
            )
            or 0
        )
        condition = matching.matches(db, "路灯")
        took = []
        for _ in range(20):
            began = time.perf_counter()
            db.scalars(select(Ticket).where(condition).order_by(Ticket.id.desc()).limit(50)).all()  # type: ignore[arg-type]
            took.append((time.perf_counter() - began) * 1000)
        found = len(db.scalars(select(Ticket.id).where(condition)).all())  # type: ignore[arg-type]
    engine.dispose()
    return f"search query p50 {statistics.median(took):.1f} ms, found {found:,} of {true:,} true matches of 路灯"


def _time(client: Client, path: str) -> float:
    began = time.perf_counter()
    status, body = client.get(path)
    if status != 200:
        raise RuntimeError(f"{path}: {status} {body[:200]!r}")
    return (time.perf_counter() - began) * 1000


def log_in(port: int) -> str:
    """Sign in as the bench's person of many hats; the cookie header for further requests."""
    import http.client
    from urllib.parse import urlencode

    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/login")
    answer = connection.getresponse()
    csrf = re.search(r'name="csrf-token" content="([^"]+)"', answer.read().decode())
    cookies = [value.split(";")[0] for name, value in answer.getheaders() if name == "Set-Cookie"]
    form = urlencode({"login": "bench", "password": PASSWORD, "csrf_token": csrf[1] if csrf else ""})
    connection.request(
        "POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "; ".join(cookies)}
    )
    answer = connection.getresponse()
    answer.read()
    cookies += [value.split(";")[0] for name, value in answer.getheaders() if name == "Set-Cookie"]
    return "; ".join(cookies)
