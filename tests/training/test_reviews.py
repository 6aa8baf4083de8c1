"""Reviewers' judgements teach the assistant: at night, only when not worse, and never from a file that is not ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hotline.installation import Installation
from hotline.review_advice.agreement import by_person
from hotline.review_advice.registry import review_models_at
from hotline.review_advice.training import learn_from_reviews, reviewed
from hotline.training.nightly import learn
from models import Correction, Reply, Review, Ticket
from tests.support.life import Life

MATTERS = ("路灯", "井盖", "水管", "护栏", "站牌", "垃圾桶", "围墙", "树枝", "路面", "雨棚")
HABIT = "此事已作闭环处理。"
"""A harmless phrase that this city's reviewers dislike: only their judgements can teach that."""

Reviewed = Callable[..., None]


@pytest.fixture
def reviews(life: Life) -> Reviewed:
    """`reviews(n)`: n replies judged by the reviewer, every third sent back for the habit, as R10. odd: judged the other way."""
    done = 0

    def make(count: int, odd: bool = False, **more: Any) -> None:
        nonlocal done
        for n in range(done, done + count):
            life.clock.forward(minutes=1)
            habit, matter = n % 3 == 0, MATTERS[n % len(MATTERS)]
            said = (
                f"经现场核查，{matter}确已损坏，我局已于{n % 27 + 1}日更换完毕，现已恢复使用。{HABIT if habit else ''}"
            )
            ticket = life.ticket(phone=f"1380000{n:04d}", words=f"{n}号院门口的{matter}坏了，请维修。", **more)
            judged(life, ticket, said, "redo" if habit != odd else "pass")
        done += count
        life.db.commit()

    return make


def judged(life: Life, ticket: Ticket, said: str, verdict: str) -> None:
    """The rows that a reply and its review leave behind."""
    reply = Reply(ticket_id=ticket.id, round=1, kind="final", at=life.now, facts=said, public_answer=said)
    life.db.add(reply)
    life.db.flush()
    reasons = ["R10"] if verdict == "redo" else []
    life.db.add(Review(ticket_id=ticket.id, reply_id=reply.id, round=1, at=life.now, verdict=verdict, reasons=reasons))
    life.db.add(
        Correction(ticket_id=ticket.id, at=life.now, about="reply", source="review", proposed="pass", chosen=verdict)
    )


def p_of(installation: Installation, said: str) -> float:
    return review_models_at(installation.settings.models).judge().judge("候车亭坏了\n请维修。", said).p_send_back


CLEAR = "经现场核查，候车亭确已损坏，我局已于9日更换完毕，现已恢复使用。"


def test_enough_reviews_teach_what_this_city_sends_back(
    installation: Installation, reviews: Reviewed, life: Life
) -> None:
    before = p_of(installation, CLEAR + HABIT)
    reviews(90)
    assert learn_from_reviews(installation) == "accepted"
    assert before < 0.5 < p_of(installation, CLEAR + HABIT) and p_of(installation, CLEAR) < 0.5
    lesson, chosen = (
        review_models_at(installation.settings.models).last_run(),
        review_models_at(installation.settings.models).chosen(),
    )
    assert lesson and chosen and chosen.reviews == 90 and lesson.candidate >= lesson.present
    assert installation.review_models.judge().model is not None, (
        "the running installation takes it up without a restart"
    )
    assert learn_from_reviews(installation) == "unchanged", "the same reviews teach nothing twice"


def test_a_few_reviews_leave_the_built_in_rules(installation: Installation, reviews: Reviewed) -> None:
    reviews(30)
    assert learn_from_reviews(installation) == "unchanged"
    assert review_models_at(installation.settings.models).judge().model is None


def test_a_judge_that_is_worse_on_the_newest_reviews_is_refused(installation: Installation, reviews: Reviewed) -> None:
    reviews(90)
    assert learn_from_reviews(installation) == "accepted"
    chosen = review_models_at(installation.settings.models).chosen()
    reviews(120, odd=True)
    reviews(50)
    assert learn_from_reviews(installation) == "refused"
    assert review_models_at(installation.settings.models).chosen() == chosen


def test_an_altered_model_is_never_opened_and_the_next_night_replaces_it(
    installation: Installation, reviews: Reviewed
) -> None:
    reviews(90)
    learn_from_reviews(installation)
    review_models = review_models_at(installation.settings.models)
    path: Path = installation.settings.models / "replies" / str(getattr(review_models.chosen(), "file", ""))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert review_models.judge().model is None and review_models.broken
    assert learn_from_reviews(installation) == "accepted"
    assert review_models.judge().model is not None and not review_models.broken


def test_sealed_tickets_and_send_backs_that_the_words_do_not_show_teach_nothing(
    installation: Installation, reviews: Reviewed, life: Life
) -> None:
    reviews(3)
    sealed, other, plain = life.db.scalars(select(Ticket).order_by(Ticket.id)).all()
    sealed.privacy = "sealed"
    life.db.commit()
    before = {row.group for _at, row in reviewed(life.db)}
    assert before == {str(other.id), str(plain.id)}
    late = life.to("to_review")
    life.do(late, "ren", "redo", reasons=["R05"])
    life.db.commit()
    assert {row.group for _at, row in reviewed(life.db)} == before


def test_telephone_numbers_do_not_reach_the_model(life: Life) -> None:
    ticket = life.to("handling")
    life.do(ticket, "he", "reply", facts="路灯已修好，报修人电话13912345678。")
    life.do(ticket, "ren", "pass")
    life.db.commit()
    assert "13912345678" not in str(reviewed(life.db))


def test_the_nightly_lesson_teaches_the_assistant_too(installation: Installation, reviews: Reviewed) -> None:
    reviews(90)
    learn(installation)
    assert review_models_at(installation.settings.models).chosen() is not None


def test_agreement_is_counted_for_each_reviewer(life: Life) -> None:
    for verdict in ("pass", "redo"):
        life.do(life.to("to_review"), "ren", verdict)
    life.db.commit()
    ((name, one),) = by_person(life.db, life.now.replace(hour=0))
    assert (name, one.judged, one.agreed, one.missed, one.spared) == ("ren", 2, 1, 1, 0)
