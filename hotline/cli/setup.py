"""Setting up: tables, the city's files, the demo."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy import make_url

from hotline.city.check import check_city, load_folder, missing_texts
from hotline.cli.terminal import the_installation
from hotline.clock import Clock
from hotline.errors import Misconfigured
from hotline.i18n import _
from hotline.settings import Settings, read_settings
from hotline.staff import city_changes
from models import make_engine, make_sessions
from models.store import runtime_role
from models.store.compare import Tables
from models.store.migrate import Busy, upgrade, version_of, versions


@click.command()
def migrate() -> None:
    """Bring the database to the newest version of the tables; refuses when they are then not as this release needs them."""
    click.echo(migrate_database(read_settings()))


def migrate_database(settings: Settings) -> str:
    """What was done. Raises Misconfigured when the tables are in use, or afterwards not as this release needs them."""
    from hotline.keys import former, master_key
    from hotline.ops.health import told
    from hotline.tickets.privacy.seal_files import seal_key
    from hotline.tickets.seals import row_seals
    from hotline.tickets.search.full_text import MADE_BY_HAND, create_search
    from hotline.tickets.search.indexing import index_when_outdated

    settings.var.mkdir(parents=True, exist_ok=True)
    settings.attachments.mkdir(parents=True, exist_ok=True)
    keep_private(settings)
    engine = make_engine(settings.owner_url or settings.database_url)
    try:
        changed = upgrade(engine, (create_search,))
        version, faults = version_of(engine) or "", Tables(engine, MADE_BY_HAND).faults()
        if not faults and version in versions():
            master_key.prepare(engine, settings, Clock().now())
            former.digest_codes(engine)
            former.hide(engine)
            former.seal_words(engine)
            index_when_outdated(make_sessions(engine))
            row_seals.adopt(make_sessions(engine), seal_key(settings), Clock().now())
        if settings.owner_url:
            own = make_url(settings.database_url)
            runtime_role.prepare(engine, own.username or "", str(own.password or ""))
    except Busy as busy:
        raise Misconfigured(
            _(
                "有程序长时间占用数据表，没有升级，数据库没有变化。请在空闲时再运行一次 hotline migrate。（%(why)s）",
                why=str(busy).strip(),
            )
        ) from busy
    finally:
        engine.dispose()
    if faults:
        raise Misconfigured(told(faults))
    if version not in versions():
        return _("数据库是更新的版本（%(version)s）：本版程序需要的都在，没有改动。", version=version)
    return _("数据库已升级。") if changed else _("数据库已是最新。")


def keep_private(settings: Settings) -> None:
    """What earlier releases left readable for everybody on the machine is closed: the database, files, models, secrets."""
    ours = ("attachments", "models", "backups", "imports", "hotline.db", "hotline.db-wal", "hotline.db-shm")
    for top in (settings.var / name for name in ours):
        for path in (top, *top.rglob("*")) if top.is_dir() else (top,):
            if path.exists() and not path.is_symlink():
                path.chmod(path.stat().st_mode & 0o700)


@click.group()
def city() -> None:
    """The city's files: categories, units, rules, limits, calendar, texts, places."""


@city.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check(folder: Path | None) -> None:
    """Report every mistake of a city's folder at once, with file and line."""
    from hotline.messages.notices import texts_needed

    report = check_city(folder or read_settings().city_dir, Clock().now())
    missing = missing_texts(report.city, texts_needed()) if report.city else []
    click.echo("\n".join((*missing, *report.lines)))
    sys.exit(0 if report.ok and not missing else 1)


@city.command("changes")
@click.argument("ids", nargs=-1, type=int)
def changes(ids: tuple[int, ...]) -> None:
    """Print what was changed from the pages, as a diff that `git apply` and `patch -p1` read (all, or these numbers)."""
    settings = read_settings()
    with make_sessions(make_engine(settings.database_url))() as db:
        for one in city_changes.diffs(db, ids):
            said = f"{one.asked_by_name} → {one.decided_by_name} {one.decided_at:%Y-%m-%d %H:%M}Z"
            click.echo(f"# {one.id} {one.data['what']} {said}: {one.data['why']}")
            click.echo(one.data["diff"], nl=False)


@city.command("load")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def load(folder: Path | None) -> None:
    """Check a city's folder and bring units and categories of the database in line with it."""
    settings = read_settings()
    lines = load_into(settings, folder)
    click.echo("\n".join(lines))


def load_into(settings: Settings, folder: Path | None = None) -> tuple[str, ...]:
    sessions = make_sessions(make_engine(settings.database_url))
    with sessions() as db:
        report = load_folder(db, folder or settings.city_dir, Clock().now())
        if not report.ok:
            raise Misconfigured("\n".join(report.lines))
        db.commit()
    return report.lines


@click.command()
def demo() -> None:
    """Seed the demo's people and tickets; nothing happens when they are there."""
    seed_demo(read_settings())


def seed_demo(settings: Settings) -> None:
    """The demo's people and tickets, unless they are there: a second start must not wait for an installation of its own."""
    from hotline.demo import seed
    from hotline.demo.people import are_there
    from hotline.staff.sign_in.passwords import DEMO_PASSWORD

    with make_sessions(make_engine(settings.database_url))() as db:
        there = are_there(db)
    if not there:
        seed(the_installation(settings))
    click.echo(_("演示账号见登录页，密码都是 %(password)s", password=DEMO_PASSWORD))


COMMANDS: tuple[click.Command, ...] = (
    migrate,
    city,
    demo,
)
