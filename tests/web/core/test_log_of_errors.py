"""What the log says of a request that failed (V19)."""

from __future__ import annotations

import io
import logging

import pytest
from flask import Flask

from hotline.cli.log_lines import OneLine
from hotline.cli.main import LINE
from hotline.web.citizen import access

FORGED = "08:00:00 INFO hotline.web.login: demo-head signed in from 10.0.0.1"


def test_a_path_that_fails_begins_no_line_of_its_own(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise LookupError("out of order, said 13812340001")

    held, handler = io.StringIO(), logging.StreamHandler()
    handler.setStream(held)
    handler.setFormatter(OneLine(LINE, "%H:%M:%S"))
    logging.getLogger().addHandler(handler)
    monkeypatch.setattr(access, "find", broken)
    path = "/p/x%0A" + FORGED.replace(" ", "%20") + "%1B[2K%E2%80%A8%0B"
    try:
        assert app.test_client().get(path).status_code == 500
    finally:
        logging.getLogger().removeHandler(handler)
    said = held.getvalue()
    assert "demo-head" in said and "13812340001" not in said
    assert [line for line in said.splitlines()[1:] if not line.startswith("  | ")] == []
