"""The command line: set up, run, and look after the hotline. Each command is one transaction or says why not."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from hotline.city.check import check_city, load_folder, missing_texts
from hotline.city.mistakes import CityMistakes
from hotline.city.schema import City
from hotline.cli import operations
from hotline.cli.answers import answers
from hotline.clock import Clock
from hotline.errors import Misconfigured, Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.settings import Settings, read_settings
from models import make_engine, make_sessions
from models.migrate import upgrade


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """12345 hotline: from the call to the closed ticket."""


def main() -> None:
    """Run a command; refusals and wrong settings are sentences, not tracebacks."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%H:%M:%S"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        cli()
    except (Misconfigured, Refusal) as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(2)
    except CityMistakes as trouble:
        click.echo("\n".join(trouble.sentences), err=True)
        sys.exit(2)


def the_installation(settings: Settings | None = None, *, quiet: bool = False) -> Installation:
    """This installation, as the environment describes it. quiet: promises are left to whoever keeps them anyway.

    Raises Misconfigured while the database has no tables.
    """
    from sqlalchemy import inspect

    from hotline.jobs.build import build_installation
    from hotline.outbox.transports import NoTransport

    installation = build_installation(settings or read_settings(), transport=NoTransport() if quiet else None)
    if not inspect(installation.engine).has_table("ticket"):
        raise Misconfigured(
            _("数据库里还没有表：请先运行 hotline migrate，再运行 hotline city load（make run 会一并完成）。")
        )
    return installation


@cli.command()
def migrate() -> None:
    """Bring the database to the newest version of the tables."""
    settings = read_settings()
    changed = migrate_database(settings)
    click.echo(_("数据库已升级。") if changed else _("数据库已是最新。"))


def migrate_database(settings: Settings) -> bool:
    from hotline.tickets.full_text import create_search

    settings.var.mkdir(parents=True, exist_ok=True)
    settings.attachments.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    try:
        return upgrade(engine, (create_search,))
    finally:
        engine.dispose()


@cli.group()
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


@cli.command()
def run() -> None:
    """Everything in one go: migrate, load the city, seed the demo, serve."""
    settings = read_settings()
    migrate_database(settings)
    load_into(settings)
    if settings.demo:
        seed_demo(settings)
    serve_forever(settings)


def seed_demo(settings: Settings) -> None:
    """The demo's people and tickets, unless they are there: a second start must not wait for a house of its own."""
    from hotline.demo import seed
    from hotline.demo.people import are_there
    from hotline.web.account.views import DEMO_PASSWORD

    with make_sessions(make_engine(settings.database_url))() as db:
        there = are_there(db)
    if not there:
        seed(the_installation(settings))
    click.echo(_("演示账号见登录页，密码都是 %(password)s", password=DEMO_PASSWORD))


@cli.command()
def demo() -> None:
    """Seed the demo's people and tickets; nothing happens when they are there."""
    seed_demo(read_settings())


@cli.command()
def serve() -> None:
    """Serve the pages (laptop mode also runs the clock and keeps promises in the same process)."""
    serve_forever(read_settings())


def serve_forever(settings: Settings) -> None:
    from hotline.cli.gunicorn_conf import serve as serve_app

    click.echo(_("热线已启动：%(url)s", url=f"http://{settings.host}:{settings.port}"))
    serve_app(settings)


@cli.command()
def clock() -> None:
    """The minute clock: rings deadlines and sweeps open promises to the workers. Run exactly one."""
    from hotline.jobs.schedule import run_clock

    run_clock(the_installation(), _until_told())


@cli.command()
def worker() -> None:
    """Keep promises handed over through Redis. Run as many as the city needs."""
    from hotline.jobs.worker import work

    work()


@cli.command("city-up")
def city_up() -> None:
    """PostgreSQL, Redis, two workers, the clock and gunicorn, started and stopped together."""
    from hotline.ops.local_city import up

    sys.exit(up())


@cli.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="NAME=COLUMN",
    help="Which column is what, e.g. body=诉求内容; phone= takes no phone.",
)
@click.option(
    "--source", default="", help="The other system's name; its numbers are unique within it. Default: the file's name."
)
@click.option("--channel", default="web", show_default=True, help="The channel of rows that name none.")
@click.option("--batch", default=200, show_default=True, type=click.IntRange(1, 5000), help="Rows to a transaction.")
@click.option("--no-triage", is_flag=True, help="Leave the proposals to the workers.")
@click.option(
    "--texts",
    default="recent",
    show_default=True,
    type=click.Choice(["recent", "all", "none"]),
    help="About which rows citizens are texted: recent (their own time lies in the last 3 days), all, or none.",
)
def import_(
    file: Path, pairs: tuple[str, ...], source: str, channel: str, batch: int, no_triage: bool, texts: str
) -> None:
    """Take in messages from jsonl, jsonl.gz, csv or xlsx. May be repeated and interrupted: each row becomes one ticket.

    Old matters text nobody: unless told otherwise, rows without a time or older than three days become quiet tickets, and
    their citizens get no text until they are heard from again.
    """
    from hotline.intake.columns import read_map
    from hotline.intake.importing import Wish, import_file

    installation = the_installation(quiet=True)
    wish = Wish(file, source=source, channel=channel, columns=read_map(pairs), batch=batch, texts=texts)
    with _bar(_("读入")) as bar:
        outcome = import_file(installation, wish, bar)
    if not no_triage:
        propose_all(installation)
    click.echo(
        _(
            "读到 %(read)d 条：新建 %(new)d，已有 %(known)d，退回 %(rejected)d。",
            read=outcome.read,
            new=outcome.new,
            known=outcome.known,
            rejected=len(outcome.rejected),
        )
    )
    for line, reason in outcome.rejected[:10]:
        click.echo(_("第 %(line)d 行：%(reason)s", line=line, reason=reason), err=True)
    if outcome.rejected:
        click.echo(_("退回的行写在 %(file)s，改好后可以再导入。", file=wish.rejects), err=True)
        sys.exit(1)


@cli.command()
def triage() -> None:
    """Propose a unit for every ticket that waits for its proposal, and keep all other promises that are due."""
    propose_all(the_installation(quiet=True))


def propose_all(installation: Installation) -> None:
    from hotline.outbox.bulk import run_all_due

    with _bar(_("拟办建议")) as bar:
        kept = run_all_due(installation, bar)
    click.echo(_("完成 %(n)d 项待办。", n=kept), err=True)


@cli.command()
def story() -> None:
    """Play one ticket's whole life through HTTP against a server of its own, and print it step by step."""
    from hotline.demo_story import tell

    sys.exit(tell(click.echo))


@cli.command()
@click.option("--check", "only_check", is_flag=True, help="Only say what differs; exit 1 when something does.")
def docs(only_check: bool) -> None:
    """Print the tables of the code into README.md, or check that they are up to date."""
    from hotline.cli.print_docs import bring_up_to_date, differences

    if only_check:
        differing = differences(cli)
        click.echo("\n".join(differing) or _("文档与程序一致。"))
        sys.exit(1 if differing else 0)
    click.echo(_("已更新：%(parts)s", parts="、".join(bring_up_to_date(cli)) or "–"))


for _command in (*operations.COMMANDS, answers):
    cli.add_command(_command)


@cli.command()
@click.argument("data", required=False, type=click.Path(path_type=Path))
@click.option("--text", default="text", show_default=True, help="The column of the text.")
@click.option("--label", default="label", show_default=True, help="The column of the label.")
@click.option("--seed", default=2020, show_default=True)
@click.option("--into", type=click.Path(path_type=Path), help="Folder for the model. Default: var/models.")
@click.option(
    "--card", is_flag=True, help="Also cross-validate, and write card.md and its two pictures beside the model."
)
@click.option("--by", default="operator", show_default=True, help="Who asked, for the history.")
@click.option("--force", is_flag=True, help="Without DATA: also when there are few new tickets.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def train(
    data: Path | None,
    text: str,
    label: str,
    seed: int,
    into: Path | None,
    card: bool,
    by: str,
    force: bool,
    as_json: bool,
) -> None:
    """Train on DATA; without it on the city's examples and its own finished and corrected tickets, and use what is not worse."""
    from hotline.training import command
    from hotline.training.labelled_files import Columns

    settings = read_settings()
    with _shares(_("训练")) as tell:
        if data is None:
            found = command.on_own_tickets(the_installation(settings, quiet=True), by, force, tell)
        else:
            found = command.on_file(
                data, Columns(text, label), into or settings.models, seed, card, tell, settings.city_dir
            )
    _show(found, as_json)


@cli.command()
@click.argument("data", required=False, type=click.Path(path_type=Path))
@click.option("--train", "taught", type=click.Path(path_type=Path), help="Train on this file …")
@click.option("--test", "asked", type=click.Path(path_type=Path), help="… and measure on this one.")
@click.option("--text", default="text", show_default=True, help="The column of the text.")
@click.option("--label", default="label", show_default=True, help="The column of the label.")
@click.option(
    "--group", default="group", show_default=True, help="The column that keeps near-identical texts together."
)
@click.option(
    "--cold", is_flag=True, help="Measure the starter model, which has seen no label; needs --test and --map."
)
@click.option(
    "--map",
    "table",
    type=click.Path(path_type=Path),
    help="CSV with code,label: our categories in the other office's labels.",
)
@click.option("--seed", default=2020, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(
    data: Path | None,
    taught: Path | None,
    asked: Path | None,
    text: str,
    label: str,
    group: str,
    cold: bool,
    table: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """How good the classifier is: grouped 5-fold on DATA, or --train A --test B, or --cold --test B --map MAP."""
    from hotline.training import examples, labelled_files

    columns, settings = labelled_files.Columns(text, label, group), read_settings()
    corpus = examples.starter_pairs(settings.city_dir)
    with _shares(_("评估")) as tell:
        if cold and asked and table:
            found = labelled_files.cold(_city(settings), corpus, asked, table, columns, seed, tell)
        elif taught and asked and not cold:
            found = labelled_files.train_and_test(
                taught, asked, columns, seed, tell, corpus, examples.starter_requests(settings.city_dir)
            )
        elif data and not cold:
            found = labelled_files.cross_validated(
                data, columns, seed, tell, corpus, examples.starter_requests(settings.city_dir)
            )
        else:
            raise click.UsageError("DATA, or --train and --test, or --cold with --test and --map")
    _show(found, as_json)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A jsonl file, one answer a line.")
@click.option("--text", default="text", show_default=True, help="The column of the text.")
@click.option("--processes", default=0, type=click.IntRange(0, 64), help="How many work at once. Default: one a core.")
def classify(file: Path, out: Path, text: str, processes: int) -> None:
    """Answer every row of FILE: categories, request type, urgency, unit, words, title, place, spans of personal data."""
    from hotline.training.classify_rows import classify as answer
    from hotline.training.classify_rows import steady_classifier

    settings = read_settings()
    city = _city(settings)
    with _bar(_("分类")) as bar:
        done = answer(city, steady_classifier(settings, city), file, out, text, bar, processes)
    click.echo(_("已写出 %(n)d 条：%(file)s", n=done, file=out), err=True)


@cli.command("evaluate-replies")
@click.option(
    "--replies", "judged", required=True, type=click.Path(path_type=Path), help="id, subject, body, reply (and group)."
)
@click.option(
    "--verdicts",
    required=True,
    type=click.Path(path_type=Path),
    help="id, verdict (pass or send_back), outcome, reasons.",
)
@click.option(
    "--test-replies", "test", type=click.Path(path_type=Path), help="Measure on these instead of cross-validating."
)
@click.option("--test-verdicts", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate_replies(
    judged: Path, verdicts: Path, test: Path | None, test_verdicts: Path | None, as_json: bool
) -> None:
    """How well the reviewer's assistant agrees with reviewers, beside the plain baselines on the same rows."""
    from hotline.training.labelled_files import replies

    if (test is None) != (test_verdicts is None):
        raise click.UsageError("--test-replies and --test-verdicts belong together")
    with _shares(_("评估")):
        found = replies(judged, verdicts, test, test_verdicts)
    _show(found, as_json)


def _city(settings: Settings) -> City:
    """The city and its words, without a database."""
    from classifier.text.words import load_words
    from hotline.city.loader import load_city

    loaded = load_city(settings.city_dir)
    load_words(loaded.vocabulary)
    return loaded


def _show(found: Mapping[str, Any], as_json: bool) -> None:
    from hotline.training.labelled_files import lines

    click.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(lines(found)))


@contextmanager
def _shares(what: str) -> Iterator[Callable[[str, float], None]]:
    """A progress bar on stderr for work that tells its share (0–1); it shows itself after two seconds."""
    from tqdm import tqdm

    with tqdm(
        desc=what,
        total=100,
        delay=2,
        file=sys.stderr,
        bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed} {postfix}",
    ) as bar:

        def tell(step: str, share: float) -> None:
            bar.set_postfix_str(step, refresh=False)
            bar.update(max(0, round(share * 100) - bar.n))

        yield tell


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar on stderr, told how far we are."""
    from tqdm import tqdm

    with tqdm(desc=what, unit="", file=sys.stderr) as bar:

        def show(done: int, of: int | None) -> None:
            bar.total = of
            bar.update(done - bar.n)

        yield show


def _until_told() -> threading.Event:
    import signal

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    return stop
