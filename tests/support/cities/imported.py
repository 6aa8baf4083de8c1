"""An installation that imports, files for it, and what an import has brought in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from hotline.city.sync import sync
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.intake.importing.take import Outcome, import_file
from hotline.intake.importing.wish import Wish
from hotline.jobs.build import build_installation
from hotline.settings import Settings
from models import Ticket, TicketText

Take = Callable[..., Outcome]
BODIES = ("路灯连着三晚不亮", "井盖翘起来了", "小区停水一天了", "公交车等了四十分钟", "工资拖欠三个月")


def house_on(engine: Engine, city: Any, clock: StoppedClock, folder: Path) -> Installation:
    installation = build_installation(
        Settings(secret_key="k" * 40, twilio_auth_token="t" * 40, var=folder, testing=True),
        city=city,
        clock=clock,
        engine=engine,
    )
    with installation.sessions() as db:
        sync(db, city, clock.now())
        db.commit()
    return installation


def count(installation: Installation, table: Any = Ticket) -> int:
    with installation.readings() as db:
        return int(db.scalar(select(func.count()).select_from(table)) or 0)


def only_ticket(installation: Installation) -> tuple[Ticket, TicketText]:
    with installation.readings() as db:
        ticket = db.scalars(select(Ticket)).one()
        return ticket, db.get_one(TicketText, ticket.id)


def lines(path: Path, rows: list[Any]) -> Path:
    path.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows),
        encoding="utf-8",
    )
    return path


def numbered(n: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": str(i + 1), "subject": f"事项{i}", "body": f"{BODIES[i % 5]}，第 {i} 件", **more} for i in range(n)]


def taken(installation: Installation, path: Path, **wish: Any) -> Outcome:
    return import_file(installation, Wish(path, **wish))


def tickets(installation: Installation) -> list[tuple[Ticket, TicketText]]:
    """All tickets with their texts, in the order they came in."""
    with installation.readings() as db:
        return [
            (ticket, text)
            for ticket, text in db.execute(
                select(Ticket, TicketText).join(TicketText, TicketText.ticket_id == Ticket.id).order_by(Ticket.id)
            )
        ]


def by_number(installation: Installation) -> dict[str, tuple[Ticket, TicketText]]:
    return {ticket.outer_number or "": (ticket, text) for ticket, text in tickets(installation)}
