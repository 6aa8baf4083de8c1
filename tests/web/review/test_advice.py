"""The reviewer's assistant: the unit sees before submitting what the reviewer sees afterwards, and nobody is stopped by it."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hotline.review_advice.advise import advise, fields_of
from hotline.review_advice.agreement import agreement
from models import Correction, Message, Proposal, Reply, Staff, Ticket, TicketEvent
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]
UNCLEAR = {
    "facts": "情况已了解。",
    "measures": "将高度重视。",
    "public_answer": "您好，您反映的问题已收悉，我局高度重视，将尽快研究处理，感谢您的支持。",
}
CLEAR = {
    "facts": "3月3日晚派员到文峰大道与东工路交叉口查看，路灯因电缆老化断开。",
    "measures": "3月4日更换电缆30米，修复路灯4盏。",
    "public_answer": "经查，文峰大道与东工路交叉口的路灯因电缆老化断开。我局照明所已于3月4日更换电缆30米，修复路灯4盏，现已恢复照明。",
}


def ready(life: Life, state: str, **reply: str) -> Ticket:
    ticket = life.to("handling")
    if state == "to_review":
        life.do(ticket, "he", "reply", **reply)
    life.db.commit()
    return ticket


def written(life: Life) -> list[int | None]:
    counted = [
        life.db.scalar(select(func.count()).select_from(table))
        for table in (TicketEvent, Reply, Correction, Proposal, Message)
    ]
    life.db.commit()
    return counted


def check(browse: Browse, life: Life, ticket: Ticket, said: dict[str, str]) -> str:
    answer = browse(life.staff["he"]).post(f"/tickets/{ticket.number}/check", data=said)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def test_an_unclear_reply_is_flagged_to_the_unit_with_what_is_missing(life: Life, browse: Browse) -> None:
    shown = check(browse, life, ready(life, "handling"), UNCLEAR)
    assert "很可能被退回" in shown and "还缺" in shown
    assert "办理结果或调查结论" in shown and "完成时间或下一步的日期" in shown
    assert "没有找到对应的答复" in shown


def test_a_clear_reply_is_not_flagged(life: Life, browse: Browse) -> None:
    shown = check(browse, life, ready(life, "handling"), CLEAR)
    assert "看起来清楚" in shown
    assert "还缺" not in shown and "可能的退回原因" not in shown


def test_a_clear_reply_in_other_words_is_not_said_to_leave_the_request_open(life: Life, browse: Browse) -> None:
    ticket = life.ticket(words="自行车道全被小汽车占了，没法骑。")
    said = {"facts": "经核查，非机动车道内违停27辆。", "measures": "已拖移27辆，加装隔离桩60根，纳入电子抓拍。"}
    advice = advise(life.city, ticket, said)
    assert advice and not advice.flagged and all(one.answered for one in advice.covered)


def test_every_reason_comes_with_the_checklists_question_and_what_it_asks_for(life: Life, browse: Browse) -> None:
    shown = check(browse, life, ready(life, "handling"), UNCLEAR)
    assert "清单会问：是否写明解决、部分解决或未解决？" in shown and "请写明是否解决" in shown


def test_what_the_form_asks_for_in_a_field_of_its_own_is_not_missing(life: Life) -> None:
    ticket = ready(life, "handling")
    said = {**UNCLEAR, "public_answer": "路灯的事我们正在协调，会尽快派人维修。"}
    without, named = advise(life.city, ticket, said), advise(life.city, ticket, {**said, "handler": "照明所王工"})
    assert without and named
    assert "由谁负责办理" in without.missing and "由谁负责办理" not in named.missing


def test_a_clear_form_with_a_hollow_public_answer_is_flagged_too(life: Life) -> None:
    advice = advise(life.city, ready(life, "handling"), {**CLEAR, "public_answer": UNCLEAR["public_answer"]})
    assert advice and advice.verdict == "pass" and advice.public_unclear and advice.flagged


def test_nothing_written_yet_is_not_judged(life: Life, browse: Browse) -> None:
    ticket = ready(life, "handling")
    assert advise(life.city, ticket, {"facts": "  "}) is None
    assert "写下调查情况和公开答复后" in check(browse, life, ticket, {})


def test_the_check_only_reads_and_stops_nobody(life: Life, browse: Browse) -> None:
    ticket = ready(life, "handling")
    before = written(life)
    check(browse, life, ticket, UNCLEAR)
    assert written(life) == before
    life.do(ticket, "he", "reply", **UNCLEAR)
    assert ticket.state == "to_review"


def test_the_reply_form_asks_for_the_check_while_typing(life: Life, browse: Browse) -> None:
    ticket = ready(life, "handling")
    page = browse(life.staff["he"]).get(f"/tickets/{ticket.number}/do/reply").get_data(as_text=True)
    assert "提交前自查" in page and f'hx-post="/tickets/{ticket.number}/check"' in page


@pytest.mark.parametrize("login", ["chang", "ren"])
def test_only_the_unit_in_charge_may_ask(life: Life, browse: Browse, login: str) -> None:
    ticket = ready(life, "handling")
    assert browse(life.staff[login]).post(f"/tickets/{ticket.number}/check", data=UNCLEAR).status_code in (403, 404)


def test_the_reviewer_sees_the_same_advice_and_decides_alone(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_review", **UNCLEAR)
    page = html.unescape(browse(life.staff["ren"]).get(f"/review/{ticket.number}").get_data(as_text=True))
    advice = advise(life.city, ticket, fields_of(life.db.scalars(select(Reply)).one()))
    assert advice and advice.verdict == "redo"
    assert advice.words in page and all(item in page for item in advice.missing)
    assert all(point.sentence in page for point in advice.reasons)
    assert page.count("is-suggested") == len(advice.codes) > 0
    assert (
        'name="reasons" value="R01" data-hint' in page
        and "checked" not in page.split('class="reason-chips"')[1].split("</fieldset>")[0]
    )


def test_agreement_and_disagreement_are_kept_and_counted(life: Life, browse: Browse) -> None:
    back, passed, surprised = (ready(life, "to_review", **said) for said in (UNCLEAR, CLEAR, CLEAR))
    life.do(back, "ren", "redo", reasons=["R01"])
    life.do(passed, "ren", "pass")
    life.do(surprised, "ren", "redo", reasons=["R05"])
    life.db.commit()
    kept = life.db.scalars(select(Correction).where(Correction.about == "reply").order_by(Correction.id)).all()
    assert [one.chosen for one in kept] == ["redo:R01", "pass", "redo:R05"]
    assert kept[0].proposed.startswith("redo:") and kept[1].proposed == kept[2].proposed == "pass"  # type: ignore[union-attr]
    counted = agreement(life.db, life.now.replace(hour=0), life.staff["ren"].id)
    assert (counted.judged, counted.agreed, counted.missed, counted.percent) == (3, 2, 1, 67)
    life.db.commit()
    page = browse(life.staff["ren"]).get("/review").get_data(as_text=True)
    assert "3 次判断里，67%" in page


def test_a_supervisors_send_back_is_no_judgement_of_the_reply(life: Life) -> None:
    ticket = life.to("to_review")
    life.do(ticket, "ren", "pass")
    before = agreement(life.db, life.now.replace(hour=0)).judged
    assert before == 1 and agreement(life.db, life.now.replace(hour=0), life.staff["du2"].id).judged == 0


def test_personal_data_of_the_request_is_masked_in_the_advice(life: Life) -> None:
    ticket = life.ticket(words="我叫王小明，电话13912345678，请问什么时候修路灯？")
    advice = advise(life.city, ticket, UNCLEAR)
    assert advice and "13912345678" not in str(advice)


def test_the_advice_is_complete_in_english(life: Life, browse: Browse) -> None:
    ticket = ready(life, "handling")
    client = browse(life.staff["he"])
    client.post("/language", data={"code": "en", "next": "/"})
    page = client.post(f"/tickets/{ticket.number}/check", data=UNCLEAR).get_data(as_text=True)
    assert "likely to go back" in page and "the result or the finding" in page
