"""Pictures that a post names by address become files of the ticket, or a note that says why not."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.intake import media
from hotline.intake.media import WAITS
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.keys import hidden_files
from hotline.outbox.runner import drain
from hotline.settings import PartnerSetting, Settings
from hotline.tickets.roles import SYSTEM
from models import Attachment, Job, Ticket, TicketEvent, TicketText
from models.store.hidden import ring_of
from webhooks.fetch import ANSWER, HOST, NotFetched

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
URLS = ("https://img.azt.example/1.png", "https://img.azt.example/2.png")


class Site:
    """Stands for the way out: answers by address, and remembers who was asked of which hosts."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | NotFetched] = dict.fromkeys(URLS, PNG)
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def fetch(self, url: str, hosts: tuple[str, ...]) -> bytes:
        self.asked.append((url, hosts))
        found = self.answers.get(url, NotFetched(HOST, permanent=True))
        if isinstance(found, NotFetched):
            raise found
        return found


@pytest.fixture
def site(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Site:
    made = Site()
    installation.settings = Settings(
        **{**installation.settings.__dict__, "partners": {"azt": PartnerSetting(media=("img.azt.example",))}}
    )
    monkeypatch.setattr(media, "fetcher_for", lambda installation, source: made)
    return made


def opened(installation: Installation, *urls: str) -> Ticket:
    with installation.sessions() as db:
        ticket = open_ticket(
            db,
            installation.city,
            Contact(body="路灯不亮", outer_source="azt", outer_number="1", media=urls),
            SYSTEM,
            installation.clock.now(),
        )
        db.commit()
        return ticket


def rows(installation: Installation, what: Any) -> list[Any]:
    with installation.readings() as db:
        return list(db.scalars(what))


def test_pictures_become_the_citizens_files_under_names_of_ours(installation: Installation, site: Site) -> None:
    ticket = opened(installation, *URLS)
    drain(installation)
    files = rows(installation, select(Attachment).order_by(Attachment.id))
    assert [(one.ticket_id, one.side, one.media_type, one.size) for one in files] == [
        (ticket.id, "citizen", "image/png", len(PNG))
    ] * 2
    assert {one.name for one in files} == {"来源附件 1.png", "来源附件 2.png"}
    assert [
        event.action for event in rows(installation, select(TicketEvent).where(TicketEvent.action == "attach"))
    ] == ["attach", "attach"]
    assert {hosts for _url, hosts in site.asked} == {("img.azt.example",)}
    with hidden_files.opened(
        installation.settings.attachments / files[0].stored_as, ring_of(installation.engine)
    ) as file:
        assert file.read() == PNG


def test_a_picture_is_fetched_once_however_often_it_is_enqueued(
    installation: Installation, site: Site, clock: StoppedClock
) -> None:
    opened(installation, URLS[0], URLS[0])
    drain(installation)
    clock.forward(hours=9)
    drain(installation)
    assert len(rows(installation, select(Attachment))) == 1 and len(site.asked) == 1


def test_a_site_that_is_down_is_asked_again_and_then_told(
    installation: Installation, site: Site, clock: StoppedClock
) -> None:
    site.answers[URLS[0]] = NotFetched(ANSWER, permanent=False)
    opened(installation, URLS[0])
    drain(installation)
    for wait in WAITS:
        assert rows(installation, select(TicketEvent).where(TicketEvent.action == "note")) == []
        clock.forward(seconds=wait.total_seconds())
        drain(installation)
    assert len(site.asked) == 1 + len(WAITS)
    (note,) = rows(installation, select(TicketEvent).where(TicketEvent.action == "note"))
    assert "来源附件 1 没有取到" in note.data["text"]


def test_a_picture_that_comes_late_is_kept(installation: Installation, site: Site, clock: StoppedClock) -> None:
    site.answers[URLS[0]] = NotFetched(ANSWER, permanent=False)
    opened(installation, URLS[0])
    drain(installation)
    site.answers[URLS[0]] = PNG
    clock.forward(seconds=WAITS[0].total_seconds())
    drain(installation)
    assert len(rows(installation, select(Attachment))) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (NotFetched(HOST, permanent=True), "不在该来源登记的网站内"),
        (b"<html>login</html>", "不是可以上传的类型"),
        (b"", "空文件"),
        (b"MZ" + b"0" * 99, "不是可以上传的类型"),
    ],
)
def test_what_cannot_be_had_is_said_at_once_and_nothing_is_kept(
    installation: Installation, site: Site, answer: Any, said: str
) -> None:
    site.answers[URLS[0]] = answer
    opened(installation, URLS[0])
    drain(installation)
    (note,) = rows(installation, select(TicketEvent).where(TicketEvent.action == "note"))
    assert said in note.data["text"] and rows(installation, select(Attachment)) == []
    assert "trouble" in rows(installation, select(TicketText.extra))[0]["media"][0]


def test_a_worker_killed_while_fetching_loses_nothing(
    installation: Installation, site: Site, clock: StoppedClock
) -> None:
    """The claim is committed, the process dies: the job enqueued beforehand fetches it later."""
    opened(installation, URLS[0])
    with installation.sessions() as db:
        job = db.scalars(select(Job).where(Job.name == "fetch_media")).one()
        job.done_at = clock.now()
        assert media.fetch_media(installation, db, job) is not None
        db.commit()
    clock.forward(seconds=WAITS[0].total_seconds())
    drain(installation)
    assert len(rows(installation, select(Attachment))) == 1


def test_a_source_without_hosts_is_never_followed(installation: Installation, site: Site) -> None:
    assert media.hosts_of(installation.settings, "unknown") == () and media.hosts_of(installation.settings, "azt") == (
        "img.azt.example",
    )
    assert "api.twilio.com" in media.hosts_of(installation.settings, "twilio")
