"""The model card: every figure, table and curve of an evaluation as text and as pictures that need no library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

SIDE, EDGE = 320, 40
FIGURES = (
    "macro_f1", "accuracy", "top2", "top3", "ece", "coverage", "precision", "precision_interval",
    "ms_median", "ms_p95", "batch_per_second",
)  # fmt: skip
QUESTIONS = {"request_type": "Request type", "urgency": "Urgency"}
HEARD = ("n", "accuracy", "macro_f1", "cues_accuracy", "cues_macro_f1")


def card(found: Mapping[str, Any], pictures: Sequence[str] = ()) -> str:
    """Markdown of what `evaluate.cross_validate` or `evaluate.evaluate_files` found; parts not measured are left out.

    pictures: the files of the two curves, shown where a reader's program can show pictures.
    """
    parts = ["# Model card", _about(found), _table(("figure", "value"), _figures(found))]
    if "per_class" in found:
        parts += ["## Per class", _classes(found["per_class"])]
    if "confusion" in found:
        labels = found["labels"]
        counts = [(label, *row) for label, row in zip(labels, found["confusion"], strict=True)]
        parts += ["## Confusion (rows: truth)", _table(("", *labels), counts)]
    if "reliability" in found:
        bins = [(_short(a), _short(b), n) for a, b, n in found["reliability"]]
        parts += ["## Reliability", _table(("confidence", "right", "n"), bins)]
    if "coverage_curve" in found:
        curve = [(_short(share), _short(right)) for share, right in found["coverage_curve"]]
        parts += ["## Coverage at precision, the surest answers first", _table(("coverage", "precision"), curve)]
    for name, title in QUESTIONS.items():
        if name in found:
            heard = found[name]
            figures = [(what, _short(heard[what])) for what in HEARD if what in heard]
            parts += [f"## {title}", _table(("figure", "value"), figures), _classes(heard["per_class"])]
    parts += [f"![{name}]({name})" for name in pictures]
    return "\n\n".join(part for part in parts if part) + "\n"


def reliability_svg(found: Mapping[str, Any]) -> str:
    """Confidence against accuracy; on the dotted line the numbers can be believed."""
    points = [(a, b) for a, b, _ in found["reliability"]]
    return _svg("confidence", "right", points, (0.0, 1.0), diagonal=True)


def coverage_svg(found: Mapping[str, Any]) -> str:
    """The share of messages answered against how many of those answers are right; the precision axis starts at 0.8."""
    points = [(share, right) for share, right in found["coverage_curve"]]
    return _svg("coverage", "precision", points, (0.8, 1.0), diagonal=False)


def _classes(found: Sequence[Mapping[str, Any]]) -> str:
    rows = [(c["label"], _short(c["precision"]), _short(c["recall"]), _short(c["f1"]), c["support"]) for c in found]
    return _table(("label", "precision", "recall", "F1", "n"), rows)


def _about(found: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in found.get("versions", {}).items())
    facts = {"data": found.get("data"), "versions": versions, **found.get("model", {})}
    return "\n".join(f"- {name}: {value}" for name, value in facts.items() if value not in (None, ""))


def _figures(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, _short(found[name])) for name in FIGURES if name in found]


def _short(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " – ".join(map(_short, value))
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _table(heads: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _svg(across: str, up: str, points: Sequence[tuple[float, float]], rise: tuple[float, float], diagonal: bool) -> str:
    """One curve in a square, both axes labelled; values beneath the axis are drawn on it."""
    low, high = rise

    def place(x: float, y: float) -> str:
        share = (max(y, low) - low) / (high - low)
        return f"{EDGE + x * SIDE:.1f},{EDGE / 2 + (1 - share) * SIDE:.1f}"

    line = " ".join(place(x, y) for x, y in points)
    dots = "".join('<circle r="3" cx="{}" cy="{}"/>'.format(*place(x, y).split(",")) for x, y in points)
    even = f'<polyline class="even" points="{place(0, 0)} {place(1, 1)}" stroke-dasharray="4"/>' if diagonal else ""
    foot = EDGE / 2 + SIDE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE + EDGE * 2} {SIDE + EDGE * 2}" role="img" '
        f'fill="none" stroke="currentColor"><title>{escape(across)} / {escape(up)}</title>'
        f'<rect x="{EDGE}" y="{EDGE / 2:.0f}" width="{SIDE}" height="{SIDE}"/>{even}<polyline points="{line}"/>'
        f'<g fill="currentColor">{dots}</g><g fill="currentColor" stroke="none" font-size="12">'
        f'<text x="{EDGE}" y="{foot + 16:.0f}">0</text><text x="{EDGE + SIDE - 8}" y="{foot + 16:.0f}">1</text>'
        f'<text x="{EDGE + SIDE / 2 - 30:.0f}" y="{foot + 30:.0f}">{escape(across)}</text>'
        f'<text x="2" y="{EDGE / 2 - 6:.0f}">{escape(up)} {high:g}</text><text x="8" y="{foot:.0f}">{low:g}</text></g></svg>'
    )
