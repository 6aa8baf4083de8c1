"""Which model answers, how far it may be believed, whether the world has moved on, and the way back with one click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from markupsafe import Markup
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.language import N_, _
from hotline.tickets.who import Role
from hotline.triage.brain import OWN_TO_ACT, TROUBLES, Brain
from hotline.triage.shelf import DEEDS, Shelf
from hotline.web.admin_pages import READERS, note, page, pages
from hotline.web.here import here
from hotline.web.permission import allow
from models import Correction, Job, Proposal

WEEKS = 8
LAMPS = {"words": N_("有词可依的占比下降"), "classes": N_("类别分布变化"), "confidence": N_("把握分布变化"),
         "corrections": N_("被改判的占比")}


@dataclass(frozen=True)
class Week:
    """since: its first day. corrected of proposed: how many proposals a person changed the category of."""

    since: datetime
    proposed: int
    corrected: int


@pages.get("/model")
@allow(READERS)
def model() -> str:
    shelf = Shelf(here.settings.models)
    pointer = shelf.current()
    record = shelf.record(pointer.file) if pointer else {}
    card = shelf.read(f"{pointer.file.rsplit('.', 1)[0]}.card.json") if pointer else {}
    return page("model", pointer=pointer, record=record, about=record.get("about", {}), card=card, name=_name(),
                trouble=_trouble(shelf), pictures=_pictures(card.get("detail") or {}), lamps=shelf.read("drift.json"), lamp_names=LAMPS,
                weeks=corrections_by_week(here.db, here.now), history=shelf.history(), deeds=DEEDS, own_to_act=OWN_TO_ACT,
                wished=here.city.policy.auto_dispatch, acting=here.city.policy.auto_dispatch_on, training=_is_promised(),
                moment_of=datetime.fromisoformat, usable=[entry.file for entry in shelf.history() if shelf.record(entry.file)])


@pages.post("/model/use")
@allow(Role.ADMINISTRATOR)
def use_model() -> Any:
    """Accept a refused model, or go back to a former one: every process takes it up within seconds."""
    file = request.form.get("file", "")[:120]
    shelf = Shelf(here.settings.models)
    former = shelf.current()
    shelf.point(file, here.now, here.me.name, "chosen")
    note("model_chosen", file, former=former.file if former else "", sha256=shelf.record(file).get("sha256", ""))
    flash(_("已切换，几秒内生效，不必重启。"), "good")
    return redirect(url_for("admin.model"), 303)


@pages.post("/model/learn")
@allow(Role.ADMINISTRATOR)
def learn() -> Any:
    outbox.promise(here.db, "learn", key=f"learn:asked:{here.now.isoformat()}", now=here.now, by=here.me.name, forced=True)
    note("model_training", "asked")
    flash(_("已安排训练，完成后会出现在下面的记录里。"), "good")
    return redirect(url_for("admin.model"), 303)


def corrections_by_week(db: Session, now: datetime) -> list[Week]:
    """The last weeks, the newest first, in two statements."""
    starts = [now - timedelta(weeks=n + 1) for n in range(WEEKS)]
    proposed = _per_week(db, Proposal.at, starts, now)
    corrected = _per_week(db, Correction.at, starts, now, Correction.about == "category")
    return [Week(*row) for row in zip(starts, proposed, corrected, strict=True)]


def _per_week(db: Session, at: Any, starts: list[datetime], now: datetime, *where: Any) -> list[int]:
    ends = [now, *starts[:-1]]
    counts = [func.sum(case(((at >= since) & (at < until), 1), else_=0)) for since, until in zip(starts, ends, strict=True)]
    row = db.execute(select(*counts).where(at >= starts[-1], at < now, *where)).one()
    return [int(count or 0) for count in row]


def _name() -> str:
    return here.house.brain.name


def _trouble(shelf: Shelf) -> str:
    """A sentence when a model was chosen and keywords answer instead, or its file on disk is no longer the one chosen."""
    brain = here.house.brain
    trouble = brain.trouble if isinstance(brain, Brain) else ""
    if not trouble and not shelf.is_sound():
        trouble = "altered"
    return _(TROUBLES[trouble]) if trouble else ""


def _pictures(detail: dict[str, Any]) -> list[tuple[str, Markup]]:
    """The two curves as drawings in the page."""
    if not detail.get("reliability") or not detail.get("coverage_curve"):
        return []
    from classifier.card import coverage_svg, reliability_svg

    return [(_("说有几成把握，实际对几成"), Markup(reliability_svg(detail))),
            (_("自动答多少，对多少"), Markup(coverage_svg(detail)))]


def _is_promised() -> bool:
    return here.db.scalar(select(Job.id).where(Job.name == "learn", Job.done_at.is_(None), Job.failed_at.is_(None)).limit(1)) is not None
