"""A petition on the ticket's page: asked by one, decided by another."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import select

from hotline.staff import deputies
from hotline.tickets import petitions
from hotline.tickets.act import lock
from models import Petition, Ticket
from tests.support.life import Life
from tests.support.make import make_staff
from tests.support.papers.pictures import png
from tests.web.ticket.prepared import Browse, fresh, ready, reply_form


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


def asked(life: Life, kind: str, ticket: Ticket, login: str = "he", **said: str) -> Petition:
    found = petitions.ask(life.db, life.city, lock(life.db, ticket.id), kind, life.people[login], life.now, said)
    life.db.commit()
    return found


PART = {"title": "旁边的井盖也坏了", "body": "井盖缺了一角，怕有人踩空。", "reason": "井盖不归本单位"}


def test_whoever_decides_reads_what_a_yes_will_do(life: Life, browse: Browse) -> None:
    """The day to wait until and the part to be split off stood nowhere: only the reason did."""
    ticket = ready(life)
    asked(life, "wait", ticket, until="2026-04-10", reason="等厂家发货")
    asked(life, "split", ticket, **PART)
    pages = [
        browse(life.staff["du2"]).get("/supervision/?tab=petitions").text,
        browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text,
    ]
    for page in pages:
        assert "跟进到 2026-04-10：等厂家发货" in page
        assert "旁边的井盖也坏了" in page and "怕有人踩空" in page and "井盖不归本单位" in page


def test_the_story_tells_what_was_asked_for_and_the_clock_why_it_moved(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    petition = asked(life, "extension", ticket, reason="等配件")
    browse(life.staff["du"]).post(f"/petitions/{petition.id}/decide", data={"verdict": "grant", "days": "2"})
    page = browse(life.staff["he"]).get(f"/tickets/{ticket.number}").text
    assert "同意延期 2 个工作日" in page and "新期限" in page


def test_nobody_asks_for_what_is_asked_already(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    he, link = browse(life.staff["he"]), f"/tickets/{ticket.number}/petitions/extension"
    assert link in he.get(f"/tickets/{ticket.number}").text
    asked(life, "extension", ticket, reason="等配件")
    assert f'href="{link}' not in he.get(f"/tickets/{ticket.number}").text


def test_what_was_taken_back_or_refused_is_mended_and_not_written_anew(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    petition = asked(life, "wait", ticket, until="2026-04-10", reason="等厂家发货，约在清明以后")
    he = browse(life.staff["he"])
    he.post(f"/petitions/{petition.id}/withdraw")
    page = he.get(f"/tickets/{ticket.number}/petitions/wait").text
    assert "约在清明以后" in page.split('id="act"')[1].split("</form>")[0] and 'value="2026-04-10"' in page


def test_the_form_of_an_extension_says_what_a_yes_gives(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    page = browse(life.staff["he"]).get(f"/tickets/{ticket.number}/petitions/extension").text
    assert "已延期 0 次，最多 3 次" in page
    assert "自己约定最多 5 个工作日" in browse(life.staff["he"]).get(f"/tickets/{ticket.number}/do/wait").text


def test_a_reply_that_comes_back_from_the_signer_is_there_again_word_for_word(life: Life, browse: Browse) -> None:
    """The form was empty: whoever was told to add one name wrote the whole reply anew, and its files were gone."""
    ticket = ready(life)
    ticket.urgency = "urgent"
    life.db.commit()
    he, leader = browse(life.staff["he"]), browse(life.staff["hejt"])
    path = f"/tickets/{ticket.number}/do/reply"
    form = reply_form(
        life, ticket, handler="何建国", facts="核查了三家店。", public_answer="三家店已装净化器，现已不再排烟。"
    )
    picture = {"files_file": (BytesIO(png()), "复查.png")}
    assert he.post(path, data=form | picture, content_type="multipart/form-data").status_code == 303
    life.db.rollback()
    first = life.db.scalars(select(Petition)).one()
    asked_id, files = first.id, first.data["files"]
    assert len(files) == 1
    life.db.rollback()
    list_ = leader.get("/unit/signing/").text
    assert "复查" in list_ and "何建国" in list_, "the evidence, and by name who did the work"
    leader.post(f"/unit/signing/{asked_id}", data={"verdict": "refuse", "decision": "请写店名"})
    page = he.get(path).text
    assert "核查了三家店。" in page and "三家店已装净化器" in page and 'value="2026-03-04T09:30"' in page
    assert he.post(path, data=form | {"facts": "核查了甲、乙、丙三家店。"}).status_code == 303
    life.db.rollback()
    again = life.db.scalars(select(Petition).order_by(Petition.id.desc())).first()
    assert again is not None and again.data["files"] == files


def test_whoever_wrote_a_reply_finds_words_where_the_key_to_sign_it_would_be(life: Life, browse: Browse) -> None:
    """The deputy's own reply went out signed by the deputy; now the form and the list name who signs, and only the leader has the key."""
    deputy = make_staff(life.db, "fu", "付", "handler", unit=life.staff["hejt"].unit_code)
    deputies.name_deputy(life.db, life.city, life.people["hejt"], deputy.id, life.now.date(), life.now)
    ticket = ready(life)
    ticket.urgency = "urgent"
    life.db.commit()
    own, leader = browse(deputy), browse(life.staff["hejt"])
    address = f"/tickets/{ticket.number}"
    path = f"{address}/do/reply"
    assert "您写的答复不能由您自己签发" in own.get(path).text
    assert own.post(path, data=reply_form(life, ticket)).status_code == 303
    life.db.rollback()
    asked = life.db.scalars(select(Petition.id)).one()
    life.db.rollback()
    mine, theirs = own.get("/unit/signing/").text, leader.get("/unit/signing/").text
    assert 'value="grant"' not in mine and "不能自己签发，由hejt" in mine
    assert 'value="grant"' in theirs
    assert "不能自己签发，由hejt" in own.get(address).text
    assert own.post(f"/unit/signing/{asked}", data={"verdict": "grant"}).status_code == 403
    assert leader.post(f"/unit/signing/{asked}", data={"verdict": "grant"}).status_code == 303


def test_who_signs_reads_what_was_asked_and_why_the_reply_before_came_back(life: Life, browse: Browse) -> None:
    """The page showed the answer and a title: whether it answers the request was to be guessed."""
    ticket = life.to("to_review")
    life.do(ticket, "ren", "redo", reasons=["R05"], note="照片与地点不符")
    life.do(ticket, "he", "sign")
    ticket.urgency = "urgent"
    petitions.ask(life.db, life.city, ticket, "sign_off", life.people["he"], life.now, life.answers("reply", ticket))
    life.db.commit()
    page = browse(life.staff["hejt"]).get("/unit/signing/").text
    waits = page[page.index('id="petition-') :].split("</section>")[0]
    assert "路灯坏了三天，晚上看不见路" in waits, "the request in the citizen's words"
    assert "第 2 轮，退回原因" in waits and "照片与地点不符" in waits


def test_who_signs_reads_whether_the_citizen_was_reached_as_the_reviewer_will(life: Life, browse: Browse) -> None:
    """A unit's bare word stood nowhere on the page: the leader signed it unseen, and the reviewer sent it back."""
    ticket = life.to("handling")
    ticket.urgency = "urgent"
    petitions.ask(life.db, life.city, ticket, "sign_off", life.people["he"], life.now, life.answers("reply", ticket))
    life.db.commit()
    leader = browse(life.staff["hejt"])
    assert "但没有先行联系的记录" in leader.get("/unit/signing/").text
    life.do(ticket, "he", "contact", reached="no")
    life.db.commit()
    assert "但没有先行联系的记录" in leader.get("/unit/signing/").text, "a try that reached nobody is no proof"
    life.do(ticket, "he", "contact")
    life.db.commit()
    page = leader.get("/unit/signing/").text
    assert "有先行联系的记录" in page and "但没有先行联系的记录" not in page
