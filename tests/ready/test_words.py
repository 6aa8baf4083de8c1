"""Ready words are their owner's or everybody's, never tell of a person, and keep what they said before."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.ready import history, keeping, words
from hotline.ready.words import Wording
from models import Audit, ReadyWord
from tests.support.life import Life

GOOD = Wording("到场核实", "{今天}到{地点}核实，{结果}。", "unit")


@pytest.fixture(autouse=True)
def without_the_citys(life: Life) -> None:
    """Only the words that a test writes."""
    life.db.execute(delete(ReadyWord))
    life.db.commit()


def titles(life: Life, login: str, desk: str = "") -> list[str]:
    return [one.title for one in keeping.offered(life.db, ReadyWord, life.people[login], desk)]


def test_ones_own_words_are_nobody_elses(life: Life) -> None:
    own = words.write(life.db, life.people["he"], GOOD, life.now)
    assert titles(life, "he") == ["到场核实"]
    assert titles(life, "chang") == []
    with pytest.raises(NotFound):
        keeping.found(life.db, ReadyWord, life.people["chang"], own.id)
    assert life.db.scalars(select(Audit).where(Audit.action == "ready_changed")).all() == []


def test_everybodys_words_are_changed_by_supervisors_alone_and_the_book_tells(life: Life) -> None:
    with pytest.raises(NotAllowed):
        words.write(life.db, life.people["he"], GOOD, life.now, shared=True)
    shared = words.write(life.db, life.people["du2"], GOOD, life.now, shared=True)
    assert titles(life, "chang") == ["到场核实"]
    for deed in (keeping.retire, keeping.restore):
        with pytest.raises(NotAllowed):
            deed(life.db, life.people["an"], shared, life.now, shared.version)
    with pytest.raises(NotAllowed):
        words.rewrite(life.db, life.people["he"], shared, GOOD, life.now, shared.version)
    keeping.retire(life.db, life.people["du2"], shared, life.now, shared.version)
    assert titles(life, "chang") == []
    told = life.db.scalars(select(Audit).where(Audit.action == "ready_changed").order_by(Audit.id)).all()
    assert [one.detail["deed"] for one in told] == ["written", "retired"]


def test_what_was_said_before_stays_in_the_history(life: Life) -> None:
    du2 = life.people["du2"]
    word = words.write(life.db, du2, GOOD, life.now, shared=True)
    words.rewrite(life.db, du2, word, Wording("到场", "{今天}到场。"), life.now, seen=1)
    keeping.retire(life.db, du2, word, life.now, seen=2)
    keeping.restore(life.db, du2, word, life.now, seen=3)
    told = history.history(life.db, "word", word.id)
    assert [(one.deed, one.version) for one in told] == [
        ("restored", 4),
        ("retired", 3),
        ("changed", 2),
        ("written", 1),
    ]
    assert told[-1].said == GOOD.body
    assert (word.title, word.desk, word.retired_at) == ("到场", "", None)


def test_of_two_who_change_the_same_words_the_second_is_told(life: Life) -> None:
    word = words.write(life.db, life.people["du2"], GOOD, life.now, shared=True)
    words.rewrite(life.db, life.people["du2"], word, GOOD, life.now, seen=1)
    with pytest.raises(OutOfTurn):
        words.rewrite(life.db, life.people["du2"], word, Wording("晚了", "晚了。"), life.now, seen=1)
    assert word.title == GOOD.title


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (Wording("请联系王建国先生", "请联系。"), "title"),
        (Wording("联系", "请拨打13812345678联系。"), "body"),
        (Wording("经办", "经办人王建国。"), "body"),
        (Wording("身份证", "证件410502199001011234。"), "body"),
        (Wording("", "请联系。"), "title"),
        (Wording("联系", " "), "body"),
        (Wording("联系", "字" * 2001), "body"),
        (Wording("联系", "请在{期限前联系。"), "body"),
        (Wording("联系", "请在【请填：期限】前联系。"), "body"),
        (Wording("联系", "请联系。", "nowhere"), "desk"),
    ],
)
def test_no_word_tells_of_a_person_or_is_written_wrongly(life: Life, wording: Wording, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        words.write(life.db, life.people["he"], wording, life.now)
    assert set(refused.value.problems) == {field}
    assert life.db.scalars(select(ReadyWord)).all() == []


def test_the_desks_words_come_first_then_ones_own_then_the_most_used(life: Life) -> None:
    du2, he = life.people["du2"], life.people["he"]
    for title, desk in (("回访", "follow_up"), ("少用", "unit"), ("常用", "unit"), ("各处", "")):
        words.write(life.db, du2, Wording(title, "一句话。", desk), life.now, shared=True)
    words.write(life.db, he, Wording("我的", "一句话。", "unit"), life.now)
    often = life.db.scalars(select(ReadyWord).where(ReadyWord.title == "常用")).one()
    keeping.note_use(life.db, often, life.now)
    life.db.refresh(often)
    assert often.uses == 1 and often.last_used_at == life.now
    assert titles(life, "he", "unit") == ["我的", "常用", "少用", "各处", "回访"]
