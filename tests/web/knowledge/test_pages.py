"""The knowledge pages: who may do what, what the desk is shown and sends, what citizens read, and nothing after its time."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.knowledge import writing
from hotline.knowledge.answering import answers
from hotline.knowledge.files import importing
from hotline.knowledge.files.rows import read_file
from hotline.knowledge.search.index import Index
from models import (
    Article,
    ArticleFeedback,
    ArticleVersion,
    Citizen,
    Message,
    Staff,
    Ticket,
    TicketEvent,
    UnansweredQuestion,
)
from models.store.db import PATIENCE_S
from tests.support.knowledge_book import Keepers, wording
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.planted.matter_sheets import sheet_of_matters
from tests.support.statements import statements

Browse = Callable[[Staff], FlaskClient]
ASKED = "我家暖气片摸着冰凉，怎么办"
SAYS = "先放气，仍不到18度请报修"
TYPED = {
    "title": "灯坏了找谁", "questions": "路灯不亮\n灯不亮", "phone_answer": "打热线。", "source": "《城市照明管理规定》", "unit": CHENGGUAN,
    "valid_from": "2026-03-01", "audience": "public", "then": "send",
}  # fmt: skip


@pytest.fixture
def keepers(life: Life, city: City) -> Keepers:
    return Keepers(life.db, city)


def matter(keepers: Keepers, life: Life, **more: Any) -> Article:
    guide = {
        "papers": ["身份证", "一寸照片"],
        "place": "公交卡服务点",
        "hours": "工作日",
        "phone": "12345",
        "promised_limit": "当场办结",
    }
    return keepers.released(
        life,
        "matter",
        code="M1",
        title="老年卡办理",
        questions=["老人坐公交卡"],
        phone_answer="",
        guide=guide,
        category_code="0701",
        **more,
    )


def test_an_article_goes_through_the_pages_by_two_people(
    keepers: Keepers, browse: Browse, installation: Installation
) -> None:
    writer, leader = browse(keepers.staff["writer"]), browse(keepers.staff["leader"])
    refused = writer.post("/knowledge/new", data={**TYPED, "source": ""})
    assert refused.status_code == 400 and "打热线。" in refused.text
    shown = writer.post("/knowledge/new", data=TYPED, follow_redirects=True)
    assert "待发布" in shown.text
    with installation.readings() as db:
        version = db.scalars(select(ArticleVersion)).one()
        assert version.questions == ["路灯不亮", "灯不亮"]
    assert writer.post(f"/knowledge/versions/{version.id}/release").status_code == 403
    assert leader.post(f"/knowledge/versions/{version.id}/give_back", data={"why": ""}).status_code == 400
    assert leader.post(f"/knowledge/versions/{version.id}/release").status_code == 303
    assert "打热线。" in leader.get("/knowledge/?q=灯坏了").text
    changed = {**TYPED, "phone_answer": "打96111。", "note": "换号码"}
    writer.post(f"/knowledge/{version.article_id}/edit", data=changed)
    page = writer.get(f"/knowledge/{version.article_id}/versions/2").text
    assert "<del>" in page and "<ins>" in page
    other = browse(keepers.db.get_one(Staff, keepers.staff["writer"].id))
    assert other.get("/knowledge/?tab=waiting").status_code == 200


def test_others_see_no_draft_and_keep_no_files(keepers: Keepers, life: Life, browse: Browse) -> None:
    writer = browse(keepers.staff["writer"])
    writer.post("/knowledge/new", data={**TYPED, "then": "draft"})
    agent = browse(life.staff["an"])
    article = keepers.db.scalars(select(Article.id)).one()
    keepers.db.commit()
    assert agent.get(f"/knowledge/{article}").status_code == 404
    assert "灯坏了找谁" not in agent.get("/knowledge/?tab=draft").text
    for path in ("/knowledge/new", "/knowledge/imports", f"/knowledge/{article}/edit"):
        assert agent.get(path).status_code == 403
    assert browse(life.staff["chang"]).get(f"/knowledge/{article}/edit").status_code == 403


def test_the_desk_is_told_with_source_and_silent_otherwise(keepers: Keepers, life: Life, browse: Browse) -> None:
    keepers.released(life)
    desk = browse(life.staff["an"])
    panel = desk.post("/desk/beside", data={"body": ASKED, "channel": "hotline"}).text
    assert SAYS in panel and "《供热条例》（测试） 第三条" in panel and "（依据：" in panel
    silent = desk.post("/desk/beside", data={"body": "隔壁公司老总和我借钱不还", "channel": "hotline"}).text
    assert SAYS not in silent and "answers" not in silent
    assert "answers" not in desk.post("/desk/beside", data={"body": "", "channel": "hotline"}).text


def _to_midnight(clock: StoppedClock, city: City, *, minutes: int) -> None:
    """So many minutes after the end of the fourth of March in the city."""
    clock.at = datetime(2026, 3, 5, tzinfo=ZoneInfo(city.timezone)).astimezone(UTC) + timedelta(minutes=minutes)


def test_at_midnight_every_page_stops_telling_it(
    keepers: Keepers, life: Life, browse: Browse, app: Flask, clock: StoppedClock, city: City
) -> None:
    article = keepers.released(life, valid_until=date(2026, 3, 4))
    desk, citizen = browse(life.staff["an"]), app.test_client()
    seen = (
        lambda: desk.post("/desk/beside", data={"body": ASKED, "channel": "hotline"}).text,
        lambda: citizen.post("/c/questions/may-answer", data={"body": ASKED}).text,
        lambda: citizen.get("/c/questions", query_string={"q": ASKED}).text,
        lambda: citizen.get(f"/c/questions/{article.id}").text,
        lambda: desk.get("/knowledge/ask", query_string={"q": ASKED}).text,
        lambda: desk.get("/knowledge/").text,
    )
    assert all(SAYS in page() for page in seen)
    assert desk.post(f"/knowledge/desk/{article.id}/use").status_code == 204
    _to_midnight(clock, city, minutes=-1)
    desk = browse(life.staff["an"])
    assert all(SAYS in page() for page in seen), "its last minute"
    _to_midnight(clock, city, minutes=1)
    assert not any(SAYS in page() for page in seen), "a minute after midnight, with no job between"
    taken = desk.post(f"/knowledge/desk/{article.id}/use")
    assert taken.status_code == 404 and "过期" in taken.text, "who had it on the screen is told"
    assert citizen.get(f"/c/questions/{article.id}").status_code == 404
    morning = browse(life.staff["an"])
    assert SAYS not in morning.post("/desk/beside", data={"body": ASKED, "channel": "hotline"}).text
    told = morning.post(f"/knowledge/desk/{article.id}/text", data={"phone": "13800001234", "channel": "hotline"})
    assert told.status_code == 404
    with life.db.begin():
        assert (
            life.db.scalar(select(func.count()).select_from(Message).where(Message.template_key == "knowledge_answer"))
            == 0
        )


@pytest.mark.parametrize("ends", ["midnight", "withdrawn", "changed", "extended"])
def test_an_answer_that_was_filled_in_before_its_article_ended_is_not_sent_after_it(
    keepers: Keepers, life: Life, browse: Browse, clock: StoppedClock, city: City, ends: str
) -> None:
    """The form stood open; an article that only holds longer says the same as before."""
    article = keepers.released(life, valid_until=date(2026, 3, 4))
    desk = browse(life.staff["an"])
    (told,) = answers(life.db, Index(), city, ASKED, life.now)
    life.db.commit()
    typed = {"phone": "13800001234", "channel": "hotline", "body": ASKED, "title": "暖气不热", "privacy": "masked",
             "category": "0304", "answer": f"您好，{told.fills}", "then": "answer"}  # fmt: skip
    if ends == "midnight":
        _to_midnight(clock, city, minutes=1)
        desk = browse(life.staff["an"])
    elif ends == "withdrawn":
        writing.withdraw(life.db, keepers.people["editor"], article, "标准改了", life.now)
    else:
        more = {"phone_answer": "先放气，仍不到20度请报修，12小时内上门测温。"} if ends == "changed" else {}
        said = wording(valid_until=date(2027, 3, 4), **more)
        version = writing.rewrite(life.db, city, keepers.people["editor"], article, said, life.now)
        writing.send(life.db, city, keepers.people["editor"], version, life.now)
        writing.release(life.db, city, keepers.people["second"], version, life.now)
    life.db.commit()
    sent = desk.post("/desk", data=typed)
    if ends == "extended":
        assert sent.status_code == 303
    else:
        assert sent.status_code == 400 and "还是它原来的话" in sent.text and "您好，先放气" in sent.text


def test_at_midnight_no_slip_and_no_hand_over_rests_on_a_matter_any_more(
    keepers: Keepers, life: Life, browse: Browse, clock: StoppedClock, city: City, installation: Installation
) -> None:
    article = matter(keepers, life, valid_until=date(2026, 3, 4))
    form = {"phone": "13800001234", "channel": "hotline", "body": "老人坐公交的卡怎么办", "privacy": "masked"}
    assert "公交卡服务点" in browse(life.staff["an"]).post("/desk/beside", data=form).text
    _to_midnight(clock, city, minutes=1)
    desk = browse(life.staff["an"])
    assert "公交卡服务点" not in desk.post("/desk/beside", data=form).text
    assert desk.post(f"/knowledge/desk/{article.id}/slip", data=form).status_code == 404
    assert desk.post(f"/knowledge/desk/{article.id}/window", data=form).status_code == 404
    with installation.readings() as db:
        assert db.scalars(select(Ticket)).all() == [], "nothing was taken in for a window that nobody names"
        assert db.scalars(select(Message).where(Message.template_key == "matter_slip")).all() == []


def test_a_text_goes_once_and_not_to_those_who_take_none(
    keepers: Keepers, life: Life, browse: Browse, installation: Installation
) -> None:
    article, desk = keepers.released(life), browse(life.staff["an"])
    url, form = f"/knowledge/desk/{article.id}/text", {"phone": "13800001234", "channel": "hotline", "body": ASKED}
    assert [("answer-told-good" in desk.post(url, data=form).text) for _ in range(2)] == [True, False]
    assert "answer-told-bad" in desk.post(url, data={**form, "phone": ""}).text
    assert "answer-told-bad" in desk.post(url, data={**form, "phone": "0372-2550000"}).text
    with installation.sessions() as db:
        db.add(Citizen(phone="13900001234", language="zh", no_texts=True, created_at=life.now))
        db.commit()
    assert "answer-told-bad" in desk.post(url, data={**form, "phone": "13900001234"}).text
    with installation.readings() as db:
        (text,) = db.scalars(select(Message).where(Message.channel == "sms"))
        assert text.text.startswith("安阳12345：您咨询的问题答复如下：先放气") and "《供热条例》" in text.text
        assert db.get_one(Article, article.id).uses == 1


def test_the_slip_says_what_to_bring_and_the_window_gets_a_ticket(
    keepers: Keepers, life: Life, browse: Browse, installation: Installation
) -> None:
    article, desk = matter(keepers, life), browse(life.staff["an"])
    form = {"phone": "13800001234", "channel": "hotline", "body": "老人坐公交的卡怎么办", "privacy": "masked"}
    panel = desk.post("/desk/beside", data=form).text
    assert "身份证、一寸照片" in panel
    assert "answer-told-good" in desk.post(f"/knowledge/desk/{article.id}/slip", data=form).text
    assert desk.post(f"/knowledge/desk/{article.id}/window", data=form).status_code == 303
    assert desk.post(f"/knowledge/desk/{article.id}/window", data={**form, "body": ""}).status_code == 400
    with installation.readings() as db:
        text = db.scalars(select(Message.text).where(Message.template_key == "matter_slip")).one()
        assert "身份证、一寸照片" in text and "公交卡服务点" in text
        ticket = db.scalars(select(Ticket)).one()
        assert ticket.category_code == "0701"
        note = db.scalars(select(TicketEvent).where(TicketEvent.action == "note")).one()
        assert "公交卡服务点" in note.data["text"]


def test_reports_and_questions_reach_the_owner(
    keepers: Keepers, life: Life, browse: Browse, app: Flask, installation: Installation
) -> None:
    article, desk = keepers.released(life), browse(life.staff["an"])
    assert desk.post(f"/knowledge/{article.id}/feedback", data={"kind": "wrong", "words": ""}).status_code == 400
    assert (
        desk.post(f"/knowledge/{article.id}/feedback", data={"kind": "wrong", "words": "电话换了"}).status_code == 303
    )
    desk.post("/knowledge/desk/unanswered", data={"body": "外国人永久居留身份证怎么办理", "channel": "hotline"})
    app.test_client().post("/c/questions/missing", data={"q": "外国人永久居留身份证，怎么办理？"})
    with installation.readings() as db:
        task = db.scalars(select(ArticleFeedback)).one()
        asked = db.scalars(select(UnansweredQuestion)).one()
    assert asked.times == 2
    writer, editor = browse(keepers.staff["writer"]), browse(keepers.staff["editor"])
    assert "电话换了" in writer.get("/knowledge/feedback").text
    assert writer.post(f"/knowledge/feedback/{task.id}", data={"words": "已改"}).status_code == 303
    assert "外国人永久居留" in editor.get("/knowledge/unanswered").text
    assert "外国人永久居留" in editor.get(f"/knowledge/new?question={asked.id}").text
    wanted = {**TYPED, "title": "外国人永久居留身份证怎么办", "question": asked.id}
    assert editor.post("/knowledge/new", data=wanted).status_code == 303
    with installation.readings() as db:
        assert db.get_one(UnansweredQuestion, asked.id).state == "answered"


def test_a_file_is_looked_at_taken_and_released_by_another(keepers: Keepers, browse: Browse) -> None:
    editor, second = browse(keepers.staff["editor"]), browse(keepers.staff["second"])
    body = "问题,答复,依据,负责单位\n甲,乙,《丙》,chengguan\n丁,戊,,chengguan\n".encode()
    none = editor.post("/knowledge/imports", data={"kind": "article"}, content_type="multipart/form-data")
    torn = {"kind": "article", "file": (io.BytesIO(b"PK\x03\x04 not a book"), "事项.xlsx")}
    assert "打不开这个 Excel 文件：事项.xlsx" in editor.post("/knowledge/imports", data=torn).text
    assert none.status_code == 400
    sent = editor.post("/knowledge/imports", data={"kind": "article", "file": (io.BytesIO(body), "表.csv")})
    run = sent.headers["Location"]
    assert "没有出处" in editor.get(run).text
    rejects = editor.get(f"{run}/rejects").data.decode("utf-8-sig").splitlines()
    assert len(rejects) == 2 and "丁" in rejects[1]
    odd = "问题,答复,依据,单位,=cmd|'/C calc'!A0\n丁,戊,,,x\n".encode()
    odd_run = editor.post("/knowledge/imports", data={"kind": "article", "file": (io.BytesIO(odd), "表.csv")})
    heads = editor.get(f"{odd_run.headers['Location']}/rejects").data.decode("utf-8-sig").splitlines()[0]
    assert ",'=cmd" in heads, "a heading is a stranger's words as well (VH6)"
    assert editor.post(f"{run}/take").status_code == 303
    assert editor.post(f"{run}/take").status_code == 409
    assert editor.post(f"{run}/release").status_code == 403
    assert second.post(f"{run}/release").status_code == 303
    assert editor.get("/knowledge/template/matter").data[:2] == b"PK"
    assert second.post("/knowledge/export", data={"kind": "article"}).data[:2] == b"PK"


def test_1155_matters_by_the_page_with_30_rows_in_error_and_the_same_file_again(
    keepers: Keepers, browse: Browse, installation: Installation
) -> None:
    editor, second = browse(keepers.staff["editor"]), browse(keepers.staff["second"])

    def sent() -> str:
        file = (io.BytesIO(sheet_of_matters()), "实施清单.xlsx")
        return editor.post("/knowledge/imports", data={"kind": "matter", "file": file}).headers["Location"]

    def held() -> int:
        with installation.readings() as db:
            return db.scalar(select(func.count()).select_from(ArticleVersion)) or 0

    run = sent()
    assert held() == 0, "looked at, nothing written"
    rejects = list(csv.DictReader(io.StringIO(editor.get(f"{run}/rejects").data.decode("utf-8-sig"))))
    assert len(rejects) == 30
    assert all(one["原行号"].isdigit() and one["原工作表"] and one["没有读入的原因"] for one in rejects)
    assert Counter(one["有错的列"] for one in rejects) == {
        "事项名称": 5, "设定依据": 5, "实施主体": 5, "承诺办结时限": 10, "实施编码": 5
    }  # fmt: skip
    assert 'scope="col">列</th>' in editor.get(run).text
    assert editor.post(f"{run}/take").status_code == 303
    assert second.post(f"{run}/release").status_code == 303
    assert held() == 1125
    again = sent()
    editor.post(f"{again}/take")
    second.post(f"{again}/release")
    assert held() == 1125, "nothing doubled"


@pytest.mark.parametrize("deed", ["look", "take"])
def test_nobody_who_writes_waits_while_a_file_is_read(
    keepers: Keepers, browse: Browse, installation: Installation, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    """SQLite has one writer: a second connection that waits for nobody begins to write in the middle of the reading."""
    editor, written = browse(keepers.staff["editor"]), []
    body = "问题,答复,依据,负责单位\n甲,乙,《丙》,chengguan\n".encode()

    def send() -> str:
        return editor.post(
            "/knowledge/imports", data={"kind": "article", "file": (io.BytesIO(body), "表.csv")}
        ).headers["Location"]

    def read_while_others_write(*asked: Any) -> Any:
        with installation.engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout=0")
            written.append(other.exec_driver_sql("UPDATE staff SET name = name").rowcount)
            other.rollback()
            other.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE_S * 1000}")
        return read_file(*asked)

    run = send() if deed == "take" else ""
    monkeypatch.setattr(importing, "read_file", read_while_others_write)
    assert send() if deed == "look" else editor.post(f"{run}/take").status_code == 303
    assert len(written) == 1 and written[0] > 0


def test_a_file_of_a_thousand_rows_is_written_in_a_few_statements(
    keepers: Keepers, browse: Browse, installation: Installation
) -> None:
    """Whoever writes waits for it: three seconds when each row was asked for and written by itself."""
    editor = browse(keepers.staff["editor"])
    file = (io.BytesIO(sheet_of_matters()), "实施清单.xlsx")
    run = editor.post("/knowledge/imports", data={"kind": "matter", "file": file}).headers["Location"]
    with statements(installation.engine) as sent:
        assert editor.post(f"{run}/take").status_code == 303
    assert len(sent) < 60


def test_citizens_read_only_what_is_meant_for_them(keepers: Keepers, life: Life, app: Flask) -> None:
    public, inside = (
        keepers.released(life),
        keepers.released(life, title="暖气不热内部口径", questions=[], audience="staff"),
    )
    citizen = app.test_client()
    assert SAYS in citizen.get("/c/questions", query_string={"q": ASKED}).text
    assert citizen.get(f"/c/questions/{public.id}").status_code == 200
    assert citizen.get(f"/c/questions/{inside.id}").status_code == 404
    assert f"/c/questions/{inside.id}" not in citizen.get("/c/questions", query_string={"q": "暖气不热内部口径"}).text
    assert citizen.post("/c/questions/may-answer", data={"body": "隔壁公司老总和我借钱不还"}).text.strip() == ""


def test_a_unit_sees_its_own_similar_closed_tickets(life: Life, browse: Browse) -> None:
    closed = life.to("closed")
    closed.text.public_answer = "灯头已更换，恢复照明。"
    closed.category_code = "0204"
    ticket = life.to("handling")
    ticket.category_code = "0204"
    life.db.commit()
    page = browse(life.staff["he"]).get(f"/tickets/{ticket.number}").text
    assert 'id="similar"' in page and "灯头已更换，恢复照明。" in page
    assert 'id="similar"' not in browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text


def test_withdrawn_ending_and_printed_lists(keepers: Keepers, life: Life, browse: Browse) -> None:
    article = keepers.released(life, valid_until=date(2026, 3, 20))
    leader = browse(keepers.staff["leader"])
    assert "2026-03-20" in leader.get("/knowledge/ending").text and "data-print" in leader.get("/knowledge/ending").text
    assert leader.post(f"/knowledge/{article.id}/withdraw", data={"why": ""}).status_code == 400
    assert leader.post(f"/knowledge/{article.id}/withdraw", data={"why": "废止"}).status_code == 303
    assert "2026-03-20" not in leader.get("/knowledge/ending").text
    assert "废止" in leader.get(f"/knowledge/{article.id}").text
