"""The ticket's page: who sees what, what the buttons do, and that nothing typed is ever lost."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from hotline.installation import Installation
from hotline.web.core.forms import action_forms
from models import Audit, Reply
from tests.support.desks.citizens_codes import code_of
from tests.support.life import ROADS, WORDS, Life
from tests.support.statements import statements
from tests.web.ticket.prepared import Browse, fresh, ready


@pytest.mark.parametrize("state", list(ROADS))
def test_the_page_opens_in_every_state_with_a_form_for_every_button(life: Life, browse: Browse, state: str) -> None:
    ticket = ready(life, state)
    for login in ("du", "he", "ren", "hui", "du2", "tou", "an"):
        client = browse(life.staff[login])
        page = client.get(f"/tickets/{ticket.number}")
        if page.status_code == 404:
            assert login == "he"
            continue
        forms = set(re.findall(rf'href="(/tickets/{ticket.number}/(?:do|petitions)/\w+)"', page.text))
        assert {client.get(form).status_code for form in forms} <= {200, 302}  # merging has a page of its own


def test_another_unit_finds_nothing_and_can_do_nothing(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    chang = browse(life.staff["chang"])
    assert chang.get(f"/tickets/{ticket.number}").status_code == 404
    assert chang.post(f"/tickets/{ticket.number}/do/note", data={"text": "偷看"}).status_code == 404
    assert (
        chang.post(f"/tickets/{ticket.number}/reveal", data={"field": "phone", "reason": "联系市民"}).status_code == 404
    )
    assert chang.post(f"/tickets/{ticket.number}/files").status_code == 404


def test_personal_data_is_starred_on_the_page(life: Life, browse: Browse) -> None:
    ticket = life.ticket(words="我叫王建国，电话13837201234，路灯坏了。", name="王建国", place="光明路3号楼2单元501室")
    life.db.commit()
    page = browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text
    assert "13837201234" not in page
    assert "王建国" not in page
    assert "2单元501室" not in page


def test_the_query_code_in_a_text_is_hidden_from_staff(life: Life, browse: Browse, installation: Installation) -> None:
    from hotline.outbox.runner import drain

    ticket = ready(life, "to_dispatch")
    drain(installation)
    page = browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text
    assert "与市民的短信" in page
    assert code_of(ticket) not in page


def test_an_action_goes_through_its_form_back_to_the_ticket(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_sign")
    answer = browse(life.staff["he"]).post(f"/tickets/{ticket.number}/do/sign", data={"seen": ticket.move_count})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/tickets/{ticket.number}"
    assert fresh(life, ticket).state == "handling"


def test_after_success_the_reader_goes_where_the_form_came_from_but_never_to_another_site(
    life: Life, browse: Browse
) -> None:
    ticket = ready(life, "to_sign")
    he = browse(life.staff["he"])
    note = {"text": "记一笔", "seen": ticket.move_count}
    assert (
        he.post(f"/tickets/{ticket.number}/do/note", data={**note, "next": "/unit/?page=2"}).headers["Location"]
        == "/unit/?page=2"
    )
    assert (
        he.post(f"/tickets/{ticket.number}/do/note", data={**note, "next": "https://evil.example/x"}).headers[
            "Location"
        ]
        == "/x"
    )


def test_units_are_named_by_their_names_and_checklists_by_their_codes(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_dispatch")
    names = [life.city.unit_name(code) for code in ("chengguan", "housing")]
    answer = browse(life.staff["du"]).post(
        f"/tickets/{ticket.number}/do/dispatch",
        data={"seen": ticket.move_count, "unit": names[0], "helpers": [names[1], "", ""]},
    )
    assert answer.status_code == 303
    assert [a.unit_code for a in fresh(life, ticket).assignments] == ["chengguan", "housing"]


def test_a_review_passes_with_a_checklist_answered_item_by_item(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_review")
    data = {f"checklist.{item.code}": "yes" for item in life.city.checklist}
    ren = browse(life.staff["ren"])
    some = dict(list(data.items())[:2])
    refused = ren.post(f"/tickets/{ticket.number}/do/pass", data={"seen": ticket.move_count, **some})
    assert refused.status_code == 400
    assert refused.text.count('value="yes" checked') == 2
    (wording,) = re.findall(r'name="wording" value="(\d+)"', ren.get(f"/tickets/{ticket.number}/do/pass").text)
    sent = {"seen": ticket.move_count, "note": "已电话向市民核实", **data}
    assert ren.post(f"/tickets/{ticket.number}/do/pass", data=sent).status_code == 400
    assert ren.post(f"/tickets/{ticket.number}/do/pass", data={"wording": wording, **sent}).status_code == 303


def test_a_redo_shows_the_unit_why_beside_its_form_and_keeps_its_last_words(life: Life, browse: Browse) -> None:
    ticket = life.to("to_review")
    life.do(ticket, "ren", "redo", reasons=["R01", "R05"], note="请附照片")
    life.do(ticket, "he", "sign")
    life.db.commit()
    page = browse(life.staff["he"]).get(f"/tickets/{ticket.number}/do/reply").text
    assert "上一轮退回的原因" in page
    assert life.city.reason_name("R05") in page
    assert "请附照片" in page
    assert "现场查看，灯杆线路断开" in page


def test_a_correction_without_a_difference_changes_nothing(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_dispatch")
    du = browse(life.staff["du"])
    same = {"request_type": ticket.request_type, "urgency": ticket.urgency, "privacy": ticket.privacy}
    assert du.post(f"/tickets/{ticket.number}/do/correct", data=same).status_code == 400
    assert du.post(f"/tickets/{ticket.number}/do/correct", data={**same, "urgency": "urgent"}).status_code == 303
    assert fresh(life, ticket).urgency == "urgent"


def test_a_field_is_revealed_for_a_while_with_a_reason_and_leaves_a_trace(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    he = browse(life.staff["he"])
    short = he.post(f"/tickets/{ticket.number}/reveal", data={"field": "phone", "reason": "看"})
    assert short.status_code == 400
    assert "理由" in short.json["detail"]
    told = he.post(f"/tickets/{ticket.number}/reveal", data={"field": "phone", "reason": "联系市民 13837201234"})
    assert told.json == {"value": "13800001234", "seconds": life.city.policy.reveal_seconds}
    life.db.rollback()
    [trace] = life.db.scalars(select(Audit).where(Audit.action == "reveal"))
    assert (trace.actor_id, trace.ticket_id, trace.subject) == (life.staff["he"].id, ticket.id, "phone")
    assert "13837201234" not in str(trace.detail)


def test_an_informant_is_revealed_only_to_those_who_guard_sealed_tickets(life: Life, browse: Browse) -> None:
    """VH18."""
    ticket = life.ticket(words=WORDS, phone="13800005678", privacy="sealed")
    life.do(ticket, "du", "dispatch")
    life.db.commit()
    ask = {"field": "phone", "reason": "核实情况"}
    codes = {
        login: browse(life.staff[login]).post(f"/tickets/{ticket.number}/reveal", data=ask).status_code
        for login in ("du", "hejt", "he", "hui", "an")
    }
    assert codes == {"du": 200, "hejt": 403, "he": 404, "hui": 404, "an": 200}


def test_a_city_leader_reads_but_reveals_nothing(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    shi = browse(life.staff["shi"])
    page = shi.get(f"/tickets/{ticket.number}")
    assert page.status_code == 200
    assert "data-reveal=" not in page.text
    assert (
        shi.post(f"/tickets/{ticket.number}/reveal", data={"field": "phone", "reason": "联系市民"}).status_code == 403
    )


def test_the_proposal_is_for_the_centre_alone(life: Life, browse: Browse, installation: Installation) -> None:
    from hotline.triage.propose import propose

    ticket = life.to("to_sign")
    propose(life.db, life.city, installation.classifier, ticket, life.now)
    life.db.commit()
    assert "研判建议" in browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text
    assert "研判建议" not in browse(life.staff["he"]).get(f"/tickets/{ticket.number}").text


def test_a_page_costs_the_same_number_of_statements_however_long_its_story(
    life: Life, browse: Browse, installation: Installation
) -> None:
    ticket = ready(life, "closed")
    client = browse(life.staff["du"])
    client.get(f"/tickets/{ticket.number}")
    with statements(installation.engine) as short:
        client.get(f"/tickets/{ticket.number}")
    for n in range(12):
        life.do(ticket, "an", "note", text=f"第 {n} 次来电")
    life.do(ticket, "du2", "redo")
    signed, replied = ("he", "sign"), ("he", "reply")
    for login, action in (
        signed,
        ("he", "contact"),
        replied,
        ("ren", "redo"),
        signed,
        replied,
    ):
        life.do(ticket, login, action)
    for _ in range(5):
        life.ticket()
    life.db.commit()
    with statements(installation.engine) as long:
        client.get(f"/tickets/{ticket.number}")
    assert life.db.scalars(select(Reply)).all()
    assert len(long) == len(short)


def test_the_headings_of_the_page_are_english_for_those_who_read_english(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    he = browse(life.staff["he"])
    he.set_cookie("hotline_language", "en")
    page = he.get(f"/tickets/{ticket.number}").text
    headings = re.findall(r'class="card-name">(?:<svg.*?</svg>)?([^<]+)<', page, re.S)
    assert "Clocks" in headings
    assert [heading for heading in headings if re.search("[\u4e00-\u9fff]", heading)] == []


def test_buttons_that_would_surely_be_refused_are_not_offered(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    he = browse(life.staff["he"])
    assert "/do/take_back" not in he.get(f"/tickets/{ticket.number}").text
    life.do(ticket, "he", "delegate")
    life.db.commit()
    assert "/do/take_back" in he.get(f"/tickets/{ticket.number}").text


def test_a_ticket_is_closed_by_judgement_only_where_an_answer_waits_for_one(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_follow_up")
    hui, path = browse(life.staff["hui"]), f"/tickets/{ticket.number}"
    assert "/do/close_judged" not in hui.get(path).text
    life.do(ticket, "hui", "note_partly", solved="partly")
    life.db.commit()
    assert not ticket.dissatisfied and "/do/close_judged" in hui.get(path).text


def test_an_htmx_form_is_sent_on_by_a_header(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_sign")
    answer = browse(life.staff["he"]).post(
        f"/tickets/{ticket.number}/do/sign", data={"seen": ticket.move_count}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/tickets/{ticket.number}"


def test_merging_offers_the_tickets_that_tell_of_the_same_matter(life: Life, browse: Browse) -> None:
    words = "文峰大道与东工路交叉口的路灯已经三天不亮，晚上行人过马路很危险，请尽快维修。"
    first = life.ticket(words=words, title="路灯不亮，请打13837201234", phone="13800001111")
    second = life.ticket(words=words, phone="13800002222")
    other = life.ticket(words="小区的暖气一直不热，老人孩子都冻病了。", phone="13800003333")
    life.db.commit()
    page = browse(life.staff["du"]).get(f"/tickets/{second.number}/do/merge", follow_redirects=True).text
    assert first.number in page and other.number not in page and "13837201234" not in page


def test_a_page_with_the_button_to_merge_looks_for_no_same_matters_yet(
    life: Life, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is the form's question: the page only asks whether there is a form, as quick in a busy street as in a quiet one."""
    looked: list[str] = []
    monkeypatch.setattr(action_forms, "duplicates_of", lambda *_asked: looked.append("looked") or [])
    ticket = ready(life, "to_dispatch")
    client = browse(life.staff["du"])
    assert f"/tickets/{ticket.number}/do/merge" in client.get(f"/tickets/{ticket.number}").text and looked == []
