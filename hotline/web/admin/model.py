"""Which model answers, how far it may be believed, whether the world has moved on, and the way back with one click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.i18n import N_, _
from hotline.review_advice.agreement import agreement
from hotline.tickets.roles import Role
from hotline.training.account import MONTH, account, learnt
from hotline.training.progress import progress_of
from hotline.training.sources import SOURCES
from hotline.triage.active_classifier import OWN_TO_ACT, TROUBLES, ActiveClassifier
from hotline.triage.auto_dispatch import LEVELS, wishes
from hotline.triage.model_registry import DEEDS, ModelRegistry, Pointer
from hotline.triage.returned import KEPT
from hotline.triage.unit_sets import FEWEST, KINDS
from hotline.waiting_time.coverage import coverage
from hotline.web.admin.pages import READERS, page, pages, record
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from models import Correction, Job, Proposal

WEEKS = 8
LAMPS = {
    "words": N_("没见过的词变多"),
    "classes": N_("类别分布变化"),
    "confidence": N_("把握分布变化"),
    "corrections": N_("被改判的占比"),
}


WAITING = {
    "few": (N_("数量太少，说不准"), "quiet"),
    "good": (N_("说得准"), "good"),
    "low": (N_("说得太窄，常常不准"), "bad"),
    "high": (N_("说得太宽"), "bad"),
}


@dataclass(frozen=True)
class Week:
    """since: its first day. corrected of proposed: how many proposals a person changed the category of."""

    since: datetime
    proposed: int
    corrected: int


@dataclass(frozen=True)
class Bar:
    """A threshold as the page shows it. row: a `calibrate.Threshold` as kept; fresh: chosen on decided answers, not out of fold."""

    level: str
    fresh: bool
    row: dict[str, Any]
    in_force: bool


@pages.get("/model")
@allow(READERS)
def model() -> str:
    registry = ModelRegistry(here.settings.models)
    return page(
        "model",
        **_answering(registry),
        **_acting(registry),
        **_learning(registry),
        **_accounted(registry),
        lamps=registry.read("drift.json"),
        lamp_names=LAMPS,
        waiting=coverage(here.db, here.city, here.now),
        waiting_verdicts=WAITING,
        few_waits=here.city.policy.few_waits,
        weeks=corrections_by_week(here.db, here.now),
        moment_of=datetime.fromisoformat,
    )


@pages.get("/model/training")
@allow(READERS)
def training() -> ResponseReturnValue:
    """The bar while a training runs; once it has ended, the page is shown anew."""
    registry = ModelRegistry(here.settings.models)
    if not _is_training(registry):
        return "", 200, {"HX-Redirect": url_for("admin.model")}
    return render_template("admin/_training.html", training=True, share=progress_of(registry))


@pages.post("/model/use")
@allow(Role.ADMINISTRATOR)
def use_model() -> ResponseReturnValue:
    """Accept a refused model, or go back to a former one: every process takes it up within seconds."""
    file = request.form.get("file", "")[:120]
    registry = ModelRegistry(here.settings.models)
    former = registry.current()
    registry.point(file, here.now, here.me.name, "chosen")
    record("model_chosen", file, former=former.file if former else "", sha256=registry.record(file).get("sha256", ""))
    flash(_("已切换，几秒内生效，不必重启。"), "good")
    return redirect(url_for("admin.model"), 303)


@pages.post("/model/learn")
@allow(Role.ADMINISTRATOR)
def learn() -> ResponseReturnValue:
    outbox.enqueue(
        here.db, "learn", key=f"learn:asked:{here.now.isoformat()}", now=here.now, by=here.me.name, forced=True
    )
    record("model_training", "asked")
    flash(_("已安排训练，完成后会出现在下面的记录里。"), "good")
    return redirect(url_for("admin.model"), 303)


def corrections_by_week(db: Session, now: datetime) -> list[Week]:
    """The last weeks, the newest first, in two statements."""
    starts = [now - timedelta(weeks=n + 1) for n in range(WEEKS)]
    proposed = _per_week(db, Proposal.at, starts, now)
    corrected = _per_week(db, Correction.at, starts, now, Correction.about == "category")
    return [Week(*row) for row in zip(starts, proposed, corrected, strict=True)]


def bars(record: Mapping[str, Any], pointer: Pointer, wished: Mapping[str, float]) -> list[Bar]:
    """Every threshold of the model that answers, those chosen on its latest answers first; none before there are enough
    own examples to choose one on. In force on a level is the fresh one, else the out-of-fold one that fits the wish."""
    if int(record.get("about", {}).get("own", 0)) < OWN_TO_ACT:
        return []
    found = []
    for level, key in (("category", "thresholds"), ("group", "upper")):
        fresh, kept = list(pointer.fresh.get(level, ())), record.get(key, [])
        strict = min((row["wished"] for row in kept if row["wished"] >= wished[level] - 1e-9), default=None)
        found += [Bar(level, True, row, True) for row in fresh]
        found += [Bar(level, False, row, not fresh and row["wished"] == strict) for row in kept]
    return found


def _per_week(db: Session, at: Any, starts: list[datetime], now: datetime, *where: Any) -> list[int]:
    ends = [now, *starts[:-1]]
    counts = [
        func.sum(case(((at >= since) & (at < until), 1), else_=0)) for since, until in zip(starts, ends, strict=True)
    ]
    row = db.execute(select(*counts).where(at >= starts[-1], at < now, *where)).one()
    return [int(count or 0) for count in row]


def _answering(registry: ModelRegistry) -> dict[str, Any]:
    """Which model answers, what is known of it, and what it reached when it was compared."""
    pointer = registry.current()
    record, card = (registry.record(pointer.file), registry.card(pointer.file)) if pointer else ({}, {})
    return {
        "pointer": pointer,
        "record": record,
        "about": record.get("about", {}),
        "card": card,
        "sources": SOURCES,
        "name": record.get("name") or here.installation.classifier.name,
        "trouble": _trouble(registry),
        "loading": _is_loading(pointer),
        "pictures": _pictures(card.get("detail") or {}),
    }


def _acting(registry: ModelRegistry) -> dict[str, Any]:
    """From when on an answer may act."""
    pointer, wished = registry.current(), wishes(here.city.policy)
    return {
        "acting": here.city.policy.auto_dispatch_on,
        "wishes": wished,
        "levels": LEVELS,
        "own_to_act": OWN_TO_ACT,
        "bars": bars(registry.record(pointer.file), pointer, wished) if pointer else [],
    }


def _learning(registry: ModelRegistry) -> dict[str, Any]:
    """What is being trained, what is on trial, and what was decided before."""
    shadow, history = registry.shadow(), registry.history()
    return {
        "training": _is_training(registry),
        "share": progress_of(registry),
        "shadow": shadow,
        "history": history,
        "deeds": DEEDS,
        "shadow_card": registry.card(shadow.file) if shadow else {},
        "usable": {entry.file for entry in history if registry.record(entry.file)},
    }


def _accounted(registry: ModelRegistry) -> dict[str, Any]:
    """What it did of late, what it learned, and whether its sets of units held the right one."""
    return {
        "did": account(here.db, here.now),
        "assistant": agreement(here.db, here.now - MONTH),
        "reviews": here.installation.review_models.chosen(),
        "learnt": learnt(registry.history(most=200), here.now),
        "set_checks": registry.read(KEPT).get("checks", []),
        "set_kinds": KINDS,
        "few_sets": FEWEST,
    }


def _is_loading(pointer: Pointer | None) -> bool:
    """Chosen, sound, and not yet taken up by the process that shows this page."""
    classifier = here.installation.classifier
    return (
        pointer is not None
        and isinstance(classifier, ActiveClassifier)
        and not classifier.trouble
        and classifier.file != pointer.file
    )


def _trouble(registry: ModelRegistry) -> str:
    """A sentence when a model was chosen and keywords answer instead, or its file on disk is no longer the one chosen."""
    classifier = here.installation.classifier
    trouble = classifier.trouble if isinstance(classifier, ActiveClassifier) else ""
    if not trouble and not registry.is_sound():
        trouble = "altered"
    return _(TROUBLES[trouble]) if trouble else ""


def _pictures(detail: dict[str, Any]) -> list[tuple[str, Markup]]:
    """The two curves as drawings in the page."""
    if not detail.get("reliability") or not detail.get("coverage_curve"):
        return []
    from classifier.card import coverage_svg, reliability_svg

    return [
        (_("说有几成把握，实际对几成"), Markup(reliability_svg(detail))),
        (_("自动答多少，对多少"), Markup(coverage_svg(detail))),
    ]


def _is_training(registry: ModelRegistry) -> bool:
    """One runs, or one is enqueued."""
    waiting = select(Job.id).where(Job.name == "learn", Job.done_at.is_(None), Job.failed_at.is_(None)).limit(1)
    return progress_of(registry) is not None or here.db.scalar(waiting) is not None
