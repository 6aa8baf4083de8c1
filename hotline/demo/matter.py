"""One demo matter: what the citizen says, and the life its ticket lives."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.demo.steps import Step


@dataclass(frozen=True)
class Matter:
    """ago: how long before now the last step lies. found, done: what the unit saw and did, for its reply.

    name: lets another matter be merged into this one. rating: the key pressed after the call, 5 very satisfied.
    caller: two matters with the same number are told by the same citizen. during: the name of an earlier matter; this one
    begins when the unit signs that one, and `ago` says nothing.
    """

    says: str
    ago: str
    steps: tuple[Step, ...]
    found: str = ""
    done: str = ""
    kind: str = "complaint"
    channel: str = "hotline"
    rating: int | None = None
    caller: int | None = None
    name: str = ""
    during: str = ""
    privacy: str = "masked"
    place: str = ""
    draft: bool = False
