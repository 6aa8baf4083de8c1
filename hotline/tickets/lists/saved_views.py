"""Named searches: everybody keeps their own, and those who lead keep some for all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from hotline.errors import NotAllowed, NotFound, Refusal
from hotline.i18n import _
from hotline.tickets.roles import Actor, Role
from models import SavedView

SHARERS = frozenset({Role.SUPERVISOR, Role.HEAD})
PERSONAL = frozenset({"q", "name"})
"""Conditions that may hold a person's name, number or words: nobody reads them in another's search."""

MOST = 30
LONGEST_NAME = 30


def views_of(db: Session, actor: Actor) -> list[SavedView]:
    """Mine and everybody's, the shared ones first."""
    found = db.scalars(
        select(SavedView)
        .where(or_(SavedView.staff_id.is_(None), SavedView.staff_id == actor.id))
        .order_by(SavedView.staff_id.is_not(None), SavedView.name, SavedView.id)
    )
    return [view for view in found if view.staff_id is not None or not PERSONAL & set(view.query)]


def keep(
    db: Session, actor: Actor, name: str, query: Mapping[str, Any], now: datetime, *, shared: bool = False
) -> SavedView:
    """Keep a search under a name; the same name again replaces it. Raises Refusal, NotAllowed."""
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise Refusal(_("请给这个查询起个名字。"), field="view_name")
    if len(name) > LONGEST_NAME:
        raise Refusal(_("名字最多 %(most)d 个字。", most=LONGEST_NAME), field="view_name")
    if not query:
        raise Refusal(_("还没有条件，没有可保存的查询。"), field="view_name")
    if shared and not actor.is_(*SHARERS):
        raise NotAllowed(_("只有督办员和热线领导可以保存给所有人用的查询。"))
    if shared and PERSONAL & set(query):
        raise Refusal(_("给所有人用的查询不能带姓名、电话或查找的词，请只留筛选条件。"), field="shared")
    owner = SavedView.staff_id.is_(None) if shared else SavedView.staff_id == actor.id
    view = db.scalar(select(SavedView).where(owner, SavedView.name == name))
    if view is None:
        if (db.scalar(select(func.count()).select_from(SavedView).where(owner)) or 0) >= MOST:
            raise Refusal(_("最多保存 %(most)d 个查询，请先删掉不用的。", most=MOST), field="view_name")
        view = SavedView(staff_id=None if shared else actor.id, name=name, query=dict(query), created_at=now)
        db.add(view)
    view.query = dict(query)
    db.flush()
    return view


def remove(db: Session, actor: Actor, view_id: int) -> str:
    """Forget a view of one's own, or a shared one by those who may share. Returns its name. Raises NotFound."""
    view = db.get(SavedView, view_id)
    mine = view is not None and view.staff_id == actor.id
    if view is None or not (mine or (view.staff_id is None and actor.is_(*SHARERS))):
        raise NotFound(_("没有这个保存的查询。"))
    name = view.name
    db.execute(delete(SavedView).where(SavedView.id == view_id))
    return name
