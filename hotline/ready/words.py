"""Writing, changing and taking away ready words; what was said before stays in the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from hotline.city.ready.places import open_places, personal, stray_braces
from hotline.city.ready.schema import DESKS, LONGEST_BODY, LONGEST_TITLE
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.ready import rights
from hotline.ready.history import note
from hotline.tickets.roles import Actor
from models import ReadyWord
from models.store.db import changed

KIND = "word"
TABS = ("mine", "shared", "retired")


@dataclass(frozen=True)
class Wording:
    """What a ready word says. desk: where it is offered first; "" everywhere."""

    title: str
    body: str
    desk: str = ""


def write(db: Session, actor: Actor, wording: Wording, now: datetime, *, shared: bool = False) -> ReadyWord:
    """A new one, the actor's own or everybody's. Raises Refusal naming each wrong field, NotAllowed."""
    wording = checked(wording)
    word = ReadyWord(owner_id=None if shared else actor.id, changed_at=now, changed_by_name=actor.name)
    rights.need_keeper(actor, word)
    word.title, word.body, word.desk = wording.title, wording.body, wording.desk
    db.add(word)
    db.flush()
    _note(db, actor, word, "written", now)
    return word


def rewrite(db: Session, actor: Actor, word: ReadyWord, wording: Wording, now: datetime, seen: int) -> None:
    """seen: the version that was changed. Raises OutOfTurn when somebody else changed it meanwhile."""
    rights.need_keeper(actor, word)
    wording = checked(wording)
    _turn(db, actor, word, now, seen, title=wording.title, body=wording.body, desk=wording.desk)
    _note(db, actor, word, "changed", now)


def retire(db: Session, actor: Actor, word: ReadyWord, now: datetime, seen: int) -> None:
    """Offered no more; it can be brought back."""
    rights.need_keeper(actor, word)
    _turn(db, actor, word, now, seen, retired_at=now)
    _note(db, actor, word, "retired", now)


def restore(db: Session, actor: Actor, word: ReadyWord, now: datetime, seen: int) -> None:
    rights.need_keeper(actor, word)
    _turn(db, actor, word, now, seen, retired_at=None)
    _note(db, actor, word, "restored", now)


def found(db: Session, actor: Actor, word_id: int) -> ReadyWord:
    """Raises NotFound, for another's own too."""
    word = db.get(ReadyWord, word_id)
    if word is None or word.owner_id not in (None, actor.id):
        raise NotFound(_("没有这条现成话。"))
    return word


def checked(wording: Wording) -> Wording:
    """As it may be kept. Raises Refusal naming each field that is empty, too long, or tells of a person."""
    wording = Wording(wording.title.strip(), wording.body.replace("\r\n", "\n").strip(), wording.desk)
    fields = (("title", wording.title, LONGEST_TITLE), ("body", wording.body, LONGEST_BODY))
    problems = {name: said for name, text, most in fields if (said := _problem(text, most))}
    if wording.desk not in DESKS:
        problems["desk"] = _("请从列表中选择。")
    if problems:
        raise Refusal(next(iter(problems.values())), code="not_a_ready_word", problems=problems)
    return wording


def listed(actor: Actor, tab: str, desk: str = "") -> Select[ReadyWord]:
    """The words of a tab: one's own, everybody's, or those that are offered no more."""
    query = select(ReadyWord).where(rights.usable(ReadyWord.owner_id, actor))
    if tab == "retired":
        query = query.where(ReadyWord.retired_at.is_not(None))
    else:
        mine = ReadyWord.owner_id.is_not(None) if tab == "mine" else ReadyWord.owner_id.is_(None)
        query = query.where(ReadyWord.retired_at.is_(None), mine)
    return query.where(ReadyWord.desk == desk) if desk else query


def offered(db: Session, actor: Actor, desk: str) -> list[ReadyWord]:
    """All that this person may put into a form: those of the desk first, one's own before everybody's, the most used first."""
    words = db.scalars(
        select(ReadyWord).where(rights.usable(ReadyWord.owner_id, actor), ReadyWord.retired_at.is_(None))
    )
    return sorted(words, key=lambda one: (_rank(one, desk), one.owner_id is None, -one.uses, -one.id))


def note_use(db: Session, word: ReadyWord, now: datetime) -> None:
    used = update(ReadyWord).where(ReadyWord.id == word.id).values(uses=ReadyWord.uses + 1, last_used_at=now)
    db.execute(used.execution_options(synchronize_session=False))


def _rank(word: ReadyWord, desk: str) -> int:
    return 0 if word.desk == desk else 1 if not word.desk else 2


def _problem(text: str, most: int) -> str:
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


def _turn(db: Session, actor: Actor, word: ReadyWord, now: datetime, seen: int, **values: object) -> None:
    """The database names the winner of two who change the same words."""
    values |= {"version": seen + 1, "changed_at": now, "changed_by_name": actor.name}
    if not changed(db, update(ReadyWord).where(ReadyWord.id == word.id, ReadyWord.version == seen).values(**values)):
        raise OutOfTurn(_("别人刚刚改过这一条，请再看一眼，您填写的内容还在。"), code="overtaken")
    db.refresh(word)


def _note(db: Session, actor: Actor, word: ReadyWord, deed: str, now: datetime) -> None:
    note(db, actor, word, KIND, word.body, deed, now)
