"""YAML that remembers its lines: every value is read as text, typed by whoever asks, and complained about by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import time
from pathlib import Path
from typing import TypeVar

import yaml

from hotline.city.mistakes import Notebook
from hotline.i18n import N_
from hotline.names import hides_signs, is_nobody

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")
YES_NO = {"yes": True, "no": False, "true": True, "false": False}
T = TypeVar("T")
Hours = tuple[time, time]


def read_text(folder: Path, name: str, notebook: Notebook) -> str | None:
    """The file's text with LF line ends and no byte order mark; None, with a mistake noted, when it cannot be read."""
    try:
        raw = (folder / name).read_bytes()
    except OSError:
        notebook.mistake(name, 0, N_("缺少这个文件"))
        return None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as trouble:
        line = raw.count(b"\n", 0, trouble.start) + 1
        notebook.mistake(name, line, N_("不是 UTF-8 编码，请另存为 UTF-8"))
        return None


class YamlSheet:
    """One YAML file. `top` is its outermost mapping; it is empty, and `broken` is set, when the file cannot be read."""

    def __init__(self, folder: Path, name: str, notebook: Notebook):
        self.name = name
        self.notebook = notebook
        self.rows: list[YamlRow] = []
        node = self._compose(read_text(folder, name, notebook))
        self.broken = node is None
        self.top = YamlRow(self, node or yaml.MappingNode("tag:yaml.org,2002:map", []))

    def mistake(self, line: int, template: str, /, **params: object) -> None:
        self.notebook.mistake(self.name, line, template, **params)

    def warn(self, line: int, template: str, /, **params: object) -> None:
        self.notebook.warn(self.name, line, template, **params)

    def finish(self) -> None:
        """Complain about every field nobody asked for."""
        for row in self.rows:
            row.finish()

    def _compose(self, text: str | None) -> yaml.MappingNode | None:
        if text is None or self._has_tabs(text):
            return None
        try:
            node = yaml.compose(text, Loader=Loader)
        except yaml.MarkedYAMLError as trouble:
            mark = trouble.problem_mark or trouble.context_mark
            line = mark.line + 1 if mark else 0
            self.mistake(line, N_("YAML 写法有误：%(problem)s"), problem=trouble.problem or trouble)
            return None
        except yaml.YAMLError as trouble:
            self.mistake(0, N_("YAML 写法有误：%(problem)s"), problem=str(trouble))
            return None
        if isinstance(node, yaml.MappingNode):
            return node
        self.mistake(1, N_("文件应由“名称: 内容”组成"))
        return None

    def _has_tabs(self, text: str) -> bool:
        lines = [i for i, line in enumerate(text.split("\n"), 1) if "\t" in line[: len(line) - len(line.lstrip())]]
        for line in lines:
            self.mistake(line, N_("行首有制表符，请改用空格"))
        return bool(lines)


def read_source(sheet: YamlSheet, named: Iterable[tuple[str, str]]) -> str:
    """What a whole file rests on; a reminder when neither it nor each of its entries (name, source) says so."""
    source = sheet.top.text("source", "")
    bare = [name for name, own in named if not own]
    if bare and not source:
        sheet.warn(
            0,
            N_("没有写依据（source）的有 %(n)s 项，例如 %(some)s：请写明文件名称和文号，或在文件开头写总的依据"),
            n=len(bare),
            some=" ".join(bare[:3]),
        )
    return source


class YamlRow:
    """A mapping of a sheet. Each getter notes a mistake and returns an empty value for a missing or wrong field."""

    def __init__(self, sheet: YamlSheet, node: yaml.MappingNode):
        self.sheet = sheet
        self.line = node.start_mark.line + 1 if node.start_mark else 1
        self._fields: dict[str, tuple[int, yaml.Node]] = {}
        self._asked: set[str] = set()
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in self._fields:
                sheet.mistake(line, N_("“%(name)s”写了两次"), name=name)
            self._fields[name] = (line, value)
        sheet.rows.append(self)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def names(self) -> list[str]:
        return list(self._fields)

    def line_of(self, name: str) -> int:
        return self._fields[name][0] if name in self._fields else self.line

    def mistake(self, name: str, template: str, /, **params: object) -> None:
        self.sheet.mistake(self.line_of(name), template, name=name, **params)

    def finish(self) -> None:
        for name, (line, _node) in self._fields.items():
            if name not in self._asked:
                self.sheet.mistake(line, N_("不认识的字段“%(name)s”"), name=name)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required unless a default is given."""
        node = self._node(name, required=default is None)
        if node is None:
            return default or ""
        if not isinstance(node, yaml.ScalarNode):
            self.mistake(name, N_("“%(name)s”应是一段文字"))
            return default or ""
        value = str(node.value).strip()
        if not value and default is None:
            self.mistake(name, N_("“%(name)s”不能为空"))
        self._check_seen(name, value)
        return value or default or ""

    def _check_seen(self, name: str, value: str) -> None:
        """What stands in a city's file stands on pages and in texts: nothing in it may look like something else."""
        if hides_signs(value, lines=True):
            self.mistake(name, N_("“%(name)s”里有看不见的字符（零宽或改变方向的字符），请删去重新输入"))

    def code(self, name: str = "code") -> str:
        value = self.text(name)
        if value and not CODE.fullmatch(value):
            self.mistake(name, N_("代码“%(value)s”只能用小写字母、数字、- 和 _，最长 31 位"), value=value)
        return value

    def parsed(self, name: str, parse: Callable[[str], T], default: T, complaint: str) -> T:
        """A value made by `parse` (ValueError, KeyError = wrong); the complaint may use %(name)s and %(value)s."""
        value = self.text(name, "")
        if not value:
            return default
        try:
            return parse(value)
        except (ValueError, KeyError):
            self.mistake(name, complaint, value=value)
            return default

    def yes(self, name: str, default: bool = False) -> bool:
        return self.parsed(name, YES_NO.__getitem__, default, N_("“%(name)s”应写 yes 或 no，不能是“%(value)s”"))

    def number(self, name: str, default: float) -> float:
        return self.parsed(name, float, default, N_("“%(name)s”应是数字，不能是“%(value)s”"))

    def whole(self, name: str, default: int) -> int:
        return self.parsed(name, int, default, N_("“%(name)s”应是整数，不能是“%(value)s”"))

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(name, default)
        if value and value not in allowed:
            self.mistake(
                name, N_("“%(name)s”不能是“%(value)s”，可选：%(allowed)s"), value=value, allowed=" ".join(allowed)
            )
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        return tuple(value for _line, value in self.lined_words(name))

    def lined_words(self, name: str) -> list[tuple[int, str]]:
        node = self._node(name, required=False)
        if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
            return []
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(each, yaml.ScalarNode) and str(each.value).strip() for each in nodes):
            self.mistake(name, N_("“%(name)s”应是一列文字"))
            return []
        found = [(each.start_mark.line + 1, str(each.value).strip()) for each in nodes]
        for line, value in found:
            self._check_seen(name, value)
            if [other for _line, other in found].count(value) > 1:
                self.sheet.warn(line, N_("“%(name)s”里“%(value)s”重复"), name=name, value=value)
        return list({value: (line, value) for line, value in found}.values())

    def choices(self, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        found = self.words(name)
        for value in found:
            if value not in allowed:
                self.mistake(
                    name, N_("“%(name)s”不能是“%(value)s”，可选：%(allowed)s"), value=value, allowed=" ".join(allowed)
                )
        return found

    def list_of_rows(self, name: str, required: bool = True) -> list[YamlRow]:
        node = self._node(name, required)
        if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.mistake(name, N_("“%(name)s”应是一列条目，每条以 - 开头"))
            return []
        rows = []
        for each in node.value:
            if isinstance(each, yaml.MappingNode):
                rows.append(YamlRow(self.sheet, each))
            else:
                self.sheet.mistake(each.start_mark.line + 1, N_("“%(name)s”的每一条都应由“名称: 内容”组成"), name=name)
        return rows

    def row(self, name: str, required: bool = True) -> YamlRow | None:
        node = self._node(name, required)
        if node is None:
            return None
        if isinstance(node, yaml.MappingNode):
            return YamlRow(self.sheet, node)
        self.mistake(name, N_("“%(name)s”应由“名称: 内容”组成"))
        return None

    def is_text(self, name: str) -> bool:
        """The field is given, and as one plain text."""
        return isinstance(self._fields.get(name, (0, None))[1], yaml.ScalarNode)

    def _node(self, name: str, required: bool) -> yaml.Node | None:
        self._asked.add(name)
        if name in self._fields:
            return self._fields[name][1]
        if required and not self.sheet.broken:
            self.mistake(name, N_("缺少“%(name)s”"))
        return None


def check_name(sheet: YamlSheet, line: int, name: str) -> None:
    """Of a body that acts in the story beside citizens and the system."""
    if hides_signs(name) or is_nobody(name):
        sheet.mistake(line, N_("“%(value)s”不能作名称：有换行，或是系统和市民的称呼"), value=name.replace("\n", " "))


def check_lengths(sheet: YamlSheet, line: int, code: str, name: str, name_en: str) -> None:
    """What goes into a table must fit its columns."""
    for value, room in ((code, 32), (name, 64), (name_en, 96)):
        if len(value) > room:
            sheet.mistake(line, N_("“%(value)s”太长，最多 %(room)s 个字符"), value=value, room=room)


def parse_hours(written: str) -> Hours:
    """ "08:30-12:00"; raises ValueError."""
    start, _, end = written.partition("-")
    return time.fromisoformat(start.strip().zfill(5)), time.fromisoformat(end.strip().zfill(5))
