"""The sets of units are held against decided tickets each night, their floors counted anew, and a broken promise withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from classifier.category import store
from classifier.category.train import Example, train
from hotline.installation import Installation
from hotline.training.unit_sets import choose_floors
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.returned import KEPT, returned_like
from models import Correction, Proposal, Ticket
from tests.support.life import Life
from tests.support.papers.texts import FOUR, texts

Finished = Callable[..., list[Ticket]]
RIGHT, OTHER = "chengguan", "housing"


@pytest.fixture
def registry(installation: Installation) -> ModelRegistry:
    """With a model that may act."""
    model = train([Example(text, code) for code in FOUR for text in texts(code, 40)])
    model.about.update(own=300, starter="", until="")
    found = ModelRegistry(installation.settings.models)
    found.point(store.save(model, found.folder).name, installation.clock.now(), "clock", "accepted")
    return found


def proposed(life: Life, registry: ModelRegistry, ticket: Ticket, p: float, told: list[str] | None) -> Proposal:
    """What was said of a ticket that its right unit handled: so likely was that one."""
    ticket.unit_code = RIGHT
    units = {"kind": "read", "odds": [[OTHER, 1 - p], [RIGHT, p]], "set": told, "stated": 0.98 if told else None}
    name = registry.records()[0]["name"]
    found = Proposal(ticket_id=ticket.id, at=life.now, model=name, release="x", units=units, confidence=p)
    life.db.add(found)
    return found


def checks(registry: ModelRegistry) -> dict[str, Any]:
    return {one["kind"]: one for one in registry.read(KEPT)["checks"]}


def test_the_floor_lies_where_the_promise_is_kept_and_is_taken_up_by_the_pages(
    installation: Installation, life: Life, registry: ModelRegistry, finished: Finished
) -> None:
    for n, ticket in enumerate(finished(200)):
        proposed(life, registry, ticket, 0.3 + n / 1000, None)
    life.db.commit()
    chosen = choose_floors(life.db, registry, life.city, life.now)
    (row,) = chosen["unit"]
    assert (row["kind"], row["stated"], row["p"], row["n"]) == ("read", 0.98, pytest.approx(0.303), 200)
    registry.choose_anew(chosen)
    (floor,) = installation.classifier.floors()  # type: ignore[attr-defined]
    assert floor.p == row["p"] and registry.read(KEPT)["checks"] == []


def test_what_was_told_is_checked_and_a_kind_that_broke_its_promise_says_nothing(
    life: Life, registry: ModelRegistry, finished: Finished
) -> None:
    tickets = finished(200)
    for n, ticket in enumerate(tickets):
        proposed(life, registry, ticket, 0.5, [OTHER] if n % 5 == 0 else [RIGHT] if n % 5 < 3 else [RIGHT, OTHER])
    life.db.commit()
    chosen = choose_floors(life.db, registry, life.city, life.now)
    one = checks(registry)["read"]
    assert one == {**checks(registry)["all"], "kind": "read"}
    assert (one["told"], one["held"], one["single"], one["single_held"]) == (200, 160, 120, 80)
    assert one["size"] == pytest.approx(1.4) and one["verdict"] == "low" and chosen["unit"][0]["p"] == 0


def test_few_decided_tickets_promise_nothing(life: Life, registry: ModelRegistry, finished: Finished) -> None:
    for ticket in finished(99):
        proposed(life, registry, ticket, 0.9, None)
    life.db.commit()
    assert choose_floors(life.db, registry, life.city, life.now) == {"unit": []}


def test_how_often_the_like_came_back_counts_only_what_went_where_it_was_proposed(
    life: Life, registry: ModelRegistry, finished: Finished
) -> None:
    for n, ticket in enumerate(finished(60)):
        made = proposed(life, registry, ticket, 0.5, None)
        ticket.returns = n % 2
        if n >= 40:
            life.db.flush()
            life.db.add(
                Correction(
                    ticket_id=ticket.id,
                    proposal_id=made.id,
                    at=life.now,
                    about="unit",
                    source="dispatch",
                    proposed=OTHER,
                    chosen=RIGHT,
                )
            )
    life.db.commit()
    choose_floors(life.db, registry, life.city, life.now)
    found = returned_like(registry, 0.55)
    assert found is not None and (found.n, found.returned) == (40, 20) and returned_like(registry, 0.7) is None
