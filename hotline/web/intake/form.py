"""What an agent types at the intake: read from the form, shown again word for word, turned into a Contact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import request
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from hotline.errors import NotFound, Refusal
from hotline.intake.open_ticket import Contact
from hotline.interviews.planning import CHANNELS as SESSIONS
from hotline.interviews.planning import taking_questions
from hotline.telephony import calls
from hotline.tickets.points import kept
from hotline.tickets.points.told import ToldPoint, read_told
from hotline.tickets.privacy import attachments
from hotline.tickets.privacy.visibility import visible_to
from hotline.triage.propose import consider
from hotline.web.core.formatting import masked_name, masked_phone
from hotline.web.core.forms.categories import category_label, category_of
from hotline.web.core.limits.edge import whole_number, whole_numbers
from hotline.web.core.request_context import here
from hotline.web.intake import asked as asking
from hotline.web.ticket.details import file_row
from models import Call, Citizen, Interview, Ticket

POINT = ("point", "point_how", "accuracy")
TYPED = (
    "phone",
    "name",
    "channel",
    "request_type",
    "urgency",
    "privacy",
    "body",
    "category",
    "area",
    "place",
    *POINT,
    "title",
    "answer",
    "public",
    "interview",
    *asking.NAMES,
)
DEFAULTS = {"channel": "hotline", "privacy": "masked"}

BY_TELEPHONE = frozenset({"hotline", "interview", "broadcast", "emergency"})
"""Channels whose matter is that of the caller on the line."""


@dataclass
class Intake:
    """One intake form. source: the call, the draft or the earlier ticket that it continues.

    The phone, and the name of an earlier ticket, stay masked here and are filled in on the server.
    """

    values: dict[str, str]
    call: Call | None = None
    draft: Ticket | None = None
    again: Ticket | None = None
    once: str = ""
    files: list[int] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def known_phone(self) -> str:
        """The number the form stands for while it shows it masked."""
        if self.draft is not None and self.draft.contact_phone:
            return self.draft.contact_phone
        if self.again is not None and self.again.contact_phone:
            return self.again.contact_phone
        return self.call.from_phone if self.call is not None else ""

    @property
    def phone(self) -> str:
        """The number as typed, or the known one where its masked form still stands in the field."""
        typed = self.values.get("phone", "").strip()
        return self.known_phone if self.known_phone and typed == masked_phone(self.known_phone) else typed

    @property
    def known_name(self) -> str:
        """The name the form stands for while it shows it masked: a draft's is its writer's own, a caller is on the line."""
        return (self.again.contact_name or "") if self.again is not None and self.draft is None else ""

    @property
    def name(self) -> str:
        """The name as typed, or the known one where its masked form, of either language, still stands in the field."""
        typed, known = self.values.get("name", "").strip(), self.known_name
        return known if known and typed in {f"{known[0]}某", f"{known[0]}."} else typed

    @property
    def of_caller(self) -> dict[str, tuple[str, ...]]:
        """What stands in which field by the call on the line alone, as the form shows it."""
        if self.call is None or self.known_phone != self.call.from_phone:
            return {}
        names = [_name_of(self.call.citizen_id)] if self.call.citizen_id else []
        if self.again is not None:
            names.append(masked_name(self.again.contact_name))
        return {"phone": (masked_phone(self.known_phone),), "name": tuple(name for name in names if name)}

    def leave_out_the_caller(self) -> None:
        """A letter, a visit or a message written down while a call is in the form is not that caller's matter: a channel that is no
        call takes no caller's number, and no caller's name. Where the number is gone already, the name was typed for the letter."""
        filled = {} if self.by_telephone else self.of_caller
        if self._typed("phone") in filled.get("phone", ()):
            for name, shown in filled.items():
                self.values[name] = "" if self._typed(name) in shown else self._typed(name)

    def _typed(self, name: str) -> str:
        return self.values.get(name, "").strip()

    @property
    def by_telephone(self) -> bool:
        return (self.values.get("channel") or "hotline") in BY_TELEPHONE

    @property
    def key(self) -> str:
        """Under which what is typed is kept while it is not sent."""
        if self.draft is not None:
            return f"desk:draft:{self.draft.number}"
        if self.again is not None:
            return f"desk:again:{self.again.number}"
        return f"desk:call:{self.call.id}" if self.call is not None else "desk"

    @property
    def text(self) -> str:
        return self.values.get("body", "").strip()

    def session(self) -> Interview | None:
        """The session on air, or to come, for which the question is filed."""
        if self.values.get("channel") not in SESSIONS:
            return None
        wanted = self.values.get("interview", "")
        return next((one for one in taking_questions(here.db, here.now) if str(one.id) == wanted), None)

    def channel(self) -> str:
        """As it was chosen; a question for a session counts by the session's own."""
        session = self.session()
        return session.channel if session is not None else self.values["channel"] or "hotline"

    def category(self) -> str | None:
        return category_of(self.values.get("category", ""), here.city)

    def point(self) -> ToldPoint | None:
        """Where the map was tapped. Raises Refusal for what is no point."""
        return read_told(*(self.values[name] for name in POINT))

    def contact(self) -> Contact:
        """What open_ticket takes. Raises Refusal when the category is none of ours."""
        typed = self.values
        category = self.category()
        return Contact(
            body=typed["body"],
            title=typed["title"],
            channel=self.channel(),
            phone=self.phone,
            name=self.name,
            request_type=typed["request_type"] or self._type_by_words(),
            urgency=typed["urgency"],
            privacy=typed["privacy"] or "masked",
            **self._told(),
            category=category,
            area=typed["area"] or None,
            place=typed["place"],
            point=self.point(),
            language=_spoken(typed["body"]),
            call_id=self.call.id if self.call and self.by_telephone else None,
            once=self.once or None,
            happened_at=asking.happened_at(typed, here.city, here.now),
            extra=asking.besides(typed, self.answers, here.city, here.now),
        )

    @property
    def asked(self) -> list[asking.Asked]:
        """The questions of the category that was chosen, or that the words speak of."""
        try:
            category = self.category()
        except Refusal:
            category = None
        if category is None and self.text:
            category = consider(here.city, here.installation.classifier, self.text).category
        return asking.questions(here.city, category, self.answers)

    def _told(self) -> dict[str, Any]:
        """While an earlier ticket's number stands in the field, what was told with it goes along."""
        earlier = self.draft or self.again
        if earlier is None or not self.phone or self.phone != earlier.contact_phone:
            return {}
        return {
            "phone_told": earlier.text.phone_told or "",
            "other_phones": tuple((earlier.text.other_phones or "").split()),
        }

    def _type_by_words(self) -> str:
        """The agent left the type open: the words of the request say it."""
        return consider(here.city, here.installation.classifier, self.text).request_type if self.text else "help"


def typed_now() -> Intake:
    """The form as it was sent."""
    form = request.form
    values = {name: form.get(name, "") for name in TYPED}
    files = whole_numbers(form.getlist("files"))
    once, answers = _own_once(form.get("once", "")), asking.answers_typed()
    intake = Intake(values, *_sources(form), once=once, files=files, answers=answers)
    intake.leave_out_the_caller()
    return intake


def asked_for() -> Intake:
    """The form a page opens with: blank, for a call, for a draft, or for one more matter of the same caller."""
    call, draft, again = _sources(request.args)
    if call is None and draft is None and again is None and "blank" not in request.args:
        call = calls.talking(here.db, here.me.id, here.now)
    intake = Intake({name: DEFAULTS.get(name, "") for name in TYPED}, call, draft, again)
    if draft is not None:
        intake.values.update(
            _of_ticket(draft),
            body=draft.text.body,
            place=draft.text.place or "",
            title=draft.title,
            category=category_label(draft.category_code),
            area=draft.area or "",
            **_point_of(draft),
        )
    elif again is not None:
        intake.values.update(_of_ticket(again), name=masked_name(again.contact_name))
    elif call is not None and call.citizen_id:
        intake.values["name"] = _name_of(call.citizen_id)
    intake.values["phone"] = masked_phone(intake.known_phone) or _words_of(draft or again)
    return intake


def claim_files(intake: Intake, ticket: Ticket) -> None:
    """The files that were uploaded beside the form become the ticket's."""
    attachments.claim(here.db, intake.files, here.me, ticket)


def files_of(intake: Intake) -> list[dict[str, Any]]:
    """The files already uploaded beside this form, shown again when it is refused or opened anew."""
    return [file_row(one, here.me) for one in attachments.of_draft(here.db, here.me, intake.key)]


def _sources(given: MultiDict[str, str]) -> tuple[Call | None, Ticket | None, Ticket | None]:
    """The call, draft and earlier ticket named by a form or an address; each must be this agent's own or visible."""
    call = None
    if (call_id := whole_number(given.get("call"))) is not None:
        try:
            call = calls.of_agent(here.db, call_id, here.me.id)
        except NotFound:
            call = None
    draft = _ticket(given.get("draft"), Ticket.agent_id == here.me.id, Ticket.state == "draft")
    return call, draft, _ticket(given.get("again"), visible_to(here.me), Ticket.agent_id == here.me.id)


def _ticket(number: str | None, *conditions: Any) -> Ticket | None:
    return here.db.scalar(select(Ticket).where(Ticket.number == number, *conditions)) if number else None


def _of_ticket(ticket: Ticket) -> dict[str, str]:
    return {
        "name": ticket.contact_name or "",
        "channel": ticket.channel,
        "request_type": ticket.request_type,
        "urgency": ticket.urgency if ticket.urgency_by == "person" else "",
        "privacy": ticket.privacy,
    }


def _point_of(ticket: Ticket) -> dict[str, str]:
    told = kept.point_of(here.db, ticket.id)
    if told is None:
        return {}
    return {
        "point": f"{told.point.lat:.6f} {told.point.lon:.6f}",
        "point_how": told.how,
        "accuracy": str(told.accuracy or ""),
    }


def _words_of(ticket: Ticket | None) -> str:
    """What was told as a number and holds none, to be put right."""
    return (ticket.text.phone_told or "") if ticket is not None else ""


def _name_of(citizen_id: int) -> str:
    citizen = here.db.get(Citizen, citizen_id)
    return (citizen.name or "") if citizen else ""


def _own_once(key: str) -> str:
    """The form's random key, bound to the agent, so that nobody can name another's."""
    return f"{here.me.id}:{key}"[:120] if key else ""


def _spoken(body: str) -> str:
    """The language the citizen is answered in: English when there is hardly a Chinese character in the words."""
    letters = sum(1 for one in body if one.isalpha())
    chinese = sum(1 for one in body if "\u4e00" <= one <= "\u9fff")
    return "en" if letters >= 12 and chinese * 10 < letters else "zh"
