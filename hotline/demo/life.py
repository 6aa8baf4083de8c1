"""A demo while it is played: the installation with its past clock, the people, and the lives on their way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hotline.clock import StoppedClock
from hotline.demo.matter import Matter
from hotline.demo.people import Cast
from hotline.installation import Installation

PROVIDER = "demo"


@dataclass
class Life:
    """One matter on its way. moments: of the contact and of each step. stopped: the sentence that ended it early.

    told_as: what its call is named by the provider; texts: how many texts its citizen has written. cast: who works on it, when
    they are not the demo's people.
    """

    matter: Matter
    moments: tuple[datetime, ...]
    phone: str
    ticket_id: int = 0
    number: str = ""
    stopped: str = ""
    told_as: str = ""
    texts: int = 0
    cast: Cast | None = None

    def moment_of(self, verb: str) -> datetime:
        """When the first step of this verb is taken."""
        return next(at for at, step in zip(self.moments[1:], self.matter.steps, strict=True) if step.verb == verb)


@dataclass
class Demo:
    """What is played, and by whom."""

    installation: Installation
    cast: Cast
    clock: StoppedClock
    lives: list[Life] = field(default_factory=list)

    def cast_of(self, life: Life) -> Cast:
        return life.cast or self.cast

    @property
    def cut_short(self) -> list[str]:
        """The lives that a rule ended before their last step, with its sentence."""
        return [f"{life.matter.says[:20]} – {life.stopped}" for life in self.lives if life.stopped]

    def number_of(self, name: str) -> str:
        """The ticket number of the matter with this name, or the name itself when it is no matter."""
        return next((life.number for life in self.lives if life.matter.name == name), name)
