"""Setting up: tables, the city's files, the demo, a simulated city."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import make_url

from hotline.city.check import check_city, load_folder, missing_texts
from hotline.cli.terminal import note_deed, the_installation
from hotline.clock import Clock
from hotline.errors import Misconfigured
from hotline.i18n import _
from hotline.settings import Settings, read_settings
from hotline.staff import city_changes
from models import make_engine, make_sessions
from models.store import runtime_role
from models.store.compare import Tables
from models.store.migrate import Busy, upgrade, version_of, versions

if TYPE_CHECKING:
    from hotline.installation import Installation
    from hotline.simulate.making import Told


@click.command()
def migrate() -> None:
    """Bring the database to the newest version of the tables; refuses when they are then not as this release needs them."""
    click.echo(migrate_database(read_settings()))


def migrate_database(settings: Settings, *, compare: bool = True) -> str:
    """What was done. Raises Misconfigured when the tables are in use, or afterwards not as this release needs them.

    compare: look at the tables also when there was nothing to change.
    """
    from hotline.keys import former, master_key
    from hotline.ops.health import told
    from hotline.tickets.seals import row_seals
    from hotline.tickets.seals.seal_files import seal_key
    from hotline.tickets.search.full_text import MADE_BY_HAND, create_search
    from hotline.tickets.search.indexing import index_when_outdated

    settings.var.mkdir(parents=True, exist_ok=True)
    settings.attachments.mkdir(parents=True, exist_ok=True)
    keep_private(settings)
    engine = make_engine(settings.owner_url or settings.database_url)
    try:
        changed = upgrade(engine, (create_search,))
        version = version_of(engine) or ""
        faults = Tables(engine, MADE_BY_HAND).faults() if changed or compare else []
        if not faults and version in versions():
            master_key.prepare(engine, settings, Clock().now())
            former.digest_codes(engine)
            former.digest_letters(engine)
            former.seal_words(engine)
            former.hide(engine)
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
    if not (settings.var / "postgres").exists():  # which root runs as another user, who must reach it
        with suppress(PermissionError):  # a folder that somebody else made for us and keeps
            settings.var.chmod(settings.var.stat().st_mode & 0o700)
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
    note_deed(the_installation(settings, quiet=True), "city_loaded", (folder or settings.city_dir).name)
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
    """The city's files, the demo's people and tickets, unless they are there: a second start waits for no installation of its own."""
    from hotline.demo import seed
    from hotline.demo.people import are_there
    from hotline.staff.sign_in.passwords import DEMO_PASSWORD

    with make_sessions(make_engine(settings.database_url))() as db:
        there = are_there(db)
    if not there:
        load_into(settings)
        seed(the_installation(settings))
    click.echo(_("演示账号见登录页，密码都是 %(password)s", password=DEMO_PASSWORD))


@click.command()
@click.option("--contacts", default=20_000, show_default=True, help="Contacts a year; the model city has 330,000.")
@click.option("--days", default=365, show_default=True, help="How many days of history, up to now.")
@click.option("--until", default="", help="The last day (2026-03-09); without it, now.")
@click.option("--seed", default=12345, show_default=True, help="The same seed, the same city.")
@click.option("--matters", default=0, help="How many different matters are told (0: a thousand).")
@click.option("--processes", default=2, show_default=True, help="Processes; SQLite has one writer and takes one.")
@click.option("--slow", is_flag=True, help="Every matter through the rules, none struck from another.")
@click.option("--check", "only_check", is_flag=True, help="Make nothing: look at what is there.")
def simulate(
    contacts: int, days: int, until: str, seed: int, matters: int, processes: int, slow: bool, only_check: bool
) -> None:
    """Fill an empty database with a lawful city, and check that every invariant holds; refuses where real matters are."""
    from hotline.ops.simulated import is_simulated, need_room
    from hotline.simulate import making
    from hotline.simulate.book import SIZE
    from hotline.simulate.city import Wish

    installation = the_installation(quiet=True)
    if not only_check and is_simulated(installation.engine, installation.settings.var):
        click.echo(_("这个数据库里已经有一座模拟城市，不再添加，只作检查。要重做，请换一个空的数据库。"))
        only_check = True
    if not only_check:
        with installation.readings() as db:
            need_room(db)
        load_into(installation.settings)
        end = (
            datetime.combine(date.fromisoformat(until), datetime.min.time(), UTC) if until else installation.clock.now()
        )
        wish = Wish(seed, contacts, days, end.replace(microsecond=0), matters or SIZE)
        told = making.make_slowly(installation, wish) if slow else making.make(installation, wish, processes, _say)
        _tell(told)
    sys.exit(_check(installation))


def _say(many: int, monday: date) -> None:
    click.echo(f"{monday} {many:,}", err=True)


def _tell(told: Told) -> None:
    made = told.made
    lines = [
        _(
            "工单 %(many)d 件：逐步走规则 %(lived)d 组，按同样的经过复制 %(struck)d 组。",
            many=made.contacts,
            lived=made.lived,
            struck=made.struck,
        ),
        _(
            "用时 %(seconds)d 秒；处理器 %(cpu)d 秒（不含数据库），每秒 %(rate)d 件。",
            seconds=told.seconds,
            cpu=told.in_the_processor,
            rate=told.a_second,
        ),
        "　".join(f"{name} {seconds:.1f}s" for name, seconds in told.took.items()),
        "　".join(f"{way} {many}" for way, many in made.by_way.most_common()),
        *sorted(set(made.stopped)),
    ]
    click.echo("\n".join(lines))


def _check(installation: Installation) -> int:
    """Prints what does not hold; 1 when anything does not."""
    from hotline.simulate.checks import INVARIANTS
    from hotline.simulate.making import check

    broken = check(installation)
    for one in broken:
        click.echo(f"✗ {_(one.invariant.sentence)}（{one.invariant.name}）：{'；'.join(one.rows)}")
    click.echo(_("检查了 %(all)d 条不变量，%(broken)d 条不成立。", all=len(INVARIANTS), broken=len(broken)))
    return 1 if broken else 0


COMMANDS: tuple[click.Command, ...] = (
    migrate,
    city,
    demo,
    simulate,
)
