"""A machine's files have the measure of a person's, and a large body is read from whom the door is for only."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from hotline.installation import Installation
from tests.support.doubles.machine import Machine
from tests.support.life import Life

LARGE = b"%PDF-1.7\n" + bytes(9 << 20)


class Watched(io.BytesIO):
    """Knows how much of it was read."""

    seen = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(-1 if size is None else size)
        self.seen += len(piece)
        return piece


def body() -> tuple[Watched, dict[str, object]]:
    head = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    whole = Watched(head + LARGE + b"\r\n--b--\r\n")
    return whole, {"CONTENT_TYPE": "multipart/form-data; boundary=b", "CONTENT_LENGTH": str(len(whole.getvalue()))}


def test_a_machine_may_send_what_a_person_may(machine: Machine, life: Life, installation: Installation) -> None:
    ticket = life.ticket()
    ticket.outer_source = "town"
    life.db.commit()
    call = machine("town", "tickets.read", "tickets.files.add", "tickets.files")
    sent = {"file": (io.BytesIO(LARGE), "a.pdf")}
    answer = call("POST", f"/tickets/{ticket.number}/files", data=sent)
    assert (answer.status_code, answer.json["size"]) == (201, len(LARGE))
    most = installation.city.policy.attachment_max_mb
    larger = {"file": (io.BytesIO(b"%PDF-1.7\n" + bytes(most << 20)), "a.pdf")}
    assert call("POST", f"/tickets/{ticket.number}/files", data=larger).status_code == 400, "and no more than a person"


@pytest.mark.parametrize("given", [{}, {"HTTP_AUTHORIZATION": "Bearer wrong"}, {"HTTP_AUTHORIZATION": "Basic x"}])
def test_a_large_body_without_a_token_is_not_read(given: dict[str, str], app: Flask) -> None:
    whole, told = body()
    answer = app.test_client().open(
        "/api/v1/tickets/260304000001/files",
        method="POST",
        input_stream=whole,
        environ_base={**told, **given},
    )
    assert answer.status_code == 401 and whole.seen == 0


def test_a_large_body_of_a_token_without_the_scope_is_not_read(machine: Machine, app: Flask, life: Life) -> None:
    whole, told = body()
    number = life.ticket().number
    life.db.commit()
    call = machine("town", "tickets.read")
    answer = app.test_client().open(
        f"/api/v1/tickets/{number}/files",
        method="POST",
        input_stream=whole,
        environ_base={**told, "HTTP_AUTHORIZATION": f"Bearer {call.secret}"},
    )
    assert answer.status_code == 403 and whole.seen == 0
