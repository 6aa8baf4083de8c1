"""Bring a database to the newest version of the tables, quickly when it is there already.

`python -m models.migrate write "What changes"` writes the next version from the models; `… again` writes the only
version anew, as long as nothing is released.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, text

from models.append_only import protect_logs

FOLDER = Path(__file__).parent / "migrations"
LOCK = 123450001  # PostgreSQL's advisory lock for migrating
Finish = Callable[[Connection], None]


def versions() -> list[str]:
    """The revisions in order: files are named NNNN_what.py and the number is the revision."""
    return sorted(path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def current(connection: Connection) -> str | None:
    """The version of a database; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def upgrade(engine: Engine, afterwards: Iterable[Finish] = ()) -> bool:
    """Bring the database to the newest version; True when something changed.

    afterwards: functions that create what alembic does not know (full-text tables), called in the same
    transaction after the append-only triggers; they must bear being repeated. Two processes may call this at once.
    """
    with engine.connect().execution_options(reading=True) as connection:
        if current(connection) == versions()[-1]:
            return False
    from alembic import command

    with engine.begin() as connection:
        before = current(connection)
        if before != versions()[-1]:
            settings = alembic_settings(connection)
            settings.attributes["afterwards"] = (protect_logs, *afterwards)
            command.upgrade(settings, "head")
        return before != versions()[-1]


def differences(engine: Engine) -> list[Any]:
    """What the database has otherwise than the models say; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from models import Base

    with engine.connect().execution_options(reading=True) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """The full-text tables (ticket_search and what SQLite keeps beside it) are not made from the models."""
    return not (kind == "table" and (name or "").startswith("ticket_search"))


def alembic_settings(connection: Connection) -> Any:
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    settings.attributes["connection"] = connection
    return settings


def write(message: str) -> Path:
    """Write the next version by comparing the models with all versions so far; returns the file."""
    from alembic import command

    number = f"{len(versions()) + 1:04}"
    # The driver's plain transactions are enough for a database in memory that only this process sees.
    with create_engine("sqlite://").begin() as connection:
        settings = alembic_settings(connection)
        if versions():
            command.upgrade(settings, "head")
        made = command.revision(settings, message, autogenerate=True, rev_id=number)
    path = Path(made.path)  # type: ignore[union-attr]
    path.write_text(tidy(path.read_text()))
    return path


def tidy(source: str) -> str:
    """A cycle of foreign keys is closed by hand where the engine can alter tables; alembic's remarks go."""
    source = re.sub(r"^ *# (###|please).*\n", "", source, flags=re.M)
    late = re.findall(
        r"sa\.ForeignKeyConstraint\(\['(\w+)'\], \['(\w+)\.(\w+)'\], "
        r"name=op\.f\('(fk_(\w+)_\1)'\), use_alter=True\)",
        source,
    )
    closing = "".join(
        f"    if op.get_bind().dialect.name != 'sqlite':\n"
        f"        op.create_foreign_key('{name}', '{table}', '{other}', ['{column}'], ['{key}'])\n"
        for column, other, key, name, table in late
    )
    opening = "".join(
        f"    if op.get_bind().dialect.name != 'sqlite':\n        op.drop_constraint('{name}', '{table}')\n"
        for _, _, _, name, table in late
    )
    source = source.replace("\n\n\ndef downgrade", f"\n{closing}\n\ndef downgrade")
    return source.replace("def downgrade() -> None:\n", f"def downgrade() -> None:\n{opening}")


def again() -> Path:
    """Write the first version anew; refused once there is a second."""
    found = sorted((FOLDER / "versions").glob("[0-9]*_*.py"))
    if len(found) > 1:
        raise SystemExit('There is more than one version: say what changes, MESSAGE="…".')
    for path in found:
        path.unlink()
    return write("The first tables")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", message]:
            print(write(message))
        case ["again"]:
            print(again())
        case _:
            raise SystemExit(__doc__)
