"""The review desk: an unclear result always goes back, whatever the page was told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from hotline.web.core.formatting import STYLES
from hotline.web.core.forms import draft_store
from models import Reply, Review, Staff, Ticket
from tests.support.desks.english import still_chinese
from tests.support.life import Life
from tests.support.statements import statements

Browse = Callable[[Staff], FlaskClient]


def ready(life: Life, state: str = "to_review") -> Ticket:
    ticket = life.to(state)
    life.db.commit()
    return ticket


def shown(client: FlaskClient, ticket: Ticket) -> dict[str, str]:
    """What the page of this reply sends back with a judgement: when it was opened, and which words stood there."""
    page = client.get(f"/review/{ticket.number}").get_data(as_text=True)
    return dict(re.findall(r'name="(seen|wording)" value="(\d+)"', page))


def answers(life: Life, answer: str = "yes", **changed: str) -> dict[str, str]:
    """The whole checklist, with the word that answers against the records need."""
    said = {f"checklist.{item.code}": changed.get(item.code, answer) for item in life.city.checklist}
    return {"note": "已电话向市民核实", **said}


def test_the_queue_shows_the_oldest_due_first(life: Life, browse: Browse) -> None:
    first = ready(life)
    life.clock.forward(hours=2)
    second = ready(life)
    page = browse(life.staff["ren"]).get("/review").get_data(as_text=True)
    assert 0 < page.index(first.number) < page.index(second.number)


def test_an_empty_queue_says_so(life: Life, browse: Browse) -> None:
    assert "没有待审核的答复" in browse(life.staff["ren"]).get("/review").get_data(as_text=True)


def test_the_street_that_was_read_from_the_words_stands_on_screen_and_on_paper(life: Life, browse: Browse) -> None:
    """Nobody typed a place: without it the reviewer would think that none is known."""
    ticket = ready(life)
    ticket.area, ticket.street, ticket.text.place = "wenfeng", "东关街道", ""
    life.db.commit()
    client = browse(life.staff["ren"])
    for address in (
        f"/review/{ticket.number}",
        f"/tickets/{ticket.number}",
        f"/tickets/{ticket.number}/print/dispatch",
    ):
        assert re.search(r"文峰区\s+东关街道", client.get(address).get_data(as_text=True)), address


def test_an_own_reply_is_not_offered_and_cannot_be_passed(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    reply = life.db.scalars(select(Reply).where(Reply.ticket_id == ticket.id)).one()
    reply.author_id = life.staff["ren"].id
    life.db.commit()
    client = browse(life.staff["ren"])
    assert ticket.number not in client.get("/review").get_data(as_text=True)
    page = client.get(f"/review/{ticket.number}").get_data(as_text=True)
    assert "您自己提交的" in page and 'value="pass"' not in page
    assert client.post(f"/review/{ticket.number}", data={"verdict": "pass", **answers(life)}).status_code == 400


def test_the_queue_needs_the_same_statements_for_one_row_and_for_many(
    life: Life, browse: Browse, sqlite_engine: Engine
) -> None:
    client = browse(life.staff["ren"])
    counted = []
    for n in (1, 6):
        for _ in range(n):
            ready(life)
        with statements(sqlite_engine) as sent:
            client.get("/review")
        counted.append(len(sent))
    assert counted[0] == counted[1]


def test_the_sheet_needs_the_same_statements_whatever_the_number_of_rounds(
    life: Life, browse: Browse, sqlite_engine: Engine
) -> None:
    ticket, client, counted = ready(life), browse(life.staff["ren"]), []
    for _round in range(4):
        with statements(sqlite_engine) as sent:
            assert client.get(f"/review/{ticket.number}").status_code == 200
        counted.append(len(sent))
        for who, action in (("ren", "redo"), ("he", "sign"), ("he", "reply")):
            life.do(ticket, who, action)
        life.db.commit()
    assert len(set(counted[1:])) == 1


def test_request_and_reply_stand_side_by_side_with_personal_data_masked(life: Life, browse: Browse) -> None:
    ticket = life.ticket(words="楼下噪音太大，请打电话13800001234找我。")
    for who, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply")):
        life.do(ticket, who, action)
    life.db.commit()
    page = browse(life.staff["ren"]).get(f"/review/{ticket.number}").get_data(as_text=True)
    assert "楼下噪音太大" in page and "灯杆线路断开" in page and "更换线路" in page
    assert "13800001234" not in page


def test_the_reviewer_reads_when_the_citizen_was_told(life: Life, browse: Browse) -> None:
    ticket = life.to("handling")
    life.clock.forward(hours=2)
    life.do(ticket, "he", "reply", answered_citizen="yes", answered_at=(life.now - timedelta(hours=1)).isoformat())
    life.db.commit()
    told_at = (life.now - timedelta(hours=1)).astimezone(ZoneInfo(life.city.timezone)).strftime(STYLES["short"])
    page = browse(life.staff["ren"]).get(f"/review/{ticket.number}").get_data(as_text=True)
    assert f"单位称 {told_at} 已告知" in page and f"已告知 {told_at}" in page


def test_a_passed_reply_goes_to_the_citizen_and_the_next_one_comes(life: Life, browse: Browse) -> None:
    first, second = ready(life), ready(life)
    client = browse(life.staff["ren"])
    answer = client.post(f"/review/{first.number}", data={"verdict": "pass", **shown(client, first), **answers(life)})
    assert answer.status_code == 303 and answer.location.endswith(f"/review/{second.number}")
    life.db.expire_all()
    assert (first.state, second.state) == ("to_follow_up", "to_review")


def test_a_question_answered_with_no_cannot_be_passed_even_without_scripts(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    ren = browse(life.staff["ren"])
    sent = {"verdict": "pass", **shown(ren, ticket), **answers(life, result_clear="no"), "note": "差不多了"}
    answer = ren.post(f"/review/{ticket.number}", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400 and "不能通过" in page and "差不多了" in page
    life.db.expire_all()
    assert ticket.state == "to_review"


def test_an_unanswered_question_cannot_be_passed(life: Life, browse: Browse) -> None:
    ticket, sent = ready(life), answers(life)
    sent.pop(f"checklist.{life.city.checklist[3].code}")
    assert (
        browse(life.staff["ren"]).post(f"/review/{ticket.number}", data={"verdict": "pass", **sent}).status_code == 400
    )


def test_a_reply_goes_back_with_reasons_and_words(life: Life, browse: Browse) -> None:
    ticket, client = ready(life), browse(life.staff["ren"])
    refused = client.post(f"/review/{ticket.number}", data={"verdict": "redo", "reasons": ["R05"]})
    assert refused.status_code == 400 and "请单位补什么" in refused.get_data(as_text=True)
    sent = {"reasons": ["R01", "R05"], **answers(life, evidence="no"), "note": "请附修好后的照片"}
    sent |= {"verdict": "redo", **shown(client, ticket)}
    assert client.post(f"/review/{ticket.number}", data=sent).location.endswith("/review/")
    life.db.expire_all()
    review = life.db.scalars(select(Review).where(Review.ticket_id == ticket.id)).one()
    assert (ticket.state, ticket.round) == ("to_sign", 2)
    assert review.reasons == ["R01", "R05"] and review.checklist["evidence"] == "no"


def test_the_next_round_shows_what_was_missing(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    life.do(ticket, "ren", "redo", reasons=["R05"], note="请附修好后的照片")
    for action in ("sign", "reply"):
        life.do(ticket, "he", action)
    life.db.commit()
    page = browse(life.staff["ren"]).get(f"/review/{ticket.number}").get_data(as_text=True)
    assert "第 2 轮" in page and page.count("请附修好后的照片") >= 2 and "R05" in page


def test_only_the_wording_is_mended_and_the_reviewer_stays(life: Life, browse: Browse) -> None:
    ticket, client = ready(life), browse(life.staff["ren"])
    sent = {"verdict": "mend", **shown(client, ticket)}
    answer = client.post(f"/review/{ticket.number}", data={**sent, "public_answer": "路灯已经修复。"})
    assert answer.location.endswith(f"/review/{ticket.number}")
    life.db.expire_all()
    assert life.db.scalars(select(Reply.public_answer).where(Reply.ticket_id == ticket.id)).one() == "路灯已经修复。"
    life.db.commit()
    sent = {"verdict": "mend", **shown(client, ticket)}
    leaking = client.post(f"/review/{ticket.number}", data={**sent, "public_answer": "请联系13800001234。"})
    assert leaking.status_code == 400 and "个人信息" in leaking.get_data(as_text=True)


def test_a_wording_that_a_colleague_mended_meanwhile_is_looked_at_before_it_passes(life: Life, browse: Browse) -> None:
    ticket, client = ready(life), browse(life.staff["ren"])
    read = shown(client, ticket)
    life.do(ticket, "ren", "mend", public_answer="路灯已经修复，请放心。")
    life.db.commit()
    stale = client.post(f"/review/{ticket.number}", data={"verdict": "pass", **read, **answers(life)})
    again = stale.get_data(as_text=True)
    life.db.expire_all()
    assert stale.status_code == 400 and "同事刚改过公开答复的措辞" in again and ticket.state == "to_review"
    life.db.commit()
    now_read = dict(re.findall(r'name="(seen|wording)" value="(\d+)"', again))
    client.post(f"/review/{ticket.number}", data={"verdict": "pass", **now_read, **answers(life)})
    life.db.expire_all()
    assert ticket.state == "to_follow_up"


def test_nothing_is_judged_by_whom_its_words_were_not_shown_to(life: Life, browse: Browse) -> None:
    ticket, client = ready(life), browse(life.staff["ren"])
    for verdict in ("pass", "redo", "mend"):
        said = {"verdict": verdict, "reasons": ["R01"], "public_answer": "路灯已经修复。", **answers(life)}
        for read in ({}, {"seen": str(ticket.move_count)}, {"wording": "17"}):
            for way in (f"/review/{ticket.number}", f"/tickets/{ticket.number}/do/{verdict}"):
                assert client.post(way, data={**said, **read}).status_code == 400, (way, verdict, read)
    life.db.expire_all()
    assert (ticket.state, ticket.round) == ("to_review", 1)


def test_a_reply_of_a_new_round_is_not_passed_with_what_was_read_of_the_round_before(
    life: Life, browse: Browse
) -> None:
    ticket, client = ready(life), browse(life.staff["ren"])
    before = shown(client, ticket)["wording"]
    life.do(ticket, "ren", "redo", reasons=["R05"], note="请附修好后的照片")
    for action in ("sign", "reply"):
        life.do(ticket, "he", action)
    life.db.commit()
    stale = client.post(f"/review/{ticket.number}", data={"verdict": "pass", "wording": before, **answers(life)})
    assert stale.status_code == 400 and shown(client, ticket)["wording"] != before


def test_two_reviewers_at_once_the_second_is_told(life: Life, browse: Browse) -> None:
    ticket, client = ready(life), browse(life.staff["ren"])
    life.do(ticket, "ren", "redo")
    life.db.commit()
    answer = client.post(
        f"/review/{ticket.number}", data={"verdict": "redo", "seen": "1", "reasons": ["R01"], "note": "我写了很久的话"}
    )
    assert answer.status_code == 409 and "我写了很久的话" in answer.get_data(as_text=True)


def test_the_draft_goes_with_the_judgement(life: Life, browse: Browse) -> None:
    ticket, client = ready(life), browse(life.staff["ren"])
    client.put(f"/drafts/review:{ticket.number}", json={"version": 0, "data": {"note": "半句话"}})
    assert "半句话" in client.get(f"/review/{ticket.number}").get_data(as_text=True)
    client.post(f"/review/{ticket.number}", data={"verdict": "pass", **shown(client, ticket), **answers(life)})
    life.db.expire_all()
    assert draft_store.find(life.db, life.staff["ren"].id, f"review:{ticket.number}") is None


def test_the_day_counts_what_this_reviewer_did(life: Life, browse: Browse) -> None:
    ready(life, "to_follow_up")
    life.do(ready(life), "ren", "redo", reasons=["R05"])
    life.db.commit()
    page = browse(life.staff["ren"]).get("/review").get_data(as_text=True)
    assert "50%" in page and "R05 缺佐证" in page


def test_the_desk_is_for_reviewers_alone(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    for login in ("an", "he", "hui", "du"):
        assert browse(life.staff[login]).get(f"/review/{ticket.number}").status_code == 403


def test_every_page_of_the_desk_is_complete_in_english(life: Life, browse: Browse) -> None:
    ticket, client = ready(life), browse(life.staff["ren"])
    client.set_cookie("hotline_language", "en")
    for path in ("/review", f"/review/{ticket.number}"):
        page = client.get(path).get_data(as_text=True)
        assert still_chinese(page, "review") == []
