"""What stands in the product is used by it: a function that only a test calls proves nothing about the hotline."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tests.support.repository import CODE, ROOT, repository_files

CALLED_BY_LIBRARIES = {
    "writable": "io asks a stream whether it can be written",
    "seekable": "io asks a stream whether it can be read from any place",
    "finish_request": "gunicorn's worker, when a thread has answered",
    "murder_keepalived": "gunicorn's worker, each second",
    "_cap_keepalive": "gunicorn's worker, when it stops",
    "load_config": "gunicorn reads its settings by it",
    "redirect_request": "urllib asks whether to follow",
    "handle_starttag": "html.parser",
    "handle_endtag": "html.parser",
    "handle_data": "html.parser",
    "check_for_suspension": "RQ's worker, before it looks into its queue",
    "handle_payload": "RQ's worker, for a command that comes through Redis",
    "process_bind_param": "SQLAlchemy, on the way into the database",
    "process_result_value": "SQLAlchemy, on the way out of it",
}
"""Methods that a library calls by their names."""


def product() -> dict[str, str]:
    read = (".py", ".html", ".txt", ".js", ".yaml", ".csv")
    names = {path: str(path.relative_to(ROOT)) for path in repository_files() if path.suffix in read}
    return {name: path.read_text(encoding="utf-8") for path, name in names.items() if name.startswith(CODE)}


def defined(text: str) -> Iterator[tuple[str, bool]]:
    """Every function and class of a file, and whether a decorator registers it somewhere."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, bool(node.decorator_list)


def test_nothing_stands_there_for_tests_alone() -> None:
    texts = product()
    words = Counter(word for text in texts.values() for word in re.findall(r"\w+", text))
    spare = [
        f"{name}: {one}"
        for name, text in texts.items()
        if name.endswith(".py") and "/migrations/" not in name
        for one, registered in defined(text)
        if words[one] == 1 and not registered and not one.startswith("__") and one not in CALLED_BY_LIBRARIES
    ]
    assert spare == []


def test_what_libraries_call_is_still_there() -> None:
    known = {one for name, text in product().items() if name.endswith(".py") for one, _ in defined(text)}
    assert set(CALLED_BY_LIBRARIES) <= known
