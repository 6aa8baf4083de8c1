"""A simulated city is marked for ever, stands apart from every real one, and says nothing to the outside."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.settings import Settings
from models import Audit, Citizen, Ticket

SIMULATED = "simulated"
"""The row of the book that marks a database (that log only grows, so nobody takes the mark away), and the file beside it."""


def is_simulated(engine: Engine, folder: Path) -> bool:
    """Whether the matters of this database were made up; while it is away the installation's folder says it."""
    try:
        return _is_marked(engine)
    except OperationalError:
        return (folder / SIMULATED).exists()


def _is_marked(engine: Engine) -> bool:
    """A database without tables holds no matters."""
    with engine.connect().execution_options(reading=True) as connection:
        if not inspect(connection).has_table(Audit.__tablename__):
            return False
        return connection.scalar(select(Audit.id).where(Audit.action == SIMULATED).limit(1)) is not None


def need_room(db: Session) -> None:
    """Raises Refusal where real matters or real people are: only an empty database takes a simulated city.

    A database that holds one already is full as well: the same numbers would be given twice.
    """
    if db.scalar(select(Audit.id).where(Audit.action == SIMULATED).limit(1)) is not None:
        raise Refusal(_("这个数据库里已经有一座模拟城市。要重做，请换一个空的数据库。"), code="simulated_already")
    if any(db.scalar(select(table.id).limit(1)) is not None for table in (Ticket, Citizen)):
        raise Refusal(
            _(
                "这个数据库里有真实（或演示）工单，不能放进模拟数据。请用一个空的数据库：HOTLINE_VAR 或 DATABASE_URL 指向别处。"
            ),
            code="real_matters",
        )


def mark(db: Session, folder: Path, now: datetime, until: datetime, **detail: Any) -> None:
    """From now on this is a simulated city, whose history ends at this moment. folder: the installation's."""
    (folder / SIMULATED).touch()
    said = {**detail, "until": until.isoformat()}
    db.add(Audit(at=now, action=SIMULATED, actor_kind="operator", actor_name="-", detail=said))


def ended_at(db: Session) -> datetime | None:
    """When the history of a simulated city ends; None in any other."""
    said = db.scalar(select(Audit.detail).where(Audit.action == SIMULATED).limit(1))
    return datetime.fromisoformat(said["until"]) if said else None


def _nobody_elses(settings: Settings) -> str:
    """What the telephone on the screen signs with, the same in each process; Twilio itself does not know it."""
    made = hashlib.sha256(f"{SIMULATED} {settings.secret_key}".encode()).hexdigest()
    return made if settings.twilio_auth_token else ""


def cut_off(settings: Settings) -> Settings:
    """The same settings with every way to the outside closed: no text, no letter, no telephone, no partner, no province, no
    single sign-on: whoever is known there is known for real, and here everything is made up."""
    return replace(
        settings,
        twilio_account_sid="",
        twilio_auth_token=_nobody_elses(settings),
        gateway_url="",
        gateway_keys=(),
        smtp_url="",
        imap_url="",
        partners={},
        partner_keys={},
        heads_mail=(),
        heads_copy=None,
        oidc=None,
        province=None,
    )
