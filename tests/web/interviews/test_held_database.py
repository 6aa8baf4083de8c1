"""While somebody else writes for two seconds, a question waits for its turn and is taken; who only reads waits for nobody."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from hotline.installation import Installation
from models import Interview, InterviewQuestion, Ticket
from tests.support.cities.talks import a_session
from tests.support.life import Life

HELD = 2.0


@contextmanager
def held(installation: Installation) -> Iterator[None]:
    """Another process in the middle of a long writing."""
    begun = threading.Event()

    def write() -> None:
        with installation.sessions() as db:
            db.execute(update(Interview).values(about="写了很久"))
            begun.set()
            time.sleep(HELD)
            db.commit()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(10)
    try:
        yield
    finally:
        writer.join()


@pytest.mark.parametrize("words", ["路灯什么时候修？", "我不想活了，站在楼顶，没有人管我。"])
def test_a_question_waits_for_its_turn_and_a_reader_does_not(
    app: Flask, life: Life, installation: Installation, browse: Any, words: str
) -> None:
    one = a_session(life)
    life.db.commit()
    citizen, lead = app.test_client(), browse(life.staff["班"])
    sheet = re.search(r'name="sheet" value="([^"]+)"', citizen.get(f"/c/interviews/{one.id}").text)
    assert sheet is not None
    said = {"body": words, "phone": "13800001234", "consent": "1", "sheet": sheet.group(1)}
    with held(installation):
        begun = time.monotonic()
        assert citizen.get(f"/c/interviews/{one.id}").status_code == 200
        assert lead.get(f"/interviews/{one.id}").status_code == 200
        read_in = time.monotonic() - begun
        assert citizen.post(f"/c/interviews/{one.id}", data=said).status_code == 303
    assert read_in < HELD
    assert lead.post(f"/interviews/{one.id}/start").status_code == 303
    with held(installation):
        assert lead.post(f"/interviews/{one.id}/next").status_code == 303
    with installation.readings() as db:
        counts = [db.scalar(select(func.count()).select_from(kind)) for kind in (Ticket, InterviewQuestion)]
        state = db.scalar(select(InterviewQuestion.state))
    assert counts == [1, 1]
    assert state in ("on_air", "waiting"), "danger to life never comes on air by itself"
