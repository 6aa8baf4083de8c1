"""Nobody fills the disk: what has no right to come in is turned away at its head, and who may come in has a measure."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline.tickets.privacy import attachments
from hotline.web.core.forms import draft_store
from hotline.web.core.limits import large_bodies
from models import Staff
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
BOUNDARY = "----------the-boundary"


class Counted(io.RawIOBase):
    """A body that is made while it is read, and knows how much was."""

    def __init__(self, head: bytes, size: int):
        self.head, self.size, self.at, self.read_so_far = head, size, 0, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, to: int, whence: int = 0) -> int:
        self.at = to if whence == 0 else self.at + to if whence == 1 else self.size + to
        return self.at

    def readinto(self, into: Any) -> int:
        n = min(len(into), self.size - self.at)
        into[:n] = self.head[self.at : self.at + n].ljust(n, b"0")
        self.at += n
        self.read_so_far += n
        return n


def part(name: str, value: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


FILE = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'.encode()


def post(client: FlaskClient, path: str, body: Counted, **headers: str) -> Any:
    return client.post(
        path,
        input_stream=body,
        headers={"Content-Length": str(body.size), **headers},
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )


@pytest.fixture
def guarded(app: Flask, life: Life) -> Flask:
    """With the forms' tokens on, as in a real installation."""
    app.config["WTF_CSRF_ENABLED"] = True
    life.db.commit()
    return app


def token_of(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/c/new").text)
    assert found
    return found[1]


@pytest.mark.parametrize("token", ["", "IjEyMyI.aaaaaa.bbbbbbbbbbbbbbbbbbb"])
def test_a_large_body_without_its_token_is_refused_before_it_is_on_the_disk(guarded: Flask, token: str) -> None:
    """V24."""
    body = Counted((part("csrf_token", token) if token else b"") + part("body", "路灯不亮") + FILE, 95 << 20)
    answer = post(guarded.test_client(), "/c/new", body)
    assert answer.status_code == 400 and "请刷新后再提交" in answer.text
    assert body.read_so_far <= large_bodies.HEAD


def test_a_large_form_with_its_token_at_the_beginning_comes_in(guarded: Flask) -> None:
    client = guarded.test_client()
    fields = b"".join(
        part(name, value)
        for name, value in (
            ("csrf_token", token_of(client)),
            ("body", "文峰大道的路灯不亮，请修。"),
            ("consent", "1"),
            ("sheet", "k1"),
        )
    )
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    content = fields + FILE + PNG + b"0" * (6 << 20) + end
    answer = post(client, "/c/new", Counted(content, len(content)))
    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/files", "/tickets/260304000001/files", "/tickets/260304000001/do/reply"])
def test_a_stranger_uploads_nothing_where_one_must_be_signed_in(guarded: Flask, path: str) -> None:
    client = guarded.test_client()
    token = token_of(client)
    body = Counted(part("csrf_token", token) + FILE, 50 << 20)
    answer = post(client, path, body, **{"X-CSRFToken": token})
    assert answer.status_code == 403 and body.read_so_far == 0


@pytest.mark.parametrize(
    "path",
    [
        "/desk",
        "/c/track",
        "/login",
        "/p/260304000001/leave",
        "/no/such/page",
        "/webhooks/twilio/sms",
        "/api/v1/tickets",
    ],
)
def test_where_no_files_are_taken_a_large_body_is_refused_unread(guarded: Flask, path: str) -> None:
    body = Counted(part("body", "路灯不亮"), large_bodies.SMALL + 1)
    answer = post(guarded.test_client(), path, body)
    assert answer.status_code == 413 and body.read_so_far == 0


def test_every_view_that_reads_files_says_that_it_takes_them(app: Flask) -> None:
    taking = {endpoint for endpoint, view in app.view_functions.items() if getattr(view, "takes_files", False)}
    assert taking >= {"citizen.submit", "citizen.progress.do", "files.add", "files.add_to_ticket", "tickets.do"}


def test_one_persons_loose_uploads_have_a_daily_measure(
    life: Life, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V24."""
    life.db.commit()
    monkeypatch.setattr(attachments, "LOOSE_A_DAY", 3)
    he, other = browse(life.staff["he"]), browse(life.staff["an"])

    def send(client: FlaskClient) -> Any:
        return client.post(
            "/files",
            data={"file": (io.BytesIO(PNG), "a.png"), "draft_key": "reply:1"},
            headers={"Accept": "application/json"},
        )

    stored = [send(he) for _ in range(3)]
    assert [answer.status_code for answer in stored] == [201] * 3
    refused = send(he)
    assert refused.status_code == 429 and "还没有随表单提交" in refused.json["detail"]
    assert send(other).status_code == 201
    assert he.delete(stored[0].json["url"]).status_code == 204
    assert send(he).status_code == 201
    life.clock.forward(days=1, minutes=1)
    assert send(browse(life.staff["he"])).status_code == 201


def test_all_of_one_persons_files_have_a_daily_measure(
    life: Life, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = life.to("handling")
    life.db.commit()
    monkeypatch.setattr(attachments, "FILES_A_DAY", 2)
    he = browse(life.staff["he"])
    statuses = [
        he.post(f"/tickets/{ticket.number}/files", data={"file": (io.BytesIO(PNG), "a.png")}).status_code
        for _ in range(3)
    ]
    assert statuses == [201, 201, 429]


def test_one_persons_drafts_have_a_daily_measure(life: Life, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    """V24."""
    life.db.commit()
    monkeypatch.setattr(draft_store, "MOST_A_DAY", 3)
    an = browse(life.staff["an"])
    statuses = [
        an.put(f"/drafts/desk:{n}", json={"version": 0, "data": {"body": "路灯"}}).status_code for n in range(4)
    ]
    assert statuses == [200, 200, 200, 429]
    assert an.put("/drafts/desk:1", json={"version": 1, "data": {"body": "路灯不亮"}}).status_code == 200
    assert "请先提交或清空一些" in an.put("/drafts/desk:9", json={"version": 0, "data": {}}).json["detail"]


def test_many_words_without_a_file_come_back_to_whoever_wrote_them(guarded: Flask, life: Life, browse: Browse) -> None:
    """A form that could bring a file and was sent without one has its token anywhere, and is measured as words are."""
    ticket, words = life.ticket(), "夜里噪声很大，" * 20_000
    life.db.commit()
    client, path = browse(life.staff["du"]), f"/tickets/{ticket.number}/do/note"
    form = {"text": words, "seen": str(ticket.move_count), "csrf_token": token_of(client)}
    refused = client.post(path, data=form)
    assert refused.status_code == 400 and words in refused.text and "页面打开太久" not in refused.text
    beyond = client.post(path, data={**form, "text": "a" * (large_bodies.SMALL + 1)})
    assert beyond.status_code == 413 and "填写的内容太长，请分几次提交。" in beyond.text
