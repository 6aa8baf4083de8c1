"""How people fare in the practice room: their runs, and per kind of call how many and how well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from models import PracticeExam, PracticeRun, Staff


@dataclass(frozen=True)
class KindRow:
    """Runs of one kind. passed: of them; points: their mean; weak: fewer than half were passed."""

    kind: str
    runs: int
    passed: int
    points: float

    @property
    def weak(self) -> bool:
        return self.runs > 0 and 2 * self.passed < self.runs


@dataclass(frozen=True)
class PersonRow:
    """One person's runs over all kinds. certificate: the number of the newest."""

    staff: Staff
    runs: int
    passed: int
    points: float
    weak: tuple[str, ...]
    certificate: str


def ended(*, person: int = 0, kind: str = "", passed: bool | None = None) -> Any:
    """Runs that were scored and told, in no order yet: of an examination once it was handed in."""
    told = PracticeRun.exam_id.is_(None) | PracticeExam.finished_at.is_not(None)
    asked: list[ColumnElement[bool]] = [PracticeRun.ended_at.is_not(None), told]
    if person:
        asked.append(PracticeRun.staff_id == person)
    if kind:
        asked.append(PracticeRun.kind == kind)
    if passed is not None:
        asked.append(PracticeRun.passed.is_(passed))
    return select(PracticeRun).join(PracticeExam, PracticeExam.id == PracticeRun.exam_id, isouter=True).where(*asked)


def count(db: Session, query: Any) -> int:
    return db.scalar(select(func.count()).select_from(query.with_only_columns(PracticeRun.id).subquery())) or 0


def by_kind(db: Session, person: int = 0) -> dict[str, KindRow]:
    """Kind → how many of its runs ended, and how."""
    rows = db.execute(ended(person=person).with_only_columns(PracticeRun.kind, *_FIGURES).group_by(PracticeRun.kind))
    return {row.kind: KindRow(row.kind, row.runs, row.passed or 0, round(row.points or 0, 1)) for row in rows}


def by_person(db: Session) -> list[PersonRow]:
    """Everybody who practised, by name; no order of merit."""
    grouped = ended().with_only_columns(PracticeRun.staff_id, PracticeRun.kind, *_FIGURES)
    found: dict[int, list[KindRow]] = {}
    for row in db.execute(grouped.group_by(PracticeRun.staff_id, PracticeRun.kind)):
        found.setdefault(row.staff_id, []).append(KindRow(row.kind, row.runs, row.passed or 0, row.points or 0))
    staff = db.scalars(select(Staff).where(Staff.id.in_(found)).order_by(Staff.name, Staff.id)).all()
    numbers = _certificates(db)
    return [_person(one, found[one.id], numbers.get(one.id, "")) for one in staff]


def codes_of(db: Session, staff_id: int | None) -> list[str]:
    """The scripts this person has had, one entry a run."""
    return list(db.scalars(select(PracticeRun.script_code).where(PracticeRun.staff_id == staff_id)))


def _person(staff: Staff, kinds: list[KindRow], certificate: str) -> PersonRow:
    runs = sum(one.runs for one in kinds)
    points = sum(one.points * one.runs for one in kinds) / runs
    weak = tuple(one.kind for one in kinds if one.weak)
    return PersonRow(staff, runs, sum(one.passed for one in kinds), round(points, 1), weak, certificate)


def _certificates(db: Session) -> dict[int, str]:
    newest = select(func.max(PracticeExam.id)).where(PracticeExam.number.is_not(None)).group_by(PracticeExam.staff_id)
    rows = select(PracticeExam.staff_id, PracticeExam.number).where(PracticeExam.id.in_(newest))
    return {row.staff_id: row.number for row in db.execute(rows)}


_FIGURES = (
    func.count().label("runs"),
    func.sum(case((PracticeRun.passed.is_(True), 1), else_=0)).label("passed"),
    func.avg(PracticeRun.points).label("points"),
)
