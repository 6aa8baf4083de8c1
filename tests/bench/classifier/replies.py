"""The reviewer's assistant on real verdicts, and what it reads in planted replies."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from classifier.replies.changes import compare
from classifier.replies.evaluate import evaluate_reply_files, join, judged_apart
from classifier.replies.judge import ReplyJudgement
from classifier.replies.model import VerdictRow
from tests.bench.classifier.ground import REPLIES, SEEDS, VERDICTS, say
from tests.bench.classifier.in_the_way import in_the_way, kinds_of_errors, short
from tests.support.planted.promises import agreement, planted
from tests.support.planted.rewordings import renewed, reworded
from tests.support.planted.rounds import honest, polished


def verdicts() -> None:
    """Of real verdicts, grouped five-fold once a seed; the plain one is TF-IDF over letters with logistic regression."""
    found = evaluate_reply_files(REPLIES, VERDICTS, seeds=range(SEEDS), progress=_told)
    plain, length, ours = found["baseline_tfidf"], found["baseline_length"], found["model"]
    for what, key, reach in (
        ("reply verdicts, grouped 5-fold, ROC AUC", "auc", "0.955"),
        ("  precision at recall 0.90", "precision_at_recall_90", "0.75"),
    ):
        say(what, _spread(plain, key), _spread(ours, key), reach)
    say("  the AUC of length alone", _spread(length, "auc"), _spread(ours, "auc"), "0.955")
    for what, key, reach in (
        ("  AUC where the reader was sure", "auc_where_sure", "measure"),
        ("  outcome, six kinds, macro-F1", "outcome_macro_f1", "0.70"),
        ("  reasons, micro-F1", "reasons_micro_f1", "0.65"),
        ("  agreement with a reader, kappa", "kappa", "0.75"),
    ):
        say(what, "", _spread(ours, key), reach)
    in_the_way("the AUC, sent back but thought clear", lambda: _surest_errors(sent_back=True))
    in_the_way("the precision, passed but thought unclear", lambda: _surest_errors(sent_back=False))
    in_the_way("the outcome", lambda: kinds_of_errors(_outcomes()))
    in_the_way("the reasons", lambda: kinds_of_errors(_reasons()))


Pair = tuple[VerdictRow, ReplyJudgement]


@cache
def _apart() -> list[Pair]:
    rows = join(REPLIES, VERDICTS)
    return list(zip([row for row in rows if row.send_back is not None], judged_apart(rows)[0], strict=True))


def _surest_errors(*, sent_back: bool) -> list[str]:
    found = [(row, said) for row, said in _apart() if row.send_back is sent_back]
    found.sort(key=lambda pair: pair[1].p_send_back if sent_back else -pair[1].p_send_back)
    return [f"{said.p_send_back:.2f} {'sure' if row.sure else 'unsure'}  {_text(row)}" for row, said in found]


def _outcomes() -> Iterator[tuple[str, str]]:
    for row, said in _apart():
        if row.outcome != said.outcome:
            yield f"{row.outcome} → {said.outcome}", _text(row)


def _reasons() -> Iterator[tuple[str, str]]:
    """Of replies sent back by both: what the reader named and we did not, and the other way round."""
    for row, said in _apart():
        if row.send_back and said.p_send_back >= 0.5:
            codes = {why.code for why in said.reasons}
            yield from ((f"{code} not named", _text(row)) for code in set(row.reasons) - codes)
            yield from ((f"{code} named", _text(row)) for code in codes - set(row.reasons))


def _text(row: VerdictRow) -> str:
    return f"{short(row.reading.main.text)[:24]} ‖ {short(row.reading.stripped.text)}"


def _told(seeds: Sequence[int]) -> Iterable[int]:
    for number, seed in enumerate(seeds, 1):
        print(f"  fold {number} of {len(seeds)}", end="\r", file=sys.stderr, flush=True)
        yield seed


def _spread(found: Mapping[str, float], key: str) -> str:
    return f"{found[key]:.4f}±{found.get(f'{key}_spread', 0.0):.4f}"


def rounds() -> None:
    """Replies of a second round, planted; the plain comparison asks for the very same text."""
    for whose, same, other in (("", polished(200), honest(200)), (" by other hands", reworded(200), renewed(200))):
        found, suspected = (sum(compare(a, b).unchanged for a, b in pairs) for pairs in (same, other))
        say(f"replies polished{whose} found, of 200", sum(a == b for a, b in same), found, "200")
        say("  honest ones suspected, of 200", sum(a == b for a, b in other), suspected, "≤ 2")


def promises() -> None:
    """Dated promises in 300 planted replies; the plain reader takes every day and month for a promise."""
    replies_ = planted(300)
    precision, recall, _wrong = agreement(replies_)
    said = [re.findall(r"(\d{1,2})月(\d{1,2})日", text) for text, _on, _days in replies_]
    meant = [{(str(day.month), str(day.day)) for day in days} for _text, _on, days in replies_]
    hits = sum(pair in days for pairs, days in zip(said, meant, strict=True) for pair in pairs)
    share = hits / max(sum(map(len, said)), 1)
    say("dated promises in 300 replies, precision (every day and month)", share, precision, "0.95")
    say("  recall", hits / max(sum(map(len, meant)), 1), recall, "0.95")
