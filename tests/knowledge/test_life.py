"""An article is written by one, released by another, told while it holds, and by nobody the day after its last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.installation import Installation
from hotline.knowledge import expiry, feedback, listing, unanswered, writing
from hotline.knowledge.answering import answer_of, answers
from hotline.knowledge.earlier import earlier_answers
from hotline.knowledge.links import check_links
from hotline.knowledge.matters import said_aloud, shortened
from hotline.knowledge.search.index import Index
from hotline.knowledge.wording import checked, text_parts
from models import ArticleVersion, LinkCheck, Message, UnansweredQuestion
from tests.support.knowledge_book import Keepers, wording
from tests.support.life import Life
from tests.support.make import CHENGGUAN, ELSEWHERE
from webhooks import fetch
from webhooks.fetch import Fetcher

ASKED = "我家暖气片摸着冰凉，怎么办"


@pytest.fixture
def keepers(db: Session, city: City, life: Life) -> Keepers:
    return Keepers(db, city)


def refusal(deed: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refusal) as told:
        deed(*args, **more)
    return told.value.code


def test_no_article_without_source_and_each_wrong_field_is_named(city: City) -> None:
    with pytest.raises(Refusal) as told:
        checked(wording(source="", title="", area="nowhere", links=["ftp://x"]), "article", city, date(2026, 3, 4))
    assert set(told.value.problems) == {"source", "title", "area", "links"}
    with pytest.raises(Refusal) as told:
        checked(wording(valid_from=date(2026, 3, 2), valid_until=date(2026, 3, 1)), "article", city, date(2026, 3, 4))
    assert set(told.value.problems) == {"valid_until"}
    with pytest.raises(Refusal) as told:
        checked(wording(phone_answer="长" * 111), "article", city, date(2026, 3, 4))
    assert set(told.value.problems) == {"text_answer"}


@pytest.mark.parametrize(
    "online", ["javascript:alert(1)", " data:text/html,x", "ftp://city.example/x", "file:///etc/passwd"]
)
def test_the_online_address_of_a_matter_leads_to_a_page_or_nowhere(city: City, online: str) -> None:
    """It is read out, sent and shown as it is written."""
    with pytest.raises(Refusal) as told:
        checked(wording(guide={"url": online}), "matter", city, date(2026, 3, 4))
    assert set(told.value.problems) == {"url"}


@pytest.mark.parametrize(
    "online", ["", "https://www.hnzwfw.gov.cn/a?b=1", "www.hnzwfw.gov.cn:8080", "豫事办：搜“养狗”", "APP"]
)
def test_an_online_address_may_be_told_in_words(city: City, online: str) -> None:
    assert checked(wording(guide={"url": online}), "matter", city, date(2026, 3, 4)).guide["url"] == online


def test_the_author_does_not_release_and_another_unit_does_not_write(life: Life, keepers: Keepers) -> None:
    db, city, people, now = life.db, life.city, keepers.people, life.now
    assert refusal(writing.begin, db, city, people["writer"], "article", ELSEWHERE, wording(), now) == "not_your_unit"
    version = writing.begin(db, city, people["leader"], "article", CHENGGUAN, wording(), now)
    assert refusal(writing.release, db, city, people["editor"], version, now) == "version_moved_on"
    writing.send(db, city, people["leader"], version, now)
    assert refusal(writing.release, db, city, people["leader"], version, now) == "own_article"
    assert refusal(writing.release, db, city, people["writer"], version, now) == "not_a_decider"
    assert answers(db, Index(), city, ASKED, now) == []
    writing.release(db, city, people["editor"], version, now)
    assert [one.source for one in answers(db, Index(), city, ASKED, now)] == ["《供热条例》（测试） 第三条"]
    told = db.scalars(select(Message.template_key).where(Message.channel == "desk")).all()
    assert told.count("knowledge_waits") == 2


def test_a_new_version_replaces_the_old_one_only_when_released(life: Life, keepers: Keepers) -> None:
    db, city, people, now = life.db, life.city, keepers.people, life.now
    article = keepers.released(life)
    index = Index()
    new = writing.rewrite(
        db, city, people["writer"], article, wording(phone_answer="现在打96111报修。"), now, note="换电话"
    )
    assert [one.say for one in answers(db, index, city, ASKED, now)] == ["先放气，仍不到18度请报修，24小时内上门测温。"]
    writing.send(db, city, people["writer"], new, now)
    assert refusal(writing.rewrite, db, city, people["writer"], article, wording(), now) == "a_version_waits"
    assert refusal(writing.give_back, db, city, people["leader"], new, " ", now)
    writing.give_back(db, city, people["leader"], new, "写明几点上班", now)
    again = writing.rewrite(db, city, people["writer"], article, wording(phone_answer="打96111，全天。"), now)
    assert (again.id, again.state, again.returned_why) == (new.id, "draft", None)
    writing.send(db, city, people["writer"], again, now)
    writing.release(db, city, people["leader"], again, now + timedelta(seconds=1))
    assert [one.say for one in answers(db, index, city, ASKED, now)] == ["打96111，全天。"]
    assert [one.state for one in writing.versions_of(db, article)] == ["released", "replaced"]


def test_what_is_withdrawn_is_told_by_no_index_however_old(life: Life, keepers: Keepers) -> None:
    db, city, now = life.db, life.city, life.now
    article = keepers.released(life)
    index = Index()
    assert answers(db, index, city, ASKED, now)
    assert refusal(writing.withdraw, db, keepers.people["leader"], article, "", now)
    writing.withdraw(db, keepers.people["leader"], article, "规定废止", now)
    db.flush()
    assert answers(db, index, city, ASKED, now) == []
    assert answer_of(db, city, article.id, now) is None
    assert refusal(writing.withdraw, db, keepers.people["leader"], article, "再撤", now) == "nothing_in_force"
    assert listing.counts(db, keepers.people["editor"], listing.Wish(), date(2026, 3, 4))["withdrawn"] == 1


def test_it_ends_at_the_citys_midnight_without_any_job(life: Life, keepers: Keepers) -> None:
    """23:59 and 00:00 in Anyang are 15:59 and 16:00 UTC; the index was built the day before."""
    db, city = life.db, life.city
    article = keepers.released(life, valid_until=date(2026, 3, 5))
    last_minute, midnight = datetime(2026, 3, 5, 15, 59, tzinfo=UTC), datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
    index = Index()
    assert [one.article.id for one in answers(db, index, city, ASKED, last_minute)] == [article.id]
    assert answers(db, index, city, ASKED, midnight) == []
    assert answers(db, index, city, ASKED, midnight, public=True) == []
    assert answer_of(db, city, article.id, midnight) is None
    assert listing.counts(db, keepers.people["editor"], listing.Wish(), date(2026, 3, 6))["over"] == 1
    early = keepers.released(life, title="下个月起的新办法", questions=[], valid_from=date(2026, 4, 1))
    assert answer_of(db, city, early.id, life.now) is None


def test_owners_hear_once_of_what_ends(life: Life, keepers: Keepers, installation: Installation) -> None:
    keepers.released(life, valid_until=date(2026, 3, 20))
    keepers.released(life, title="长期的", valid_until=None)
    assert [expiry.ring_ending(installation, life.now) for _ in range(2)] == [1, 0]
    with installation.readings() as db:
        told = db.scalars(select(Message).where(Message.template_key == "knowledge_ends")).all()
    assert [(one.unit_code, one.role) for one in told] == [(CHENGGUAN, None), (None, "knowledge")]


def test_what_the_desk_says_becomes_a_task_with_a_clock(
    life: Life, keepers: Keepers, installation: Installation
) -> None:
    db, city, an, now = life.db, life.city, life.people["an"], life.now
    article = keepers.released(life)
    assert refusal(feedback.say, db, city, an, article.id, "nonsense", "x", now)
    assert refusal(feedback.say, db, city, an, article.id, "wrong", " ", now)
    told = feedback.say(db, city, an, article.id, "wrong", "电话换了", now)
    assert told.due_at == datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
    db.commit()
    late = told.due_at + timedelta(minutes=1)
    assert [feedback.ring_late(installation, late) for _ in range(2)] == [1, 0]
    assert refusal(feedback.answer, db, city, life.people["chang"], told.id, "改了", now) == "not_your_unit"
    assert feedback.open_count(db, keepers.people["leader"]) == 1
    feedback.answer(db, city, keepers.people["writer"], told.id, "已改为96111", now)
    assert refusal(feedback.answer, db, city, keepers.people["writer"], told.id, "再改", now) == "feedback_done"
    assert feedback.open_count(db, keepers.people["leader"]) == 0
    back = db.scalars(select(Message).where(Message.template_key == "knowledge_mended")).one()
    assert back.staff_id == an.id


def test_questions_without_an_answer_are_counted_together_and_starred(life: Life, keepers: Keepers) -> None:
    db, now = life.db, life.now
    for words in (
        "老旧小区想装充电桩找谁批，我电话13800001234",
        "老旧小区想装充电桩，找谁批准？",
        "外国人永久居留怎么申请",
    ):
        unanswered.note(db, words, "desk", now, unit=CHENGGUAN)
    assert unanswered.note(db, "嗯", "desk", now) is None
    rows = db.scalars(select(UnansweredQuestion).order_by(UnansweredQuestion.times.desc())).all()
    assert [one.times for one in rows] == [2, 1]
    assert "13800001234" not in rows[0].words
    assert unanswered.open_count(db, keepers.people["leader"]) == 2
    assert refusal(unanswered.close, db, rows[0].id, life.people["chang"], "dropped") == "not_found"
    unanswered.close(db, rows[0].id, keepers.people["leader"], "dropped")
    with pytest.raises(OutOfTurn):
        unanswered.close(db, rows[0].id, keepers.people["leader"], "dropped")


def test_yesterdays_consultations_without_an_answer_are_gathered_once_and_never_sealed_ones(
    life: Life, keepers: Keepers, installation: Installation
) -> None:
    keepers.released(life)
    life.ticket(words=ASKED, request_type="consult")
    life.ticket(words="请问外国人永久居留身份证怎么申请", request_type="consult")
    life.ticket(words="举报某某单位，咨询如何保密", request_type="consult", privacy="sealed")
    life.db.commit()
    assert unanswered.gather(installation, life.now) == 0
    assert unanswered.gather(installation, life.now + timedelta(days=1)) == 1
    with installation.readings() as db:
        assert [one.came_by for one in db.scalars(select(UnansweredQuestion))] == ["ticket"]


def test_links_are_asked_by_the_guarded_way_only(life: Life, keepers: Keepers, installation: Installation) -> None:
    """A private network is never reached, plain http is never visited; the owner hears of the one that does not open."""
    links = [
        "https://inside.example/a",
        "http://plain.example/b",
        "https://gone.example/c",
        "https://odd.example:8443/d",
    ]
    article = keepers.released(life, links=links)
    reached: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        reached.append(host)
        if host == "gone.example":
            raise OSError("no such name")
        return ["10.0.0.7"]

    way_out = Fetcher(1000, 2.0, resolve=resolve)
    assert check_links(installation, life.now, way_out) == 4
    with installation.readings() as db:
        held = {one.url: one.why for one in db.scalars(select(LinkCheck).where(LinkCheck.article_id == article.id))}
        assert held == dict(zip(links, (fetch.PRIVATE, fetch.ADDRESS, fetch.ANSWER, "port"), strict=True))
        told = db.scalar(select(func.count()).select_from(Message).where(Message.template_key == "knowledge_link"))
    assert told == 1 and reached == ["inside.example", "gone.example"]


def test_an_address_that_many_guides_name_is_asked_once_a_night(
    life: Life, keepers: Keepers, installation: Installation
) -> None:
    """A province's list of a thousand matters names one portal: asked a thousand times, the others never had their turn."""
    many = [keepers.released(life, links=["https://gone.example/a"]) for _n in range(3)]
    keepers.released(life, links=["https://gone.example/b"])
    reached: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        reached.append(host)
        raise OSError("no such name")

    assert check_links(installation, life.now, Fetcher(1000, 2.0, resolve=resolve)) == len(reached) == 2
    with installation.readings() as db:
        noted = {
            one.article_id for one in db.scalars(select(LinkCheck).where(LinkCheck.url == "https://gone.example/a"))
        }
    assert noted == {one.id for one in many}


def test_earlier_answers_are_starred_of_the_same_kind_and_never_sealed(life: Life) -> None:
    words = "文峰大道东段的路灯坏了不亮，晚上看不见"
    for privacy in ("masked", "sealed"):
        ticket = life.ticket(words=words, privacy=privacy)
        life.do(ticket, "du", "answer_directly", answer="路灯今晚修好。", category="0204")
    life.do(life.ticket(words=words), "du", "answer_directly", answer="另一类", category="0202")
    life.db.flush()
    found = earlier_answers(life.db, life.people["du"], "文峰大道东段路灯不亮了", "0204", life.now + timedelta(hours=1))
    assert [(one.ticket.privacy, one.answer) for one in found] == [("masked", "路灯今晚修好。")]
    assert earlier_answers(life.db, life.people["chang"], "文峰大道东段路灯不亮了", "0204", life.now) == []


def test_lengths_of_texts_and_of_papers() -> None:
    assert [text_parts("字" * n) for n in (1, 70, 71, 134, 135)] == [1, 1, 2, 2, 3]
    assert shortened(["身份证", "户口簿"]) == "身份证、户口簿"
    many = [f"第{n}份很长很长的证明材料原件和复印件" for n in range(12)]
    assert shortened(many).endswith("等共12份") and len(shortened(many)) <= 120


def test_nothing_is_stored_twice_when_two_release_at_once(life: Life, keepers: Keepers) -> None:
    db, city, now = life.db, life.city, life.now
    version = writing.begin(db, city, keepers.people["writer"], "article", CHENGGUAN, wording(), now)
    writing.send(db, city, keepers.people["writer"], version, now)
    writing.release(db, city, keepers.people["editor"], version, now)
    with pytest.raises(OutOfTurn):
        writing.release(db, city, keepers.people["second"], version, now)
    with pytest.raises(NotAllowed):
        writing.withdraw(db, life.people["an"], writing.find(db, version.article_id), "x", now)
    assert db.scalar(select(func.count()).select_from(ArticleVersion).where(ArticleVersion.state == "released")) == 1


@pytest.mark.parametrize(
    ("fee", "said"),
    [("0", "不收费"), ("0元", "不收费"), ("不收费", "不收费"), ("无", "不收费"), ("10元", "收费：10元")],
)
def test_a_fee_of_nothing_is_said_as_nothing(fee: str, said: str) -> None:
    aloud = said_aloud(ArticleVersion(title="犬只登记", guide={"fee": fee, "papers": ["身份证"]}))
    assert aloud == f"“犬只登记”；要带：身份证；{said}。"
