"""A citizen's text finds what it belongs to: our question, a matter that it names or speaks of, or a matter of its own.

A ticket number of the citizen's own decides; else the likeness of the words. What is not surely an answer and comes while a
question is open goes to a person. A citizen whose ticket was merged writes about their own number: the words go to the
master, where the story names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from classifier.answers.asides import URGES, named_number
from classifier.answers.belonging import (
    belongs_to,
    leans_on_what_came_before,
    only_announces,
    says_where,
    tells_a_matter,
)
from classifier.answers.read import Reading, read_answer, written
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.followup.answers import answer, meant, open_survey
from hotline.followup.direct import answered_directly
from hotline.followup.doubts import keep_doubt
from hotline.followup.parts import TOGETHER
from hotline.followup.text_back import text_back
from hotline.i18n import _, speaking
from hotline.tickets.act import act, lock
from hotline.tickets.citizens import opting
from hotline.tickets.citizens.merged import all_handled_for
from hotline.tickets.display import citizen_view
from hotline.tickets.roles import SYSTEM, voice
from hotline.tickets.states import SUBMITTED, State
from models import Citizen, Message, Survey, Ticket

SHORTEST = 6
"""Fewer characters are no matter of their own."""

STILL_ABOUT_IT = timedelta(days=30)
LATE = timedelta(days=14)
"""How long after the question a short answer is still meant for it."""

LONGEST_LATE, LONGEST_URGE = 20, 40
AGAIN = timedelta(hours=1)
"""The same words within this time were sent twice, by a finger or by a machine."""

_JUDGED_OR_UNDER_WAY = [State.CLOSED.value, *(state.value for state in SUBMITTED)]


def take_text(
    db: Session, city: City, citizen: Citizen, text: str, now: datetime, heard: Message | None = None
) -> str | None:
    """What to text back ("" when nothing is to be said, or a notice of the ticket says it); None when the words are a matter of their own.

    heard: the message as it was kept; it is filed with the ticket that the words went to.
    """
    reading = read_answer(text)
    aside = reading.details.get("aside", "")
    if aside in _ASIDES:
        return _ASIDES[aside](db, city, citizen, now)
    if heard is not None and (before := said_before(db, heard)) is not None:
        heard.ticket_id = before.ticket_id
        return ""
    return _Taking(db, city, citizen, text, now, heard, reading).take()


def not_understood(db: Session, city: City, citizen: Citizen, now: datetime) -> str:
    """Said once a day: whoever sends it again is a machine, or needs a person and not a sentence."""
    return text_back(db, city, citizen, "sms_not_understood", now, hotline=city.hotline_number)


def _stop(db: Session, city: City, citizen: Citizen, now: datetime) -> str:
    opting.stop_texts(db, citizen, SYSTEM, now)
    return ""


def _resume(db: Session, city: City, citizen: Citizen, now: datetime) -> str:
    opting.resume_texts(db, citizen, SYSTEM, now)
    return text_back(db, city, citizen, "sms_texts_on", now)


def _nothing(db: Session, city: City, citizen: Citizen, now: datetime) -> str:
    return ""


_ASIDES = {"opt_out": _stop, "opt_in": _resume, "automatic": _nothing, "courtesy": _nothing, "empty": _nothing}
"""Kinds of a text that need no ticket. A machine and courtesy are not answered."""


class _Taking:
    """One text on its way to what it belongs to; each step answers, or leaves it to the next by None."""

    def __init__(
        self,
        db: Session,
        city: City,
        citizen: Citizen,
        text: str,
        now: datetime,
        heard: Message | None,
        reading: Reading,
    ):
        self.db, self.city, self.citizen, self.text, self.now = db, city, citizen, text, now
        self.heard, self.reading = heard, reading
        self.aside = reading.details.get("aside", "")
        self.words = written(text)
        self.named = _named(db, citizen, reading.details.get("number", "")) or _in_thread(db, citizen, heard)
        self.matters = [self.named] if self.named else all_handled_for(db, citizen.id, now - STILL_ABOUT_IT)

    def take(self) -> str | None:
        survey = open_survey(self.db, self.citizen.id, self.named.id if self.named else None)
        if survey is not None:
            taken = self._to_the_question(survey)
        else:
            taken = self._to_a_question_that_is_over()
        if taken is not None:
            return taken
        if self.aside == "progress":
            return self._tell_state()
        own = self.named or self._matter_of_words()
        if own is not None:
            return self._to_the_matter(own)
        if self._can_stand_alone():
            return None
        if survey is None and not self.matters and not _lately_ended(self.db, self.citizen.id, self.now):
            return self._no_matter()
        return not_understood(self.db, self.city, self.citizen, self.now)

    # --- questions ----------------------------------------------------------------------------------------------------

    def _to_the_question(self, survey: Survey) -> str | None:
        """A plain answer is taken; what may be one, or is too short to be anything else, goes to a person with its words."""
        verdict = self.reading.verdict
        if verdict == "not_an_answer" and self.aside != "wrong_person":
            return None
        own = self.db.get_one(Ticket, survey.own_id)
        unlike = verdict in ("no", "person") and self._is_unlike(own)
        if unlike and self._stands_alone():
            return None
        said_two = verdict == "yes" and self._in_one_breath(survey)
        plain = verdict in ("yes", "no", "partly") and not unlike and not said_two
        if not plain and answered_directly(own):
            return None
        self._file(own)
        if plain:
            survey.words, survey.reading = self.text, verdict
            given = meant(self.city, self.citizen.language, self.reading, self.text)
            answer(self.db, self.city, survey, given, self.now, "sms", "dissatisfied" if verdict == "no" else None)
            return ""
        keep_doubt(self.db, self.city, survey, self.text, "person" if verdict == "not_an_answer" else verdict, self.now)
        return self._back("sms_to_person", own, number=own.number)

    def _in_one_breath(self, survey: Survey) -> bool:
        """Words in doubt came from this number a moment ago: what follows is the end of them, and a person reads both."""
        if self.heard is None or survey.outcome != "in_doubt":
            return False
        return any(len(before.text) >= SHORTEST for before in _a_moment_ago(self.db, self.heard))

    def _is_unlike(self, asked: Ticket) -> bool:
        """It tells what is wrong, and shares nothing with the matter we asked about: it must not be counted for that."""
        if self.named or not tells_a_matter(self.words):
            return False
        return belongs_to(self.words, [_words_of(asked)], self._areas()) is None

    def _stands_alone(self) -> bool:
        """It says where, at length, and begins with no key: surely a matter of its own. Everything less a person reads."""
        return len(self.words) >= LONGEST_LATE // 2 and says_where(self.words) and not self.words[0].isdigit()

    def _to_a_question_that_is_over(self) -> str | None:
        """No figure changes, the words are kept, and somebody judges an unhappy one."""
        plain = self.reading.verdict in ("yes", "no", "partly")
        short = self.reading.verdict == "person" and len(self.text) <= LONGEST_LATE and not tells_a_matter(self.words)
        last = _asked_lately(self.db, self.citizen.id, self.now, self.named) if plain or short else None
        if last is None or (self.reading.verdict == "no" and self._is_unlike(self.db.get_one(Ticket, last.own_id))):
            return None
        own, master = self.db.get_one(Ticket, last.own_id), lock(self.db, last.ticket_id)
        if State(master.state) in SUBMITTED:
            return self._to_the_matter(own)
        said = {
            "text": self.text,
            **({"solved": self.reading.details["solved"]} if "solved" in self.reading.details else {}),
        }
        if self.reading.verdict == "no":
            said["solved"] = "no"
        self._file(own)
        act(self.db, self.city, master, "late_words", voice(own, master), self.now, said)
        return self._back("survey_closed", own, number=own.number)

    # --- matters ------------------------------------------------------------------------------------------------------

    def _matter_of_words(self) -> Ticket | None:
        """Whom we have asked for more, words that stand alone excepted; else by likeness; None for a matter of its own."""
        asked = next((own for own in self.matters if own.asking_more), None)
        if asked is not None and not self._is_new(asked):
            return asked
        if (spoken_of := self._spoken_of_a_moment_ago()) is not None:
            return spoken_of
        index = belongs_to(self.words, [_words_of(own) for own in self.matters], self._areas())
        return self.matters[index] if index is not None else None

    def _spoken_of_a_moment_ago(self) -> Ticket | None:
        """Words that say nothing of where or what go with those that came from this number within the last minute."""
        if self.heard is None or not leans_on_what_came_before(self.words):
            return None
        for before in _a_moment_ago(self.db, self.heard):
            for own in self.matters:
                if own.id == before.ticket_id:
                    return own
        return None

    def _is_new(self, asked: Ticket) -> bool:
        return self.aside == "another" or (
            tells_a_matter(self.words) and belongs_to(self.words, [_words_of(asked)], self._areas()) is None
        )

    def _to_the_matter(self, own: Ticket) -> str:
        """An urge counts once per gap; whatever does not count as one is kept as words."""
        master = citizen_view.master_of(self.db, own)
        if State(master.state) not in SUBMITTED:
            return self._after_the_end(own)
        master = lock(self.db, master.id)
        me = voice(own, master)
        self._file(own)
        if self._urges() and not own.asking_more:
            try:
                act(self.db, self.city, master, "urge", me, self.now, {"text": self.text})
            except Refusal:
                pass
            else:
                with speaking(self.citizen.language):
                    unit = self.city.unit_name(master.unit_code) if master.unit_code else _("热线中心")
                return self._back("urged", own, number=own.number, unit=unit)
        act(self.db, self.city, master, "add", me, self.now, {"text": self.text})
        return self._back("sms_added", own, number=own.number)

    def _after_the_end(self, own: Ticket) -> str:
        """A named ticket that has ended takes the words late when it can; its state is what the citizen is told."""
        master = lock(self.db, citizen_view.master_of(self.db, own).id)
        self._file(own)
        if master.state == State.CLOSED.value:
            act(self.db, self.city, master, "late_words", voice(own, master), self.now, {"text": self.text})
        return self._tell_state([own])

    def _tell_state(self, owns: Sequence[Ticket] = ()) -> str:
        """How far it is, as the progress page says it; of several matters the newest three."""
        about = list(owns) or ([self.named] if self.named else self._asked_about())
        if not about:
            return self._no_matter()
        with speaking(self.citizen.language):
            told = [
                f"{own.number} {citizen_view.progress(self.db, self.city, own, self.now).sentence}" for own in about[:3]
            ]
        self._file(about[0])
        return self._back("sms_state", about[0], state=" ".join(told))

    def _asked_about(self) -> list[Ticket]:
        if len(self.matters) > 1 and (
            index := belongs_to(self.words, [_words_of(own) for own in self.matters], self._areas())
        ):
            return [self.matters[index]]
        return self.matters or _lately_ended(self.db, self.citizen.id, self.now)

    # --- small steps --------------------------------------------------------------------------------------------------

    def _urges(self) -> bool:
        return len(self.text) <= LONGEST_URGE and URGES.search(self.words) is not None

    def _can_stand_alone(self) -> bool:
        """Somebody can do something with it: not a number alone, an announcement, or a word about a ticket of somebody else."""
        if only_announces(self.words) or self._is_bare_number():
            return False
        if tells_a_matter(self.words):
            return True
        if len(self.text) < SHORTEST:
            return False
        number, rest = named_number(self.words)
        return not number or not (len(rest) < SHORTEST or self._is_about(rest))

    def _is_about(self, rest: str) -> bool:
        reading = read_answer(rest)
        return reading.verdict in ("yes", "no", "partly") or reading.details.get("aside") in ("urge", "progress")

    def _no_matter(self) -> str:
        """Nothing is open under this number: how to tell a matter, said once a day."""
        return text_back(self.db, self.city, self.citizen, "sms_no_matter", self.now, hotline=self.city.hotline_number)

    def _is_bare_number(self) -> bool:
        return self.aside in ("digits", "names_a_ticket") and not any(sign.isalpha() for sign in self.words)

    def _areas(self) -> frozenset[str]:
        return frozenset(self.city.area_name(code) for code in self.city.areas)

    def _file(self, own: Ticket) -> None:
        if self.heard is not None:
            self.heard.ticket_id = own.id

    def _back(self, key: str, own: Ticket, **values: str) -> str:
        return text_back(self.db, self.city, self.citizen, key, self.now, ticket=own, **values)


def _named(db: Session, citizen: Citizen, number: str) -> Ticket | None:
    """The citizen's own ticket of this number; nobody reaches another's by writing its number."""
    if not number:
        return None
    return db.scalar(
        select(Ticket).where(Ticket.number == number, Ticket.citizen_id == citizen.id, Ticket.state != "draft")
    )


def _in_thread(db: Session, citizen: Citizen, heard: Message | None) -> Ticket | None:
    """The citizen's own ticket whose letter they answer."""
    own = db.get(Ticket, heard.ticket_id) if heard is not None and heard.ticket_id else None
    return own if own is not None and own.citizen_id == citizen.id else None


def _words_of(own: Ticket) -> str:
    return written(f"{own.title} {own.text.body}")


def said_before(db: Session, heard: Message) -> Message | None:
    """The same words from the same person a moment ago; short ones may well be meant twice."""
    if len(heard.text) < SHORTEST:
        return None
    before = db.scalars(
        select(Message)
        .where(
            Message.citizen_id == heard.citizen_id,
            Message.direction == "in",
            Message.id < heard.id,
            Message.created_at > heard.created_at - AGAIN,
        )
        .order_by(Message.id)
    )
    return next((one for one in before if one.text == heard.text), None)


def _a_moment_ago(db: Session, heard: Message) -> list[Message]:
    """This person's texts of the last minute, the newest first."""
    return list(
        db.scalars(
            select(Message)
            .where(
                Message.citizen_id == heard.citizen_id,
                Message.direction == "in",
                Message.id < heard.id,
                Message.created_at > heard.created_at - TOGETHER,
            )
            .order_by(Message.id.desc())
        )
    )


def _lately_ended(db: Session, citizen_id: int, now: datetime) -> list[Ticket]:
    return list(
        db.scalars(
            select(Ticket)
            .where(Ticket.citizen_id == citizen_id, Ticket.state != "draft", Ticket.moved_at > now - 3 * STILL_ABOUT_IT)
            .order_by(Ticket.id.desc())
            .limit(1)
        )
    )


def _asked_lately(db: Session, citizen_id: int, now: datetime, named: Ticket | None) -> Survey | None:
    """The newest question to this citizen that is over, unless they have withdrawn meanwhile."""
    own = aliased(Ticket)
    which = [Survey.own_id == named.id] if named else []
    return db.scalar(
        select(Survey)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .join(own, own.id == Survey.own_id)
        .where(
            Survey.citizen_id == citizen_id,
            Survey.asked_at > now - LATE,
            Ticket.state.in_(_JUDGED_OR_UNDER_WAY),
            *which,
            own.left_at.is_(None),
            or_(own.close_kind.is_(None), own.close_kind != "withdrawn"),
        )
        .order_by(Survey.id.desc())
        .limit(1)
    )
