"""Walks tickets through their lives: one person per hat, answers that please every form, and a clock that can be moved.

A reply that must be signed is given by the leader of the unit, whose account it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.act import act, lock
from hotline.tickets.deadlines import running
from hotline.tickets.directives.rules import number_of
from hotline.tickets.reply_rules.replies import last_reply, reading_of
from hotline.tickets.reply_rules.signing import needs_sign_off
from hotline.tickets.roles import CLOCK, SYSTEM, Actor, Role, a_citizen
from hotline.web.core.sessions import actor_of
from models import Directive, Staff, Ticket, TicketEvent, Violation
from models.store.rows import insert_once
from tests.support.make import CHENGGUAN, ELSEWHERE, HOTLINE, new_staff

WORDS = "文峰大道与东工路交叉口的路灯坏了三天，晚上看不见路，请尽快修理。"
HATS: dict[str, tuple[str, ...]] = {
    "an": ("agent",),
    "班": ("lead_agent",),
    "du": ("dispatcher",),
    "he": ("handler",),
    "hejt": ("unit_leader",),
    "ren": ("reviewer",),
    "hui": ("follow_up",),
    "du2": ("supervisor",),
    "tou": ("head",),
    "shi": ("city_leader",),
    "ji": ("discipline",),
    "mei": ("media",),
    "chang": ("handler",),
    "xie": ("handler",),
}
HELPER = "housing"


class Life:
    """The people, the city and the clock of one test. `do` acts and commits nothing."""

    def __init__(self, db: Session, city: City, clock: StoppedClock):
        self.db, self.city, self.clock = db, city, clock
        units = {"he": CHENGGUAN, "hejt": CHENGGUAN, "chang": ELSEWHERE, "xie": HELPER}
        staff = {
            login: new_staff(login, login, *roles, unit=units.get(login, HOTLINE)) for login, roles in HATS.items()
        }
        db.add_all(staff.values())  # one statement for all of them; every test of a ticket's life pays for it
        db.commit()
        self.staff: dict[str, Staff] = staff
        self.people: dict[str, Actor] = {login: actor_of(person, city) for login, person in staff.items()}
        self.people |= {"clock": CLOCK, "system": SYSTEM}

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def ticket(self, phone: str = "13800001234", words: str = WORDS, **more: Any) -> Ticket:
        return open_ticket(self.db, self.city, Contact(body=words, phone=phone, **more), self.people["an"], self.now)

    def who(self, login: str, ticket: Ticket) -> Actor:
        return a_citizen(ticket) if login == "citizen" else self.people[login]

    def do(self, ticket: Ticket, login: str, action: str, seen: int | None = None, **answers: Any) -> TicketEvent:
        held = lock(self.db, ticket.id)
        if (login, action) == ("he", "reply") and needs_sign_off(held):
            login = "hejt"
        return act(
            self.db,
            self.city,
            held,
            action,
            self.who(login, held),
            self.now,
            {**self.answers(action, held), **answers},
            seen=seen,
        )

    def reading(self, ticket: Ticket) -> Mapping[str, Any]:
        """The sign of the reply that a reviewer has on the page."""
        reply = last_reply(self.db, ticket.id) if ticket.state == "to_review" else None
        return {"wording": reading_of(reply)} if reply else {}

    def answers(self, action: str, ticket: Ticket) -> Mapping[str, Any]:
        """Answers that no guard objects to."""
        sealed = {"unit_words": "一处路灯不亮，请核查。"} if ticket.privacy == "sealed" else {}
        minute_ago = (self.now - timedelta(minutes=1)).isoformat()
        return (
            {
                "dispatch": {"unit": CHENGGUAN, "helpers": [HELPER], **sealed},
                "rule": {"unit": CHENGGUAN, "reason": "按三定方案", **sealed},
                "void": {"reason": "测试来电"},
                "answer_directly": {"answer": "路灯已安排今晚维修。"},
                "mark_hard": {"reason": "职责交叉"},
                "ask_views": {"units": [CHENGGUAN, ELSEWHERE]},
                "state_view": {"text": "这段路灯由建设单位管护，尚未移交。", "basis": "移交协议第三条"},
                "keep_minutes": {
                    "met_at": minute_ago,
                    "present": "城管局、住建局各一人",
                    "text": "城管称未移交；住建称已验收。",
                    "decision": "由城管先行维修",
                },
                "decline": {"route": next(iter(self.city.routes))},
                "transfer_out": {"body": "110"},
                "ask_more": {"question": "在哪一段路？"},
                "split": {"title": "另一件事", "body": "顺便反映垃圾没有清运。"},
                "recall": {"reason": "派错了"},
                "object": {"reason": "属于住建部门", "basis": "安编〔2019〕12号"},
                "uphold": {"reason": "成立"},
                "overrule": {"reason": "不成立"},
                "contact": {"reached": "yes", "how": "phone", "note": "已联系"},
                "interim": {"answer": "已到现场查看，本周内修复。"},
                "report": {"report": "已协助断电"},
                "delegate": {"unit": self.below()},
                "reply": {
                    "truth": "true",
                    "contacted": "yes",
                    "contact_how": "phone",
                    "contacted_at": minute_ago,
                    "facts": "现场查看，灯杆线路断开",
                    "measures": "更换线路"
                    if ticket.round == 1
                    else f"第{ticket.round}次到场，又更换灯头{ticket.round * 3}个",
                    "outcome": "solved",
                    "handler": "何",
                    "helpers_note": "已电话催办，协办部分由本单位一并办结",
                    "public_answer": "路灯线路已于今日更换，现已恢复照明。",
                },
                "wait": {"until": (self.now + timedelta(days=6)).date().isoformat(), "reason": "配件六日后到货"},
                "pass": {"checklist": {item.code: "yes" for item in self.city.checklist}, "note": "已电话向市民核实"},
                "redo": {"reasons": ["R01"], "note": "请写明是否修好"},
                "mend": {"public_answer": "路灯已修复。"},
                "note_dissatisfied": {"solved": "no", "result": "1"},
                "note_partly": {"solved": "partly"},
                "rate_direct": {"solved": "yes"},
                "post_letter": {"day": self.now.date().isoformat()},
                "note_doubt": {"text": "1位师傅来看了看就走了", "reading": "person"},
                "read_doubt": {"means": "none"},
                "record": {"solved": "yes", "result": "5"},
                "note_satisfied": {"solved": "yes", "result": "5"},
                "close_judged": {"reason": "已依法办理"},
                "reopen": {"reason": "又坏了"},
                "unmerge": {"reason": "不是同一处"},
                "add": {"text": "在邮局门口"},
                "late_words": {"text": "还是不亮"},
                "one_left": {"number": "260304000999"},
                "note": {"text": "记一笔"},
                "instruct": {"text": "请抓紧办理"},
                "urge_unit": {"text": "请今天联系市民"},
                "supervise": {"text": "请三日内报送办理情况"},
                "ask_explanation": {"text": "请说明为何逾期"},
                "answer_directive": {"text": "灯已修好，已加强巡查"},
                "return_directive": {"text": "请写明巡查安排"},
                "end_directive": {"text": "整改到位"},
                "transfer_result": {"text": "已处警"},
                "withdraw_violation": self.violation(ticket) if action == "withdraw_violation" else {},
                "correct": {"area": next(iter(self.city.areas))},
                "locate": {"area": next(iter(self.city.areas)), "street": "文峰大道"},
                "mark_safety": {"safety": ["danger"]},
                "take_alarm": self.alarmed(ticket) if action == "take_alarm" else {},
                "raise_urgency": {"urgency": "urgent", "by": "words"},
                "take_outer_date": {"number": "260304000999", "until": self.now.isoformat()},
                "move_outer_date": {"until": (self.now + timedelta(days=3)).isoformat()},
                **{
                    name: {"number": self.merged(ticket).number if action == name else "", "solved": solved}
                    for name, solved in (
                        ("merged_satisfied", "yes"),
                        ("merged_partly", "partly"),
                        ("merged_dissatisfied", "no"),
                    )
                },
                "call_in": {"helpers": [ELSEWHERE], "note": "请协助核查"},
                "second_look": {"result": "passed", **(self.newcomers(ticket) if action == "second_look" else {})},
                "write": {"answer": "师傅明天上午到，请留意电话。"},
                "hand_to": {"staff": str(self.staff["hejt"].id)},
                "colleague_left": {"staff": str(self.staff["he"].id)},
                "merge": {"master": self.master(ticket).number if action == "merge" else ""},
            }.get(action, {})
            | self.directive(ticket, action)
            | self.reading(ticket)
        )

    def due(self, ticket: Ticket, moment: datetime) -> None:
        """Its clock of the work ends at this moment, and no other before ten days later."""
        far = max(moment, self.now) + timedelta(days=10)
        for held in running(self.db, ticket.id):
            held.due_at = moment if held.clock == "reply" else far
            held.soon_at = held.started_at + (held.due_at - held.started_at) * 0.8
        ticket.due_at, ticket.due_clock = moment, "reply"
        self.db.flush()

    def directive(self, ticket: Ticket, action: str) -> dict[str, Any]:
        """The last demand on this ticket to which this can be done; where there is none, a supervision order is made."""
        state = {"answer_directive": "open", "return_directive": "answered", "end_directive": "answered"}.get(action)
        if state is None:
            return {}
        found = self.db.scalars(
            select(Directive)
            .where(Directive.ticket_id == ticket.id, Directive.state == state, Directive.kind != "urge")
            .order_by(Directive.id.desc())
        ).first()
        return {"directive": (found or self.ordered(ticket, state)).id}

    def ordered(self, ticket: Ticket, state: str) -> Directive:
        made = Directive(
            ticket_id=ticket.id,
            kind="supervision",
            state=state,
            round=ticket.round,
            unit_code=ticket.unit_code,
            asked="请报送",
            given_by_name="du2",
            given_at=self.now,
            due_at=self.now + timedelta(days=3),
        )
        self.db.add(made)
        self.db.flush()
        made.number = number_of(made, self.now.year)
        return made

    def alarmed(self, ticket: Ticket) -> dict[str, Any]:
        """An alarm for somebody's life stands on this ticket; taking it asks nothing."""
        ticket.alarm_at = self.now
        self.db.flush()
        return {}

    def violation(self, ticket: Ticket) -> dict[str, Any]:
        """A broken rule that stands on this ticket; it is taken back with a reason."""
        key = f"signed_late:d{ticket.id}"
        insert_once(
            self.db,
            Violation,
            ["key"],
            key=key,
            rule="signed_late",
            ticket_id=ticket.id,
            unit_code=CHENGGUAN,
            at=self.now,
            found_at=self.now,
        )
        made = self.db.scalars(select(Violation.id).where(Violation.key == key)).one()
        return {"violation": made, "reason": "系统停机，不是单位的原因"}

    def newcomers(self, ticket: Ticket) -> dict[str, Any]:
        """Where nobody learns, this ticket was taken in by a newcomer who is none of the cast; looking asks nothing more."""
        if ticket.second_look is None:
            ticket.second_look, ticket.agent_id = "waits", None
            self.db.flush()
        return {}

    def below(self) -> str:
        """A unit below the handling one; 城管's own leader unit delegates to a district."""
        children = self.city.children(CHENGGUAN)
        return children[0].code if children else CHENGGUAN

    def ends(self, ticket: Ticket) -> datetime | None:
        """When the citizen was promised the answer."""
        return min((one.due_at for one in running(self.db, ticket.id) if one.clock in ("reply", "redo")), default=None)

    def master(self, ticket: Ticket) -> Ticket:
        """Somebody else's ticket of the same matter that is due no later than this one."""
        found = self.ticket(phone="13800009999", words="同一处路灯不亮，请修。")
        if due := self.ends(ticket):
            self.do(found, "du", "dispatch")
            self.due(found, due)
        return found

    def merged(self, ticket: Ticket) -> Ticket:
        """Another citizen's ticket that was merged into this one, whenever that was."""
        other = self.ticket(phone="13800002222", words="同一处路灯不亮。")
        other.state, other.merged_into_id = "merged", ticket.id
        self.db.flush()
        return other

    def to(self, state: str) -> Ticket:
        """A ticket that has lawfully come to this state."""
        ticket = self.ticket()
        for login, action in ROADS[state]:
            self.do(ticket, login, action)
        assert ticket.state == state, f"{ticket.state} instead of {state}"
        return ticket


_SIGNED = (("du", "dispatch"), ("he", "sign"))
_REPLIED = (*_SIGNED, ("he", "reply"))
_PASSED = (*_REPLIED, ("ren", "pass"))
ROADS: dict[str, tuple[tuple[str, str], ...]] = {
    "to_dispatch": (),
    "in_dispute": (("du", "mark_hard"),),
    "to_sign": (("du", "dispatch"),),
    "in_objection": (("du", "dispatch"), ("he", "object")),
    "handling": _SIGNED,
    "waiting": (*_SIGNED, ("he", "wait")),
    "to_review": _REPLIED,
    "to_follow_up": _PASSED,
    "closed": (*_PASSED, ("citizen", "record")),
    "archived": (*_PASSED, ("citizen", "record"), ("clock", "archive")),
    "merged": (("du", "merge"),),
    "declined": (("du", "decline"),),
    "transferred": (("du", "transfer_out"),),
    "void": (("du", "void"),),
}
ROLE_OF = {login: Role(roles[0]) for login, roles in HATS.items()}
