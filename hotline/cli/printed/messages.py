"""`make messages`: what the code and the pages say, brought into the catalogues; run twice, the second time changes nothing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[3]
ENGLISH = ROOT / "hotline" / "locale" / "en" / "LC_MESSAGES"
NEW = "messages.po"
"""The catalogue that new sentences wait in for their English; from there they may go to one of a subject."""

ROOMS = ("hotline", "routing", "classifier", "webhooks")
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "gettext": None}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.xml", "jinja2")]
JINJA = {"silent": "false", "trimmed": "true"}
CHINESE = re.compile(r"[\u3400-\u9fff]")
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: en\\n"\n\n'


def sentences(root: Path = ROOT) -> dict[str, list[str]]:
    """Every sentence of the code and the templates, with the places where it stands."""
    found: dict[str, list[str]] = defaultdict(list)
    options = {"**.html": JINJA, "**.txt": JINJA, "**.xml": JINJA}
    for room in ROOMS:
        for name, line, message, _, _ in extract_from_dir(
            root / room, METHODS, options, keywords=KEYWORDS, directory_filter=_everywhere
        ):
            for one in (message,) if isinstance(message, str) else message:
                found[one].append(f"{room}/{name}:{line}")
    return found


def literals(root: Path = ROOT) -> set[str]:
    """Every string of the code: the ground floor holds its sentences in tables, which are translated where they are shown."""
    return {
        node.value
        for room in ROOMS
        for path in (root / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def catalogues(folder: Path = ENGLISH) -> Iterator[tuple[Path, Catalog]]:
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale="en")


def update(said: Collection[str], written: Collection[str] = (), folder: Path = ENGLISH) -> tuple[list[str], list[str]]:
    """New sentences get an empty entry, entries that nothing says any more go. Returns both: (new, gone).

    said: the sentences marked for translation. written: strings that keep their entry although no mark is on them.
    """
    held: set[str] = set()
    gone: list[str] = []
    for path, catalogue in catalogues(folder):
        ids = [str(message.id) for message in catalogue if message.id]
        held.update(ids)
        if unsaid := [one for one in ids if one not in said and one not in written]:
            for one in unsaid:
                catalogue.delete(one)
            _write(path, catalogue)
            gone += unsaid
    new = [one for one in said if one not in held and CHINESE.search(one)]
    if new:
        waiting = dict(catalogues(folder)).get(folder / NEW) or Catalog(locale="en")
        for one in new:
            waiting.add(one)
        _write(folder / NEW, waiting)
    return new, gone


def _everywhere(_folder: str) -> bool:
    """Babel would leave out folders whose name begins with an underscore, and with them the macros."""
    return True


def _write(path: Path, catalogue: Catalog) -> None:
    """Without lines of code: a number that moves with every edit would be a change in every commit."""
    with path.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, width=0, no_location=True, omit_header=True)


if __name__ == "__main__":
    new, gone = update(sentences(), literals())
    print(f"{len(new)} new in {NEW}, {len(gone)} gone")
