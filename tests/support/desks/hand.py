"""A hand that does the daily tasks in a real browser and counts its keys, clicks and page loads.

`before` is what the task took when it was first measured (keys, clicks, loads); `most` is what it may take now. A key is a
combination beyond typing the words (Alt+S is one); a load is a full page. Each task proves at its end that it was done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.town import Town, ready

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass
class Hand:
    """Does what a person does in this window, and counts."""

    page: Page
    keys: int = 0
    clicks: int = 0
    loads: int = field(default=0)

    def __post_init__(self) -> None:
        self.page.on("domcontentloaded", self._loaded)

    def _loaded(self, _page: object) -> None:
        self.loads += 1

    def key(self, combo: str) -> None:
        ready(self.page)
        self.page.keyboard.press(combo)
        self.keys += 1

    def key_and_load(self, combo: str) -> None:
        ready(self.page)
        with self.page.expect_navigation():
            self.page.keyboard.press(combo)
        self.keys += 1
        ready(self.page)

    def click(self, place: Locator) -> None:
        place.click()
        self.clicks += 1

    def click_and_load(self, place: Locator) -> None:
        with self.page.expect_navigation():
            place.click()
        self.clicks += 1
        ready(self.page)

    def write(self, words: str) -> None:
        """Words are typed where the cursor stands; they cost no key here."""
        self.page.keyboard.insert_text(words)

    def stands_in(self, field_id: str) -> None:
        """The cursor is there by itself."""
        self.page.wait_for_function("id => document.activeElement?.id === id", arg=field_id)


@dataclass(frozen=True)
class Task:
    """One row of the table. before: keys, clicks, loads; None where the task could not be done at all."""

    name: str
    before: tuple[int, int, int] | None
    most: tuple[int, int]
    do: Callable[[Town], Hand]


TASKS: list[Task] = []


def task(
    name: str, before: tuple[int, int, int] | None, keys: int, clicks: int = 0
) -> Callable[[Callable[[Town], Hand]], Callable[[Town], Hand]]:
    def keep(do: Callable[[Town], Hand]) -> Callable[[Town], Hand]:
        TASKS.append(Task(name, before, (keys, clicks), do))
        return do

    return keep


def table(rows: list[tuple[Task, Hand | None]]) -> str:
    """The measured tasks beside what they took before, as Markdown."""
    lines = [
        "| task | keys | clicks | loads | before: keys, clicks, loads |",
        "|---|---:|---:|---:|---|",
    ]
    for one, hand in rows:
        now: tuple[Any, Any, Any] = (hand.keys, hand.clicks, hand.loads) if hand else ("–", "–", "–")
        before = ", ".join(map(str, one.before)) if one.before else "impossible"
        lines.append(f"| {one.name} | {now[0]} | {now[1]} | {now[2]} | {before} |")
    return "\n".join(lines)
