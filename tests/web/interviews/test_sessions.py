"""A session from the plan to the published answer, by the doors a citizen has; and a hundred questions in ten minutes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hotline.app import create_app
from hotline.installation import Installation
from hotline.interviews import planning, questions
from hotline.outbox.runner import drain
from hotline.public_board import publishing
from hotline.public_board.wording import Wording
from hotline.settings import Settings
from hotline.web.core.limits.rate_limits import limiter
from models import Interview, InterviewQuestion, Publication, Ticket
from tests.support.cities.talks import AGAIN, FIRST, a_session, ask
from tests.support.life import Life
from webhooks.simulator import TwilioPhone

Browse = Callable[[Any], FlaskClient]


def text_of(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    return answer.get_data(as_text=True) if answer.status_code == 200 else str(answer.status_code)


def plan_typed(life: Life) -> dict[str, str]:
    return {
        "theme": "城市照明和环卫",
        "guest_unit": "chengguan",
        "guest_name": "何建国",
        "guest_post": "副局长",
        "code_word": "访谈城管",
        "opens_at": "2026-03-04T09:00",
        "starts_at": "2026-03-04T10:30",
        "ends_at": "2026-03-04T12:00",
    }


def asked_by_page(client: FlaskClient, one: int, words: str, phone: str, **more: str) -> Any:
    page = text_of(client, f"/c/interviews/{one}")
    sheet = re.search(r'name="sheet" value="([^"]+)"', page)
    assert sheet, page[:200]
    said = {"body": words, "phone": phone, "consent": "1", "sheet": sheet.group(1), **more}
    return [client.post(f"/c/interviews/{one}", data=said) for _twice in range(2)]


def test_a_session_is_planned_asked_answered_reviewed_and_published(
    app: Flask, life: Life, browse: Browse, installation: Installation
) -> None:
    life.db.commit()
    supervisor, agent, dispatcher = (browse(life.staff[login]) for login in ("du2", "an", "du"))
    made = supervisor.post("/interviews/", data=plan_typed(life))
    assert made.status_code == 303
    number = int(made.headers["Location"].rsplit("/", 1)[1])
    citizen = app.test_client()
    assert "城市照明和环卫" in text_of(citizen, "/c/interviews") and "何建国" in text_of(
        citizen, f"/c/interviews/{number}"
    )
    asked_by_page(
        citizen, number, "东风路17号门前的路灯什么时候修？我是王小明，13800001234。", "13800001234", public="1"
    )
    assert supervisor.post(f"/interviews/{number}/start").status_code == 303
    assert supervisor.post(f"/interviews/{number}/next").status_code == 303
    (question,) = life.db.scalars(select(InterviewQuestion)).all()
    ticket = life.db.get_one(Ticket, question.ticket_id)
    assert (ticket.channel, question.door, question.state) == ("interview", "page", "on_air")
    life.db.commit()
    sheet = text_of(agent, f"/interviews/{number}/questions/{question.id}")
    assert "路灯什么时候修" in sheet and "13800001234" not in sheet
    said = {"answer": "东风路的路灯本周五前修好。", "seen": "0"}
    assert agent.post(f"/interviews/{number}/questions/{question.id}", data=said).status_code == 303
    assert agent.post(f"/interviews/{number}/questions/{question.id}", data={**said, "answer": "改"}).status_code == 409
    assert supervisor.post(f"/interviews/{number}/end").status_code == 303
    assert dispatcher.post(f"/interviews/{number}/hand-over").status_code == 303
    assert "本周五前修好" not in text_of(citizen, f"/c/interviews/{number}"), "nothing is told before it was reviewed"
    life.db.expire_all()
    life.do(ticket, "he", "sign")
    life.db.commit()
    form = text_of(browse(life.staff["hejt"]), f"/tickets/{ticket.number}/do/reply")
    assert "东风路的路灯本周五前修好。" in form and "现场答复" in form
    life.do(ticket, "he", "reply", public_answer="东风路的路灯本周五前修好。")
    life.do(ticket, "ren", "pass")
    life.db.commit()
    assert "本周五前修好" not in text_of(citizen, f"/c/interviews/{number}"), "a person reads it for the public first"
    row = life.db.scalars(select(Publication)).one()
    waiting = life.db.execute(publishing.waiting()).all()
    assert [one[0].id for one in waiting] == [row.id]
    words = Wording("路灯", "东风路门前的路灯什么时候修？", "东风路的路灯本周五前修好。")
    publishing.publish(life.db, life.people["ren"], row.id, words, life.now)
    life.db.commit()
    page = text_of(citizen, f"/c/interviews/{number}")
    assert "本周五前修好" in page and "王小明" not in page and "17号" not in page and "13800001234" not in page


@pytest.fixture
def phones(settings: Settings) -> Callable[[int], TwilioPhone]:
    return lambda n: TwilioPhone(settings.twilio_auth_token, settings.public_url, f"+861390000{n:04d}", "+8612345")


def test_a_hundred_questions_in_ten_minutes_are_a_hundred_tickets(
    app: Flask, life: Life, browse: Browse, installation: Installation, phones: Callable[[int], TwilioPhone]
) -> None:
    """By page (each sent twice), by text (each told twice) and by telephone, several at once; while a moderator goes on."""
    one = a_session(life)
    life.db.commit()
    number = one.id
    supervisor, agent = browse(life.staff["du2"]), browse(life.staff["an"])
    assert supervisor.post(f"/interviews/{number}/start").status_code == 303

    def by_page(n: int) -> None:
        answers = asked_by_page(app.test_client(), number, f"第{n}问：我家楼下第{n}盏灯怎么办？", f"1380000{n:04d}")
        assert [answer.status_code for answer in answers] == [303, 303], n

    def by_text(n: int) -> None:
        knock = phones(n).text(f"SM{n}", f"访谈城管 第{n}问：第{n}个垃圾桶什么时候清？")
        for _twice in range(2):
            assert app.test_client().post(knock.path, data=knock.body, headers=knock.headers).status_code == 200

    def by_phone(n: int) -> None:
        said = {
            "body": f"第{n}问：第{n}条巷子几点扫？",
            "phone": f"1370000{n:04d}",
            "channel": "interview",
            "privacy": "masked",
        }
        sent = agent.post("/desk", data={**said, "interview": str(number), "once": f"talk-{n}", "then": "submit"})
        assert sent.status_code == 303, n

    for ten in range(10):
        life.clock.forward(minutes=1)
        with ThreadPoolExecutor(3) as pool:
            runs = [pool.submit(by_page, ten * 10 + k) for k in range(6)]
            runs += [pool.submit(by_text, ten * 10 + k) for k in range(6, 9)]
            for run in runs:
                run.result()
        by_phone(ten * 10 + 9)
        supervisor.post(f"/interviews/{number}/next")
    with installation.readings() as db:
        asked = db.execute(select(InterviewQuestion.door, func.count()).group_by(InterviewQuestion.door)).all()
        assert dict(tuple(row) for row in asked) == {"page": 60, "sms": 30, "phone": 10}
        assert db.scalar(select(func.count()).select_from(Ticket).where(Ticket.channel == "interview")) == 100
        bodies = [one.text.body for one in db.scalars(select(Ticket))]
        assert len(set(bodies)) == 100
        states = dict(db.execute(select(InterviewQuestion.state, func.count()).group_by(InterviewQuestion.state)).all())
        assert states == {"answered": 9, "on_air": 1, "waiting": 90}
    page = text_of(supervisor, f"/interviews/{number}")
    assert page.count('class="talk-row"') == 99, "and one on air"


def test_beyond_five_texts_of_one_number_nothing_is_lost_and_no_question_made(
    app: Flask, life: Life, installation: Installation, phones: Callable[[int], TwilioPhone]
) -> None:
    a_session(life)
    life.db.commit()
    for n in range(7):
        knock = phones(1).text(f"SM{n}", f"访谈城管 第{n}问：第{n}盏路灯为什么不亮？")
        assert app.test_client().post(knock.path, data=knock.body, headers=knock.headers).status_code == 200
    with installation.readings() as db:
        assert db.scalar(select(func.count()).select_from(InterviewQuestion)) == questions.MOST_BY_ONE
        assert db.scalar(select(func.count()).select_from(Ticket)) >= questions.MOST_BY_ONE


def test_a_question_about_what_is_here_already_may_join_it(app: Flask, life: Life, installation: Installation) -> None:
    one = a_session(life)
    there = life.ticket(phone="13812345678", words=FIRST)
    life.db.commit()
    drain(installation)
    client = app.test_client()
    said = {"body": AGAIN, "phone": "13900009999", "consent": "1", "sheet": "s-1", "asks": "1"}
    asked = client.post(f"/c/interviews/{one.id}", data=said)
    assert asked.status_code == 200 and "要不要合并" in asked.get_data(as_text=True)
    assert life.db.scalar(select(func.count()).select_from(InterviewQuestion)) == 0
    life.db.commit()
    assert client.post(f"/c/interviews/{one.id}", data={**said, "join": "yes"}).status_code == 303
    life.db.expire_all()
    (question,) = life.db.scalars(select(InterviewQuestion)).all()
    own = life.db.get_one(Ticket, question.ticket_id)
    assert (own.merged_into_id, own.state) == (there.id, "merged")


def test_who_joins_a_question_of_the_same_session_asks_with_it(
    app: Flask, life: Life, browse: Browse, installation: Installation
) -> None:
    number, dispatcher = a_session(life).id, life.staff["du"]
    life.db.commit()
    desk, client = browse(dispatcher), app.test_client()
    life.db.commit()
    said = {"body": FIRST, "phone": "13812345678", "consent": "1", "sheet": "s-1"}
    assert client.post(f"/c/interviews/{number}", data=said).status_code == 303
    drain(installation)
    again = {"body": AGAIN, "phone": "13900009999", "consent": "1", "sheet": "s-2", "join": "yes"}
    assert client.post(f"/c/interviews/{number}", data=again).status_code == 303
    life.db.expire_all()
    first, second = life.db.scalars(select(InterviewQuestion).order_by(InterviewQuestion.id)).all()
    assert (second.state, second.asked_with_id) == ("with", first.id)
    life.db.commit()
    assert "还有 1 人问" in text_of(desk, f"/interviews/{number}")


@pytest.fixture
def limited_app(life: Life, settings: Settings, installation: Installation) -> Iterator[Flask]:
    """With the limits on, as in a real installation."""
    life.db.commit()
    made = create_app(replace(settings, testing=False), installation)
    made.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    yield made
    limiter.enabled = False


def test_one_number_asks_no_more_often_than_on_the_public_form(limited_app: Flask, life: Life) -> None:
    one = a_session(life)
    life.db.commit()
    sent = [
        limited_app.test_client()
        .post(
            f"/c/interviews/{one.id}",
            data={"body": f"第{n}问", "phone": "13800001234", "consent": "1", "sheet": f"s{n}"},
        )
        .status_code
        for n in range(12)
    ]
    assert sent.count(303) == 10 and sent[-1] == 429


def test_a_form_that_is_not_whole_comes_back_with_every_word(app: Flask, life: Life) -> None:
    one = a_session(life)
    life.db.commit()
    answer = app.test_client().post(f"/c/interviews/{one.id}", data={"body": "路灯什么时候修？", "sheet": "s-1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400 and "路灯什么时候修？" in page and "请勾选同意" in page
    trapped = app.test_client().post(
        f"/c/interviews/{one.id}", data={"body": "路灯", "consent": "1", "homepage": "x", "sheet": "s-2"}
    )
    assert trapped.status_code == 400
    assert life.db.scalar(select(func.count()).select_from(Ticket)) == 0


def test_who_may_do_what_at_the_desk(life: Life, browse: Browse) -> None:
    one = a_session(life)
    ask(life, one, "路灯什么时候修？")
    life.db.commit()
    agent, handler = browse(life.staff["an"]), browse(life.staff["he"])
    assert agent.get(f"/interviews/{one.id}").status_code == 200
    assert agent.post(f"/interviews/{one.id}/start").status_code == 403
    assert agent.post("/interviews/", data=plan_typed(life)).status_code == 403
    assert handler.get(f"/interviews/{one.id}").status_code == 403
    lead = browse(life.staff["班"])
    assert lead.post(f"/interviews/{one.id}/start").status_code == 303
    assert lead.post(f"/interviews/{one.id}/hand-over").status_code == 403


def test_a_question_of_danger_to_life_is_marked_and_never_comes_on_air_by_itself(life: Life, browse: Browse) -> None:
    one = a_session(life)
    danger, lamp = ask(life, one, "我不想活了，站在楼顶。"), ask(life, one, "路灯什么时候修？")
    life.db.get_one(Ticket, danger.ticket_id).safety = True
    desk = f"/interviews/{one.id}"
    life.db.commit()
    lead = browse(life.staff["班"])
    page = text_of(lead, desk)
    assert page.count("涉安全") == 1 and page.index("涉安全") < page.index("路灯什么时候修")
    assert lead.post(f"{desk}/start").status_code == 303
    for state in ("on_air", "answered"):
        assert lead.post(f"{desk}/next").status_code == 303
        life.db.refresh(danger)
        life.db.refresh(lamp)
        assert (danger.state, lamp.state) == ("waiting", state)
        life.db.commit()
    assert "剩下的问题涉及安全" in text_of(lead, desk)


def test_a_question_as_long_as_a_book_takes_no_more_of_the_desk_than_another(life: Life, browse: Browse) -> None:
    one = a_session(life)
    ask(life, one, "暖气不热。" * 5000)
    life.db.commit()
    desk = text_of(browse(life.staff["du"]), f"/interviews/{one.id}")
    assert "暖气不热。" * 50 in desk and "暖气不热。" * 70 not in desk


def test_a_moderator_says_that_two_ask_the_same(life: Life, browse: Browse) -> None:
    one = a_session(life)
    first, second = ask(life, one, "路灯什么时候修？"), ask(life, one, "路灯何时能修好？")
    life.db.commit()
    dispatcher = browse(life.staff["du"])
    assert "路灯什么时候修" in text_of(dispatcher, f"/interviews/{one.id}/questions/{second.id}")
    sent = dispatcher.post(f"/interviews/{one.id}/questions/{second.id}/merge", data={"with": str(first.id)})
    assert sent.status_code == 303
    life.db.expire_all()
    merged = life.db.get_one(Ticket, second.ticket_id)
    assert (merged.state, merged.merged_into_id) == ("merged", first.ticket_id)
    life.db.commit()
    assert "还有 1 人问" in text_of(dispatcher, f"/interviews/{one.id}")


def test_an_agent_files_a_question_at_the_intake(life: Life, browse: Browse) -> None:
    one = a_session(life)
    life.db.commit()
    agent = browse(life.staff["an"])
    assert "城市照明和环卫" in text_of(agent, "/desk")
    said = {
        "body": "路灯什么时候修？",
        "phone": "13700001234",
        "channel": "interview",
        "privacy": "masked",
        "then": "submit",
    }
    assert agent.post("/desk", data={**said, "interview": str(one.id)}).status_code == 303
    assert agent.post("/desk", data={**said, "channel": "hotline", "body": "垃圾没清。"}).status_code == 303
    (question,) = life.db.scalars(select(InterviewQuestion)).all()
    ticket = life.db.get_one(Ticket, question.ticket_id)
    assert (question.door, ticket.channel, ticket.contact_phone) == ("phone", "interview", "13700001234")


def test_a_broadcasts_questions_count_as_a_broadcasts_by_whatever_door_they_come(
    app: Flask, life: Life, browse: Browse, phones: Callable[[int], TwilioPhone]
) -> None:
    life.db.commit()
    planner, agent = browse(life.staff["du2"]), browse(life.staff["an"])
    assert planner.post("/interviews/", data=plan_typed(life) | {"channel": "hotline"}).status_code == 400
    made = planner.post("/interviews/", data=plan_typed(life) | {"channel": "broadcast"})
    number = int(made.headers["Location"].rsplit("/", 1)[1])
    assert "连线政府" in text_of(app.test_client(), f"/c/interviews/{number}")
    asked_by_page(app.test_client(), number, "第一问：路灯什么时候修？", "13800001234")
    knock = phones(1).text("SM1", "访谈城管 第二问：垃圾什么时候清？")
    assert app.test_client().post(knock.path, data=knock.body, headers=knock.headers).status_code == 200
    said = {"body": "第三问：几点扫街？", "phone": "13700001234", "privacy": "masked", "then": "submit"}
    assert agent.post("/desk", data={**said, "channel": "interview", "interview": str(number)}).status_code == 303
    tickets = life.db.scalars(select(Ticket).order_by(Ticket.id)).all()
    assert [one.channel for one in tickets] == ["broadcast"] * 3
    assert life.db.scalar(select(func.count()).select_from(InterviewQuestion)) == 3
    assert tickets[1].text.extra["连线政府"] == "城市照明和环卫"


def test_a_cancelled_session_is_gone_from_the_public_page_and_its_questions_go_on(
    app: Flask, life: Life, browse: Browse
) -> None:
    one = a_session(life)
    question = ask(life, one, "路灯什么时候修？")
    life.db.commit()
    assert browse(life.staff["du2"]).post(f"/interviews/{one.id}/cancel").status_code == 303
    assert text_of(app.test_client(), f"/c/interviews/{one.id}") == "404"
    life.db.expire_all()
    ticket = life.db.get_one(Ticket, question.ticket_id)
    assert ticket.state == "to_dispatch" and ticket.due_at is not None, "with its clock"
    assert planning.taking_questions(life.db, life.now) == []
    assert life.db.get_one(Interview, one.id).state == "cancelled"


def test_where_to_text_a_question_is_told_by_its_number_or_not_at_all(app: Flask, life: Life) -> None:
    session = a_session(life)
    page, installation = f"/c/interviews/{session.id}", app.extensions["installation"]
    life.db.commit()
    assert "短信提问" not in text_of(app.test_client(), page)
    installation.city = replace(installation.city, sms_number="106912345")
    assert "到 106912345" in text_of(app.test_client(), page)


def test_a_question_outside_the_time_of_its_session_is_a_matter_and_says_so(
    app: Flask, life: Life, installation: Installation
) -> None:
    """The page was opened while questions were taken: before it was planned for later, when it had ended, or was called off."""
    for n, change in enumerate(({"state": "ended"}, {"state": "cancelled"}, {"opens_at": life.now + timedelta(hours=1)}, {"ends_at": life.now - timedelta(hours=1)})):  # fmt: skip
        one, citizen = a_session(life, theme=f"第{n}场", code_word=f"第{n}场"), app.test_client()
        life.db.commit()
        sheet = re.search(r'name="sheet" value="([^"]+)"', text_of(citizen, f"/c/interviews/{one.id}"))
        assert sheet is not None
        for name, value in change.items():
            setattr(one, name, value)
        life.db.commit()
        said = {"body": f"东风路第{n}盏路灯不亮，请修。", "phone": "13800001234", "sheet": sheet.group(1)}
        refused = citizen.post(f"/c/interviews/{one.id}", data=said)
        assert refused.status_code == 400 and said["body"] in refused.get_data(as_text=True), "nothing typed is lost"
        taken = citizen.post(f"/c/interviews/{one.id}", data={**said, "consent": "1"}, follow_redirects=True)
        assert "已作为一件诉求受理" in taken.get_data(as_text=True)
    tickets = life.db.scalars(select(Ticket).order_by(Ticket.id)).all()
    assert [(one.channel, one.state) for one in tickets] == [("web", "to_dispatch")] * 4
    assert life.db.scalar(select(func.count()).select_from(InterviewQuestion)) == 0
