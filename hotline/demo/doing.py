"""What each word of a demo life does: always through `open_ticket`, `act`, the petitions or the webhook handler."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.demo.life import PROVIDER, Demo, Life
from hotline.demo.steps import Step
from hotline.errors import Refusal
from hotline.followup import answers
from hotline.i18n import _
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets import petitions
from hotline.tickets.act import act, lock
from hotline.tickets.privacy.redact import unit_words
from hotline.tickets.reply_rules import signing
from hotline.tickets.reply_rules.known_facts import contradicted, known_facts
from hotline.tickets.reply_rules.replies import last_reply, reading_of
from hotline.tickets.reply_rules.signers import SIGN_OFF
from hotline.tickets.roles import CLOCK, SYSTEM, Actor, a_citizen
from hotline.webhook_handlers.handler import WebhookHandler
from models import Petition, Proposal, Survey, Ticket
from webhooks.events import SmsReceived


def begin(demo: Demo, life: Life, call_id: int | None) -> None:
    """The contact becomes a ticket; a draft stays with its agent."""
    matter, installation = life.matter, demo.installation
    agent = demo.cast_of(life).actors["demo-agent"]
    by_agent = matter.channel == "hotline"
    with installation.sessions() as db:
        ticket = open_ticket(
            db,
            installation.city,
            Contact(
                body=matter.says,
                channel=matter.channel,
                phone=life.phone,
                request_type=matter.kind,
                privacy=matter.privacy,
                place=matter.place,
                call_id=call_id,
            ),
            agent if by_agent else SYSTEM,
            demo.clock.now(),
            submit=not matter.draft,
        )
        life.ticket_id, life.number = ticket.id, ticket.number
        db.commit()


def do(demo: Demo, life: Life, step: Step) -> None:
    """Take one step, in a transaction of its own. Raises Refusal when a rule says no."""
    if step.verb == "text":
        _text(demo, life, step)
        return
    with demo.installation.sessions() as db:
        ticket = lock(db, life.ticket_id)
        _SPECIAL.get(step.verb, _act)(demo, db, life, ticket, step)
        db.commit()


def _text(demo: Demo, life: Life, step: Step) -> None:
    now = demo.clock.now()
    life.texts += 1
    WebhookHandler(demo.installation).sms_received(
        SmsReceived(
            provider=PROVIDER,
            event_id=f"{life.number}-{life.texts}",
            at=now,
            message_id=f"{life.number}-{life.texts}",
            from_phone=life.phone,
            to_phone=demo.installation.city.hotline_number,
            text=step.said["words"],
        )
    )


def _act(demo: Demo, db: Session, life: Life, ticket: Ticket, step: Step) -> None:
    """An action of the table. A unit that comes too late to sign finds that the clock has signed."""
    if step.verb == "sign" and ticket.state == "handling" and ticket.auto_signed:
        return
    form = _FORMS.get(step.verb, lambda *_: {})(demo, db, life, ticket, step)
    said = {name: _meant(demo, life, step.verb, name, value) for name, value in step.said.items()}
    actor, answers_given = _actor(demo, db, life, ticket, step), {**form, **said}
    if step.verb == "reply" and signing.needs_another(db, demo.installation.city, ticket, actor):
        _have_signed(demo, db, life, ticket, actor, answers_given)
        return
    act(
        db,
        demo.installation.city,
        ticket,
        step.verb,
        actor,
        demo.clock.now(),
        answers_given,
        review_models=demo.installation.review_models,
    )


def _have_signed(demo: Demo, db: Session, life: Life, ticket: Ticket, actor: Actor, said: dict[str, Any]) -> None:
    """The unit's leader signs with an account of their own."""
    city, now = demo.installation.city, demo.clock.now()
    asked = petitions.ask(db, city, ticket, SIGN_OFF, actor, now, said)
    petitions.decide(
        db, city, asked.id, True, demo.cast_of(life).leader(db, ticket.unit_code or demo.cast_of(life).home), now, None
    )


def _actor(demo: Demo, db: Session, life: Life, ticket: Ticket, step: Step) -> Actor:
    if step.by == "citizen":
        return a_citizen(ticket)
    if step.by == "clock":
        return CLOCK
    if step.by == "unit":
        return demo.cast_of(life).handler(db, ticket.unit_code or demo.cast_of(life).home)
    if step.by == "sub":
        return demo.cast_of(life).handler(db, ticket.desk_code or demo.cast_of(life).home)
    return demo.cast_of(life).actors[f"demo-{step.by}"]


def _meant(demo: Demo, life: Life, verb: str, name: str, value: Any) -> Any:
    """The demo's own names in terms of this city: home, elsewhere, below; +12 days; a matter's name."""
    if name == "units":
        return [_meant(demo, life, verb, "unit", one) for one in value]
    if name == "met_at":
        return (demo.clock.now() - timedelta(minutes=int(value))).isoformat()
    if name == "unit":
        return {
            "home": demo.cast_of(life).home,
            "elsewhere": demo.cast_of(life).actors["demo-other"].unit_code,
            "below": demo.cast_of(life).actors["demo-subunit"].unit_code,
        }.get(value, value)
    if name == "until":
        today = demo.clock.now().astimezone(ZoneInfo(demo.installation.city.timezone)).date()
        return (today + timedelta(days=int(value))).isoformat()
    if name == "master":
        return demo.number_of(value)
    known: dict[str, Any] = {"route": demo.installation.city.routes}
    if verb == "transfer_out":
        known["body"] = demo.installation.city.outside
    return value if value in known.get(name, (value,)) else next(iter(known[name]))


def _dispatch_form(demo: Demo, db: Session, life: Life, ticket: Ticket, step: Step) -> dict[str, Any]:
    """What was proposed; where nothing was, the demo's own unit and the city's first category."""
    proposal = db.scalar(select(Proposal).where(Proposal.ticket_id == ticket.id).order_by(Proposal.id.desc()).limit(1))
    unit = (proposal and proposal.unit_code) or demo.cast_of(life).home
    category = (
        ticket.category_code or (proposal and proposal.category_code) or next(iter(demo.installation.city.categories))
    )
    named = _meant(demo, life, step.verb, "unit", step.said.get("unit", unit))
    helpers = [code for code in (proposal.helpers if proposal else []) if code != named]
    return {"unit": unit, "helpers": helpers, "category": category, "unit_words": unit_words(ticket)}


def _rule_form(demo: Demo, db: Session, life: Life, ticket: Ticket, step: Step) -> dict[str, Any]:
    return {"category": ticket.category_code, "unit_words": unit_words(ticket)}


def _reply_form(demo: Demo, db: Session, life: Life, ticket: Ticket, step: Step) -> dict[str, Any]:
    matter, now = life.matter, demo.clock.now()
    return {
        "truth": "true",
        "contacted": "yes",
        "contact_how": "phone",
        "contacted_at": now - timedelta(minutes=40),
        "answered_citizen": "yes",
        "facts": matter.found or "现场核查，反映的情况基本属实。",
        "measures": matter.done or "已安排整改并落实责任人。",
        "outcome": "solved",
        "handler": _actor(demo, db, life, ticket, step).name,
        "helpers_note": "协办单位的部分已电话核实。",
        "public_answer": f"经核查：{matter.found}处理结果：{matter.done}感谢您的监督。",
    }


def _pass_form(demo: Demo, db: Session, life: Life, ticket: Ticket, step: Step) -> dict[str, Any]:
    """What is on record answers for itself; the reviewer says yes to the rest, and why where there is no record."""
    city = demo.installation.city
    known = known_facts(db, city, ticket, last_reply(db, ticket.id))
    said = {item.code: "yes" for item in city.checklist if item.code not in known or not known[item.code].answer}
    note = "已电话向市民核实。" if contradicted(said, known) else ""
    return {"checklist": said, "note": note, **_reading(db, ticket)}


def _reading(db: Session, ticket: Ticket) -> dict[str, int]:
    """A reviewer judges what was on the own page."""
    reply = last_reply(db, ticket.id) if ticket.state == "to_review" else None
    return {"wording": reading_of(reply)} if reply else {}


def _redo_form(demo: Demo, db: Session, life: Life, ticket: Ticket, step: Step) -> dict[str, Any]:
    """Reasons of this city only, and the first of them when it has none of ours."""
    known = [code for code in step.said["reasons"] if code in demo.installation.city.reasons]
    step.said["reasons"] = known or [next(iter(demo.installation.city.reasons))]
    return dict(_reading(db, ticket))


def _rate(demo: Demo, db: Session, life: Life, ticket: Ticket, step: Step) -> None:
    mine = Survey.ticket_id == ticket.id, Survey.own_id == ticket.id, Survey.round == ticket.round
    survey = db.scalar(select(Survey).where(*mine))
    if survey is None:
        raise Refusal(_("还没有问过这位市民。"))
    answers.answer(db, demo.installation.city, survey, step.said, demo.clock.now())


def _ask_for(demo: Demo, db: Session, life: Life, ticket: Ticket, step: Step) -> None:
    petitions.ask(
        db,
        demo.installation.city,
        ticket,
        step.said["kind"],
        _actor(demo, db, life, ticket, step),
        demo.clock.now(),
        step.said,
    )


def _decide(demo: Demo, db: Session, life: Life, ticket: Ticket, step: Step) -> None:
    asked = db.scalars(select(Petition.id).where(Petition.ticket_id == ticket.id, Petition.state == "asked")).one()
    petitions.decide(
        db,
        demo.installation.city,
        asked,
        step.said["granted"],
        _actor(demo, db, life, ticket, step),
        demo.clock.now(),
        step.said["decision"],
    )


_FORMS: dict[str, Callable[[Demo, Session, Life, Ticket, Step], dict[str, Any]]] = {
    "dispatch": _dispatch_form,
    "rule": _rule_form,
    "reply": _reply_form,
    "pass": _pass_form,
    "redo": _redo_form,
}
_SPECIAL: dict[str, Callable[[Demo, Session, Life, Ticket, Step], None]] = {
    "rate": _rate,
    "ask_for": _ask_for,
    "decide": _decide,
}
