"""What a window of the browser complains of, and the picture of what it shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.repository import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCREENSHOTS = ROOT / "build" / "screenshots"


def watch(page: Page) -> list[str]:
    """The list that will hold every error of this page's scripts and content policy."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    return complaints


def is_complaint(said: Any) -> bool:
    """A refused form answers 4xx on purpose, and a poll finds no line that a test has cut; all else on the error console is a defect."""
    return said.type == "error" and "Failed to load resource" not in said.text and said.text != "htmx:sendError"


def keep_picture(page: Page, name: str) -> Path:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / (re.sub(r"\W+", "-", name).strip("-") + ".png")
    page.screenshot(path=path, full_page=True, caret="initial")  # hiding it would leave style="" behind
    return path


def ready(page: Page) -> None:
    """Wait until the whole page is there, its scripts listen, and all that has a key has stood on the screen long enough to be seen."""
    page.wait_for_function(
        "() => document.readyState === 'complete' && (!document.querySelector('script[type=module]')"
        " || (document.documentElement.dataset.listening !== undefined"
        " && document.documentElement.dataset.unseen === undefined))"
    )
