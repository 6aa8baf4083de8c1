"""Writing and changing ready words: a title, words with places, and nobody's personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.city.ready.places import open_places, personal, stray_braces
from hotline.city.ready.schema import DESKS, LONGEST_BODY, LONGEST_TITLE
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.ready.keeping import change, keep
from hotline.tickets.roles import Actor
from models import ReadyWord


@dataclass(frozen=True)
class Wording:
    """What a ready word says. desk: where it is offered first; "" everywhere."""

    title: str
    body: str
    desk: str = ""


def write(db: Session, actor: Actor, wording: Wording, now: datetime, *, shared: bool = False) -> ReadyWord:
    """A new one, the actor's own or everybody's. Raises Refusal naming each wrong field, NotAllowed."""
    wording = checked(wording)
    word = ReadyWord(title=wording.title, body=wording.body, desk=wording.desk, owner_id=None if shared else actor.id)
    keep(db, actor, word, now)
    return word


def rewrite(db: Session, actor: Actor, word: ReadyWord, wording: Wording, now: datetime, seen: int) -> None:
    """Raises Refusal naming each wrong field, NotAllowed, OutOfTurn."""
    wording = checked(wording)
    change(db, actor, word, now, seen, title=wording.title, body=wording.body, desk=wording.desk)


def checked(wording: Wording) -> Wording:
    """As it may be kept. Raises Refusal naming each field that is empty, too long, or tells of a person."""
    wording = Wording(wording.title.strip(), wording.body.replace("\r\n", "\n").strip(), wording.desk)
    fields = (("title", wording.title, LONGEST_TITLE), ("body", wording.body, LONGEST_BODY))
    problems = {name: told for name, text, most in fields if (told := problem_of(text, most))}
    if wording.desk not in DESKS:
        problems["desk"] = _("请从列表中选择。")
    if problems:
        raise Refusal(next(iter(problems.values())), code="not_a_ready_word", problems=problems)
    return wording


def problem_of(text: str, most: int) -> str:
    """Why these words may not be kept; "" when they may."""
    if not text:
        return _("请填写。")
    if len(text) > most:
        return _("最多 %(n)d 个字，请写短一些。", n=most)
    if told := personal(text):
        return _("现成话会给许多人用，不能有个人信息（%(what)s）：请改成要填的地方。", what="、".join(told[:3]))
    if stray_braces(text):
        return _("花括号不成对：要填的地方用花括号括住名称，名称最多 20 个字。")
    if open_places(text):
        return _("要填的地方请用花括号括住名称，不要写成已经标出的样子。")
    return ""
