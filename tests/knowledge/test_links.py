"""An address in an article is asked each night; one that leads nowhere becomes its owner's work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.knowledge import feedback
from hotline.knowledge.links import check_links
from models import ArticleFeedback, Message
from tests.support.knowledge_book import Keepers
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from webhooks.fetch import Fetcher


class Portal:
    """A department's site on this machine; every page is gone until it is put back."""

    def __init__(self) -> None:
        self.status, portal = 404, self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(portal.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://portal.example:{self.port}/guide"

    def way_out(self) -> Fetcher:
        return Fetcher(
            1000,
            2.0,
            resolve=lambda host, port: ["127.0.0.1"],
            may_reach=lambda address: True,
            port=self.port,
            plain=True,
        )


@pytest.fixture
def portal() -> Iterator[Portal]:
    made = Portal()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def keepers(life: Life) -> Keepers:
    return Keepers(life.db, life.city)


def tasks(installation: Installation) -> list[tuple[str, str, str, bool]]:
    with installation.readings() as db:
        rows = db.scalars(select(ArticleFeedback).order_by(ArticleFeedback.id)).all()
        return [(one.kind, one.words, one.unit_code, one.done_at is not None) for one in rows]


def told(installation: Installation) -> list[tuple[str, str | None]]:
    with installation.readings() as db:
        keys = ("knowledge_link", "knowledge_feedback")
        rows = db.scalars(select(Message).where(Message.template_key.in_(keys)).order_by(Message.id))
        return [(one.template_key, one.unit_code) for one in rows]


def test_a_page_that_is_gone_for_two_nights_is_a_task_of_its_owner(
    life: Life, keepers: Keepers, installation: Installation, portal: Portal
) -> None:
    """It was gone when it was written down: the owner hears of it on the first night and has a task, one alone, from the second."""
    keepers.released(life, links=[portal.url])
    check_links(installation, life.now, portal.way_out())
    assert told(installation) == [("knowledge_link", CHENGGUAN)] and tasks(installation) == []
    for night in (1, 2):
        check_links(installation, life.now + timedelta(days=night), portal.way_out())
        assert tasks(installation) == [("link", portal.url, CHENGGUAN, False)]
    assert told(installation) == [("knowledge_link", CHENGGUAN), ("knowledge_feedback", CHENGGUAN)]


def test_a_task_that_was_called_done_comes_again_until_the_page_opens(
    life: Life, keepers: Keepers, installation: Installation, portal: Portal
) -> None:
    keepers.released(life, guide={"url": portal.url}, kind="matter", title="法律援助申请")
    for night in (0, 1):
        check_links(installation, life.now + timedelta(days=night), portal.way_out())
    with installation.sessions() as db:
        held = db.scalars(select(ArticleFeedback)).one()
        feedback.answer(db, life.city, keepers.people["editor"], held.id, "网址已改好", life.now)
        db.commit()
    check_links(installation, life.now + timedelta(days=2), portal.way_out())
    assert [one[3] for one in tasks(installation)] == [True, False]
    portal.status = 200
    check_links(installation, life.now + timedelta(days=3), portal.way_out())
    portal.status = 404
    check_links(installation, life.now + timedelta(days=4), portal.way_out())
    assert [one[3] for one in tasks(installation)] == [True, False]


def test_nobody_at_the_desk_says_what_only_the_machine_finds(life: Life, keepers: Keepers) -> None:
    article = keepers.released(life, valid_until=date(2026, 12, 31))
    with pytest.raises(Refusal):
        feedback.say(life.db, life.city, keepers.people["writer"], article.id, "link", "打不开", life.now)
