"""Everything a person can read on a ticket's page finds it, whoever wrote it and however; what is hidden cannot be asked for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from hotline.errors import Refusal
from hotline.intake.open_history import History, open_histories
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.lifecycle import ACTIONS, MOVES
from hotline.tickets.lists.ticket_list import Wanted, find
from hotline.tickets.petitions import ask, decide
from hotline.tickets.search import full_text, indexing
from hotline.tickets.states import State
from models import Ticket
from models.store.db import make_sessions
from tests.support.life import ROADS, Life
from tests.support.make import CHENGGUAN

WORDY = sorted(
    action.name for action in ACTIONS.values() if any(field.kind in ("text", "long") for field in action.fields)
)
WHO = ("an", "班", "du", "he", "hejt", "xie", "ren", "hui", "du2", "tou", "shi", "citizen", "system", "clock")


def _judged(life: Life, answers: dict[str, str]) -> Ticket:
    ticket = life.to("to_follow_up")
    life.do(ticket, "citizen", "note_dissatisfied")
    life.do(ticket, "hui", "close_judged", **answers)
    return ticket


def _left(life: Life, answers: dict[str, str]) -> Ticket:
    master, other = life.ticket(phone="13800007777"), life.ticket(phone="13800008888")
    life.do(other, "du", "merge", master=master.number)
    life.do(master, "citizen", "leave", **answers)
    return master


def _taken_back(life: Life, answers: dict[str, str]) -> Ticket:
    ticket = life.to("handling")
    life.do(ticket, "he", "delegate")
    life.do(ticket, "he", "take_back", **answers)
    return ticket


def _brought(action: str) -> Callable[[Life, dict[str, str]], Ticket]:
    def bring(life: Life, answers: dict[str, str]) -> Ticket:
        draft = Contact(body="别处办完的一件事")
        ticket = open_ticket(life.db, life.city, draft, life.people["an"], life.now, submit=False)
        life.do(ticket, "system", action, **answers)
        return ticket

    return bring


def _merged_answered(action: str) -> Callable[[Life, dict[str, str]], Ticket]:
    def answered(life: Life, answers: dict[str, str]) -> Ticket:
        master = life.to("to_follow_up")
        answers["number"] = life.merged(master).number
        life.do(master, "hui", action, **answers)
        return master

    return answered


def _read_doubt(life: Life, answers: dict[str, str]) -> Ticket:
    ticket = life.to("to_follow_up")
    life.do(ticket, "citizen", "note_doubt")
    life.do(ticket, "hui", "read_doubt", **answers)
    return ticket


def _texts_on(life: Life, answers: dict[str, str]) -> Ticket:
    ticket = life.to("to_dispatch")
    assert ticket.citizen is not None
    ticket.citizen.no_texts = True
    life.do(ticket, "an", "texts_on", **answers)
    return ticket


def _demanded(life: Life, answers: dict[str, str]) -> Ticket:
    ticket = life.to("handling")
    life.do(ticket, "du2", "supervise")
    life.do(ticket, "he", "answer_directive", **answers)
    return ticket


def _reported(action: str) -> Callable[[Life, dict[str, str]], Ticket]:
    def reported(life: Life, answers: dict[str, str]) -> Ticket:
        ticket = _demanded(life, {})
        life.do(ticket, "du2", action, **answers)
        return ticket

    return reported


def _heard(life: Life, answers: dict[str, str]) -> Ticket:
    ticket = life.to("in_dispute")
    life.do(ticket, "du", "ask_views")
    life.do(ticket, "chang", "state_view", **answers)
    return ticket


def _explained(life: Life, answers: dict[str, str]) -> Ticket:
    ticket = life.to("handling")
    ticket.for_discipline = True
    life.do(ticket, "ji", "ask_explanation", **answers)
    return ticket


def _posted(life: Life, answers: dict[str, str]) -> Ticket:
    ticket = life.to("to_follow_up")
    ticket.channel = "letter"
    life.do(ticket, "hui", "post_letter", **{"day": "2026-03-05", **answers})
    return ticket


def _rated_direct(life: Life, answers: dict[str, str]) -> Ticket:
    ticket = life.ticket()
    life.do(ticket, "an", "answer_directly")
    life.do(ticket, "citizen", "rate_direct", **{"solved": "yes", **answers})
    return ticket


READY = {
    "state_view": _heard,
    "post_letter": _posted,
    "rate_direct": _rated_direct,
    "ask_explanation": _explained,
    "answer_directive": _demanded,
    "return_directive": _reported("return_directive"),
    "end_directive": _reported("end_directive"),
    "close_judged": _judged,
    "leave": _left,
    "take_back": _taken_back,
    **{action: _brought(action) for action in ("bring_closed", "bring_declined", "bring_void")},
    **{action: _merged_answered(action) for action in ("merged_satisfied", "merged_partly", "merged_dissatisfied")},
    "read_doubt": _read_doubt,
    "texts_on": _texts_on,
}
NOT_ASKED = {"one_left", "instruct", "hand_to", "colleague_left"}
"""Actions whose only words are another ticket's or a colleague's number, which the guards look up, or are read by named people alone."""


def found(life: Life, words: str, login: str = "du", **more: object) -> list[int]:
    return [row.id for row in find(life.db, life.people[login], Wanted(words=words, **more), sort="number").rows]  # type: ignore[arg-type]


def said(n: int) -> str:
    """A word that no city and no other answer holds."""
    return "".join(chr(0x4E8F + 7 * n + 131 * m) for m in range(6))


def try_in_some_state(life: Life, action: str, answers: dict[str, str]) -> Ticket | None:
    """The ticket to which somebody, somewhere in the life, could do it."""
    states = [state.value for move in MOVES if move.action == action for state in State if state in move.at]
    tickets = {state: life.to(state) if state in ROADS else life.ticket() for state in dict.fromkeys(states)}
    for ticket, login in product(tickets.values(), WHO):
        nested = life.db.begin_nested()
        try:
            life.do(ticket, login, action, **answers)
        except Refusal:
            nested.rollback()
            continue
        nested.commit()
        return ticket
    return None


@pytest.mark.parametrize("action", sorted(set(WORDY) - NOT_ASKED))
def test_every_answer_in_words_of_every_action_finds_the_ticket(life: Life, action: str) -> None:
    """Found outside: S1."""
    fields = [field for field in ACTIONS[action].fields if field.kind in ("text", "long") and field.name != "master"]
    answers = {field.name: said(n) for n, field in enumerate(fields)}
    ticket = READY[action](life, answers) if action in READY else try_in_some_state(life, action, answers)
    assert ticket is not None, f"nobody could {action}"
    for field in fields:
        where = found(life, answers[field.name])
        assert ticket.id in where, f"{field.name} of {action} is not found"


def test_petitions_are_found_by_their_reason_and_their_decision(life: Life) -> None:
    ticket = life.to("handling")
    petition = ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "等待紫藤井盖到货"})
    decide(life.db, life.city, petition.id, False, life.people["du2"], life.now, "库房已有琥珀垫片")
    assert found(life, "紫藤井盖") == found(life, "琥珀垫片") == [ticket.id]


def test_a_corrected_title_place_and_the_outer_number_find_the_ticket(life: Life) -> None:
    """Found outside: S1."""
    ticket = life.ticket(outer_source="province", outer_number="XK-2026/0077", extra={"栏目": "百姓呼声", "likes": 731})
    life.do(ticket, "du", "correct", title="青花巷路灯", place="玉兰胡同西口")
    for words in ("青花巷", "玉兰胡同", "XK-2026/0077", "xk-2026/0077", "百姓呼声", "731"):
        assert found(life, words) == [ticket.id], words


def test_a_part_that_is_split_off_is_found_at_once(life: Life) -> None:
    ticket = life.ticket()
    part = life.do(ticket, "du", "split", title="另一件", body="顺便反映琉璃厂垃圾").data["part_id"]
    assert part in found(life, "琉璃厂", "an")


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("梅园庄北街", "梅園莊"),
        ("梅園莊北街", "梅园庄"),
        ("Ａ１２栋停电", "a12"),
        ("A12栋停电", "Ａ１２"),
        ("路\u200b灯不亮", "路灯"),
        ("路灯不亮", "路\u200b灯"),
        ("联系 138 0001 0001", "13800010001"),
        ("联系 13800010001", "138 0001 0001"),
        ("联系 138-0001-0001", "138 0001 0001"),
        ("合同 410 522 0077 号", "4105220077"),
        ("一三八零零零一零零零一", "13800010001"),
        ("麓谷明珠6栋停电", "麓谷明珠6栋"),
        ("ＥＴＣ 办理", "etc"),
        ("кириллица на столбе", "Кириллица"),
        ("電線杆倒了", "电线杆"),
        ("路灯，水管都坏", "路灯、水管"),
        ("ﬁre 警报", "fire"),
        ("Straße 标牌", "STRASSE"),
    ],
)
def test_one_word_is_found_in_every_writing(life: Life, told: str, asked: str) -> None:
    """Found outside: S2."""
    ticket = life.ticket(phone="", words=told, title="标题")
    life.ticket(phone="", words="别的事情", title="标题")
    assert found(life, asked) == [ticket.id]


def test_a_very_long_text_is_found_to_its_last_word(life: Life) -> None:
    ticket = life.ticket(phone="", words="这里是很长的说明，讲了又讲，" * 3500 + "最后才说紫檀木门")
    assert found(life, "紫檀木门") == [ticket.id]


def test_the_fiftieth_word_of_a_question_counts(life: Life) -> None:
    life.ticket(phone="", words="一 " + " ".join(f"w{n}" for n in range(10)))
    assert found(life, " ".join(f"w{n}" for n in range(10)))
    assert found(life, " ".join([*(f"w{n}" for n in range(10)), "x99"])) == []
    assert full_text.ask("路灯 🙂 ，").lost == ("🙂",)


def test_a_switchboard_number_finds_its_extensions(life: Life) -> None:
    """Found outside: S2."""
    one, two = life.ticket(phone="03722525252-801"), life.ticket(phone="03722525252")
    life.ticket(phone="03722525253-801")
    wanted = Wanted(phone="03722525252")
    assert {row.id for row in find(life.db, life.people["du"], wanted, sort="number").rows} == {one.id, two.id}


HIDDEN_WORDS = ("13812340003", "孙八九", "3号楼2单元501室")


@pytest.mark.parametrize("login", ["shi", "ji", "mei", "chang"])
def test_who_may_not_lift_the_mask_cannot_ask_for_what_is_behind_it(life: Life, login: str) -> None:
    ticket = life.ticket(
        phone="13812340003",
        name="孙八九",
        words="小区门口紫藤垃圾成堆，我叫孙八九，电话13812340003，住3号楼2单元501室。",
    )
    ticket.for_discipline = ticket.for_media = True
    life.db.flush()
    assert found(life, "紫藤垃圾", login) == ([] if login == "chang" else [ticket.id])
    for words in HIDDEN_WORDS:
        assert found(life, words) == [ticket.id], words
        assert found(life, words, login) == [], words
    assert found(life, "", login, phone="13812340003") == found(life, "", login, name="孙八九") == []


def test_a_sealed_matter_is_found_by_its_words_only_by_those_who_guard_it(life: Life) -> None:
    ticket = life.ticket(phone="13812340001", name="赵六九", words="科长收受翡翠贿赂", privacy="sealed")
    life.do(ticket, "du", "dispatch", unit=CHENGGUAN)
    ticket.for_discipline = True
    life.db.flush()
    for words in ("翡翠", "收受", "13812340001", "赵六九"):
        for login in ("hejt", "he", "shi", "ji", "hui"):
            assert found(life, words, login) == [], (words, login)
    for login in ("du", "ren", "du2", "tou", "an"):
        assert found(life, "翡翠", login) == [ticket.id], login


def test_everything_can_be_indexed_anew_and_finds_the_same(life: Life) -> None:
    tickets = [life.to("to_review"), life.ticket(words="紫藤井，电话13812340009", extra={"来源": "琥珀"})]
    life.db.commit()
    asked = ("灯杆线路断开", "紫藤井", "13812340009", "琥珀", "更换线路")
    before = {words: found(life, words) for words in asked}
    assert all(before.values())
    sessions = make_sessions(life.db.get_bind())  # type: ignore[arg-type]
    life.db.rollback()
    assert indexing.index_everything(sessions) == len(tickets)
    assert {words: found(life, words) for words in asked} == before
    life.db.rollback()
    assert indexing.index_when_outdated(sessions) == 0


def test_a_ticket_with_thousands_of_words_added_keeps_them_all(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text, "HIDDEN", 4)
    ticket = life.ticket(words="第一句")
    for n in range(7):
        life.do(ticket, "an", "note", text=said(n))
    assert all(found(life, said(n)) == [ticket.id] for n in range(7))


def test_every_column_of_words_is_indexed_or_told_in_the_story() -> None:
    """A new column with free text must be decided upon here."""
    from sqlalchemy import JSON, String, Text

    from models import Base

    in_the_story = {
        "assignment": {"note", "report", "end_reason"},
        "reply": {
            "no_contact_reason",
            "facts",
            "measures",
            "outcome_reason",
            "legal_basis",
            "handler",
            "signed_off_by",
            "public_answer",
        },
        "review": {"note", "reread_words"},  # what quality control says of a reviewer is no word of the matter
        "survey": {"comment", "words"},
        "petition": {"reason", "decision"},
        "correction": {"note"},
        "precedent": {"title", "reason"},
        "directive": {"asked", "answer", "result"},
        "reply_finding": {
            "evidence",
            "words",
        },  # numbers of rows, and what supervision says of a reply: no words of the matter
        # what quality control says of the people who worked on it, and the sheet it was said by: no words of the matter
        "quality_task": {"sheet", "appeal_words", "decision_words", "coached_words"},
        "record_finding": {"shown", "words"},
        "interview_question": {"answer"},  # what a guest said live: it is found once the unit has replied with it
        "violation": {"reason"},  # why a broken rule was excused: no words of the matter
        "quality_score": {"answers", "comment"},
        "ticket_text": {"public_title", "public_body", "public_answer"},
        # what was written for the public from words that are found: the board has a search of its own
        "publication": {"title", "request", "answer", "why"},
    }
    for table in Base.metadata.tables.values():
        if "ticket_id" not in table.c or table.name in (
            "audit",
            "message",
            "attachment",
            "job",
            "receipt",
            "call",
            "inbound",
            "proposal",
            "hot_ticket",
            "taking_back",
            "figure_ticket",  # what was counted, in codes and numbers
            "delivery",  # what another platform answered, and why an operator gave up: no words of the matter
        ):
            continue
        held = {name for row, names in indexing.FOUND.items() if row.__tablename__ == table.name for name in names}  # type: ignore[attr-defined]
        wordy = {
            c.name
            for c in table.c
            if isinstance(c.type, Text | JSON) or (isinstance(c.type, String) and (c.type.length or 0) >= 200)
        }
        missing = (
            wordy
            - held
            - in_the_story.get(table.name, set())
            - {"reasons", "checklist", "scale", "params", "place", "data", "proposed", "chosen"}
        )
        assert not missing, f"{table.name}: {missing}"


def test_a_further_number_of_a_contact_finds_the_ticket_by_telephone_and_only_where_it_stands_whole(life: Life) -> None:
    ticket = life.ticket(phone="13800010001/13900010002")
    other = life.ticket(phone="13800010003")

    def by_phone(phone: str, login: str = "du") -> list[int]:
        return [row.id for row in find(life.db, life.people[login], Wanted(phone=phone), sort="number").rows]

    assert by_phone("13800010001") == by_phone("13900010002") == [ticket.id]
    assert by_phone("13800010003") == [other.id]
    assert by_phone("3900010002") == by_phone("1390001000") == []
    life.do(ticket, "du", "dispatch")
    assert by_phone("13900010002", "shi") == []


def test_a_matter_that_another_system_settled_is_found_by_its_words_and_its_answer(life: Life) -> None:
    told = Contact(body="琥珀桥护栏断裂", outer_source="old", outer_number="A-1", extra={"经办科室": "玳瑁科"})
    history = History("closed", "已办结", reply="已更换翡翠护栏", closed_at=life.now)
    assert open_histories(life.db, life.city, [(told, history)], life.now) == 1
    life.db.commit()
    for words in ("琥珀桥", "翡翠护栏", "玳瑁科", "A-1"):
        assert len(found(life, words)) == 1, words
