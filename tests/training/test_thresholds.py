"""Thresholds chosen anew on what was proposed lately and decided since, per level; and the lamps that tell of drift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from classifier.category import store
from classifier.category.train import Example, train
from hotline.installation import Installation
from hotline.training.drift_watch import store_lamps
from hotline.training.thresholds import choose_anew
from hotline.triage.model_registry import ModelRegistry
from models import Correction, Message, Proposal, Ticket
from tests.support.life import Life
from tests.support.papers.texts import FOUR, texts

Finished = Callable[..., list[Ticket]]


@pytest.fixture
def registry(installation: Installation) -> ModelRegistry:
    """With a model that has enough own examples to act."""
    model = train([Example(text, code) for code in FOUR for text in texts(code, 40)])
    model.about.update(own=300, starter="", until="")
    found = ModelRegistry(installation.settings.models)
    found.point(store.save(model, found.folder).name, installation.clock.now(), "clock", "accepted")
    return found


def said(
    life: Life,
    registry: ModelRegistry,
    tickets: list[Ticket],
    p: float,
    code: Callable[[Ticket], str],
    sibling: str = "",
) -> None:
    """Each ticket got this answer from the model when it came in."""
    model = registry.records()[0]["name"]
    for ticket in tickets:
        ranked = [
            {"code": code(ticket), "p": p, "words": []},
            {"code": sibling or "2204", "p": 0.9 - p if sibling else 0.0, "words": []},
        ]
        life.db.add(Proposal(ticket_id=ticket.id, at=life.now, model=model, release="x", ranked=ranked, confidence=p))
    life.db.commit()


def right(ticket: Ticket) -> str:
    return ticket.category_code or ""


def wrong(ticket: Ticket) -> str:
    return FOUR[(FOUR.index(right(ticket)) + 1) % 4]


def test_the_threshold_is_where_the_latest_answers_keep_the_wish(
    life: Life, registry: ModelRegistry, finished: Finished
) -> None:
    tickets = finished(230)
    said(life, registry, tickets[:150], 0.8, right)
    said(life, registry, tickets[150:], 0.6, wrong)
    chosen = choose_anew(life.db, registry, life.city, life.now)
    assert {level: len(rows) for level, rows in chosen.items()} == {"category": 1, "group": 1}
    (row,) = chosen["category"]
    assert (row["wished"], row["p"], row["precision"], row["n"]) == (0.97, 0.8, 1.0, 230)
    assert row["low"] < 1.0 == row["high"] and row["coverage"] == pytest.approx(150 / 230)


def test_the_first_level_counts_siblings_together(life: Life, registry: ModelRegistry, finished: Finished) -> None:
    tickets = finished(205)
    for ticket in tickets:
        ticket.category_code = "0401"
    said(life, registry, tickets, 0.5, lambda _one: "0402", sibling="0401")
    chosen = choose_anew(life.db, registry, life.city, life.now)
    assert chosen["category"][0]["p"] > 1 and chosen["group"][0]["p"] == pytest.approx(0.9)


def test_few_answers_choose_nothing_and_neither_do_models_that_may_not_act(
    life: Life, registry: ModelRegistry, finished: Finished
) -> None:
    tickets = finished(210)
    said(life, registry, tickets[:199], 0.8, right)
    assert choose_anew(life.db, registry, life.city, life.now) == {}
    for ticket in tickets:
        life.db.add(
            Proposal(
                ticket_id=ticket.id,
                at=life.now,
                model="keywords",
                release="x",
                confidence=0.9,
                ranked=[{"code": right(ticket), "p": 0.9, "words": []}],
            )
        )
    assert choose_anew(life.db, registry, life.city, life.now) == {}
    said(life, registry, tickets[199:], 0.8, right)
    assert choose_anew(life.db, registry, life.city, life.now)["category"][0]["n"] == 210


def test_what_the_clock_sent_counts_only_once_it_is_closed(
    life: Life, registry: ModelRegistry, finished: Finished
) -> None:
    tickets = finished(205)
    for ticket in tickets[:10]:
        ticket.state, ticket.auto_dispatched = "handling", True
    said(life, registry, tickets, 0.8, right)
    assert choose_anew(life.db, registry, life.city, life.now) == {}
    for ticket in tickets[:10]:
        ticket.auto_dispatched = False
    assert choose_anew(life.db, registry, life.city, life.now)["category"][0]["n"] == 205


def weeks(life: Life, days: int, words: Callable[[int], str], code: str, p: float) -> None:
    """Sixty tickets, one every so many hours over this many days, each with its proposal."""
    for n in range(60):
        life.clock.forward(hours=days * 24 / 60)
        ticket = life.ticket(phone=f"1390000{n:04d}", words=words(n))
        life.db.add(
            Proposal(ticket_id=ticket.id, at=life.now, model="m", release="x", category_code=code, confidence=p)
        )
    life.db.commit()


def lamps(registry: ModelRegistry) -> dict[str, bool | None]:
    return {lamp["kind"]: lamp["alarm"] for lamp in registry.read("drift.json")["lamps"]}


def notices(life: Life) -> list[Message]:
    found = list(life.db.scalars(select(Message).where(Message.template_key == "model_drift")))
    life.db.commit()
    return found


def test_new_words_other_categories_and_more_corrections_light_their_lamps_and_are_told_once(
    installation: Installation, life: Life
) -> None:
    registry = ModelRegistry(installation.settings.models)
    weeks(life, 55, lambda n: texts("0204", 60)[n], "0204", 0.95)
    weeks(life, 55, lambda n: texts("0204", 60)[n], "0204", 0.95)
    store_lamps(installation, registry)
    assert notices(life) == [] and True not in lamps(registry).values()
    weeks(life, 13, lambda n: f"无人机夜里盘旋，嗡嗡声吵醒婴儿{n}", "0902", 0.35)
    for proposal in life.db.scalars(select(Proposal).order_by(Proposal.id.desc()).limit(50)):
        life.db.add(
            Correction(
                ticket_id=proposal.ticket_id,
                at=life.now - timedelta(hours=1),
                about="category",
                source="dispatch",
                chosen="0807",
            )
        )
    life.db.commit()
    store_lamps(installation, registry)
    assert lamps(registry) == dict.fromkeys(("words", "classes", "confidence", "corrections"), True)
    (told,) = notices(life)
    assert told.role == "administrator" and "4项漂移报警" in told.text
    store_lamps(installation, registry)
    assert len(notices(life)) == 1


def test_a_new_installation_has_not_drifted_from_anything(installation: Installation, life: Life) -> None:
    weeks(life, 10, lambda n: texts("0204", 60)[n], "0204", 0.9)
    store_lamps(installation, ModelRegistry(installation.settings.models))
    assert set(lamps(ModelRegistry(installation.settings.models)).values()) == {None} and notices(life) == []
