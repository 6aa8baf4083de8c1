"""Colours are named in the palettes alone, the dark one names them all, and nothing selected is told by a background alone."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from tests.support.repository import ROOT

CSS = ROOT / "hotline" / "web" / "static" / "css"
PALETTES = ("tokens.css", "dark.css")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|(?<=: )(?:white|black)\b")
NAMED = re.compile(r"(--[\w-]+):\s*(#[0-9a-fA-F]{3,8})\b")
PAIRS = [
    *product(("--ink", "--ink-soft", "--ink-faint"), ("--surface", "--surface-sunk", "--ground")),
    *product(("--ink", "--ink-soft"), ("--row-on", "--row-hover", "--fill")),
    *((f"--{name}", f"--{name}-soft") for name in ("good", "warn", "bad", "info", "urgent", "violet", "citizen")),
    *((f"--{name}", "--surface") for name in ("lead", "good", "warn", "bad", "info")),
    ("--warn-ink", "--warn-soft"),
    ("--bad-ink", "--bad-soft"),
    ("--lead-deep", "--lead-soft"),
    ("--citizen", "--citizen-fill"),
    ("--ink", "--mark"),
    *(("--on-fill", fill) for fill in ("--lead", "--lead-deep", "--good", "--bad", "--bad-deep", "--seal")),
    ("--on-night", "--night"),
    ("--on-night-soft", "--night-deep"),
    ("--on-alarm", "--alarm"),
]
"""Words on the grounds they stand on."""
CHOSEN = (".choice", ".way", ".tap", ".check-answer", ".reason", ".tab.is-active", ".nav-item.is-active", "tr.is-open")


def sheets() -> list[Path]:
    return sorted(CSS.rglob("*.css"))


def palette(name: str) -> dict[str, str]:
    day = dict(NAMED.findall((CSS / "core" / "tokens.css").read_text()))
    return day if name == "light" else day | dict(NAMED.findall((CSS / "core" / "dark.css").read_text()))


def brightness(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_are_written_in_the_palettes_alone() -> None:
    """A colour in any other sheet is one that the dark palette does not know: give it a name in tokens.css and dark.css."""
    written = {
        f"{path.relative_to(CSS)}:{n}": line.strip()[:90]
        for path in sheets()
        if path.name not in PALETTES
        for n, line in enumerate(path.read_text().splitlines(), 1)
        if COLOUR.search(line)
    }
    assert written == {}


def test_every_name_that_is_used_exists() -> None:
    own = set(re.findall(r"(--[\w-]+):", "\n".join(path.read_text() for path in sheets())))
    used = set(re.findall(r"var\((--[\w-]+)\)", "\n".join(path.read_text() for path in sheets())))
    assert {name for name in used - own if not name.startswith("--bs-")} == set()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_words_can_be_read_on_their_grounds(name: str) -> None:
    """Found at the desks: X8."""
    colours = palette(name)
    weak = {
        f"{word} on {ground}": round(found, 2)
        for word, ground in PAIRS
        if (found := contrast(colours[word], colours[ground])) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("chosen", CHOSEN)
def test_with_forced_colours_what_is_chosen_has_a_line_or_a_mark(chosen: str) -> None:
    """Found at the desks: X9."""
    sheet = (CSS / "core" / "contrast.css").read_text()
    forced = sheet[sheet.index("(forced-colors: active) {") :]
    rules = [rule for rule in re.findall(r"([^{}]+)\{([^{}]*)\}", forced) if chosen in rule[0]]
    assert any(re.search(r"outline|border|content|text-decoration", body) for _selector, body in rules)
