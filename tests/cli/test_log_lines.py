"""A record of the log is one line, steers no screen and names nobody (V19, VC12)."""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from classifier.text.normalise import plain as folded
from hotline.cli.log_lines import OneLine
from hotline.cli.main import LINE

ENDS = [
    chr(n)
    for n in (
        *range(0x20),
        0x7F,
        *range(0x80, 0xA0),
        0x2028,
        0x2029,
        0x200B,
        0x200E,
        0x202E,
        0x2066,
        0x2069,
        0x61C,
        0x2060,
        0xFEFF,
        0xE0041,
    )
]
FORGED = "08:00:00 INFO hotline.web.login: demo-head signed in from 10.0.0.1"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log file holds of this test."""
    held, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(held)
    handler.setFormatter(OneLine(LINE, "%H:%M:%S"))
    root.addHandler(handler)
    yield held
    root.removeHandler(handler)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: f"U+{ord(end):04X}")
def test_nothing_from_outside_begins_a_line_or_steers_a_screen(written: io.StringIO, end: str) -> None:
    logging.getLogger("x").warning("unhandled at %s", f"/p/{end}{FORGED}")
    line = written.getvalue()
    assert line.endswith("\n") and end not in line[:-1]
    assert len(line.splitlines()) == 1


def test_a_traceback_s_lines_do_not_look_like_records(written: io.StringIO) -> None:
    try:
        raise ValueError(f"x\n{FORGED}\r\u2028{FORGED}")
    except ValueError:
        logging.getLogger("x").exception("broken")
    assert [line for line in written.getvalue().splitlines()[1:] if not line.startswith("  | ")] == []


@pytest.mark.parametrize(
    "said",
    [
        "13812340001",
        "+8613812340001",
        "86 138 1234 0001",
        "138-1234-0001",
        "From=%2B8613812340001&To=x",
        "411123199001011238",
        "41112319900101123X",
        "1 3 8 1 2 3 4 0 0 0 1",
        "１３８１２３４０００１",
        "138.1234.0001",
        "138–1234–0001",
        "/search/?q=138+1234+0001",
        "/p/138%201234%200001",
        "4111 2319 9001 0112 34",
        "411123 19900101 123X",
        "(0372)8123400",
        "0372-8123400",
    ],
)
def test_no_line_holds_a_phone_or_a_card(written: io.StringIO, said: str) -> None:
    logging.getLogger("x").warning("refused %s of inbound 260304000001 at 1772589600000", said)
    line = written.getvalue()
    plain = re.sub(r"\D|%20", "", folded(line.partition(" of inbound")[0].partition("refused")[2]))
    assert said not in line and len(plain) <= 2, line
    assert "260304000001" in line and "1772589600000" in line, "numbers of tickets and moments stay readable"


@pytest.mark.parametrize("said", ["139.130.124.11", "13:26:38.123", "2026-12-01 13:09:00", "15 200 ms", "0.0372 s"])
def test_addresses_and_figures_stay_readable(written: io.StringIO, said: str) -> None:
    logging.getLogger("x").warning("seen %s there", said)
    assert f"seen {said} there" in written.getvalue()


def test_a_statement_that_fails_writes_none_of_its_parameters(engine: Engine, written: io.StringIO) -> None:
    with pytest.raises(SQLAlchemyError) as failed, engine.connect() as connection:
        connection.execute(
            text("SELECT nothing FROM nowhere WHERE phone = :phone AND name = :name"),
            {"phone": "03722525252", "name": "赵六九"},
        )
    logging.getLogger("x").error("failed", exc_info=failed.value)
    for held in (written.getvalue(), str(failed.value)):
        assert "2525252" not in held and "赵六九" not in held


def test_what_gunicorn_says_of_a_request_it_cannot_read_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    from gunicorn.config import Config

    from hotline.cli.gunicorn_conf import PlainLogger

    logger = PlainLogger(Config())
    logger.error_log.handlers[0].stream = sys.stderr  # type: ignore[attr-defined]
    logger.warning(f"Invalid request from ip=1.2.3.4: x\r\n{FORGED} 13812340001")
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1 and "13812340001" not in said
