"""The layout, the names of files and the direction of imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.support.repository import ROOT, python

ROOMS = {"hotline", "classifier", "routing", "webhooks", "models", "tests", "docs"}
LOOSE = {
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "pyproject.toml",
    "requirements.in",
    "requirements.txt",
    "requirements-scans.in",
    "requirements-scans.txt",
    "requirements-dev.in",
    "requirements-dev.txt",
}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "service", "stuff"}
EDGES = (
    "hotline/jobs/",
    "hotline/outbox/",
    "hotline/telephony/commands.py",
    "hotline/messages/deliver.py",
    "hotline/cli",
    "hotline/web/core/errors.py",
    "hotline/api/together.py",
    "hotline/intake/import",
    "hotline/training/background.py",
)
LONGEST_FILE = 400
MOST_FILES_IN_A_FOLDER = 15
LONGEST_LINE = 160


def test_every_import_points_down() -> None:
    """In a process of its own: the linter silences every logger of the process it runs in."""
    lint = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_the_top_level_holds_the_rooms_and_nothing_else(texts: dict[str, str]) -> None:
    top = {name.split("/")[0] for name in texts}
    assert {name for name in top if not name.startswith(".")} <= ROOMS | LOOSE


def test_no_file_has_a_name_that_says_nothing(files: tuple[Path, ...]) -> None:
    code = (path for path in files if path.suffix == ".py")
    assert [str(path) for path in code if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_every_file_opens_with_the_promise_it_keeps(texts: dict[str, str]) -> None:
    silent = [name for name, text in python(texts) if text.strip() and not ast.get_docstring(ast.parse(text))]
    assert silent == []


RELEASED_AS_IT_IS = "models/migrations/versions/0001_the_first_tables.py"


def test_no_file_has_grown_into_a_heap(texts: dict[str, str]) -> None:
    """Tests as well: whoever looks for a promise reads one subject. The first tables alone stay as they were released."""
    long = {name: text.count("\n") for name, text in texts.items() if name.endswith(".py")}
    assert {name for name, lines in long.items() if lines > LONGEST_FILE} == {RELEASED_AS_IT_IS}


def test_no_folder_has_grown_into_a_crowd(texts: dict[str, str]) -> None:
    """Released versions of the tables only ever grow in number; everything else finds a room that says what it does."""
    folders = Counter(name.rpartition("/")[0] for name in texts if name.endswith(".py"))
    del folders["models/migrations/versions"]
    assert {folder: files for folder, files in folders.items() if files > MOST_FILES_IN_A_FOLDER} == {}


def test_errors_are_caught_whole_only_at_the_edges(texts: dict[str, str]) -> None:
    """Elsewhere a caught-all hides a defect."""
    caught = re.compile(r"^\s*except( Exception| BaseException)?( as \w+)?:", re.M)
    assert [name for name, text in python(texts) if caught.search(text) and not name.startswith(EDGES)] == []


def test_one_place_alone_knows_what_time_it_is(texts: dict[str, str]) -> None:
    told = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(\)")
    assert [name for name, text in python(texts) if told.search(text)] == ["hotline/clock.py"]


def test_every_view_says_what_it_returns(texts: dict[str, str]) -> None:
    routes = re.compile(r"\b(pages|app)\.(get|post|put|delete|route)\(")
    views = [
        (name, node)
        for name, text in python(texts)
        if name.startswith(("hotline/web/", "hotline/api/"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and any(routes.search(ast.unparse(one)) for one in node.decorator_list)
    ]
    assert len(views) > 100
    assert [
        f"{name}: {node.name}" for name, node in views if node.returns is None or ast.unparse(node.returns) == "Any"
    ] == []


def test_nothing_travels_hidden_in_a_session() -> None:
    """What a function needs is passed to it: a session's `info` is seen by nobody who reads the code."""
    hidden = re.compile(r"\b(?:db|session|sessions|maker)\.info\b|configure\(info|\binfo=\{")
    found = [
        str(path.relative_to(ROOT))
        for room in ("hotline", "models")
        for path in (ROOT / room).rglob("*.py")
        if hidden.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_web_process_starts_without_what_few_requests_need() -> None:
    seldom = ("sklearn", "scipy.optimize", "xlsxwriter", "openpyxl", "alembic")
    code = f"import sys, hotline.app; print([name for name in {seldom} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_no_line_of_a_template_is_longer_than_people_read(texts: dict[str, str]) -> None:
    templates = {name: text for name, text in texts.items() if name.startswith("hotline/web/templates/")}
    long = [f"{name}:{n}" for name, text in templates.items() for n, line in lines_of(text) if len(line) > LONGEST_LINE]
    assert templates and long == []


BLOCK = "main|header|footer|nav|aside|section|article|div|table|thead|tbody|tfoot|tr|th|td|ul|ol|li|dl|dt|dd|fieldset|details|h[1-4]"


def test_a_template_sets_each_element_on_a_line_of_its_own(texts: dict[str, str]) -> None:
    """Two blocks on one line hide that one stands in the other."""
    templates = {name: text for name, text in texts.items() if name.startswith("hotline/web/templates/")}
    opens = re.compile(rf"<(?:{BLOCK})(?=[\s>])")
    crowded = [
        f"{name}:{n}" for name, text in templates.items() for n, line in lines_of(text) if len(opens.findall(line)) > 1
    ]
    assert templates and crowded == []


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.splitlines(), 1)
