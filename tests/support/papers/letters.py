"""A citizen's side of the mailbox: letters are written, a minute goes by, and what was sent back is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count
from typing import Any

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.schedule import look_for_letters
from hotline.outbox.runner import drain
from tests.support.doubles.mail_server import MailServer
from tests.support.doubles.post_office import PostOffice
from tests.support.life import Life

OURS = "12345@anyang.test"
LI = "li@example.test"


@dataclass
class Post:
    """write: a citizen's letter arrives. work: a minute goes by, the mailbox is emptied and everything due is done."""

    installation: Installation
    life: Life
    clock: StoppedClock
    office: PostOffice
    server: MailServer
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def write(
        self, text: str, subject: str = "路灯", sender: str = LI, answers: Any = None, **heads: str
    ) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = sender, OURS, subject
        letter["Message-ID"] = f"<{next(self.numbers)}@{sender.partition('@')[2].strip('>')}>"
        if answers is not None:
            letter["In-Reply-To"] = letter["References"] = answers["Message-ID"]
        for name, value in heads.items():
            letter[name.replace("_", "-")] = value
        letter.set_content(text)
        self.office.bring(letter)
        return letter

    def work(self, minutes: int = 1) -> None:
        for _minute in range(minutes):
            self.clock.forward(minutes=1)
            look_for_letters(self.installation, self.clock.now())
            drain(self.installation)

    def sent_to(self, address: str = LI) -> list[EmailMessage]:
        return [one for one in self.server.letters if address in one["To"]]
