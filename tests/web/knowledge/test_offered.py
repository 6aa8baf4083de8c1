"""What an article's page offers to whom, and what the citizens' list of questions calls itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline.city.schema import City
from models import Staff
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
