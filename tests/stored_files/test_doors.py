"""Every way by which a file comes in: each is looked into, none opens once something was found, and a new way is named here first."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.intake import media
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.knowledge.demo import folder_of
from hotline.outbox.runner import drain
from hotline.partners.facts import Case
from hotline.partners.handed import enclosed
from hotline.settings import PartnerSetting
from hotline.stored_files.care import look_after_files
from hotline.tickets.roles import SYSTEM
from hotline.web.admin.tokens import SCOPES, issue
from hotline.webhook_handlers.handler import WebhookHandler
from models import Attachment, Delivery, KnowledgeImport, Message, Staff, Ticket
from tests.support.doubles.clamd_double import ClamdDouble
from tests.support.life import Life
from tests.support.make import make_staff
from tests.support.repository import ROOT
from webhooks.events import FileReceived
from webhooks.mail.letters import MailFile, MailReceived

Browse = Callable[[Staff], FlaskClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
JPEG = b"\xff\xd8\xff\xdb\x00\x43" + bytes(65) + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\xd2\xff\xd9"
FORM = {"body": "小区门口的路灯坏了三天，请尽快修。", "place": "文峰区东工路", "phone": "13800001234", "sheet": "k1"}
URL = "https://img.azt.example/1.png"
DOORS = {
    "hotline/api/details.py": "a machine, onto a ticket",
    "hotline/intake/files.py": "a letter by mail; another city's matter",
    "hotline/intake/importing/runs.py": "a book of another system (test_checking)",
    "hotline/intake/media.py": "a picture that a post, a text or a message names by its address",
    "hotline/knowledge/files/importing.py": "articles and matters",
    "hotline/letters/scans.py": "a letter on paper",
    "hotline/open311/views.py": "an app that speaks GeoReport",
    "hotline/web/citizen/files.py": "a citizen: with a form, beside a refused one, onto an own matter",
    "hotline/web/ticket/files.py": "staff: beside a form, onto a ticket",
    "hotline/web/ticket/with_the_form.py": "staff without scripts: with the form",
}
"""What keeps bytes that came from outside."""

REWRITES = {"hotline/tickets/privacy/attachments.py", "hotline/tickets/privacy/stored_pictures.py"}
"""The store itself, and what takes the camera's words out of what it holds."""

WRITES = re.compile(r"attachments\.store\(|attachments import (?:.*\b)?store\b|hidden_files\.write\(|\.write_bytes\(")


@dataclass
class Town:
    app: Flask
    life: Life
    browse: Browse
    installation: Installation

    def post(self, who: str, path: str, **form: Any) -> Any:
        self.life.db.commit()
        client = self.browse(self.life.staff[who]) if who else self.app.test_client()
        headers = form.pop("headers", None)
        answer = client.post(path, data=form, headers=headers)
        assert answer.status_code in (200, 201, 303, 400), answer.text
        return answer

    def token(self) -> str:
        return issue(self.life.db, "平台", "azt", list(SCOPES), self.life.now, city=self.life.city)

    def brought(self, **more: Any) -> Ticket:
        contact = Contact(body="路灯不亮，请修。", outer_source="azt", outer_number="1", **more)
        ticket = open_ticket(self.life.db, self.life.city, contact, SYSTEM, self.life.now)
        self.life.db.commit()
        return ticket


def picture(name: str = "灯.png") -> tuple[io.BytesIO, str]:
    return io.BytesIO(PNG), name


def staff_beside(town: Town) -> None:
    town.post("an", "/files", draft_key="desk", file=picture())


def staff_onto(town: Town) -> None:
    town.post("du", f"/tickets/{town.life.to('handling').number}/files", file=picture())


def staff_with_the_form(town: Town) -> None:
    number = town.life.to("handling").number
    town.post("du", f"/tickets/{number}/do/note", text="已核实", once="1", files_file=picture())


def citizen_with(town: Town) -> None:
    town.post("", "/c/new", **FORM, consent="1", files=picture())


def citizen_refused(town: Town) -> None:
    town.post("", "/c/new", **FORM, files=picture())


def citizen_adds(town: Town) -> None:
    town.life.db.commit()
    client = town.app.test_client()
    number = client.post("/c/new", data={**FORM, "consent": "1"}).location.rsplit("/", 1)[1]
    assert client.post(f"/p/{number}/add", data={"text": "见图", "files": picture()}).status_code == 303


def machine(town: Town) -> None:
    headers, ticket = {"Authorization": f"Bearer {town.token()}"}, town.brought()
    town.post("", f"/api/v1/tickets/{ticket.number}/files", file=picture(), headers=headers)


def open311(town: Town) -> None:
    told = {"api_key": town.token(), "service_code": "0204", "description": "路灯坏了。", "address_string": "东工路"}
    town.post("", "/open311/v2/requests.json", **told, media=picture())


def paper(town: Town) -> None:
    town.post("an", "/letters/", files=(io.BytesIO(JPEG), "信.jpg"))


def mail(town: Town) -> None:
    letter = {"sender": "li@example.cn", "name": "李", "subject": "路灯", "text": "文峰大道的路灯坏了三天，请修。"}
    told = MailReceived(
        provider="mail", event_id="m1", at=town.life.now, message_id="<1@x>", files=(MailFile("灯.png", PNG),), **letter
    )
    WebhookHandler(town.installation).mail_received(told)


def another_city(town: Town) -> None:
    town.brought()
    told = FileReceived(provider="azt", event_id="f1", at=town.life.now, outer_number="1", name="灯.png", data=PNG)
    WebhookHandler(town.installation).file_received(told)


def named_by_address(town: Town) -> None:
    town.brought(media=(URL,))


WAYS = [staff_beside, staff_onto, staff_with_the_form, citizen_with, citizen_refused, citizen_adds, machine, open311, paper, mail,
        another_city, named_by_address]  # fmt: skip


@pytest.fixture
def town(
    scanned: Installation,
    app: Flask,
    life: Life,
    browse: Browse,
    clamd: ClamdDouble,
    monkeypatch: pytest.MonkeyPatch,
) -> Town:
    """A scanner that finds something in every picture, and a platform whose pictures are fetched."""
    clamd.learnt += [PNG, JPEG[:3]]
    partners = {"azt": PartnerSetting(media=("img.azt.example",))}
    scanned.settings = replace(scanned.settings, partners=partners)
    fetched = type("Site", (), {"fetch": lambda self, url, hosts: PNG})()
    monkeypatch.setattr(media, "fetcher_for", lambda installation, source: fetched)
    life.db.commit()
    return Town(app, life, browse, scanned)


def test_every_way_that_keeps_a_file_is_known() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "hotline").rglob("*.py")
        if WRITES.search(path.read_text()) and "/vendor/" not in str(path) and "/backups/" not in str(path)
    }
    assert found - REWRITES == set(DOORS), "a new way is looked into as well, and has a line and a test here"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_file_that_comes_in_is_looked_into_and_sealed(way: Callable[[Town], None], town: Town) -> None:
    way(town)
    (held,) = kept(town) or fetched_later(town)
    drain(town.installation)
    (sealed,) = kept(town)
    assert (held.checked, sealed.checked, sealed.found) == ("unchecked", "infected", "Eicar-Signature")
    told = town.life.db.scalars(select(Message).where(Message.template_key == "file_infected")).all()
    assert [one.role for one in told] == ["auditor"]


def test_what_was_found_leaves_by_no_door(town: Town) -> None:
    client, life = town.app.test_client(), town.life
    agent = town.browse(life.staff["an"])
    number = client.post("/c/new", data={**FORM, "consent": "1", "files": picture()}).location.rsplit("/", 1)[1]
    ticket = life.db.scalars(select(Ticket).where(Ticket.number == number)).one()
    ticket.outer_source = "azt"
    secret = town.token()
    life.db.commit()
    drain(town.installation)
    (held,) = kept(town)
    token = {"Authorization": f"Bearer {secret}"}
    asked = [
        client.get(f"/p/{number}/files/{held.stored_as}"),
        agent.get(f"/files/{held.stored_as}"),
        client.get(f"/api/v1/tickets/{number}/files/{held.id}", headers=token),
    ]
    assert [one.status_code for one in asked] == [403] * 3 and all(PNG not in one.data for one in asked)
    delivery = Delivery(key="k", partner="azt", ticket_id=ticket.id, attachment_id=held.id)
    case = SimpleNamespace(ticket=life.db.get_one(Ticket, ticket.id), delivery=delivery, sealed=False)
    assert enclosed(town.installation, cast(Case, case)) is None


def articles(town: Town) -> tuple[int, FlaskClient]:
    """The file's number, and its editor's browser."""
    person = make_staff(town.life.db, "zhi", "知", "knowledge", unit="hotline")
    town.life.db.commit()
    editor = town.browse(person)
    file = (io.BytesIO("问题,答复,依据,负责单位\n甲,乙,《丙》,chengguan\n".encode()), "表.csv")
    answer = editor.post("/knowledge/imports", data={"kind": "article", "file": file})
    return int(answer.headers["Location"].rsplit("/", 1)[1]), editor


def state_of(town: Town, run_id: int) -> tuple[str, str]:
    with town.installation.readings() as db:
        run = db.get_one(KnowledgeImport, run_id)
        return run.checked, run.state


def test_a_file_of_articles_is_dropped_when_something_is_found(town: Town, clamd: ClamdDouble) -> None:
    clamd.learnt.append("《丙》".encode())
    run_id, editor = articles(town)
    folder = folder_of(town.installation.settings.var)
    assert "未查毒" in editor.get(f"/knowledge/imports/{run_id}").text
    (waiting,) = folder.iterdir()
    assert "《丙》".encode() not in waiting.read_bytes(), "a file that waits is read on no stolen disk"
    drain(town.installation)
    assert state_of(town, run_id) == ("infected", "dropped") and not list(folder.iterdir())
    with town.installation.readings() as db:
        told = db.scalars(select(Message).where(Message.template_key == "file_infected")).all()
    assert [one.role for one in told] == ["auditor"]


def test_a_file_of_articles_that_nobody_could_tell_of_is_asked_again(
    town: Town, clamd: ClamdDouble, clock: StoppedClock
) -> None:
    clamd.learnt.append("《丙》".encode())
    clamd.mood = "dies"
    run_id, _editor = articles(town)
    drain(town.installation)
    assert state_of(town, run_id) == ("failed", "looked")
    clamd.mood = ""
    clock.forward(minutes=3)
    look_after_files(town.installation, clock.now())
    drain(town.installation)
    assert state_of(town, run_id) == ("infected", "dropped")


def kept(town: Town) -> list[Attachment]:
    town.life.db.expire_all()
    found = list(town.life.db.scalars(select(Attachment)))
    for one in found:
        town.life.db.expunge(one)
    town.life.db.commit()
    return found


def fetched_later(town: Town) -> list[Attachment]:
    """Of what is fetched by a job: as it stands before the scanner's turn."""
    while not (found := kept(town)) and drain(town.installation, most=1):
        pass
    return found
