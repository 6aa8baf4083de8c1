"""One value of a city's files, changed in place: comments, order and every other line stay as they were."""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from hotline.city.loader import load_city, present
from hotline.city.mistakes import CityMistakes
from hotline.city.schema import City
from hotline.errors import OutOfTurn, Refusal
from hotline.i18n import _

PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.:-]*")
"""What YAML reads as the text it is; everything else is written between quotation marks."""


@dataclass(frozen=True)
class Spot:
    """Where one value stands: a file of the city's folder, and the names that lead to it."""

    file: str
    path: tuple[str, ...]


def read_spot(folder: Path, spot: Spot) -> str | None:
    """The value as it stands in the file; None when nothing stands there."""
    node = _node(_text(folder, spot), spot.path)
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None


def edited(folder: Path, spot: Spot, value: str) -> str:
    """The file's text with this value in its place."""
    text = _text(folder, spot)
    node = _node(text, spot.path)
    if isinstance(node, yaml.ScalarNode):
        ends = "\n" if node.style in ("|", ">") else ""
        return text[: node.start_mark.index] + _written(value, node.style) + ends + text[node.end_mark.index :]
    above = _node(text, spot.path[:-1])
    if isinstance(above, yaml.MappingNode):
        return _into(text, above, spot.path[-1], value)
    head = spot.path[0]
    return f"{text.rstrip()}\n\n{head}:\n  {spot.path[-1]}: {_written(value)}\n"


def check_edit(folder: Path, spot: Spot, value: str) -> City:
    """The city as it would be. Raises Refusal with every mistake of the changed files."""
    with tempfile.TemporaryDirectory(prefix="hotline-city-") as name:
        for each in present(folder):
            shutil.copyfile(folder / each, Path(name) / each)
        (Path(name) / spot.file).write_text(edited(folder, spot, value), encoding="utf-8")
        try:
            return load_city(name)
        except CityMistakes as wrong:
            raise Refusal("\n".join(wrong.sentences), field="value") from None


def diff(folder: Path, spot: Spot, value: str) -> str:
    """What would change, in the form that `git apply` and `patch -p1` read."""
    before, after = _text(folder, spot), edited(folder, spot, value)
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        fromfile=f"a/{spot.file}",
        tofile=f"b/{spot.file}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def write_edit(folder: Path, spot: Spot, before: str, value: str, keep: Path) -> City:
    """Put the value into the city's folder: the old file is kept below `keep`, the new one takes its place in one step.

    Raises OutOfTurn when the value is no longer what it was when the change was asked for, Refusal when the folder
    cannot be written or the changed files have mistakes.
    """
    try:
        with _alone(folder):
            if (read_spot(folder, spot) or "") != before:
                raise OutOfTurn(_("这一处在此期间已被改过，请重新申请。"))
            city = check_edit(folder, spot, value)
            text = edited(folder, spot, value)
            keep.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / spot.file, keep / spot.file)
            _replace(folder / spot.file, text)
            return city
    except OSError as trouble:
        raise Refusal(_("城市文件夹不能写入：%(why)s", why=trouble)) from trouble


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer of this folder at a time, whatever the process."""
    import fcntl

    with open(folder / "city.yaml", "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, name)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _text(folder: Path, spot: Spot) -> str:
    return (folder / spot.file).read_bytes().decode("utf-8-sig")


def _node(text: str, path: tuple[str, ...]) -> yaml.Node | None:
    """The node at the end of this path; the loader of Python itself counts characters."""
    node = _tree(text)
    for name in path:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((value for key, value in node.value if str(key.value) == name), None)
    return node


@lru_cache(maxsize=8)
def _tree(text: str) -> yaml.Node | None:
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    return node


def _into(text: str, above: yaml.MappingNode, name: str, value: str) -> str:
    """A value that is not there yet, as the last of its mapping."""
    if above.flow_style:
        end = above.end_mark.index - 1
        comma = ", " if above.value else ""
        return f"{text[:end]}{comma}{name}: {_written(value)}{text[end:]}"
    key, last = above.value[-1]
    end = text.find("\n", last.end_mark.index - 1)
    end = len(text) if end < 0 else end
    return f"{text[:end]}\n{' ' * key.start_mark.column}{name}: {_written(value)}{text[end:]}"


def _written(value: str, style: str | None = '"') -> str:
    return value if style is None and PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
