"""Tickets per second accepted through the JSON API, beside the same rows inserted with plain SQL by as many clients."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from tests.bench.ground import Client, Figures, Ground, ground, many, served

CLIENTS = (1, 8, 32)
ROUNDS = 3
TITLE, PLACE = "路灯不亮", "文峰大道与东工路交叉口"
BODY = "文峰大道与东工路交叉口的路灯已经三天不亮，晚上行人过马路很危险，请尽快安排人员维修，并把结果告诉我们。"
TABLES = ("citizen", "ticket", "ticket_text", "ticket_event", "deadline", "row_seal", "job")


def run(seconds: float = 4.0) -> None:
    """API and floor take turns, since a machine is quicker in one minute than in the next; the median round is told."""
    for name in ("sqlite", "postgresql"):
        with ground(name) as plain:
            rows = _rows_of_one_ticket(plain)
            with ground(name) as made, served(made) as server:
                for n in CLIENTS:
                    rounds = [
                        (
                            many(_post(made.token), lambda: Client(server.port), n, seconds),
                            _floor(plain, rows, n, turn, seconds),
                        )
                        for turn in range(ROUNDS)
                    ]
                    api, floor = (
                        sorted(one, key=lambda figures: figures.rate)[ROUNDS // 2] for one in zip(*rounds, strict=True)
                    )
                    print(
                        f"{name:10} {n:3} clients   API {api}   floor {floor}   share {api.rate / floor.rate:4.0%}",
                        flush=True,
                    )
                print(f"{name:10} memory of the web processes {server.memory_mb():.0f} MB", flush=True)


def _post(token: str) -> Callable[[Client, int], None]:
    def deed(client: Client, n: int) -> None:
        status, answer = client.post_json(
            "/api/v1/tickets",
            token,
            {
                "title": TITLE,
                "body": BODY,
                "place": PLACE,
                "phone": f"13{n % 1_000_000_000:09d}",
            },
        )
        if status != 201:
            raise RuntimeError(answer.decode()[:300])

    return deed


def _floor(made: Ground, rows: dict[str, list[dict[str, Any]]], clients: int, turn: int, seconds: float) -> Figures:
    """Insert copies of the rows one real ticket left, with new keys, in one durable transaction each."""
    begin = _sqlite_begin if made.name == "sqlite" else _postgres_begin
    insert = _insert_sqlite if made.name == "sqlite" else _insert_postgres
    base = dict.fromkeys(TABLES, clients * 1_000_000_000_000 + turn * 100_000_000_000)
    return many(lambda kept, n: insert(kept, rows, base, n), lambda: begin(made), clients, seconds)


def _rows_of_one_ticket(made: Ground) -> dict[str, list[dict[str, Any]]]:
    with served(made) as server:
        _post(made.token)(Client(server.port), 1)
    engine = made.engine()
    with engine.connect() as connection:
        rows = {
            table: [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1 LIMIT 3"))]
            for table in TABLES
        }
        rows["job"] = [row for row in rows["job"] if row["name"] in ("classify", "tell")][:2]
        if made.name == "postgresql":
            rows["words"] = [
                dict(connection.execute(text("SELECT terms::text AS terms FROM ticket_search")).one()._mapping)
            ]
    engine.dispose()
    return rows | {table: rows[table][: 2 if table == "job" else 1] for table in TABLES}


def _copies(rows: dict[str, list[dict[str, Any]]], base: dict[str, int], n: int) -> list[tuple[str, dict[str, Any]]]:
    """The rows of a further ticket: same content, new keys."""
    made, ticket, citizen = [], base["ticket"] + n, base["citizen"] + n
    for table in TABLES:
        for i, row in enumerate(rows[table]):
            copy = dict(row)
            if "id" in copy:
                copy["id"] = base[table] + n * 4 + i if table == "job" else base[table] + n
            if "ticket_id" in copy:
                copy["ticket_id"] = ticket
            if "row_id" in copy:
                copy["row_id"] = base["deadline"] + n
            copy |= {"number": str(ticket), "citizen_id": citizen} if table == "ticket" else {}
            copy |= {"phone": str(citizen)} if table == "citizen" else {}
            copy |= {"key": f"{n}:{i}:{base['job']}"} if table == "job" else {}
            made.append((table, copy))
    return made


_PAIRS = " ".join(words[i : i + 2] for words in (TITLE, BODY, PLACE) for i in range(len(words)))


def _sqlite_begin(made: Ground) -> sqlite3.Connection:
    connection = sqlite3.connect(made.url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _insert_sqlite(connection: sqlite3.Connection, rows: Any, base: Any, n: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for table, row in _copies(rows, base, n):
        names = ", ".join(f'"{name}"' for name in row)
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    connection.execute("INSERT INTO ticket_search(rowid, terms) VALUES (?, ?)", (base["ticket"] + n, _PAIRS))
    connection.execute("COMMIT")


def _postgres_begin(made: Ground) -> Any:
    import psycopg

    return psycopg.connect(made.url.replace("postgresql+psycopg://", "postgresql://"), prepare_threshold=1)


def _insert_postgres(connection: Any, rows: Any, base: Any, n: int) -> None:
    from psycopg.types.json import Json

    for table, row in _copies(rows, base, n):
        names = ", ".join(f'"{name}"' for name in row)
        values = [Json(value) if isinstance(value, dict | list) else value for value in row.values()]
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(row))})", values)
    connection.execute(
        "INSERT INTO ticket_search(id, terms) VALUES (%s, CAST(%s AS tsvector))",
        (base["ticket"] + n, rows["words"][0]["terms"]),
    )
    connection.commit()
