"""A letter that says a session's code word, in its subject or its words, is a question for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models import InterviewQuestion
from tests.support.cities.talks import a_session
from tests.support.papers.letters import Post

QUESTION = "东工路与文峰大道交叉口的路灯什么时候修好？"


@pytest.mark.parametrize(("subject", "words"), [("访谈城管", QUESTION), ("您好", f"访谈城管：{QUESTION}")])
def test_a_letter_to_a_session_is_asked_there_and_another_is_a_matter(
    post: Post, tickets: Callable[[], list[Any]], subject: str, words: str
) -> None:
    a_session(post.life)
    post.life.db.commit()
    post.write(words, subject=subject)
    post.write("人民大道的井盖没了，请尽快补上。", subject="井盖")
    post.work()
    asked, other = tickets()
    assert (asked.channel, asked.text.body, other.channel) == ("interview", QUESTION, "email")
    with post.installation.readings() as db:
        assert [(one.door, one.ticket_id) for one in db.scalars(select(InterviewQuestion))] == [("email", asked.id)]
    receipt = post.sent_to()[0]
    assert asked.number in receipt["Subject"]
    post.write("补充：是路口东北角的那一盏灯。", subject=f"回复：{receipt['Subject']}", answers=receipt)
    post.work()
    assert len(tickets()) == 2, "what follows in the thread is more about it"
