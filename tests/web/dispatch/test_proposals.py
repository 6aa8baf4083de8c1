"""What the desk proposes: the sure ones by the dozen, the open ones with their question."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.tickets.lists import dispatch_queue
from hotline.triage.candidates import routed
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.returned import KEPT
from tests.support.life import Life
from tests.support.pages import seen_in
from tests.web.dispatch.queue import DANGER, SAFE, proposal_of, state_of, waiting


def test_bulk_dispatch_looks_first_then_sends_each_and_lists_what_was_refused(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    one, two, danger = waiting(life, installation, SAFE, SAFE + "二", DANGER, category="0203")
    numbers = [one.number, two.number, danger.number]
    look = desk.post("/dispatch/bulk", data={"ticket": numbers})
    assert look.status_code == 200 and state_of(life, one) == "to_dispatch" and "请单独处理" in look.text
    for each in (one, two):
        proposal_of(life, each).sure = True
    life.db.commit()
    seen = seen_in(desk.post("/dispatch/bulk", data={"ticket": numbers}).text)
    life.do(two, "du", "mark_hard")
    life.db.commit()
    done = desk.post("/dispatch/bulk", data={"ticket": numbers, "sure": "yes", **seen})
    assert "派出 1 张，2 张没有派出" in done.text
    assert [state_of(life, t) for t in (one, two, danger)] == ["to_sign", "in_dispute", "to_dispatch"]


def test_only_proposals_that_reached_the_threshold_can_be_picked_for_bulk_however_high_their_score(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    (ticket,) = waiting(life, installation, SAFE)
    proposal = dispatch_queue.newest_proposals(life.db, [ticket.id])[ticket.id]
    proposal.confidence, proposal.sure = 0.999, False
    life.db.commit()
    page = desk.get("/dispatch/").text
    assert 'name="ticket"' not in page and "逐张看过再派" in page
    done = desk.post(
        "/dispatch/bulk", data={"ticket": [ticket.number], "sure": "yes", f"seen-{ticket.number}": ticket.move_count}
    )
    assert "派出 0 张" in done.text and state_of(life, ticket) == "to_dispatch"


def test_only_sure_ones_are_listed_when_asked_for(life: Life, installation: Installation, desk: FlaskClient) -> None:
    one, two = waiting(life, installation, SAFE, SAFE + "二")
    sure = dispatch_queue.newest_proposals(life.db, [one.id])[one.id]
    sure.sure = True
    dispatch_queue.newest_proposals(life.db, [two.id])[two.id].sure = False
    life.db.commit()
    page = desk.get("/dispatch/?sure=1").text
    assert "逐张看过再派" not in page
    assert f"row-{one.number}" in page and f"row-{two.number}" not in page


def test_a_sure_category_whose_district_is_open_is_asked_for_and_not_called_unsure(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    """The queue, the panel and the ticket say what is missing, and no longer that nothing is known."""
    ticket = life.ticket(words="路灯不亮了好几天", category="0204")
    life.db.commit()
    drain(installation)
    page = desk.get(f"/dispatch/{ticket.number}").text
    assert "类别清楚，区县未定" in page and "先定区县" in page and "拿不准" not in page
    shown = desk.get(f"/tickets/{ticket.number}").text
    assert "区县未定" in shown and "拿不准" not in shown


def test_the_desk_names_the_units_it_could_be_and_asks_for_what_would_decide(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    """Two units are both offered, the risk of an objection is told, and the question to the citizen is written already."""
    (ticket,) = waiting(life, installation, "文峰区" + SAFE)
    proposal = proposal_of(life, ticket)
    categories = [row["code"] for row in proposal.ranked[:1]] + ["0701"]
    proposal.ranked = [{"code": code, "p": 0.4, "words": []} for code in categories]
    leads = [routed(life.city, ticket, proposal, code).unit for code in categories]
    proposal.units = {"kind": "read", "odds": [[one, 0.4] for one in leads], "set": leads, "stated": 0.98}
    ModelRegistry(installation.settings.models).write(
        KEPT, {"returned": [{"from": 0.0, "n": 50, "returned": 10}, {"from": 0.99, "n": 50, "returned": 0}]}
    )
    proposal.confidence = 0.5
    life.db.add(proposal)
    life.db.commit()
    page = desk.get(f"/dispatch/{ticket.number}").text
    assert "这两家之一" in page and all(f'data-value="{life.city.unit_name(one)}"' in page for one in leads)
    assert "以往每 100 件有 20 件被退回（共 50 件）" in page
    question = f"请问主要反映的是“{life.city.category_name(categories[0])}”，还是“{life.city.category_name('0701')}”？"
    assert question in page and question in desk.get(f"/tickets/{ticket.number}/do/ask_more").text


def test_an_open_district_is_the_question_that_stands_ready(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    ticket = life.ticket(words="路灯不亮了好几天", category="0204")
    life.db.commit()
    drain(installation)
    assert "在哪个区县、哪条路" in desk.get(f"/dispatch/{ticket.number}").text
    assert "在哪个区县、哪条路" in desk.get(f"/tickets/{ticket.number}/do/ask_more").text


@pytest.mark.parametrize(
    ("category", "words", "whose"),
    [("2203", "车被堵在门口，通知车主挪车", "12345热线中心"), ("1808", "村干部虚报冒领，请查", "纪检监察机关")],
)
def test_what_nobody_is_sent_names_no_unit_and_the_way_that_is_open(
    category: str, words: str, whose: str, life: Life, installation: Installation, desk: FlaskClient
) -> None:
    """What the hotline answers itself, or a body outside it takes over, is proposed and not filled in; sent all the same, it is named."""
    ticket = life.ticket(words=words, category=category)
    life.db.commit()
    drain(installation)
    assert not proposal_of(life, ticket).sure
    for page in (
        desk.get(f"/dispatch/{ticket.number}").text,
        desk.get(f"/dispatch/{ticket.number}/routing?category={category}").text,
    ):
        assert f"{whose}办，不派单：请用“直接答复”" in page or f"归{whose}，不派单：请用“转接”" in page
        assert f'required value="{whose}"' not in page and 'required value=""' in page
    refused = desk.post(
        f"/dispatch/{ticket.number}/dispatch", data={"category": category, "unit": whose, "seen": ticket.move_count}
    )
    assert f"没有“{whose}”这个选项" in refused.text and state_of(life, ticket) == "to_dispatch"
