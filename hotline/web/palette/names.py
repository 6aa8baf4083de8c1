"""What is found by how it is called: people whom the reader may look up, articles and matters in force, and units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, select

from classifier.text.pinyin import initials
from hotline.i18n import _
from hotline.knowledge.in_force import in_force, released
from hotline.metrics.people import DESKS
from hotline.tickets.roles import ROLE_NAMES, Role
from hotline.web.admin.pages import is_mine
from hotline.web.core.permission import may_open
from hotline.web.core.request_context import here
from hotline.web.overview.people import desks_of, seen_by
from models import Article, ArticleVersion, Staff

MOST = 4
Row = dict[str, Any]


def found(asked: str) -> list[Row]:
    """People, knowledge and units called so, at most MOST of each."""
    return [row for kind in (_people, _knowledge, _units) for row in kind(asked)]


def is_called(asked: str, *names: str) -> bool:
    """Whether a name holds these words, or its sounds begin with these letters one after the other."""
    wanted = asked.lower()
    return any(wanted in name.lower() or wanted in _letters(name) for name in names if name)


@lru_cache(maxsize=65_536)
def _letters(name: str) -> str:
    return initials(name)


def _people(asked: str) -> Iterator[Row]:
    """Whoever makes accounts finds the account; whoever leads a desk the work of its people, everybody the own."""
    if may_open(here.me, "admin.person") and is_mine("staff"):
        yield from (_row(one.name, url_for("admin.person", staff_id=one.id), "person", _roles(one)) for one in _called(
            select(Staff), asked))  # fmt: skip
    elif may_open(here.me, "overview.people"):
        yield from _at_work(asked)


def _at_work(asked: str) -> Iterator[Row]:
    known: set[int] = set()
    for desk in desks_of(here.me):
        wears = [role.value for role in Role if role.value in DESKS[desk].roles]
        for one in _called(select(Staff).where(Staff.active.is_(True), seen_by(here.me, desk)), asked):
            if one.id not in known and set(wears) & set(one.roles):
                known.add(one.id)
                yield _row(
                    one.name, url_for("overview.people", desk=desk, person=one.id), "person", _(DESKS[desk].name)
                )


def _called(query: Select[Staff], asked: str) -> list[Staff]:
    people = here.db.scalars(query.order_by(Staff.active.desc(), Staff.name, Staff.id))
    return _first(one for one in people if is_called(asked, one.name, one.login, one.extension or ""))


def _knowledge(asked: str) -> Iterator[Row]:
    if not may_open(here.me, "knowledge.article"):
        return
    today = here.city.calendar.day_of(here.now)
    rows = here.db.execute(
        released()
        .with_only_columns(Article.id, Article.code, Article.kind, ArticleVersion.title)
        .where(in_force(today))
        .order_by(Article.uses.desc(), Article.id)
    )
    for one in _first(row for row in rows if is_called(asked, row.title, row.code or "")):
        kind = _("办事指南") if one.kind == "matter" else _("知识")
        yield _row(one.title, url_for("knowledge.article", article_id=one.id), "book", kind)


def _units(asked: str) -> Iterator[Row]:
    if not may_open(here.me, "search.show"):
        return
    for one in _first(
        one for one in here.city.units.values() if is_called(asked, here.city.unit_name(one.code), one.name)
    ):
        yield _row(
            here.city.unit_name(one.code), url_for("search.show", unit=one.code), "building", one.phone or _("单位")
        )


def _first(found: Iterable[Any]) -> list[Any]:
    return [one for one, _n in zip(found, range(MOST), strict=False)]


def _roles(one: Staff) -> str:
    return _("、").join(_(ROLE_NAMES[Role(role)]) for role in one.roles[:2]) or one.login


def _row(label: str, url: str, icon: str, note: str) -> Row:
    return {"label": label, "url": url, "icon": icon, "note": note}
