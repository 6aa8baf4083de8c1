"""Numbers that stand in lists and behind words are numbers that a row can have: no guard at the edge knows those places (V18)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.life import Life


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000, "²", "-1", str(2**63)])
def test_a_number_that_no_row_has_is_nobodys_and_no_error(
    app: Flask, life: Life, browse: Callable[[Any], FlaskClient], number: str
) -> None:
    an, stranger = browse(life.staff["an"]), app.test_client()
    answers = (
        an.post("/undo", data={"events": f"1,{number},2"}),
        an.post("/ready/macros/new", data={"title": "x", "desk": "", "action": "note", "then": f"drop:{number}"}),
        stranger.get(f"/open311/v2/requests.json?service_request_id=P{number},P1"),
        stranger.get(f"/open311/v2/requests/P{number}.xml"),
    )
    assert [one.status_code for one in answers if one.status_code >= 500] == []
