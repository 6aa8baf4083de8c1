"""A sentence routing says to a person: Chinese with %(name)s places, worded in the reader's language further up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(sentence: str) -> str:
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return sentence


@dataclass(frozen=True)
class Said:
    """english: set when the sentence comes from the city's files, which carry both languages."""

    sentence: str
    params: Mapping[str, str] = field(default_factory=dict)
    english: str = ""

    def __str__(self) -> str:
        return self.sentence % self.params if self.params else self.sentence
