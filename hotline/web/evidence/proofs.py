"""Dresses findings for people: what was found, in one sentence, with links that open the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select

from hotline.evidence.kinds import KINDS, MEANINGS, VERDICTS, Kind
from hotline.evidence.listing import tickets_by_id
from hotline.i18n import _
from hotline.telephony.outbound import OUTCOMES
from hotline.web.core.formatting import local
from hotline.web.core.request_context import here
from models import Attachment, Call, Reply, ReplyFinding, Ticket

MOST_LINKS = 6


@dataclass(frozen=True)
class Link:
    """words, where they lead ("" when this person may not open it), and whether it is a picture."""

    words: str
    url: str = ""
    picture: bool = False


@dataclass(frozen=True)
class Shown:
    """A finding as the pages show it."""

    row: ReplyFinding
    name: str
    meaning: str
    sentence: str
    links: tuple[Link, ...]
    verdict: str


@dataclass(frozen=True)
class _Looked:
    """What the evidence of a page of findings speaks of, each read once."""

    tickets: dict[int, Ticket]
    replies: dict[int, Reply]
    pictures: dict[int, Attachment]
    calls: dict[int, Call]


def shown(rows: Iterable[ReplyFinding]) -> list[Shown]:
    """Five statements however many there are."""
    rows = list(rows)
    looked = _look(rows)
    return [_shown(row, looked) for row in rows]


def _look(rows: list[ReplyFinding]) -> _Looked:
    wanted: dict[str, set[int]] = {name: set() for name in ("tickets", "replies", "pictures", "calls")}
    for row in rows:
        proof = row.evidence
        wanted["replies"].update(proof.get("replies", ())[:MOST_LINKS])
        wanted["calls"].update(proof.get("calls", ()))
        wanted["tickets"].update([row.ticket_id, *proof.get("tickets", ())])
        wanted["tickets"].update([proof["ticket"]] if "ticket" in proof else ())
        wanted["pictures"].update(proof[name] for name in ("picture", "before") if name in proof)
    replies: dict[int, Reply] = _by_id(Reply, wanted["replies"])
    wanted["tickets"].update(reply.ticket_id for reply in replies.values())
    return _Looked(
        tickets_by_id(here.db, here.me, wanted["tickets"]),
        replies,
        _by_id(Attachment, wanted["pictures"]),
        _by_id(Call, wanted["calls"]),
    )


def _by_id(table: Any, ids: set[int]) -> dict[int, Any]:
    return {one.id: one for one in here.db.scalars(select(table).where(table.id.in_(ids)))} if ids else {}


def _shown(row: ReplyFinding, looked: _Looked) -> Shown:
    kind = Kind(row.kind)
    sentence, links = _SAID[kind](row, looked)
    verdict = _(VERDICTS[row.verdict]) if row.verdict in VERDICTS else ""
    return Shown(row, _(KINDS[kind]), _(MEANINGS[kind]), sentence, tuple(links), verdict)


Said = tuple[str, list[Link]]


def _no_call(row: ReplyFinding, looked: _Looked) -> Said:
    said = row.evidence.get("said_at")
    calls = [looked.calls[one] for one in row.evidence.get("calls", ()) if one in looked.calls]
    tries = [
        Link(
            _(
                "热线 %(at)s 拨打：%(what)s",
                at=local(call.started_at, "short"),
                what=_(OUTCOMES[call.outcome]) if call.outcome in OUTCOMES else _("没有接通"),
            )
        )
        for call in calls
    ]
    sentence = _("单位写 %(at)s 打过电话；", at=_moment(said)) if said else _("单位写已电话联系，没有写时间；")
    nothing = _("热线没有接通的通话，也没有先行联系的记录。") if tries else _("热线没有拨打过，也没有先行联系的记录。")
    return sentence + nothing, [*tries, *_story(row, looked)]


def _too_fast(row: ReplyFinding, looked: _Looked) -> Said:
    minutes = max(int(row.evidence.get("seconds", 0)) // 60, 1)
    sentence = _("%(at)s 签收，%(n)s 分钟后答复。", at=_moment(row.evidence.get("signed_at")), n=minutes)
    return sentence, _story(row, looked)


def _copied(row: ReplyFinding, looked: _Looked) -> Said:
    ids = row.evidence.get("replies", ())
    links = [_ticket(looked, looked.replies[one].ticket_id) for one in ids[:MOST_LINKS] if one in looked.replies]
    return _("与本单位另外 %(n)s 份答复用了同样的话：", n=len(ids)), links


def _old_photo(row: ReplyFinding, looked: _Looked) -> Said:
    before, now = (looked.pictures.get(row.evidence.get(name, 0)) for name in ("before", "picture"))
    links = [_ticket(looked, row.evidence["ticket"])]
    if links[0].url:
        links += [
            Link(words, url_for("files.show", stored_as=one.stored_as), True)
            for words, one in ((_("当时的照片"), before), (_("这次的照片"), now))
            if one is not None and one.removed_at is None
        ]
    return _("同一张照片在另一张工单里用过："), links


def _came_back(row: ReplyFinding, looked: _Looked) -> Said:
    links = [_ticket(looked, one) for one in row.evidence.get("tickets", ())[:MOST_LINKS]]
    days = row.evidence.get("days", 0)
    if row.evidence.get("by") == "caller":
        return _("答复“已解决”后第 %(n)s 天，同一人又为同类问题来电：", n=days), links
    return _("答复“已解决”后第 %(n)s 天，同一地点又有同类来电：", n=days), links


def _denied(row: ReplyFinding, looked: _Looked) -> Said:
    return _("市民 %(at)s 在回访里说没有人联系过。", at=_moment(row.evidence.get("said_at"))), _story(row, looked)


_SAID = {
    Kind.NO_CALL: _no_call,
    Kind.TOO_FAST: _too_fast,
    Kind.COPIED: _copied,
    Kind.OLD_PHOTO: _old_photo,
    Kind.CAME_BACK: _came_back,
    Kind.DENIED: _denied,
}


def _ticket(looked: _Looked, ticket_id: int) -> Link:
    ticket = looked.tickets.get(ticket_id)
    if ticket is None:
        return Link(_("您没有权限查看的工单"))
    return Link(ticket.number, url_for("tickets.show", number=ticket.number))


def _story(row: ReplyFinding, looked: _Looked) -> list[Link]:
    """The ticket's own steps and calls, where it is these that stand against each other."""
    ticket = looked.tickets.get(row.ticket_id)
    return [Link(_("看经过"), url_for("tickets.show", number=ticket.number, _anchor="story"))] if ticket else []


def _moment(written: str | None) -> str:
    return local(datetime.fromisoformat(written), "short") if written else ""
