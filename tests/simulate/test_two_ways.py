"""The quick way writes the same city as the slow one: the same seed, both ways, every table row by row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, select

from hotline.city.schema import City
from hotline.installation import Installation
from hotline.simulate.city import Made, Wish, live_slowly, strike
from hotline.simulate.roster import hire
from hotline.simulate.scratch import LEFT_OUT
from models import Base
from tests.support.cities.simulated import SINCE_MID_AUTUMN, installation_on
from tests.support.services import SqliteTests

pytestmark = pytest.mark.slow

OF_ITS_WRITING = {
    "ticket": ("id", "number", "version"),
    "message": ("provider_id",),
    "staff": ("password_hash",),
    "ticket_event": ("mark",),
    "audit": ("mark",),
    "correction": ("note",),
}
"""What is otherwise by right: numbers follow the order of writing, a row that is written once has one version, each row of a
log has a mark of its own, and how likely a reply is unclear hangs on the unit's own words, of which only those of the die are read."""

DRAWN_ONCE = "data_key"
"""The keys of a database are drawn with it; the two engines of the tests have their own."""

Facts = dict[str, Counter[str]]


def struck(installation: Installation, wish: Wish) -> Made:
    with installation.sessions() as db:
        roster = hire(db, installation.city, wish.seed, wish.since, wish.until)
        db.commit()
    return strike(installation, wish, roster)


def facts(installation: Installation) -> Facts:
    """Every row of every table as words that are the same whichever way it was written."""
    with installation.readings() as db:
        connection = db.connection()
        tickets = Base.metadata.tables["ticket"]
        told = connection.execute(select(tickets)).mappings().all()
        names = {row["id"]: f"<{row['contact_phone']} {row['created_at']:%m%d%H%M%S}>" for row in told}
        numbers = {row["number"]: names[row["id"]] for row in told}
        return {
            table.name: Counter(
                _said(table, row, names, numbers) for row in connection.execute(select(table)).mappings()
            )
            for table in Base.metadata.sorted_tables
            if table.name not in (*LEFT_OUT, DRAWN_ONCE) and not table.name.startswith("alembic")
        }


def _said(table: Table, row: Any, names: dict[int, str], numbers: dict[str, str]) -> str:
    left = {"id", *OF_ITS_WRITING.get(table.name, ())}
    said = {}
    for column in table.columns:
        value = row[column.name]
        target = next((key.column.table.name for key in column.foreign_keys), None)
        if column.name in left:
            continue
        if target == "ticket" or (table.name, column.name) == ("audit", "ticket_id"):
            value = names.get(value)
        elif target is not None and target not in ("staff", "unit"):
            value = None if value is None else target
        said[column.name] = value
    words = re.sub("|".join(numbers), lambda found: numbers[found[0]], str(said)) if numbers else str(said)
    words = re.sub(r"'(\w+_id)': \d+", r"'\1'", words) if table.name == "ticket_event" else words
    return re.sub(r"(survey|petition|directive):\d+|(〔\d+〕)\d+号", r"\1\2", words)


@pytest.fixture(scope="module")
def lived(
    sqlite_tests: SqliteTests, anyang: City, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Facts, Made]]:
    folder = tmp_path_factory.mktemp("slow")
    engine = sqlite_tests.apart(folder / "slow.db")
    installation = installation_on(engine, anyang, folder)
    made, _roster = live_slowly(installation, SINCE_MID_AUTUMN)
    yield facts(installation), made
    engine.dispose()


def test_both_ways_write_the_same_rows(lived: tuple[Facts, Made], engine: Engine, anyang: City, tmp_path: Path) -> None:
    slow, made_slowly = lived
    installation = installation_on(engine, anyang, tmp_path)
    made = struck(installation, SINCE_MID_AUTUMN)
    assert made.contacts == made_slowly.contacts
    assert made.struck > made.lived
    assert made.by_way == made_slowly.by_way
    quick = facts(installation)
    otherwise = {
        name: (slow[name] - quick[name], quick[name] - slow[name]) for name in slow if slow[name] != quick[name]
    }
    assert otherwise == {}, "\n".join(f"{name}: {first} | {second}" for name, (first, second) in otherwise.items())[
        :6000
    ]
