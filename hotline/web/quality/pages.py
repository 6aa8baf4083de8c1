"""What all pages of quality control share: their blueprint, and the words in which rows are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import select

from hotline.city.quality.schema import title
from hotline.i18n import language
from hotline.quality.trends import bounds_of
from hotline.web.core.formatting import TicketRow, ticket_row
from hotline.web.core.request_context import here
from models import QualityTask, Staff, Ticket

pages = Blueprint("quality", __name__, url_prefix="/quality")


@dataclass(frozen=True)
class TaskRow:
    """A drawn task as a row of a list. scored: whose work it is, by name. at: when it was told, else drawn."""

    task: QualityTask
    ticket: TicketRow
    url: str
    scored: str
    sheet: str
    plan: str
    at: datetime


def rows_of(pairs: Iterable[Any]) -> list[TaskRow]:
    """pairs: (task, ticket)."""
    held = list(pairs)
    names = names_of(task.scored_id for task, _ticket in held)
    return [_row(task, ticket, names) for task, ticket in held]


def _row(task: QualityTask, ticket: Ticket, names: dict[int, str]) -> TaskRow:
    return TaskRow(
        task,
        ticket_row(ticket),
        url_for("quality.task", number=ticket.number, task_id=task.id),
        scored_words(task, names),
        sheet_words(task),
        plan_words(task.plan_code),
        task.told_at or task.drawn_at,
    )


def scored_words(task: QualityTask, names: dict[int, str]) -> str:
    return names.get(task.scored_id, "") if task.scored_id else here.city.unit_name(task.unit_code)


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {one for one in ids if one is not None}
    rows = here.db.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in rows}


def sheet_words(task: QualityTask) -> str:
    """The name of the sheet as it was when it was drawn."""
    return str(task.sheet["name_en" if language() == "en" else "name"])


def plan_words(code: str) -> str:
    """A plan that the city no longer has stands for itself."""
    plan = here.city.quality.plan(code)
    return title(plan) if plan else code


def question_words(question: dict[str, Any]) -> str:
    return str(question["question_en" if language() == "en" else "question"])


def month_bounds(written: str) -> tuple[datetime | None, datetime | None]:
    """ "2026-03" → its first moment and that of the next month; nothing for anything else."""
    try:
        first = date.fromisoformat(f"{written}-01")
    except ValueError:
        return None, None
    return bounds_of(here.city, first)


def people_scored() -> list[tuple[int, str]]:
    """Everybody of whose work anything was drawn, by name."""
    ids = here.db.scalars(select(QualityTask.scored_id).where(QualityTask.scored_id.is_not(None)).distinct())
    return sorted(names_of(ids).items(), key=lambda one: one[1])
