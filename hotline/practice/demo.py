"""The demo's practice room: an agent who learns from run to run, a colleague whom one kind of call beats, and one talk that was had."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hotline.city.practice.schema import Matter, Script
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.practice import coaching, runs
from hotline.practice.scoring import Filed
from hotline.tickets.roles import Actor

SITTINGS = (20, 18, 12, 6, 5, 2)
"""Days ago: on each an agent takes a call of every kind."""


def bring_practice(db: Session, city: City, people: Mapping[str, Actor], now: datetime) -> None:
    """people: the demo's actors by login. A city without scripts gets nothing of it."""
    kinds = sorted({one.kind for one in city.practice.scripts.values()})
    learner, weak, mentor = people["demo-agent"], people["demo-lead"], people["demo-quality"]
    for sitting, days in enumerate(SITTINGS):
        for number, kind in enumerate(kinds):
            at = now - timedelta(days=days, minutes=7 * number)
            _run(db, city, learner, kind, sitting, well=sitting > number % 3, at=at)
            if number < 3:
                _run(db, city, weak, kind, sitting, well=number > 0, at=at - timedelta(hours=3))
        if days == SITTINGS[1]:
            _talk(db, mentor, learner, now - timedelta(days=days - 1))


def _run(db: Session, city: City, actor: Actor, kind: str, sitting: int, *, well: bool, at: datetime) -> None:
    found = city.practice.of_kind(kind)
    script = found[sitting % len(found)]
    run = runs.take(db, actor, script, at)
    for code in script.key.asks if well else ():
        runs.ask(run, city.practice, code, "")
    end = script.key.ends[0] if well else "submit"
    matters = script.key.matters if well else script.key.matters[:1]
    if end in ("submit", "answer"):
        for form in [_written(script, one, well) for one in matters or (Matter(),)]:
            runs.file(run, form)
    runs.finish(db, city, run, end, script.key.to if well else "", at + timedelta(minutes=4))


def _written(script: Script, matter: Matter, well: bool) -> Filed:
    """A form with everything that was wanted, or with hardly more than the first words."""
    facts = "，".join(one.any[0] for one in matter.facts)
    place = "、".join(matter.place)
    first = {name: value[0] for name, value in {"privacy": matter.privacy}.items() if value}
    if not well:
        return Filed({"body": script.says, "privacy": "masked"})
    typed = {"body": f"{place}：{script.says}{facts}", "place": place, "privacy": "masked", **first}
    return Filed(
        typed,
        matter.categories[0] if matter.categories else "",
        matter.units[0] if matter.units else "",
        urgency=matter.urgency[0] if matter.urgency else "normal",
        area=matter.area,
        request_type=matter.types[0] if matter.types else "",
    )


def _talk(db: Session, mentor: Actor, learner: Actor, at: datetime) -> None:
    """Over the first kind that waits."""
    waits = coaching.waiting(db, mentor, learner.id or 0)
    for one in waits[:1]:
        try:
            coaching.coach(db, mentor, one.staff.id, one.kind, "一起听了两通：先问在哪里、从什么时候，再问要什么。", at)
        except Refusal:
            return
