"""The master key lies outside the database, is changed while everybody works, and its absence is a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from hotline.errors import Misconfigured
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.jobs.tidying import change_data_key
from hotline.keys import master_key, rotation
from hotline.outbox.transports import NoTransport
from models import DataKey, make_engine
from models.keys import key_ring
from models.store.hidden import NoKey, ring_of
from tests.support.services import MASTER


def started_anew(installation: Installation) -> Engine:
    """The same database as another process opens it."""
    url = installation.engine.url.render_as_string(hide_password=False)
    engine = make_engine(url)
    build_installation(installation.settings, city=installation.city, engine=engine, transport=NoTransport())
    return engine


def test_who_starts_without_the_key_or_with_another_is_told_so(installation: Installation) -> None:
    path = installation.settings.master_key
    path.unlink()
    with pytest.raises(Misconfigured, match="没有主密钥"):
        started_anew(installation)
    master_key.write(path, [b"x" * 32])
    with pytest.raises(Misconfigured, match="不是写这个数据库的那一把"):
        started_anew(installation)
    path.write_text("half a line\n")
    with pytest.raises(Misconfigured, match="不完整"):
        started_anew(installation)


def test_a_city_makes_no_key_by_itself_and_a_trial_on_one_machine_does(
    installation: Installation, tmp_path: Path
) -> None:
    with installation.engine.begin() as connection:
        connection.execute(DataKey.__table__.delete())  # type: ignore[attr-defined]
    trial = replace(installation.settings, var=tmp_path / "trial")
    with pytest.raises(Misconfigured, match="没有主密钥"):
        master_key.prepare(installation.engine, replace(trial, mode="production", demo=False), installation.clock.now())
    master_key.prepare(installation.engine, trial, installation.clock.now())
    assert trial.master_key.stat().st_mode & 0o777 == 0o600 and len(master_key.masters(trial.master_key)[0]) == 32


def test_what_was_written_before_a_change_of_keys_is_read_after_it(installation: Installation) -> None:
    now, settings, running = installation.clock.now(), installation.settings, started_anew(installation)
    before = [
        ring_of(running).hide("城管局科长收受贿赂"),
        ring_of(running).hide_alike("13812340001"),
    ]
    many, former = rotation.rotate(installation.engine, settings, now)
    present = master_key.masters(settings.master_key)
    assert (many, len(present)) == (3, 1) and present != [MASTER] and master_key.masters(former) == [MASTER]
    assert master_key.fingerprints(installation.engine) == {key_ring.fingerprint(present[0])}
    ring = ring_of(started_anew(installation))
    assert [ring.show(one) for one in before] == ["城管局科长收受贿赂", "13812340001"]
    assert ring.hide_alike("13812340001") == before[1] and ring.hide("x")[:4] != before[0][:4]
    assert ring_of(running).show(ring.hide("新的一把写的")) == "新的一把写的"


@pytest.mark.parametrize("after", ["the file", "half of the rows"])
def test_a_change_of_keys_that_was_cut_off_is_readable_and_goes_on(installation: Installation, after: str) -> None:
    settings, engine = installation.settings, installation.engine
    words, present = ring_of(engine).hide("保密的话"), b"n" * 32
    master_key.write(settings.master_key, [present, MASTER])
    if after == "half of the rows":
        with engine.begin() as connection:
            row = connection.execute(select(DataKey.id, DataKey.wrapped).order_by(DataKey.id).limit(1)).one()
            values = {
                "wrapped": key_ring.wrap(key_ring.unwrap(row.wrapped, [MASTER]), present),
                "master": key_ring.fingerprint(present),
            }
            connection.execute(DataKey.__table__.update().where(DataKey.id == row.id).values(values))  # type: ignore[attr-defined]
    assert ring_of(started_anew(installation)).show(words) == "保密的话"
    rotation.rotate(engine, settings, installation.clock.now())
    assert master_key.masters(settings.master_key) == [present]
    assert ring_of(started_anew(installation)).show(words) == "保密的话"


def test_a_month_later_words_are_written_with_a_new_key(installation: Installation) -> None:
    engine, now = installation.engine, installation.clock.now()
    first = ring_of(engine).hide("话")
    change_data_key(installation, now)
    change_data_key(installation, now + timedelta(days=40))
    change_data_key(installation, now + timedelta(days=41))
    with Session(engine) as db:
        keys = db.scalar(select(func.count()).where(DataKey.purpose == "words"))
    later = started_anew(installation)
    assert keys == 3 and ring_of(later).hide("话")[:5] != first[:5] and ring_of(later).show(first) == "话"


def test_what_was_changed_in_the_database_is_not_read_as_words(installation: Installation) -> None:
    ring = ring_of(installation.engine)
    for hidden in (ring.hide("话"), ring.hide_alike("13812340001")):
        changed = hidden[:-3] + ("A" if hidden[-3] != "A" else "B") + hidden[-2:]
        with pytest.raises(NoKey):
            ring.show(changed)
