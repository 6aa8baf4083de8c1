"""A short storm with every test run; the long one is `make storm`."""

from __future__ import annotations

import pytest

from tests.storm.kills import storm
from tests.support.services import need_servers


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.redis
def test_what_was_acknowledged_is_there_once_and_no_text_went_out_twice() -> None:
    need_servers()
    found = storm(kills=4, seed=7, pause=1.0, callers=2)
    assert found.well, "\n".join(found.lines())
    assert found.acknowledged > 3
    assert found.answers[500] == 0, found.lines()
