"""Labelled files in, figures out: what the commands train, evaluate and evaluate-replies do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.opening import first_table
from hotline.intake.importing.reading.sheets import Table
from hotline.tickets.vocabulary import REQUEST_TYPES, URGENCIES
from hotline.triage.active_classifier import OWN_TO_ACT, keyword_classifier, parents_of
from hotline.triage.blending import blended, share_of_keywords

Tell = Callable[[str, float], None]
Corpus = Sequence[tuple[str, str]]
TOKENS, APART = "tokens", "，"
PRINTED = {
    "coverage": "coverage_at_97",
    "precision": "precision_at_threshold",
    "ms_median": "ms_per_message_median",
    "ms_p95": "ms_per_message_p95",
    "batch_per_second": "messages_per_second",
}


@dataclass(frozen=True)
class Columns:
    """Which columns hold the text, its label and the group of near-identical texts."""

    text: str = "text"
    label: str = "label"
    group: str = "group"


def rows_of(path: Path, *needed: str) -> list[dict[str, Any]]:
    """The readable rows of a jsonl(.gz), csv or xlsx file. Raises Refusal when a needed column is missing."""
    return [row.values for row in table_of(path, *needed).rows() if not row.trouble]


def table_of(path: Path, *needed: str) -> Table:
    """A file to be read row by row. Raises Refusal when a needed column is missing."""
    table = first_table(path)
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise Refusal(
            _(
                "文件里没有“%(missing)s”这一列，有的是：%(columns)s。",
                missing="、".join(missing),
                columns="、".join(table.columns)[:300],
            )
        )
    return table


def examples_in(path: Path, columns: Columns) -> list[Any]:
    """The labelled texts of a file; at least two different labels are needed to tell anything apart."""
    from classifier.category.evaluate import examples_of

    found = examples_of(rows_of(path, columns.text, columns.label), columns.text, columns.label, columns.group)
    if not found:
        raise Refusal(_("文件里没有带标签的文字：%(file)s", file=path.name))
    return found


def examples_in_all(paths: Sequence[Path], columns: Columns) -> list[Any]:
    """The labelled texts of several files as one; a text that stands in two of them with the same label is kept once."""
    found = [one for path in paths for one in examples_in(path, columns)]
    return list({(one.text, one.label): one for one in found}.values())


def examples_of_words(paths: Sequence[Path], columns: Columns, known: Collection[str]) -> list[Any]:
    """Tables of which only the words are known (`TOKENS`: a list, or words with blanks between): they teach, and are no test.

    A row of a `known` group is near to a text that is taught or asked, and is left out: it would be told twice, or told beforehand.
    """
    from classifier.category.train import Example

    rows = [row for path in paths for row in rows_of(path, TOKENS, columns.label)]
    told = [(_words(row[TOKENS]), str(row[columns.label] or ""), str(row.get(columns.group) or "")) for row in rows]
    kept = [one for one in told if one[0] and one[1] and one[2] not in known]
    return [Example(words, label, group, prior=True) for words, label, group in kept]


def _words(told: Any) -> str:
    """The words with a sign between them that no cutter joins."""
    words = told if isinstance(told, list) else str(told or "").split()
    return APART.join(map(str, words))


def requests_in(path: Path, columns: Columns) -> list[Any]:
    """The texts of a file that tell a request type or an urgency, as codes or Chinese words; none without such columns."""
    from classifier.request_type.training import LabelledRequest

    rows = [row for row in rows_of(path, columns.text) if row.get(columns.text)]
    told = [
        LabelledRequest(
            str(row[columns.text]),
            word_of(row.get("request_type"), REQUEST_TYPES),
            word_of(row.get("urgency"), URGENCIES),
            group=str(row.get(columns.group) or ""),
        )
        for row in rows
    ]
    return [one for one in told if one.request_type or one.urgency]


def word_of(said: Any, words: Mapping[str, str]) -> str:
    """The code of a code or of its Chinese word; empty for anything else."""
    return next((code for code, word in words.items() if str(said).strip() in (code, word)), "")


def requests_measured(taught: Sequence[Any], asked: Sequence[Any] | None = None) -> dict[str, Any]:
    """Figures of request type and urgency: out of fold on `taught`, or on `asked`; empty where nothing can be measured."""
    from classifier.request_type.training import measure_requests, train_requests

    if asked is not None and not asked:
        return {}
    model = train_requests(taught)
    if model is None:
        return {}
    found = model.about if asked is None else measure_requests(model, asked)
    return {name: found[name] for name in ("request_type", "urgency") if name in found}


def prior(requests: Sequence[Any]) -> list[Any]:
    """Sentences that help to learn and are never a test."""
    return [replace(one, prior=True) for one in requests]


def cross_validated(
    path: Path,
    columns: Columns,
    seed: int,
    tell: Tell,
    corpus: Corpus = (),
    sentences: Sequence[Any] = (),
    tokens: Sequence[Path] = (),
) -> dict[str, Any]:
    """Grouped five-fold figures, and the speed of a model of everything; `corpus` is the background of every model.

    sentences: the city's own, from which request types and urgency are learned beside those the file tells.
    tokens: tables of words (see `examples_of_words`), which every fold learns from and none is tested on.
    """
    from classifier.category.background_model import background_model_of
    from classifier.category.evaluate import cross_validate, speed
    from classifier.category.train import groups_of, train

    examples = _two_labels(examples_in(path, columns))
    words = examples_of_words(tokens, columns, groups_of(examples))
    background = background_model_of(corpus, seed)
    found = cross_validate(
        examples, seed=seed, progress=lambda step, share: tell(step, 0.85 * share), background=background, beside=words
    )
    quick = speed(train([*examples, *words], seed, background=background), [one.text for one in examples])
    told = requests_in(path, columns)
    heard = requests_measured([*prior(sentences), *told]) if told else {}
    tell("speed", 1.0)
    return {
        "way": "grouped 5-fold",
        "rows": len(examples),
        "token_rows": len(words),
        **printed({**found, **quick}),
        **heard,
    }


def train_and_test(
    taught: Sequence[Path],
    asked: Path,
    columns: Columns,
    seed: int,
    tell: Tell,
    corpus: Corpus = (),
    sentences: Sequence[Any] = (),
    tokens: Sequence[Path] = (),
) -> dict[str, Any]:
    """Train on some files (`corpus` is the background), measure on another; the threshold is chosen on the first alone.

    tokens: tables of words (see `examples_of_words`) to learn from as well.
    """
    from classifier.category.background_model import background_model_of
    from classifier.category.evaluate import detail, measure
    from classifier.category.train import groups_of, train

    examples, tests = _two_labels(examples_in_all(taught, columns)), examples_in(asked, columns)
    words = examples_of_words(tokens, columns, groups_of([*examples, *tests]))
    model = train(
        [*examples, *words],
        seed,
        progress=lambda step, share: tell(step, 0.9 * share),
        background=background_model_of(corpus, seed),
    )
    found = measure(model, tests)
    truth = [one.label for one in tests]
    known = [label for label in truth if label in model.labels]
    more = (
        detail(model.labels, model.probabilities([one.text for one in tests]), truth)
        if len(known) == len(truth)
        else {}
    )
    told = [one for path in taught for one in requests_in(path, columns)]
    heard = requests_measured([*sentences, *told], requests_in(asked, columns))
    tell("test", 1.0)
    return {
        "way": "train and test files",
        "train_rows": len(examples),
        "token_rows": len(words),
        "test_rows": len(tests),
        **printed({**found, **more}),
        **heard,
        "model": model.about,
    }


def printed(found: Mapping[str, Any]) -> dict[str, Any]:
    """The names under which figures are promised to whoever reads the JSON."""
    return {PRINTED.get(name, name): value for name, value in found.items()}


def read_table(path: Path) -> dict[str, str]:
    """Our category (or the beginning of its code) → the other office's label. Raises Refusal for another kind of file."""
    rows = rows_of(path, "code", "label")
    return {str(row["code"]).strip(): str(row["label"]).strip() for row in rows if row["code"] and row["label"]}


def cold(
    city: City, starter: Sequence[tuple[str, str]], asked: Path, table: Path, columns: Columns, seed: int, tell: Tell
) -> dict[str, Any]:
    """What a new installation answers, on somebody else's labels, none of which it has seen; beside it its two voices alone."""
    return cold_figures(cold_answers(city, starter, asked, table, columns, seed, tell))


@dataclass(frozen=True)
class ColdAnswers:
    """texts × labels: what a model that saw none of these labels and the keywords say together (p), and the model alone."""

    texts: list[str]
    truth: list[str]
    labels: list[str]
    p: Any
    alone: Any
    keywords: list[str]
    model: Any


def cold_answers(
    city: City, starter: Sequence[tuple[str, str]], asked: Path, table: Path, columns: Columns, seed: int, tell: Tell
) -> ColdAnswers:
    """Train on the city's own corpus, and answer."""
    from classifier.category.seed_corpus import blend
    from classifier.category.train import train
    from classifier.category.trained import TrainedClassifier

    mapping, tests = read_table(table), examples_in(asked, columns)
    if not starter:
        raise Refusal(_("这座城市没有初始语料（examples 文件夹）。"))
    keywords = keyword_classifier(city)
    model = train(blend(starter, []), seed, progress=lambda step, share: tell(step, 0.8 * share))
    labels = sorted(set(mapping.values()) - {""})
    texts, truth = [one.text for one in tests], [one.label for one in tests]
    alone, spoken = TrainedClassifier(model, parents_of(city)).suggest_many(texts), keywords.suggest_many(texts)
    tell("test", 0.95)
    share = share_of_keywords(0, OWN_TO_ACT)
    both = [blended(*pair, share, parents_of(city)) for pair in zip(alone, spoken, strict=True)]
    p, by_model = (_masses([one.ranked for one in voice], mapping, labels) for voice in (both, alone))
    plain = [_mapped_best(said.ranked, mapping, labels) for said in spoken]
    tell("keywords", 1.0)
    return ColdAnswers(texts, truth, labels, p, by_model, plain, model)


def cold_figures(said: ColdAnswers) -> dict[str, Any]:
    """How good the answers are, and how fast they come."""
    from classifier.category.evaluate import detail, figures, speed

    labels, truth = said.labels, said.truth
    found = {
        **figures(labels, said.p, truth, said.model.threshold().p),
        **(detail(labels, said.p, truth) if set(truth) <= set(labels) else {}),
    }
    return {
        "way": "cold start",
        "test_rows": len(truth),
        **printed({**found, **speed(said.model, said.texts)}),
        "keywords_accuracy": sum(map(str.__eq__, said.keywords, truth)) / len(truth),
        "model_macro_f1": figures(labels, said.alone, truth, 2.0)["macro_f1"],
        "model": said.model.about,
    }


def replies(judged: Path, verdicts: Path, test: Path | None, test_verdicts: Path | None) -> dict[str, Any]:
    """Grouped five-fold on one pair of files, or train on it and test on another pair."""
    from classifier.replies.evaluate import evaluate_reply_files

    started = perf_counter()
    found = evaluate_reply_files(
        rows_of(judged, "id", "reply"),
        rows_of(verdicts, "id", "verdict"),
        rows_of(test, "id", "reply") if test else None,
        rows_of(test_verdicts, "id", "verdict") if test_verdicts else None,
    )
    return {**found, "seconds": round(perf_counter() - started, 1)}


def lines(found: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """Figures as lines a person reads; tables and curves are left to --json and the card."""
    for name, value in found.items():
        if isinstance(value, Mapping):
            yield from lines(value, f"{before}{name}.")
        elif isinstance(value, float):
            yield f"{before}{name}\t{value:.4f}"
        elif isinstance(value, str | int) or (isinstance(value, tuple) and len(value) == 2):
            yield f"{before}{name}\t{value}"


def _two_labels(examples: list[Any]) -> list[Any]:
    if len({one.label for one in examples}) < 2:
        raise Refusal(_("至少要有两种标签才能训练。"))
    return examples


def _masses(answers: Sequence[Sequence[Any]], mapping: Mapping[str, str], labels: Sequence[str]) -> Any:
    """texts × labels: of each ranked answer the mass of every label; the longest beginning of a code in the table decides."""
    import numpy as np

    rows = [[(labels.index(label), one.p) for one in each if (label := _label(one.code, mapping))] for each in answers]
    found = np.zeros((len(rows), len(labels)))
    for at, row in enumerate(rows):
        for column, p in row:
            found[at, column] += p
    return found


def _label(code: str, mapping: Mapping[str, str]) -> str:
    return next((mapping[code[:length]] for length in range(len(code), 0, -1) if code[:length] in mapping), "")


def _mapped_best(ranked: Sequence[Any], mapping: Mapping[str, str], labels: Sequence[str]) -> str:
    mass = {label: sum(one.p for one in ranked if _label(one.code, mapping) == label) for label in labels}
    best = max(labels, key=lambda label: mass[label])
    return best if mass[best] > 0 else ""
