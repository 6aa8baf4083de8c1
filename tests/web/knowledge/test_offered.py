"""What an article's page offers to whom, and what the citizens' list of questions calls itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline.city.schema import City
from models import LinkCheck, Staff
from tests.support.knowledge_book import Keepers
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]


@pytest.fixture
def keepers(life: Life, city: City) -> Keepers:
    return Keepers(life.db, city)


def test_who_may_not_withdraw_is_given_no_form_for_it(keepers: Keepers, life: Life, browse: Browse) -> None:
    article = keepers.released(life)
    for person, is_offered in ((life.staff["an"], False), (keepers.staff["leader"], True)):
        assert (
            f"/knowledge/{article.id}/withdraw" in browse(person).get(f"/knowledge/{article.id}").text
        ) == is_offered


def test_a_question_that_nobody_asked_is_not_called_often_asked(keepers: Keepers, life: Life, app: Flask) -> None:
    """A list of a thousand matters that was taken in last night stands here too."""
    keepers.released(life, audience="public")
    page = app.test_client().get("/c/questions").text
    assert "暖气不热怎么办" in page
    assert "问得多的在前" in page and "大家常问" not in page


def test_the_page_rings_while_an_article_is_about_to_end(keepers: Keepers, life: Life, browse: Browse) -> None:
    """Whoever opens it reads how long it holds; what ends later or was replaced by nothing rings nowhere."""
    days = life.city.calendar.day_of(life.now)
    soon = keepers.released(life, valid_until=days + timedelta(days=3))
    today = keepers.released(life, title="今天到期的", questions=[], valid_until=days)
    later = keepers.released(life, title="明年到期的", questions=[], valid_until=days + timedelta(days=300))
    reader = browse(keepers.staff["editor"])
    assert "3 天后到期，次日零时起各处不再显示" in reader.get(f"/knowledge/{soon.id}").text
    assert "今天到期，零时起各处不再显示" in reader.get(f"/knowledge/{today.id}").text
    assert "到期，" not in reader.get(f"/knowledge/{later.id}").text


def test_the_online_address_of_a_matter_tells_whether_it_opens(keepers: Keepers, life: Life, browse: Browse) -> None:
    url = "https://zwfw.example/guide"
    held = keepers.released(life, "matter", title="法律援助申请", guide={"url": url, "papers": ["身份证"]})
    life.db.add(LinkCheck(article_id=held.id, url=url, checked_at=life.now, why="answer"))
    life.db.commit()
    page = browse(keepers.staff["editor"]).get(f"/knowledge/{held.id}").text
    assert "打不开" in page and 'value="link"' not in page
