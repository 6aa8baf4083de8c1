"""A pattern that is compiled when it is first asked: a program with two thousand of them need not compile all to start.

Compiled behind a look at its first sign (`begins`), which finds the same, sooner.
"""

from __future__ import annotations

import re
from typing import Any, cast

from classifier.text.patterns.begins import guarded

_ALL: list[_Late] = []


class _Late:
    """Looks like a pattern. What it answered once it answers as quickly as a pattern does."""

    def __init__(self, pattern: str, flags: int):
        self.pattern = pattern
        self._written = flags
        _ALL.append(self)

    def __getattr__(self, name: str) -> Any:
        """Asked for what this object has not: the compiled pattern has it."""
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = vars(self).get("_compiled") or re.compile(guarded(self.pattern), self._written)
        answer = getattr(compiled, name)
        vars(self).update({"_compiled": compiled, name: answer})
        return answer

    def __repr__(self) -> str:
        return f"late({self.pattern!r})"


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """For patterns of a module: as `re.compile`, but a mistake in the writing is told by the first search; the tests compile every one."""
    return cast("re.Pattern[str]", _Late(pattern, flags))


def compile_all() -> int:
    """Compile what nobody has asked yet: before processes are forked, or behind the first page. Returns how many there are."""
    return sum(1 for one in list(_ALL) if one.groups >= 0)
