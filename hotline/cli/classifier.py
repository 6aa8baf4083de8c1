"""The classifier and the reviewer's assistant: train, measure, ask."""

from __future__ import annotations

from pathlib import Path

import click

from hotline.cli.terminal import city_of, note_deed, progress_bar, progress_of_shares, show_figures, the_installation
from hotline.i18n import _
from hotline.settings import read_settings


@click.command()
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
    with progress_of_shares(_("训练")) as tell:
        if data is None:
            installation = the_installation(settings, quiet=True)
            note_deed(installation, "model_training", by)
            found = command.on_own_tickets(installation, by, force, tell)
        else:
            found = command.on_file(
                data, Columns(text, label), into or settings.models, seed, card, tell, settings.city_dir
            )
    show_figures(found, as_json)


@click.command()
@click.argument("data", required=False, type=click.Path(path_type=Path))
@click.option(
    "--train", "taught", multiple=True, type=click.Path(path_type=Path), help="Train on this file (or several) …"
)
@click.option("--test", "asked", type=click.Path(path_type=Path), help="… and measure on this one.")
@click.option(
    "--tokens",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Learn also from labelled texts of which only the words are known (columns tokens, label, group).",
)
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
    taught: tuple[Path, ...],
    asked: Path | None,
    tokens: tuple[Path, ...],
    text: str,
    label: str,
    group: str,
    cold: bool,
    table: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """How good the classifier is: grouped 5-fold on DATA, or --train A [--train A2] --test B, or --cold --test B --map MAP."""
    from hotline.training import examples, labelled_files

    columns, settings = labelled_files.Columns(text, label, group), read_settings()
    corpus = examples.starter_pairs(settings.city_dir)
    with progress_of_shares(_("评估")) as tell:
        if cold and asked and table:
            found = labelled_files.cold(city_of(settings), corpus, asked, table, columns, seed, tell)
        elif taught and asked and not cold:
            found = labelled_files.train_and_test(
                taught, asked, columns, seed, tell, corpus, examples.starter_requests(settings.city_dir), tokens
            )
        elif data and not cold:
            found = labelled_files.cross_validated(
                data, columns, seed, tell, corpus, examples.starter_requests(settings.city_dir), tokens
            )
        else:
            raise click.UsageError("DATA, or --train and --test, or --cold with --test and --map")
    show_figures(found, as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A jsonl file, one answer a line.")
@click.option("--text", default="text", show_default=True, help="The column of the text.")
@click.option("--processes", default=0, type=click.IntRange(0, 64), help="How many work at once. Default: one a core.")
def classify(file: Path, out: Path, text: str, processes: int) -> None:
    """Answer every row of FILE: categories, request type, urgency, unit, words, title, place, spans of personal data."""
    from hotline.training.classify_rows import classify as answer
    from hotline.training.classify_rows import steady_classifier

    settings = read_settings()
    city = city_of(settings)
    with progress_bar(_("分类")) as bar:
        done = answer(city, steady_classifier(settings, city), file, out, text, bar, processes)
    click.echo(_("已写出 %(n)d 条：%(file)s", n=done, file=out), err=True)


@click.command("evaluate-replies")
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
    with progress_of_shares(_("评估")):
        found = replies(judged, verdicts, test, test_verdicts)
    show_figures(found, as_json)


COMMANDS: tuple[click.Command, ...] = (
    train,
    evaluate,
    classify,
    evaluate_replies,
)
