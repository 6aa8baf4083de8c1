"""What an action writes beyond the story's row: small steps, named in the table."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from classifier.extract import mask
from hotline.advice.agreement import keep_judgement
from hotline.errors import Refusal
from hotline.language import _
from hotline.tickets import deadlines, numbers
from hotline.tickets.scene import Scene
from hotline.tickets.vocabulary import SCALE
from hotline.tickets.who import Role
from models import Assignment, Correction, Petition, Precedent, Proposal, Reply, Review, Survey, Ticket, TicketText

Outcome = Callable[[Scene], None]


def close_as(kind: str) -> Outcome:
    """The ticket is closed for this reason (direct, rated, not_rated, final, withdrawn, merged …)."""

    def close(scene: Scene) -> None:
        scene.ticket.close_kind = kind
        scene.ticket.asking_more = False

    return close


def mark_submitted(scene: Scene) -> None:
    scene.ticket.submitted_at = scene.now


# --- the dispatch desk -----------------------------------------------------------------------------------------------


def assign_units(scene: Scene) -> None:
    """Put the lead unit and its helpers in charge; facts the dispatcher changed go onto the ticket."""
    ticket, lead = scene.ticket, scene.answers["unit"]
    end_assignments(scene, "replaced")
    ticket.unit_code = ticket.desk_code = lead
    ticket.dispatched_at = ticket.dispatched_at or scene.now
    ticket.signed_at = None
    ticket.asking_more = ticket.must_sign = ticket.auto_signed = False
    ticket.auto_dispatched = scene.actor.kind == "clock"
    _take_facts(scene)
    _add_assignment(scene, lead, "lead")
    for unit in scene.answer("helpers") or ():
        _add_assignment(scene, unit, "helper")


def bind(scene: Scene) -> None:
    scene.ticket.binding = scene.ticket.must_sign = True


def keep_precedent(scene: Scene) -> None:
    """A ruling is stored so that the same dispute is not fought twice."""
    ticket = scene.ticket
    scene.db.add(Precedent(
        ticket_id=ticket.id, at=scene.now, category_code=ticket.category_code, area=ticket.area,
        unit_code=scene.answers["unit"], title=mask(ticket.title), reason=scene.answers["reason"],
        ruled_by_id=scene.actor.id,
    ))


def release_units(reason: str) -> Outcome:
    """The units leave the ticket: it was recalled, or their objection was upheld."""

    def release(scene: Scene) -> None:
        end_assignments(scene, reason)
        ticket = scene.ticket
        ticket.unit_code = ticket.desk_code = None
        ticket.signed_at = None
        ticket.must_sign = ticket.binding = ticket.auto_signed = False

    return release


def merge_into(scene: Scene) -> None:
    master = scene.db.scalars(select(Ticket).where(Ticket.number == scene.answers["master"])).one()
    scene.ticket.merged_into_id = master.id
    scene.notes["master_id"] = master.id


def unmerge(scene: Scene) -> None:
    scene.notes["master_id"] = scene.ticket.merged_into_id
    scene.ticket.merged_into_id = None


def tell_route(scene: Scene) -> None:
    """What the citizen is told: the agent's own words, or the route's standard advice."""
    if not scene.answer("advice"):
        scene.notes["advice"] = scene.city.routes[scene.answers["route"]].advice


def start_asking(scene: Scene) -> None:
    """The dispatch clock pauses while the citizen is asked for more."""
    scene.ticket.asking_more = True
    deadlines.pause(scene, ("dispatch",), "ask_more")


def stop_asking(scene: Scene) -> None:
    if scene.ticket.asking_more:
        scene.ticket.asking_more = False
        deadlines.resume(scene, ("dispatch",))
        deadlines.show_nearest(scene)


def split_off(scene: Scene) -> None:
    """One call that holds several matters: the new ticket is the same citizen's, with its own unit and clocks."""
    old = scene.ticket
    new = Ticket(
        number="", query_code=numbers.new_query_code(), state="draft", channel=old.channel, title=scene.answers["title"],
        request_type=old.request_type, urgency=old.urgency, privacy=old.privacy, category_code=scene.answer("category"),
        area=old.area, street=old.street, citizen_id=old.citizen_id, contact_name=old.contact_name,
        contact_phone=old.contact_phone, agent_id=old.agent_id, created_at=scene.now, moved_at=scene.now,
        split_from_id=old.id,
    )
    numbers.give_number(scene.db, scene.city, new, scene.now)
    new.text = TicketText(body=scene.answers["body"], place=old.text.place, extra={})
    scene.db.add(new)
    scene.db.flush()
    scene.notes["part_id"] = new.id
    scene.notes["part_number"] = new.number


def answer_now(scene: Scene) -> None:
    """The agent or dispatcher answers at once: kept as a direct reply, shown to the citizen."""
    if category := scene.answer("category"):
        scene.ticket.category_code = category
    scene.db.add(Reply(
        ticket_id=scene.ticket.id, round=scene.ticket.round, kind="direct", author_id=scene.actor.id, at=scene.now,
        handler=scene.actor.name, outcome="solved", public_answer=scene.answers["answer"],
    ))
    scene.ticket.text.public_answer = scene.answers["answer"]


def note_objection_upheld(scene: Scene) -> None:
    scene.ticket.returns += 1


def require_signature(scene: Scene) -> None:
    scene.ticket.must_sign = True


# --- the unit --------------------------------------------------------------------------------------------------------


def mark_signed(scene: Scene) -> None:
    scene.ticket.signed_at = scene.now


def mark_auto_signed(scene: Scene) -> None:
    scene.ticket.auto_signed = True


def count_return(scene: Scene) -> None:
    scene.notes["unit"] = scene.ticket.unit_code


def mark_contacted(scene: Scene) -> None:
    """A try that did not reach the citizen is written down, and the clock of the first contact goes on."""
    if scene.answer("reached") is False:
        scene.keeps = frozenset({"contact"})
    else:
        scene.ticket.contacted_at = scene.ticket.contacted_at or scene.now


def write_interim(scene: Scene) -> None:
    scene.db.add(Reply(
        ticket_id=scene.ticket.id, round=scene.ticket.round, kind="interim", unit_code=scene.ticket.unit_code,
        author_id=scene.actor.id, at=scene.now, handler=scene.actor.name, public_answer=scene.answers["answer"],
    ))


def delegate_to(scene: Scene) -> None:
    for held in active_assignments(scene):
        if held.part == "sub":
            held.ended_at, held.end_reason = scene.now, "replaced"
    scene.ticket.desk_code = scene.answers["unit"]
    _add_assignment(scene, scene.answers["unit"], "sub")


def take_back(scene: Scene) -> None:
    for held in active_assignments(scene):
        if held.part == "sub":
            held.ended_at, held.end_reason = scene.now, "taken_back"
    scene.ticket.desk_code = scene.ticket.unit_code


def write_report(scene: Scene) -> None:
    for held in active_assignments(scene):
        if held.part != "lead" and held.unit_code in scene.actor.units:
            held.report, held.reported_at = scene.answers["report"], scene.now


def write_reply(scene: Scene) -> None:
    """The structured reply of this round. The ticket's public answer changes only when a reviewer passes it."""
    asked = scene.answers
    names = ("truth", "contacted", "contact_how", "contacted_at", "no_contact_reason", "answered_citizen", "facts",
             "measures", "outcome", "outcome_reason", "legal_basis", "handler", "signed_off_by", "public_answer")
    reply = Reply(
        ticket_id=scene.ticket.id, round=scene.ticket.round, kind="final", unit_code=scene.ticket.unit_code,
        author_id=scene.actor.id, at=scene.now, beyond_duty=bool(asked.get("beyond_duty")),
        **{name: asked.get(name) for name in names},
    )
    scene.db.add(reply)
    scene.db.flush()
    scene.answers = {"reply_id": reply.id, "outcome": asked.get("outcome")}
    scene.ticket.replied_at = scene.now
    if asked.get("contacted"):
        scene.ticket.contacted_at = scene.ticket.contacted_at or asked.get("contacted_at")


def start_waiting(scene: Scene) -> None:
    """Until the agreed day the reply clocks stand still; the interval and its reason are kept."""
    zone = ZoneInfo(scene.city.timezone)
    scene.ticket.wait_until = datetime.combine(scene.answers["until"], time(9), zone)
    deadlines.pause(scene, ("reply", "redo"), "wait")


def stop_waiting(scene: Scene) -> None:
    scene.ticket.wait_until = None
    deadlines.resume(scene, ("reply", "redo"))


# --- the review and follow-up desks ----------------------------------------------------------------------------------


def write_review(verdict: str) -> Outcome:
    """The reviewer's judgement; a citizen's or supervisor's redo has no reply under review and is a review all the same."""

    def write(scene: Scene) -> None:
        ticket = scene.ticket
        reply = last_reply(scene) if ticket.replied_at else None
        scene.db.add(Review(
            ticket_id=ticket.id, reply_id=reply.id if reply else None, round=ticket.round, unit_code=ticket.unit_code,
            reviewer_id=scene.actor.id, at=scene.now, verdict=verdict, reasons=scene.answer("reasons") or [],
            checklist=scene.answer("checklist") or {}, note=scene.answer("note"), release=scene.city.release,
        ))
        if reply:
            scene.notes["reply_id"] = reply.id
            if scene.actor.is_(Role.REVIEWER):
                keep_judgement(scene.db, scene.city, ticket, reply, verdict, scene.answer("reasons") or (), scene.actor.id, scene.now)

    return write


def publish_answer(scene: Scene) -> None:
    reply = last_reply(scene)
    if reply is not None:
        scene.ticket.text.public_answer = reply.public_answer


def start_next_round(scene: Scene) -> None:
    """Redo: the unit signs again. Round 3 opens a supervision case and puts the ticket on the discipline list."""
    ticket = scene.ticket
    ticket.round += 1
    ticket.signed_at = None
    ticket.dissatisfied = ticket.auto_signed = False
    ticket.must_sign = True
    scene.notes["new_round"] = ticket.round
    if ticket.round >= scene.city.policy.redo_rounds_to_supervision:
        ticket.for_discipline = True
        open_supervision(scene, f"R{ticket.round}")


def open_supervision(scene: Scene, cause: str) -> None:
    """A supervision case that the rules themselves open; a second one beside an open one is not needed."""
    ticket = scene.ticket
    if ticket.supervised:
        return
    ticket.supervised = True
    scene.db.add(Petition(
        ticket_id=ticket.id, kind="supervision", state="granted", round=ticket.round, unit_code=ticket.unit_code,
        asked_by_name="系统", asked_at=scene.now, reason=cause, decided_by_name="系统", decided_at=scene.now,
        data={"cause": cause},
    ))


def mend_answer(scene: Scene) -> None:
    """Only the wording of the public answer; the old wording stays in the story."""
    reply = last_reply(scene)
    if reply is None:
        raise Refusal(_("没有可以修改的答复。"))
    scene.notes["before"] = reply.public_answer
    reply.public_answer = scene.answers["public_answer"]


def count_attempt(scene: Scene) -> None:
    survey_of(scene).attempts += 1


def write_survey(scene: Scene) -> None:
    """The citizen's answer, with the scale it was given on, and who keyed it when it came by phone."""
    survey = survey_of(scene)
    answer = scene.answers
    by_staff = scene.actor.kind == "staff"
    survey.answered_at = scene.now
    survey.answered_by = "phone" if by_staff else survey.asked_by
    survey.keyed_by_id = scene.actor.id if by_staff else None
    survey.solved, survey.comment, survey.contacted = answer.get("solved"), answer.get("comment"), answer.get("contacted")
    survey.result = int(answer["result"]) if answer.get("result") else None
    survey.attitude = int(answer["attitude"]) if answer.get("attitude") else None
    survey.scale = dict(SCALE)
    unhappy = survey.solved == "no" or (survey.result or 5) <= 2
    survey.outcome = "dissatisfied" if unhappy else "satisfied"
    scene.notes["survey_id"] = survey.id


def mark_dissatisfied(scene: Scene) -> None:
    scene.ticket.dissatisfied = True


def note_silence(scene: Scene) -> None:
    """Silence is never counted as satisfied."""
    for survey in scene.db.scalars(select(Survey).where(
            Survey.ticket_id == scene.ticket.id, Survey.round == scene.ticket.round, Survey.answered_at.is_(None))):
        survey.outcome = "no_answer"


def survey_of(scene: Scene) -> Survey:
    """The survey of the ticket's own citizen in this round; made when the phone comes before the text."""
    ticket = scene.ticket
    found = scene.db.scalar(select(Survey).where(
        Survey.ticket_id == ticket.id, Survey.round == ticket.round, Survey.citizen_id == ticket.citizen_id).limit(1))
    if found is None:
        found = Survey(ticket_id=ticket.id, citizen_id=ticket.citizen_id, round=ticket.round, unit_code=ticket.unit_code,
                       token=secrets.token_urlsafe(16), asked_at=scene.now, asked_by="phone", scale=dict(SCALE), attempts=0)
        scene.db.add(found)
        scene.db.flush()
    return found


# --- after the end, and at any time ----------------------------------------------------------------------------------


def start_over(scene: Scene) -> None:
    """A reopened ticket goes to the dispatch desk in a new round, with the old units released."""
    ticket = scene.ticket
    end_assignments(scene, "reopened")
    ticket.round += 1
    ticket.unit_code = ticket.desk_code = None
    ticket.dissatisfied = ticket.binding = ticket.must_sign = ticket.auto_signed = False


def count_urge(scene: Scene) -> None:
    scene.ticket.urges += 1


def correct_facts(scene: Scene) -> None:
    """Corrections of the facts; what they were before stays in the story."""
    _take_facts(scene)
    ticket = scene.ticket
    for name in ("title", "area", "privacy"):
        if (value := scene.answer(name)) is not None and value != getattr(ticket, name):
            scene.notes[f"{name}_before"] = getattr(ticket, name)
            setattr(ticket, name, value)
    if scene.answer("place"):
        ticket.text.place = scene.answers["place"]


def note_correction(source: str) -> Outcome:
    """Where a person chose something else than was proposed, keep both: a model learns from it."""

    def note(scene: Scene) -> None:
        if scene.actor.kind != "staff":
            return
        proposal = scene.db.scalar(select(Proposal).where(Proposal.ticket_id == scene.ticket.id)
                                   .order_by(Proposal.id.desc()).limit(1))
        if proposal is None:
            return
        chosen = {"unit": scene.answer("unit"), "category": scene.answer("category"),
                  "request_type": scene.answer("request_type"), "urgency": scene.answer("urgency")}
        proposed = {"unit": proposal.unit_code, "category": proposal.category_code,
                    "request_type": proposal.request_type, "urgency": proposal.urgency}
        for about, value in chosen.items():
            if value and value != proposed[about]:
                scene.db.add(Correction(
                    ticket_id=scene.ticket.id, proposal_id=proposal.id, at=scene.now, staff_id=scene.actor.id,
                    about=about, source=source, proposed=proposed[about], chosen=value, note=scene.answer("note")))

    return note


# --- steps that several outcomes share -------------------------------------------------------------------------------


def active_assignments(scene: Scene) -> list[Assignment]:
    return [held for held in scene.ticket.assignments if held.ended_at is None]


def end_assignments(scene: Scene, reason: str) -> None:
    for held in active_assignments(scene):
        held.ended_at, held.end_reason = scene.now, reason


def last_reply(scene: Scene) -> Reply | None:
    return scene.db.scalar(select(Reply).where(Reply.ticket_id == scene.ticket.id, Reply.kind == "final")
                           .order_by(Reply.id.desc()).limit(1))


def _add_assignment(scene: Scene, unit: str, part: str) -> None:
    scene.ticket.assignments.append(Assignment(
        unit_code=unit, part=part, round=scene.ticket.round, started_at=scene.now, note=scene.answer("note")))


def _take_facts(scene: Scene) -> None:
    ticket: Any = scene.ticket
    for name, column in (("category", "category_code"), ("request_type", "request_type"), ("urgency", "urgency")):
        if (value := scene.answer(name)) is not None and value != getattr(ticket, column):
            scene.notes[f"{name}_before"] = getattr(ticket, column)
            setattr(ticket, column, value)
