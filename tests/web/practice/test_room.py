"""A newcomer takes calls of invented people: asked, filed, scored; and not a row of the city's own changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from hotline.installation import Installation
from hotline.jobs.schedule import take_exams_in
from models import LoginSession, PracticeExam, PracticeRun, Receipt, Staff
from models.store.db import Base
from tests.support.desks.english import still_chinese
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]
OWN = {PracticeRun.__tablename__, PracticeExam.__tablename__}
LAMP = {
    "phone": "19900000001",
    "channel": "hotline",
    "privacy": "masked",
    "body": "文峰大道和光华路口往南三个路灯不亮，已经五天了，希望尽快修理。",
    "category": "0204",
    "area": "wenfeng",
    "place": "文峰大道和光华路口",
}


def taken(client: FlaskClient, script: str) -> str:
    """The address of a new call of this caller."""
    answer = client.post("/practice/take", data={"script": script})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def rows_of_every_table(life: Life) -> dict[str, list[Any]]:
    """Everything that the database holds beside the practice room, the sign-in of the browser and keys of forms."""
    apart = OWN | {LoginSession.__tablename__, Receipt.__tablename__}
    found = {
        table.name: life.db.execute(select(table)).all()
        for table in Base.metadata.sorted_tables
        if table.name not in apart
    }
    life.db.commit()
    return {name: [tuple(map(str, row)) for row in rows] for name, rows in found.items()}


def test_a_call_is_taken_asked_filed_and_scored(life: Life, browse: Browse) -> None:
    an = browse(life.staff["an"])
    page = taken(an, "lamp-dark")
    opened = an.get(page).get_data(as_text=True)
    assert "黑咕隆咚" in opened and 'name="body"' in opened and 'value="19900000001"' in opened
    assert "三个灯杆" not in opened, "what is told only when asked is not on the page"
    where = an.post(f"{page}/ask", data={"chosen": "where"}, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "三个灯杆" in where and "<html" not in where
    own_words = an.post(f"{page}/ask", data={"say": "坏了多久了？"}, headers={"HX-Request": "true"})
    assert "有五天了" in own_words.get_data(as_text=True)
    assert an.post(f"{page}/file", data={**LAMP, "then": "submit"}).status_code == 303
    result = an.get(page).get_data(as_text=True)
    assert "100<small>" in result and "可以做得更好" not in result and "路口路灯不亮" in result
    run = life.db.scalars(select(PracticeRun)).one()
    assert (run.points, run.passed, run.done) == (100.0, True, "submit")
    life.db.commit()
    assert an.post(f"{page}/file", data=LAMP).status_code == 409


def test_what_was_missed_is_told_with_the_sentence_to_do_better(life: Life, browse: Browse) -> None:
    an = browse(life.staff["an"])
    page = taken(an, "gas-smell")
    an.post(f"{page}/file", data={**LAMP, "body": "楼道有煤气味", "category": "0303", "then": "submit"})
    result = an.get(page).get_data(as_text=True)
    assert "应是119，您的是空着" in result
    assert "有人有危险，问到地点就转" in result and "这一项错了就不合格" in result
    assert "没有问“请问具体在什么位置？”" in result


def test_practising_changes_no_row_of_the_city(life: Life, browse: Browse) -> None:
    """No ticket, no text, no clock, no search, no statistics, no learning: every table but the room's own is as it was."""
    life.ticket()
    life.db.commit()
    an = browse(life.staff["an"])
    before = rows_of_every_table(life)
    page = taken(an, "repeat-urge")
    for say in ({"chosen": "before"}, {"say": "什么情况？"}, {"say": ""}):
        an.post(f"{page}/ask", data=say)
    typed = {**LAMP, "phone": "13800001234", "body": "文峰大道与东工路交叉口的路灯坏了三天，污水流到一楼了"}
    side = an.post(f"{page}/beside", data=typed).get_data(as_text=True)
    assert an.post(f"{page}/questions", data=typed).status_code == 200
    an.post(f"{page}/file", data={**typed, "then": "another"})
    an.post(f"{page}/file?then=urge", data={**typed, "then": "urge"})
    an.post(f"{taken(an, 'ask-idcard')}/file", data={**typed, "then": "answer", "answer": "带户口本"})
    an.post(f"{taken(an, 'police-fight')}/file", data={**typed, "then": "transfer:110"})
    assert an.post("/practice/exams/begin", data={"code": "safety"}).status_code == 303
    for address in ("", "/runs", "/progress", "/exams", "/exams/1"):
        assert an.get(f"/practice{address}").status_code == 200
    an.post("/practice/exams/1/next")
    an.post("/practice/exams/1/hand-in")
    assert rows_of_every_table(life) == before
    assert "楼道污水外溢" in side and "可能已有同一事项" not in side and "/desk/" not in side


def test_an_old_matter_is_urged_and_not_filed_anew(life: Life, browse: Browse) -> None:
    an = browse(life.staff["an"])
    page = taken(an, "repeat-urge")
    for code in ("before", "what"):
        an.post(f"{page}/ask", data={"chosen": code})
    an.post(f"{page}/file?then=urge", data={**LAMP, "body": "漏得更厉害，流到一楼了"})
    assert life.db.scalars(select(PracticeRun.passed)).one() is True


def test_a_form_that_is_refused_keeps_its_words_and_the_call(life: Life, browse: Browse) -> None:
    an = browse(life.staff["an"])
    page = taken(an, "lamp-dark")
    refused = an.post(f"{page}/file", data={**LAMP, "category": "路灯和公厕", "then": "submit"})
    assert refused.status_code == 400
    assert "文峰大道和光华路口往南" in refused.get_data(as_text=True)
    assert an.post(f"{page}/file", data={**LAMP, "body": " ", "then": "submit"}).status_code == 400
    assert an.post(f"{page}/file", data={**LAMP, "then": "answer"}).status_code == 400
    assert life.db.scalars(select(PracticeRun.filed)).one() == []


def test_nobody_else_sees_a_call_that_runs_and_mentors_see_it_afterwards(life: Life, browse: Browse) -> None:
    an, lead, du = browse(life.staff["an"]), browse(life.staff["班"]), browse(life.staff["du"])
    page = taken(an, "silent-pocket")
    assert lead.get(page).status_code == 404
    assert du.get(page).status_code == 403
    an.post(f"{page}/file", data={"then": "none", "channel": "hotline", "privacy": "masked"})
    assert "口袋里误拨" in lead.get(page).get_data(as_text=True)
    people = lead.get("/practice/people").get_data(as_text=True)
    assert "an</a>" in people and "多练练" in people
    assert an.get("/practice/people").status_code == 403
    assert "口袋里误拨" in lead.get("/practice/runs").get_data(as_text=True)


def test_a_drawn_call_is_one_that_was_had_least_often(life: Life, browse: Browse) -> None:
    an = browse(life.staff["an"])
    for _n in range(4):
        an.post("/practice/take", data={"kind": "silent"})
    codes = life.db.execute(select(PracticeRun.script_code, func.count()).group_by(PracticeRun.script_code)).all()
    assert dict(map(tuple, codes)) == {"silent-violence": 2, "silent-pocket": 2}
    life.db.commit()
    assert an.post("/practice/take", data={"script": "nobody"}).status_code == 404


def test_an_examination_tells_nothing_before_it_is_handed_in_and_then_all(life: Life, browse: Browse) -> None:
    an, head = browse(life.staff["an"]), browse(life.staff["tou"])
    page = str(an.post("/practice/exams/begin", data={"code": "safety"}).headers["Location"])
    assert an.post("/practice/exams/begin", data={"code": "safety"}).status_code == 400
    runs = life.db.scalars(select(PracticeRun).order_by(PracticeRun.place)).all()
    assert [one.place for one in runs] == [1, 2, 3, 4, 5, 6]
    life.db.commit()
    first = str(an.post(f"{page}/next").headers["Location"])
    an.post(f"{first}/file", data={"then": "none", "channel": "hotline", "privacy": "masked"})
    assert an.get(first).headers["Location"] == page
    assert head.get(page).status_code == 404
    life.clock.at += timedelta(minutes=26)
    late = an.post(f"{page}/next")
    assert late.status_code == 409
    assert "这一项已经变动" in late.text and "工单已经" not in late.text
    assert an.post(f"{page}/hand-in").status_code == 303
    assert "不合格" in an.get(page).get_data(as_text=True)
    assert an.get(f"{page}/certificate").status_code == 404
    assert "天后可以重考" in an.get("/practice").get_data(as_text=True)
    life.clock.at += timedelta(days=1)
    an = browse(life.staff["an"])
    assert an.post("/practice/exams/begin", data={"code": "safety"}).status_code == 303


def test_an_examination_that_was_left_is_handed_in_when_its_time_is_over(
    life: Life, browse: Browse, installation: Installation
) -> None:
    """The browser closed in the middle, and the next day: what was not done counts nothing, and everybody may see it."""
    an, head = browse(life.staff["an"]), browse(life.staff["tou"])
    page = str(an.post("/practice/exams/begin", data={"code": "safety"}).headers["Location"])
    first = str(an.post(f"{page}/next").headers["Location"])
    assert str(an.post(f"{page}/next").headers["Location"]) == first, "a second tab is in the same call"
    take_exams_in(installation, life.clock.now())
    assert head.get(page).status_code == 404, "it runs"
    life.clock.forward(minutes=26)
    take_exams_in(installation, life.clock.now())
    late = an.post(f"{first}/file", data={"then": "none", "channel": "hotline", "privacy": "masked"})
    assert late.status_code == 409
    assert "不合格" in head.get(page).get_data(as_text=True)
    assert "没有交卷" not in an.get("/practice").get_data(as_text=True)


def test_who_passes_has_a_certificate_that_can_be_verified(life: Life, browse: Browse) -> None:
    an, head = browse(life.staff["an"]), browse(life.staff["tou"])
    page = str(an.post("/practice/exams/begin", data={"code": "safety"}).headers["Location"])
    for run in life.db.scalars(select(PracticeRun)):
        run.taken_at = run.ended_at = life.now
        run.points, run.passed = 90.0, True
    life.db.commit()
    an.post(f"{page}/hand-in")
    exam = life.db.scalars(select(PracticeExam)).one()
    assert (exam.passed, exam.points, exam.number) == (True, 90.0, "P2026-00001")
    paper = an.get(f"{page}/certificate").get_data(as_text=True)
    assert all(words in paper for words in ("合格证", "P2026-00001", "an：", "90 分", "（盖章）"))
    listed = head.get("/practice/exams?outcome=passed&number=p2026-00001").get_data(as_text=True)
    assert "合格证 P2026-00001 属实" in listed
    assert "没有编号是 P2026-00009" in head.get("/practice/exams?number=P2026-00009").get_data(as_text=True)


def test_one_deed_that_must_never_be_done_fails_an_examination_whatever_the_points(life: Life, browse: Browse) -> None:
    an = browse(life.staff["an"])
    page = str(an.post("/practice/exams/begin", data={"code": "safety"}).headers["Location"])
    for run in life.db.scalars(select(PracticeRun)):
        run.taken_at = run.ended_at = life.now
        run.points, run.passed = 98.0, True
    life.db.scalars(select(PracticeRun).limit(1)).one().scores = [{"item": "never", "ok": False, "fatal": True}]
    life.db.commit()
    an.post(f"{page}/hand-in")
    assert life.db.scalars(select(PracticeExam.passed)).one() is False


def test_the_pages_speak_english(life: Life, browse: Browse) -> None:
    life.staff["an"].language = "en"
    life.db.commit()
    an = browse(life.staff["an"])
    page = taken(an, "lamp-dark")
    answers = [an.get(page).get_data(as_text=True)]
    an.post(f"{page}/file", data={**LAMP, "then": "submit"})
    answers += [
        an.get(at).get_data(as_text=True) for at in (page, "/practice", "/practice/progress", "/practice/exams")
    ]
    assert [still_chinese(one, "practice") for one in answers] == [[]] * len(answers)


def test_a_unit_has_no_practice_room(life: Life, browse: Browse) -> None:
    assert browse(life.staff["he"]).get("/practice").status_code == 403


def test_a_weak_kind_stands_on_the_coaching_list_and_the_talk_on_the_own_page(life: Life, browse: Browse) -> None:
    an, du2 = browse(life.staff["an"]), browse(life.staff["du2"])
    person = life.staff["an"].id
    for _twice in range(2):
        page = taken(an, "lamp-dark")
        assert an.post(f"{page}/file", data={**LAMP, "body": "灯", "place": "", "then": "submit"}).status_code == 303
    listed = du2.get("/quality/?tab=coaching").get_data(as_text=True)
    assert f"/practice/progress?person={person}#coach-plain" in listed
    own = du2.get(f"/practice/progress?person={person}").get_data(as_text=True)
    assert "2 通里 2 通没有通过" in own and 'name="words-plain"' in own
    form = f"/practice/people/{person}/coach"
    assert du2.post(form, data={"kind": "plain", "words-plain": ""}).status_code == 400
    assert an.post(form, data={"kind": "plain", "words-plain": "好"}).status_code == 403
    assert du2.post(form, data={"kind": "plain", "words-plain": "先问路口和方向"}).status_code == 303
    assert "先问路口和方向" in an.get("/practice/progress").get_data(as_text=True)
    assert "#coach-plain" not in du2.get("/quality/?tab=coaching").get_data(as_text=True)
