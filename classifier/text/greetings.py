"""What is asked of the line itself before anything is said: "喂，12345吗？听得见吗？"."""

from __future__ import annotations

_BEFORE = r"(?:喂|[您你]?好|请问|是|[您你]们?|这里|[,，。! ])*"
_THE_LINE = r"(?:12345|市长|热线|电话|在|有人|能?听[得见到]+(?:我说话)?)+(?:热线|电话)?"
ANYBODY_THERE = rf"{_BEFORE}{_THE_LINE}(?:[吗么]|(?:不|没有)(?=[?？,，。!！]|$))"
"""It is no consultation, no title and no part of a cry."""
