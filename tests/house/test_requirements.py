"""What the code imports is named in requirements.in, and what is named there is used: nothing stands on a guest's guest."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions

from tests.support.repository import CODE, ROOT

OURS = {"hotline", "models", "classifier", "routing", "webhooks", "tests"}
NEVER_IMPORTED = {
    "tzdata": "zoneinfo reads it where the machine has no zones of its own",
    "psycopg": "the driver that SQLAlchemy loads for a postgresql:// address",
    "pytest": "the city's list of packages names it",
}
TOOLS = {
    "pytest-xdist",
    "pytest-timeout",
    "pytest-rerunfailures",
    "ruff",
    "mypy",
    "import-linter",
    "types-pyyaml",
    "types-openpyxl",
    "types-tqdm",
}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named(file: str) -> set[str]:
    """The packages of a .in file."""
    return {plain(name) for name in re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / file).read_text(), re.M)}


def modules(text: str) -> set[str]:
    """The top names of every import in a file, wherever it stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {one.name.split(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.split(".")[0])
    return found


@cache
def packages_of() -> dict[str, set[str]]:
    return {module: {plain(name) for name in names} for module, names in packages_distributions().items()}


def imported(texts: dict[str, str], rooms: tuple[str, ...]) -> dict[str, str]:
    """Every module from outside that these rooms import, and a file that does."""
    return {
        module: name
        for name, text in texts.items()
        if name.endswith(".py") and name.startswith(rooms)
        for module in modules(text) - OURS - set(sys.stdlib_module_names)
    }


def unnamed(found: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    return {module: file for module, file in found.items() if not packages_of().get(module, set()) & set(names)}


def test_every_package_the_rooms_import_is_named(texts: dict[str, str]) -> None:
    found = imported(texts, CODE)
    assert len(found) > 20
    assert unnamed(found, named("requirements.in")) == {}


def test_every_package_the_tests_import_is_named(texts: dict[str, str]) -> None:
    known = named("requirements.in") | named("requirements-dev.in")
    assert unnamed(imported(texts, ("tests/",)), known) == {}


def test_no_package_is_named_that_nobody_imports(texts: dict[str, str]) -> None:
    used = {name for module in imported(texts, CODE) for name in packages_of().get(module, ())}
    assert named("requirements.in") - used - set(NEVER_IMPORTED) == set()
    tested = {name for module in imported(texts, ("tests/",)) for name in packages_of().get(module, ())}
    assert named("requirements-dev.in") - tested - TOOLS == set()


def test_a_package_that_only_another_brings_is_seen() -> None:
    assert unnamed({"mako": "hotline/x.py"}, named("requirements.in")) == {"mako": "hotline/x.py"}
    assert modules("def f():\n    import urllib3.util\n    from scipy.sparse import x\nfrom . import y") == {
        "urllib3",
        "scipy",
    }
