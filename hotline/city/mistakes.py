"""What is wrong with a city's files, as sentences a clerk can act on: file, line, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hotline.errors import Misconfigured
from hotline.i18n import _


@dataclass(frozen=True)
class Mistake:
    """line: from 1; 0 when the whole file is meant. warning: the city can be loaded all the same."""

    file: str
    line: int
    template: str
    params: dict[str, object] = field(default_factory=dict)
    warning: bool = False

    @property
    def sentence(self) -> str:
        return _(self.template, **self.params)

    def __str__(self) -> str:
        if not self.line:
            return _("%(file)s：%(what)s", file=self.file, what=self.sentence)
        return _("%(file)s 第 %(line)s 行：%(what)s", file=self.file, line=self.line, what=self.sentence)


class CityMistakes(Misconfigured):
    """The city cannot be loaded; all mistakes at once, by file and line, the warnings beside them."""

    def __init__(self, found: Iterable[Mistake]):
        self.found = tuple(found)
        self.mistakes = tuple(each for each in self.found if not each.warning)
        self.warnings = tuple(each for each in self.found if each.warning)
        super().__init__("\n".join(str(each) for each in self.mistakes))

    @property
    def sentences(self) -> list[str]:
        return [str(each) for each in self.mistakes]


class Notebook:
    """Collects what the readers find. closely: they also look at what takes long and hinders nobody who uses the files."""

    def __init__(self, closely: bool = True) -> None:
        self.closely = closely
        self.found: list[Mistake] = []

    def mistake(self, file: str, line: int, template: str, /, **params: object) -> None:
        self.found.append(Mistake(file, line, template, params))

    def warn(self, file: str, line: int, template: str, /, **params: object) -> None:
        self.found.append(Mistake(file, line, template, params, warning=True))

    def sorted(self) -> tuple[Mistake, ...]:
        return tuple(sorted(self.found, key=lambda each: (each.file, each.line)))
