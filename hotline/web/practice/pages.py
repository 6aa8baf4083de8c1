"""What all pages of the practice room share: their blueprint, and runs as rows of a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import select

from hotline.city.practice.schema import ENDS, title
from hotline.i18n import _
from hotline.web.core.request_context import here
from models import PracticeRun, Staff

pages = Blueprint("practice", __name__, url_prefix="/practice")


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(practice_kind=kind_words)


@dataclass(frozen=True)
class RunRow:
    """A run in a list. what: the name of its caller, which tells the trap and is shown only once the run has ended."""

    run: PracticeRun
    url: str
    what: str
    kind: str
    who: str
    minutes: float | None


def rows_of(runs: Sequence[PracticeRun], *, people: bool = False) -> list[RunRow]:
    """people: whose they are is told as well."""
    names = names_of(one.staff_id for one in runs) if people else {}
    return [_row(one, names) for one in runs]


def _row(run: PracticeRun, names: dict[int, str]) -> RunRow:
    return RunRow(
        run,
        url_for("practice.run", run_id=run.id),
        str(run.script["name"]) if run.ended_at else _("正在通话"),
        kind_words(run.kind) if run.ended_at else "",
        names.get(run.staff_id, ""),
        minutes_of(run),
    )


def minutes_of(run: PracticeRun) -> float | None:
    """How long the call took."""
    if run.taken_at is None or run.ended_at is None:
        return None
    return round((run.ended_at - run.taken_at).total_seconds() / 60, 1)


def kind_words(code: str) -> str:
    """A kind that the city no longer has stands for itself."""
    kind = here.city.practice.kinds.get(code)
    return title(kind) if kind else code


def end_words(code: str | None) -> str:
    return _(ENDS[code]) if code in ENDS else _("没有做完")


def names_of(ids: Iterable[int]) -> dict[int, str]:
    rows: Any = here.db.execute(select(Staff.id, Staff.name).where(Staff.id.in_(set(ids))))
    return {row.id: row.name for row in rows}
