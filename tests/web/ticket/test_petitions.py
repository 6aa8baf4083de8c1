"""A petition on the ticket's page: asked by one, decided by another."""

from __future__ import annotations

from sqlalchemy import select

from hotline.tickets import petitions
from hotline.tickets.act import lock
from models import Petition
from tests.support.life import Life
from tests.web.ticket.prepared import Browse, fresh, ready


def test_a_petition_is_asked_decided_by_somebody_else_and_told_in_the_story(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    he, du = browse(life.staff["he"]), browse(life.staff["du"])
    assert he.post(f"/tickets/{ticket.number}/petitions/extension", data={"reason": ""}).status_code == 400
    assert he.post(f"/tickets/{ticket.number}/petitions/extension", data={"reason": "等配件到货"}).status_code == 303
    life.db.rollback()
    asked_id = life.db.scalars(select(Petition.id)).one()
    life.db.rollback()
    assert he.post(f"/petitions/{asked_id}/decide", data={"verdict": "grant"}).status_code == 403
    for neither in ({"decision": "条件不具备"}, {"verdict": "", "decision": "条件不具备"}):
        assert du.post(f"/petitions/{asked_id}/decide", data=neither).status_code == 400
    refused = du.post(f"/petitions/{asked_id}/decide", data={"verdict": "refuse", "decision": ""})
    assert refused.status_code == 400
    assert du.post(f"/petitions/{asked_id}/decide", data={"verdict": "grant"}).status_code == 303
    assert "同意：申请延期" in he.get(f"/tickets/{ticket.number}").text
    assert fresh(life, ticket).extensions == 1


def test_a_refused_decision_keeps_its_words(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    petition = petitions.ask(
        life.db, life.city, lock(life.db, ticket.id), "extension", life.people["he"], life.now, {"reason": "等配件"}
    )
    life.db.commit()
    browse(life.staff["du"]).post(f"/petitions/{petition.id}/decide", data={"verdict": "grant"})
    late = browse(life.staff["du2"]).post(
        f"/petitions/{petition.id}/decide", data={"verdict": "refuse", "decision": "理由不足"}
    )
    assert late.status_code == 409


def test_a_unit_cannot_withdraw_the_supervision_that_was_asked_against_it(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    petition = petitions.ask(
        life.db, life.city, lock(life.db, ticket.id), "supervision", life.people["ren"], life.now, {"reason": "推诿"}
    )
    life.db.commit()
    assert browse(life.staff["he"]).post(f"/petitions/{petition.id}/withdraw").status_code == 403
    assert browse(life.staff["chang"]).post(f"/petitions/{petition.id}/withdraw").status_code == 404
    assert browse(life.staff["ren"]).post(f"/petitions/{petition.id}/withdraw").status_code == 303
