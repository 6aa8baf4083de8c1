"""Do a database's tables stand as this release needs them? Asked before pages are served and after every migration.

The database may have more than this release knows (a newer release expands first, an operator adds an index): that
hinders nobody. What is missing, of another type, or would refuse what we write, is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Engine, String, Table, TypeDecorator, text

from models.store import log_months
from models.store.append_only import TRIGGERS
from models.store.db import Base

_SHAPE_OF_SQLITE = "PRAGMA schema_version"
_SHAPE_OF_POSTGRESQL = """
    SELECT md5(string_agg(told, ';' ORDER BY told)) FROM (
        SELECT concat_ws(' ', c.relname, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.atthasdef) AS told
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace
        UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
    ) shape"""
_NAMES_IN_SQLITE = "SELECT name FROM sqlite_master"
_NAMES_IN_POSTGRESQL = """
    SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"""

ByHand = Mapping[str, Sequence[str]]
NOTHING: ByHand = {}


class Tables:
    """One installation's tables. by_hand: engine → names of what no model describes and must be there too."""

    def __init__(self, engine: Engine, by_hand: ByHand = NOTHING):
        self._engine = engine.execution_options(reading=True)
        self._by_hand = by_hand
        self._seen: tuple[Any, list[str]] | None = None

    def faults(self) -> list[str]:
        """What this release needs and does not find, by name; compared anew whenever the database's shape has changed."""
        with self._engine.connect() as connection:
            shape = connection.scalar(text(_SHAPE_OF_SQLITE if _on_sqlite(connection) else _SHAPE_OF_POSTGRESQL))
            if self._seen is None or self._seen[0] != shape:
                self._seen = shape, faults(connection, self._by_hand)
            return self._seen[1]


def faults(connection: Connection, by_hand: ByHand = NOTHING) -> list[str]:
    """As `Tables.faults`, asked once; sorted."""
    found = {name for one in differences(connection) if (name := _hindrance(one))}
    engine = connection.dialect.name
    months = {f"{name}_grows_only" for _log, name in log_months.parts(connection)}
    needed = {
        *by_hand.get(engine, ()),
        *TRIGGERS[engine],
        *months,
        *(log_months.NEEDED if engine == "postgresql" else ()),
    }
    return sorted(found | _absent(connection, needed))


def differences(connection: Connection) -> list[tuple[Any, ...]]:
    """Everything in which the database and the models differ, as alembic tells it; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_type": _compare_type})
    return list(_flat(compare_metadata(context, Base.metadata)))


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """The full-text tables (ticket_search and what SQLite keeps beside it) and the months of logs are not made from the models."""
    return not (kind == "table" and ((name or "").startswith("ticket_search") or log_months.is_part(name or "")))


def _compare_type(context: Any, _there: Any, _ours: Any, there: Any, ours: Any) -> bool | None:
    """SQLite gives a text of any length to every column of words, whatever length was once declared; the rest as alembic thinks."""
    ours = ours.impl_instance if isinstance(ours, TypeDecorator) else ours
    both_words = isinstance(there, String) and isinstance(ours, String)
    return False if context.dialect.name == "sqlite" and both_words else None


def _flat(found: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Alembic tells the changes of one column as a list."""
    for one in found:
        yield from one if isinstance(one, list) else [one]


def _hindrance(one: tuple[Any, ...]) -> str | None:
    """The name of what a difference takes from us; None for what the database merely has more than we know."""
    match one:
        case ("add_table", table):
            return str(table.name)
        case ("add_column", _schema, table, column):
            return f"{table}.{column.name}"
        case ("add_index" | "add_constraint" | "add_fk", thing):
            return str(thing.name)
        case ("remove_constraint" | "remove_fk", thing) if _we_know(thing.table, thing.columns):
            return str(thing.name)
        case ("remove_index", index) if index.unique and _we_know(index.table, index.columns):
            return str(index.name)
        case ("remove_column", _schema, table, Column(nullable=False, server_default=None) as column):
            return f"{table}.{column.name}"
        case ("modify_nullable", _schema, table, column, _more, False, True):
            return f"{table}.{column}"
        case ("modify_type", _schema, table, column, _more, there, ours) if not _wide_enough(there, ours):
            return f"{table}.{column}"
    return None


def _we_know(table: Table, columns: Iterable[Column[Any]]) -> bool:
    """A rule over columns of ours may refuse what we write; one over columns of a newer release does not touch us."""
    known = Base.metadata.tables.get(table.name)
    return known is not None and all(column.name in known.columns for column in columns)


def _wide_enough(there: Any, ours: Any) -> bool:
    """A text column that was made longer takes all that we write."""
    ours = ours.impl_instance if isinstance(ours, TypeDecorator) else ours
    return (
        isinstance(there, String)
        and isinstance(ours, String)
        and (there.length is None or (ours.length is not None and there.length >= ours.length))
    )


def _absent(connection: Connection, wanted: set[str]) -> set[str]:
    """The names that are not there; a trigger that is switched off is not there."""
    return wanted - set(connection.scalars(text(_NAMES_IN_SQLITE if _on_sqlite(connection) else _NAMES_IN_POSTGRESQL)))


def _on_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"
