"""Tests stand on the rooms and on tests/support, never on one another; none skips itself in silence, and a file is one worker's."""

from __future__ import annotations

import ast
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

WITHOUT_DATA = "the folder of real messages is not in the repository"
MAY_SKIP = {
    "tests/conftest.py": WITHOUT_DATA,
    "tests/classifier/answers/test_read.py": WITHOUT_DATA,
    "tests/classifier/replies/test_replies_on_data.py": WITHOUT_DATA,
    "tests/classifier/text/masking/test_mask.py": WITHOUT_DATA,
    "tests/intake/importing/test_importing.py": WITHOUT_DATA,
    "tests/ops/test_local_city.py": "only root can start PostgreSQL as another user",
    "tests/support/services.py": "asked for with HOTLINE_SKIP_SERVICES=1",
}
SKIPS = re.compile(r"pytest\.skip\(|pytest\.importorskip\(|mark\.skip(if)?\(|@?unittest\.skip")


def borrowed(name: str, text: str) -> Iterator[str]:
    """Imports of a test file from other tests: all but those from tests/support and from its own folder's tools."""
    here = ".".join(PurePosixPath(name).parent.parts)
    for node in ast.walk(ast.parse(text)):
        for module in imported(node):
            last = module.rsplit(".", 1)[-1]
            is_test = any(part.startswith("test_") or part == "conftest" for part in module.split("."))
            above = [one for one in (module, module.rpartition(".")[0]) if one != "tests"]
            is_own_tool = not is_test and any(f"{here}.".startswith(f"{one}.") for one in above)
            if module.split(".")[0] == "tests" and not (module.startswith("tests.support") or is_own_tool):
                yield f"{name}: {module} ({last})"


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"tests{'.' * bool(node.module)}{node.module or ''}" if node.level else node.module or ""]
    return []


def test_no_test_imports_from_another(texts: dict[str, str]) -> None:
    tests = [(name, text) for name, text in texts.items() if name.startswith("tests/") and name.endswith(".py")]
    assert [found for name, text in tests for found in borrowed(name, text)] == []


def test_what_tests_share_stands_on_no_test(texts: dict[str, str]) -> None:
    shared = {name: text for name, text in texts.items() if name.startswith("tests/support/")}
    assert shared and not [name for name, text in shared.items() if re.search(r"tests\.(?!support\b)\w+", text)]


@pytest.mark.parametrize(
    "wrong",
    [
        "from tests.web.conftest import app",
        "from tests.web.unit.test_unit import page",
        "import tests.conftest",
        "from tests.web.unit.conftest import x",
        "from . import test_unit",
        "def f():\n    from tests.bench.pages import OPEN",
    ],
)
def test_every_way_of_borrowing_is_seen(wrong: str) -> None:
    assert list(borrowed("tests/web/unit/test_page.py", wrong))


@pytest.mark.parametrize(
    "right", ["from tests.support.life import Life", "from tests.web.unit.tool import x", "import testsuite"]
)
def test_what_is_shared_may_be_used(right: str) -> None:
    assert list(borrowed("tests/web/unit/test_page.py", right)) == []


def test_no_test_skips_itself_without_a_written_reason(texts: dict[str, str]) -> None:
    """What a test needs is brought by `make test`; a new skip needs a line above."""
    skipping = {name for name, text in texts.items() if name.startswith("tests/") and SKIPS.search(text)}
    assert skipping - {"tests/house/test_imports_of_tests.py"} == set(MAY_SKIP)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Something that can be made once in a run of the tests, however many workers it has."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    (tmp_path_factory.getbasetemp().parent / f"ground-{run}").touch(exist_ok=False)
    return run


@pytest.mark.parametrize("test", range(8))
def test_what_a_file_stands_on_is_made_once_in_a_run(ground: str, test: int) -> None:
    """A demo city of fifteen seconds would else be made by every worker."""
    assert ground
