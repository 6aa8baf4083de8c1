"""The reviewer's assistant: the unit sees before submitting what the reviewer sees afterwards, and nobody is stopped by it."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hotline.errors import Refusal
from hotline.review_advice.advise import advise, fields_of
from hotline.review_advice.agreement import agreement
from hotline.tickets.display.citizen_view import progress
from models import Correction, Message, Proposal, Reply, ReplyPromise, Staff, Ticket, TicketEvent
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


def test_beside_something_to_check_no_probability_is_told(life: Life, browse: Browse) -> None:
    """ "One in a hundred comes back" beside a hollow public answer would be believed."""
    shown = check(browse, life, ready(life, "handling"), {**CLEAR, "public_answer": UNCLEAR["public_answer"]})
    assert "有几处要核对" in shown and "被退回的可能" not in shown
    assert "被退回的可能" in check(browse, life, ready(life, "handling"), CLEAR)


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


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("井盖丢了，骑车的人差点掉进去。", {"facts": "已派人到现场", "measures": "已安排", "public_answer": "您好，您反映的问题我局高度重视，已安排处理。"}),
        ("暖气不热，家里只有十度。", {"facts": "情况属实。", "measures": "已督促整改", "public_answer": "您反映的情况属实，已督促供热公司整改。"}),
        ("路灯不亮。", {**CLEAR, "public_answer": UNCLEAR["public_answer"]}),
    ],
)  # fmt: skip
def test_nothing_is_called_clear_beside_what_speaks_against_it(life: Life, asked: str, said: dict[str, str]) -> None:
    advice = advise(life.city, life.ticket(words=asked), {**said, "outcome": "solved"})
    assert advice and advice.doubtful
    assert advice.tone in ("bad", "warn") and "清楚" not in advice.words and "多半能通过" not in advice.meaning


def test_of_a_clear_reply_that_shares_no_words_with_the_request_it_is_asked_whether_it_is_the_same_matter(
    life: Life,
) -> None:
    said = {"facts": "经查，单元门门锁损坏。", "measures": "3月4日已更换门锁。", "public_answer": "单元门门锁已更换。"}
    other = advise(life.city, life.ticket(words="楼道太黑，晚上看不见路。"), said)
    same = advise(life.city, life.ticket(phone="13800007777", words="单元门的门锁坏了，谁都能进来。"), said)
    assert other and same and other.tone == same.tone == "good"
    assert "是不是同一件事" in other.meaning and "是不是同一件事" not in same.meaning


def test_a_question_that_the_assistant_doubts_says_so_on_the_sheet(life: Life, browse: Browse) -> None:
    doubted, clear = ready(life, "to_review", **UNCLEAR), ready(life, "to_review", **CLEAR)
    ren = browse(life.staff["ren"])
    assert "审核助手有疑问（R01）" in ren.get(f"/review/{doubted.number}").text
    assert "data-doubted" not in ren.get(f"/review/{clear.number}").text


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
    assert "likely to be sent back" in page and "the result or finding" in page


HOPES = {
    "facts": "经核查，路灯线路老化。",
    "measures": "已列入计划，待资金到位后实施。",
    "outcome": "unsolved",
    "outcome_reason": "资金没有到位",
    "public_answer": "您反映的路灯问题已列入计划，待资金到位后实施，感谢您的理解。",
}
DATED = {**HOPES, "public_answer": "照明所将于3月20日前更换电缆，两周内恢复亮灯。"}


def sent_back(life: Life, *codes: str, **reply: str) -> Ticket:
    """A ticket whose reply was sent back for these reasons, in the unit's hands again."""
    ticket = ready(life, "to_review", **reply)
    life.do(ticket, "ren", "redo", reasons=list(codes))
    life.do(ticket, "he", "sign")
    life.db.commit()
    return ticket


@pytest.mark.parametrize("polish", ["", "再次感谢您的支持！", "今后我们将举一反三，不断改进工作。"])
def test_a_reply_that_says_nothing_new_since_it_was_sent_back_is_never_called_clear(life: Life, polish: str) -> None:
    ticket = sent_back(life, "R01", **CLEAR)
    said = {**CLEAR, "public_answer": CLEAR["public_answer"] + polish}
    advice = advise(life.city, ticket, said)
    assert advice and advice.p >= 0.9 and advice.verdict == "redo"
    assert advice.memory and advice.memory.unchanged and [item.met for item in advice.memory.items] == [False]
    assert "R01" in advice.codes


def test_the_unit_is_told_before_it_submits_that_nothing_changed_and_what_was_asked_for(
    life: Life, browse: Browse
) -> None:
    shown = check(browse, life, sent_back(life, "R01", "R09", **HOPES), HOPES)
    assert "一字不差" in shown and "上一轮退回的原因，这次回应了没有" in shown
    assert shown.count("没有回应") >= 2


def test_the_new_words_of_a_second_round_are_shown_to_unit_and_reviewer(life: Life, browse: Browse) -> None:
    ticket = sent_back(life, "R09", **HOPES)
    assert "比第 1 轮多说了什么" in check(browse, life, ticket, DATED) and "3月20日前更换电缆" in check(
        browse, life, ticket, DATED
    )
    life.do(ticket, "he", "reply", **DATED)
    life.db.commit()
    sheet = html.unescape(browse(life.staff["ren"]).get(f"/review/{ticket.number}").get_data(as_text=True))
    assert "比第 1 轮多说了什么" in sheet and "一字不差" not in sheet


def test_a_reply_sent_in_again_word_for_word_is_stopped_at_the_units_own_submit(life: Life, browse: Browse) -> None:
    """Found at the desks: R2."""
    ticket = sent_back(life, "R01", **HOPES)
    for polish in ("", "再次感谢您对我们工作的支持！"):
        with pytest.raises(Refusal) as refused:
            life.do(ticket, "he", "reply", **{**HOPES, "public_answer": HOPES["public_answer"] + polish})
        assert "请写明" in refused.value.sentence or "请逐条回应" in refused.value.sentence
        assert life.city.reason_name("R01") in refused.value.sentence
        life.db.rollback()
    life.do(ticket, "he", "reply", **DATED)
    assert ticket.state == "to_review"


def test_what_was_sent_back_for_evidence_or_contact_alone_needs_no_other_words(life: Life) -> None:
    ticket = sent_back(life, "R03", "R05", **CLEAR)
    life.do(ticket, "he", "reply", **CLEAR)
    assert ticket.state == "to_review"
    advice = advise(life.city, ticket, CLEAR)
    assert advice and advice.verdict == "pass"


def test_the_unit_reads_back_what_it_promises_and_may_wait_until_then(life: Life, browse: Browse) -> None:
    ticket = ready(life, "handling")
    shown = check(browse, life, ticket, DATED)
    assert "您承诺了这些" in shown and "-03-20 前" in shown and "没有日期的承诺" in shown and "待资金到位" in shown
    until = shown.split("until=")[1].split('"')[0]
    page = browse(life.staff["he"]).get(f"/tickets/{ticket.number}/petitions/wait?until={until}").get_data(as_text=True)
    assert f'value="{until}"' in page and "申请长期跟进到 " + until in shown
    near = check(browse, life, ticket, {**DATED, "public_answer": "照明所将于3月6日前更换电缆。"})
    assert f"do/wait?until={until[:4]}-03-06" in near and f"约定 {until[:4]}-03-06 跟进" in near


def test_a_dated_promise_is_kept_moved_or_broken(life: Life) -> None:
    kept, moved, broken = (ready(life, "to_review", **DATED) for _each in range(3))
    for ticket, answer in ((kept, CLEAR), (moved, {**DATED, "facts": "经核查，电缆要到4月5日才到货。"})):
        life.do(ticket, "ren", "redo", reasons=["R09"])
        life.do(ticket, "he", "sign")
        life.do(
            ticket,
            "he",
            "reply",
            outcome="solved" if answer is CLEAR else "unsolved",
            outcome_reason="缺料",
            **{name: words for name, words in answer.items() if name not in ("outcome", "outcome_reason")},
        )
    life.db.commit()
    first = {
        ticket.id: row
        for ticket in (kept, moved, broken)
        for row in life.db.scalars(
            select(ReplyPromise).where(ReplyPromise.ticket_id == ticket.id, ReplyPromise.round == 1)
        )
        if "3月20日" in row.said
    }
    assert [(first[t.id].kept_at is not None, first[t.id].moved_at is not None) for t in (kept, moved, broken)] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_the_citizen_reads_the_promised_day_in_the_answer(life: Life) -> None:
    ticket = ready(life, "handling")
    life.do(ticket, "he", "interim", answer="电缆已下单，将于3月20日前更换完毕。")
    shown = progress(life.db, life.city, ticket, life.now)
    assert [step.due.day for step in shown.answers[0].promises if step.due] == [20]


@pytest.mark.parametrize("reply", ["已列入计划，待资金到位后实施。", "待条件成熟后，我局将适时予以考虑。"])
def test_a_plan_that_waits_for_money_is_far_from_clear(life: Life, reply: str) -> None:
    """Found at the desks: R7."""
    advice = advise(life.city, ready(life, "handling"), {"facts": reply, "public_answer": reply})
    assert advice and advice.p >= 0.6


def test_what_only_a_merged_citizen_asks_is_among_the_points(life: Life, browse: Browse) -> None:
    """Of ten tickets merged into one the assistant read the first: a reply that left the others' requests out seemed clear."""
    ticket = ready(life, "handling")
    other = life.ticket(phone="13900005678", words="我是李桂芳，13900005678。请问没有路灯期间摔伤的医药费谁来承担？")
    life.do(other, "du", "merge", master=ticket.number)
    life.db.commit()
    shown = check(browse, life, ticket, CLEAR)
    assert f"并案 {other.number}" in shown and "医药费谁来承担" in shown and "没有找到对应的答复" in shown
    assert "李桂芳" not in shown and "13900005678" not in shown
    told = CLEAR | {"public_answer": CLEAR["public_answer"] + "摔伤的医药费请向道路管理单位申请，承担责任由法院认定。"}
    answered = check(browse, life, ticket, told)
    assert f"并案 {other.number}" in answered and "没有找到对应的答复" not in answered
    life.do(ticket, "he", "reply", **CLEAR)
    life.db.commit()
    assert f"并案 {other.number}" in browse(life.staff["ren"]).get(f"/review/{ticket.number}").text
