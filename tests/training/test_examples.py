"""What people decided becomes examples: corrections, upheld objections, rulings and merges, each only once it is settled."""

from __future__ import annotations

from typing import Any

from classifier.category.train import groups_of
from hotline.installation import Installation
from hotline.training.examples import OwnExample, own_examples
from hotline.training.sources import WEIGHTS
from hotline.triage.propose import propose
from models import Ticket
from tests.support.life import Life


def lessons(life: Life) -> list[OwnExample]:
    life.db.commit()
    return own_examples(life.db, frozenset(life.city.categories))


def proposed(life: Life, installation: Installation) -> Ticket:
    ticket = life.ticket()
    propose(life.db, life.city, installation.classifier, ticket, life.now)
    return ticket


def walk(life: Life, ticket: Ticket, *steps: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> Ticket:
    for login, action, *answers in steps:
        life.clock.forward(hours=1)
        life.do(ticket, login, action, **(answers[0] if answers else {}))
    return ticket


def test_a_correction_teaches_what_the_person_chose_before_the_ticket_ends(
    life: Life, installation: Installation
) -> None:
    walk(life, proposed(life, installation), ("du", "dispatch", {"category": "1001"}))
    (lesson,) = lessons(life)
    assert (lesson.source, lesson.example.label, lesson.example.weight) == ("correction", "1001", WEIGHTS["correction"])


def test_a_proposal_that_was_followed_teaches_when_the_ticket_is_closed(life: Life, installation: Installation) -> None:
    ticket = life.to("to_follow_up")
    ticket.category_code = "0204"
    assert lessons(life) == []
    walk(life, ticket, ("citizen", "record"))
    (lesson,) = lessons(life)
    assert (lesson.source, lesson.example.weight, lesson.at) == ("closed", 1.0, ticket.closed_at)


def test_an_upheld_objection_teaches_the_second_dispatch_and_nothing_before_it(
    life: Life, installation: Installation
) -> None:
    ticket = walk(life, proposed(life, installation), ("du", "dispatch", {"category": "1001"}), ("he", "object"))
    assert lessons(life) == []
    walk(life, ticket, ("du", "uphold"))
    assert lessons(life) == []
    walk(life, ticket, ("du", "dispatch", {"category": "0401", "unit": "housing", "helpers": []}))
    (lesson,) = lessons(life)
    assert (lesson.source, lesson.example.label, lesson.at) == ("objection", "0401", life.now)


def test_an_overruled_objection_leaves_the_correction_standing(life: Life, installation: Installation) -> None:
    walk(
        life,
        proposed(life, installation),
        ("du", "dispatch", {"category": "1001"}),
        ("he", "object"),
        ("du", "overrule"),
    )
    assert [(one.source, one.example.label) for one in lessons(life)] == [("correction", "1001")]


def test_a_ruling_weighs_most_and_stays_a_ruling(life: Life, installation: Installation) -> None:
    ticket = walk(life, proposed(life, installation), ("du", "mark_hard"))
    assert lessons(life) == []
    walk(life, ticket, ("du", "rule", {"category": "0401"}))
    (lesson,) = lessons(life)
    assert (lesson.source, lesson.example.label, lesson.at) == ("ruling", "0401", life.now)
    assert lesson.example.weight == max(WEIGHTS.values())


def test_a_merged_ticket_teaches_its_masters_category_in_its_own_words_and_in_the_same_fold(
    life: Life, installation: Installation
) -> None:
    master = walk(life, proposed(life, installation), ("du", "dispatch", {"category": "1001"}))
    other = life.ticket(phone="13800005678", words="胡同里的灯泡不亮了。")
    walk(life, other, ("du", "merge", {"master": master.number}))
    first, second = lessons(life)
    assert (first.source, second.source) == ("correction", "merge")
    assert second.example.label == first.example.label == "1001" and "灯泡" in second.example.text
    assert len(set(groups_of([first.example, second.example]))) == 1
    walk(life, other, ("du", "unmerge"))
    assert "merge" not in {one.source for one in lessons(life)}


def test_a_merge_into_an_undecided_ticket_teaches_nothing(life: Life) -> None:
    master, other = life.ticket(), life.ticket(phone="13800005678", words="胡同里的灯泡不亮了。")
    walk(life, other, ("du", "merge", {"master": master.number}))
    assert lessons(life) == []


def test_neither_phones_nor_sealed_words_reach_a_model(life: Life, installation: Installation) -> None:
    tickets = [life.ticket(phone=f"1380000000{n}", words=f"第{n}次反映路灯不亮，请回电13912345678。") for n in range(2)]
    for ticket in tickets:
        ticket.state, ticket.closed_at, ticket.category_code = "closed", life.now, "0204"
    tickets[1].privacy = "sealed"
    (lesson,) = lessons(life)
    assert "13912345678" not in lesson.example.text and "第0次" in lesson.example.text
