"""A long text may come in pieces that bear no mark: what breaks off waits a minute for its rest, and both are read as one.

Two matters are never joined: what begins anew, names its ticket, or is one of the short words that stand for themselves goes
its own way.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.answers import asides
from classifier.answers.belonging import belongs_to, says_where, tells_a_matter
from classifier.answers.read import written
from classifier.text.danger import life
from classifier.text.words import normalise
from hotline import outbox
from hotline.followup.parts import MOST_PARTS, TOGETHER
from models import Message

REST = "rest"
"""What `waits` says of a piece without a mark."""

FULL, FULL_LATIN = 60, 140
"""A telephone cuts at about so many signs: a text of this length without an end sign may have been cut."""

_ENDS = re.compile(r"[。.!！?？~～…)）\]】\"”'’」』>》]\s*$")
_GOES_ON = re.compile(
    r"[,，、;；:：]\s*$|(?<=.{2})(?:但是?|可是|不过|而且|并且|因为|所以|然后|还有|以及|另外|如果|结果|就是|比如|包括|导致|造成|和|跟|与|把|被|让|对|向|从|由于|为了)\s*$|\b(?:and|but|because|so|or|the|a|to|of|in|at|with|that|which|when)\s*$"
)
_BEGINS = re.compile(
    r"^(?:您好|你好|喂|请问|另外|还有(?:一|个|件)|再(?:反映|问|说)|我(?:想|要)(?:反映|投诉|举报|咨询|问)|hello\b|hi\b|another\b)"
)
_OWN_WAY = frozenset({"opt_out", "opt_in", "automatic", "digits", "names_a_ticket", "another", "progress"})


def breaks_off(text: str) -> bool:
    """It ends where no text ends: with a comma or a word that wants another, or at the length at which a telephone cuts.

    A cry for help waits for nothing.
    """
    words = written(text)
    full = FULL_LATIN if words.isascii() else FULL
    open_end = _GOES_ON.search(words) is not None or (len(words) >= full and not _ENDS.search(words))
    return open_end and not _goes_its_own_way(words) and not life.life(normalise(text))


def wait_for_the_rest(db: Session, heard: Message, now: datetime) -> None:
    heard.params = {**(heard.params or {}), "waits": REST}
    outbox.enqueue(db, "join_parts", key=f"rest:{heard.id}", now=now, at=now + TOGETHER, message_id=heard.id)


def waiting_pieces(db: Session, heard: Message, *, with_it: bool = False) -> list[Message]:
    """This number's pieces that nobody has read yet, in their order: those before this message, or all `with_it`."""
    rows = db.scalars(
        select(Message)
        .where(
            Message.citizen_id == heard.citizen_id,
            Message.direction == "in",
            Message.created_at > heard.created_at - MOST_PARTS * TOGETHER,
            *([] if with_it else [Message.id < heard.id]),
        )
        .order_by(Message.id.desc())
        .limit(MOST_PARTS)
    ).all()
    return [row for row in reversed(rows) if (row.params or {}).get("waits") == REST]


def is_the_rest(pieces: list[Message], heard: Message) -> bool:
    """The message goes on where the pieces broke off."""
    last, words = pieces[-1], written(heard.text)
    if heard.created_at - last.created_at > TOGETHER or _goes_its_own_way(words) or _BEGINS.search(words):
        return False
    before = written(last.text)
    return _GOES_ON.search(before) is not None or not _is_a_matter_of_its_own(words, before)


def _goes_its_own_way(words: str) -> bool:
    return asides.kind_of(words) in _OWN_WAY or bool(asides.named_number(words)[0])


def _is_a_matter_of_its_own(words: str, before: str) -> bool:
    """It says where, tells what is wrong there, and shares nothing with what broke off."""
    return says_where(words) and tells_a_matter(words) and belongs_to(words, [before]) is None
