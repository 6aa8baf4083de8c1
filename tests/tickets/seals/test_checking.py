"""A restored city is checked by several processes at once, and they find what one finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hotline.installation import Installation
from hotline.tickets.privacy import audit
from hotline.tickets.seals import chain, row_seals, seal_files
from hotline.tickets.seals.chain import Verdict
from tests.support.doubles.tampering import tamper
from tests.support.life import Life


@pytest.fixture
def lived(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """Two whole lives under many links, cut into many pieces."""
    monkeypatch.setattr(chain, "ROWS", 4)
    monkeypatch.setattr(row_seals, "WINDOW", 2)
    life = Life(installation.sessions(), installation.city, installation.clock)
    for _n in range(2):
        life.to("closed")
        for deed in ("login", "reveal", "export"):
            audit.record(life.db, deed, life.people["an"], life.now)
            life.db.commit()
            installation.clock.forward(minutes=5)
            seal_files.seal_books(installation, installation.clock.now())
    seal_files.publish_head(installation, installation.clock.now())
    yield life
    life.db.close()


def verdict(installation: Installation, processes: int) -> Verdict:
    with installation.readings() as db:
        return seal_files.verify(db, installation.settings, processes=processes)


def test_a_whole_city_is_whole_in_pieces(lived: Life, installation: Installation) -> None:
    with installation.readings() as db:
        assert len(chain.parts(db)) > 3 and len(row_seals.windows(db)) > 6
    alone, together = verdict(installation, 1), verdict(installation, 2)
    assert alone == together and alone.problems == [] and alone.links >= 6


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE audit SET actor_name = '别人' WHERE id = 2", "第 2 行"),
        ("DELETE FROM ticket_event WHERE id = 3", "第 3 行"),
        ("UPDATE deadline SET met = NULL, stopped_at = NULL WHERE id = (SELECT min(id) FROM deadline)", "期限第"),
        ("DELETE FROM survey WHERE id = (SELECT min(id) FROM survey)", "评价第"),
        ("DELETE FROM seal WHERE id = 5", "与前一条接不上"),
        ("UPDATE seal SET first_id = first_id - 1 WHERE id = 7", "封条 7 "),
        ("UPDATE seal SET last_id = 9000000, log = 'audit' WHERE id = 6", "封条 6 "),
        ("DELETE FROM seal WHERE id > 3", "已对外公布的封条"),
        ("DELETE FROM seal", "已对外公布的封条"),
    ],
)
def test_what_was_done_to_the_logs_is_found_in_every_piece(
    lived: Life, installation: Installation, statement: str, named: str
) -> None:
    tamper(lived.db, statement)
    alone, together = verdict(installation, 1), verdict(installation, 2)
    assert any(named in said for said in together.problems)
    assert sorted(alone.problems) == sorted(together.problems) and alone.rows == together.rows
