"""The replies that wait for my yes, each whole before the eyes and passed with one key; and who signs while I am away."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.city.schema import City
from hotline.errors import NotFound, Refusal
from hotline.i18n import N_, _
from hotline.staff import deputies
from hotline.tickets.lists import signing_list, unit_queue
from hotline.tickets.petitions import decide, why_not
from hotline.tickets.privacy import audit, redact
from hotline.tickets.privacy.attachments import open_to, shown_name
from hotline.tickets.reply_rules import signing
from hotline.tickets.reply_rules.known_facts import KnownFact, contact_fact
from hotline.tickets.roles import Role
from hotline.tickets.vocabulary import OUTCOMES, TRUTHS
from hotline.web.core.formatting import TicketRow, hidden, row_of
from hotline.web.core.forms.petition_decision import granted
from hotline.web.core.permission import UNITS, allow
from hotline.web.core.request_context import here
from models import Attachment, Petition, Reply, Staff, Ticket

pages = Blueprint("signing", __name__, url_prefix="/unit/signing")
MOST = 30
TOLD = (
    ("truth", N_("是否属实")),
    ("outcome", N_("解决情况")),
    ("outcome_reason", N_("未解决或部分解决的原因")),
    ("facts", N_("调查事实与现场核查")),
    ("measures", N_("采取的措施")),
    ("helpers_note", N_("协办情况")),
    ("legal_basis", N_("法律法规或文件依据")),
    ("handler", N_("经办人")),
)


@pages.get("/")
@allow(UNITS)
def show() -> str:
    return _page()


@pages.post("/<int:petition_id>")
@allow(UNITS)
def say(petition_id: int) -> ResponseReturnValue:
    """Yes, and the reply goes to review in its author's name with my signature; no, and it goes back with the reason."""
    try:
        grants = granted()
        if _waits(petition_id) is None:
            raise NotFound(_("这份答复已经不在等签发。"))
        decide(here.db, here.city, petition_id, grants, here.me, here.now, request.form.get("decision"))
    except Refusal as refusal:
        here.db.rollback()
        return _page({petition_id: refusal.sentence}), refusal.status
    flash(_("已签发，答复进入审核。") if grants else _("已退回承办人修改。"), "good")
    return redirect(url_for("signing.show"), 303)


@pages.post("/deputy")
@allow(Role.UNIT_LEADER)
def deputy() -> ResponseReturnValue:
    """Name who signs while I am away, or sign by myself again."""
    if request.form.get("end"):
        deputies.end_deputy(here.db, here.me)
        _note("")
        flash(_("已收回委托，由您本人签发。"), "good")
        return redirect(url_for("signing.show"), 303)
    try:
        chosen = deputies.name_deputy(
            here.db,
            here.city,
            here.me,
            request.form.get("staff", 0, int),
            _day(request.form.get("until", "")),
            here.now,
        )
    except Refusal as refusal:
        here.db.rollback()
        return _page({0: refusal.sentence}), refusal.status
    _note(chosen.login)
    flash(_("您不在时由%(name)s签发。", name=chosen.name), "good")
    return redirect(url_for("signing.show"), 303)


def _note(login: str) -> None:
    audit.record(here.db, "deputy", here.me, here.now, subject=login or "-", address=here.address)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(_("请填写委托的最后一天。"), field="until") from None


def _waits(petition_id: int) -> Petition | None:
    asked = signing_list.waiting(here.me).with_only_columns(Petition).where(Petition.id == petition_id)
    found: Petition | None = here.db.scalar(asked)
    return found


def _page(problems: dict[int, str] | None = None) -> str:
    rows = here.db.execute(signing_list.waiting(here.me).limit(MOST)).all()
    reviews = unit_queue.sent_back(here.db, [ticket.id for _petition, ticket in rows if ticket.round > 1] or [0])
    shown = [_shown(petition, ticket, here.city) | {"review": reviews.get(ticket.id)} for petition, ticket in rows]
    leader = here.me.is_(Role.UNIT_LEADER)
    return render_template(
        "unit/signing.html",
        rows=shown,
        first=next((one["petition"].id for one in shown if not one["why_not"]), None),
        problems=problems or {},
        leader=leader,
        deputies=[(one.name, _last_day(one)) for one in deputies.deputies(here.db, here.me)] if leader else [],
        candidates=deputies.candidates(here.db, here.me) if leader else [],
    )


def _seen(name: str, words: str) -> str:
    """Words as this page may show them; who of the own house did the work has a name."""
    return words if name == "handler" else hidden(words)


def _files(petition: Petition) -> list[Attachment]:
    """What came with the reply: nobody signs for evidence unseen."""
    wanted = select(Attachment).where(
        Attachment.ticket_id == petition.ticket_id, Attachment.id.in_(petition.data.get("files", ()))
    )
    return list(here.db.scalars(wanted.order_by(Attachment.id)))


def _contact(ticket: Ticket, said: dict[str, str]) -> KnownFact:
    """A connected call of ours, the unit's record made at the time, its mere word, or nobody reached: as the reviewer will read it."""
    at = said.get("contacted_at")
    reply = Reply(
        round=ticket.round,
        at=here.now,
        contacted=said.get("contacted") == "yes",
        contact_how=said.get("contact_how"),
        contacted_at=datetime.fromisoformat(at) if at else None,
        no_contact_reason=said.get("no_contact_reason"),
    )
    return contact_fact(here.db, here.city, ticket, reply)


def _last_day(deputy: Staff) -> str:
    """The last day on which the deputy signs; the mandate ends with it, at midnight."""
    return (
        here.city.calendar.day_of(deputy.signs_until - timedelta(minutes=1)).isoformat() if deputy.signs_until else ""
    )


def _shown(petition: Petition, ticket: Ticket, city: City) -> dict[str, Any]:
    said = petition.data.get("answers", {})
    words = {"truth": TRUTHS, "outcome": OUTCOMES}
    return {
        "petition": petition,
        "row": row_of(TicketRow, ticket),
        "serious": signing.needs_sign_off(ticket),
        "why_not": why_not(here.db, city, petition, ticket, here.me),
        "facts": [
            (_(label), _(words[name][said[name]]) if name in words else _seen(name, said[name]))
            for name, label in TOLD
            if said.get(name)
        ],
        "asked": redact.words_for(here.me, ticket),
        "contact": _contact(ticket, said),
        "answer": said.get("public_answer", ""),
        "files": [
            (shown_name(one, ticket), one.stored_as) for one in _files(petition) if open_to(here.me, ticket, one)
        ],
        "by": petition.asked_by_name,
        "desk": city.unit_name(ticket.desk_code) if ticket.desk_code != ticket.unit_code else "",
    }
