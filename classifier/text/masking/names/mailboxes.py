"""Names in the address of a mailbox, written as they are spoken: 赵六九@qq.com, zhao六九@163.com, 赵六九_1980@qq.com."""

from __future__ import annotations

from collections.abc import Iterator

from classifier.text.masking.names.surnames import ANY_NAME, GIVEN
from classifier.text.masking.papers import AT, DOT
from classifier.text.patterns.late import late

_HOUSE = rf"[A-Za-z0-9_.+-]{{0,63}} ?{AT} ?[A-Za-z0-9-]{{1,63}} ?{DOT}"
_NAMED = late(
    rf"(?P<whole>{ANY_NAME})(?={_HOUSE})|(?<![A-Za-z0-9])[A-Za-z]{{2,12}}(?P<given>{GIVEN}{{1,2}})(?={_HOUSE})"
)
_HAS_AT = late(AT)


def in_mailboxes(text: str) -> Iterator[tuple[str, int, int]]:
    """(name, where it starts, where it ends) in a plain text."""
    if _HAS_AT.search(text):
        for found in _NAMED.finditer(text):
            group = found.lastgroup or "whole"
            yield found[group], *found.span(group)
