"""A letter that nobody here can open is a matter all the same: its ticket says so, and its writer is asked once to write in clear."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.papers.letters import OURS, Post

Tickets = Callable[[], list[Any]]
BYTES = base64.encodebytes(b"0\x82\x01\x00sealed" * 40).decode().replace("\n", "\r\n")
ARMOUR = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1sealed\r\n=abcd\r\n-----END PGP MESSAGE-----\r\n"
LETTERS = {
    "smime": f"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
    f"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=smime.p7m\r\n\r\n{BYTES}",
    "pgp": 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x\r\n\r\n'
    "--x\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    f"--x\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n{ARMOUR}--x--\r\n",
    "armour": f"Content-Type: text/plain; charset=utf-8\r\n\r\n{ARMOUR}",
    "tnef": "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n \r\n"
    "--x\r\nContent-Type: application/octet-stream; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n"
    f"Content-Disposition: attachment; filename=winmail.dat\r\n\r\n{BYTES}--x--\r\n",
}


def letter(kind: str, sender: str, number: int = 1) -> bytes:
    head = f"From: {sender}\r\nTo: {OURS}\r\nSubject: lamp {kind}\r\nMessage-ID: <{kind}-{number}@x.test>\r\nMIME-Version: 1.0\r\n"
    return (head + LETTERS[kind]).encode()


@pytest.mark.parametrize("kind", LETTERS)
def test_a_locked_letter_is_a_ticket_that_says_so_and_its_writer_is_asked_to_write_in_clear(
    post: Post, tickets: Tickets, kind: str
) -> None:
    sender = f"{kind}@locked.test"
    post.office.bring(letter(kind, sender))
    post.work(2)
    (ticket,) = tickets()
    assert (
        f"lamp {kind}" in ticket.text.body
        and "内容没有读出来" in ticket.text.body
        and "BEGIN PGP" not in ticket.text.body
    )
    sent = [one.get_content() for one in post.sent_to(sender)]
    assert [ticket.number in one for one in sent].count(True) >= 1, "the receipt"
    assert len([one for one in sent if "读不出内容" in one and "12345" in one]) == 1
    assert all(one["Auto-Submitted"] == "auto-replied" for one in post.sent_to(sender))


def test_a_program_that_answers_with_locked_letters_is_asked_once_and_then_left_alone(
    post: Post, tickets: Tickets
) -> None:
    for number in range(6):
        post.office.bring(letter("smime", "robot@locked.test", number))
        post.work(3)
    asked = [one for one in post.sent_to("robot@locked.test") if "读不出内容" in one.get_content()]
    assert len(asked) == 1 and len(tickets()) >= 1
    before = len(post.server.letters)
    post.work(5)
    assert len(post.server.letters) == before, "nothing goes on by itself"
