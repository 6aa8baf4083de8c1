"""What a citizen's own page says of how long matters like theirs took so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.tickets.states import SUBMITTED, State
from hotline.waiting_time.measured import working_days
from hotline.waiting_time.told import range_for, sentence
from models import Ticket

STILL_WAITS = SUBMITTED - {State.TO_FOLLOW_UP}


@dataclass(frozen=True)
class UsualWait:
    """sentence: how long it took so far. tickets: how many tell it. longer: this one has taken longer already."""

    sentence: str
    tickets: int
    longer: bool


def usual_wait(db: Session, city: City, own: Ticket, master: Ticket, now: datetime) -> UsualWait | None:
    """None where too few are known, and of a sealed matter, one of danger, or one that is handled again."""
    hidden = "sealed" in (own.privacy, master.privacy) or master.safety or master.urgency == "critical"
    if hidden or own.left_at or master.round > 1 or State(master.state) not in STILL_WAITS:
        return None
    opened_at = master.submitted_at or master.created_at
    told = range_for(db, city, master.category_code, master.unit_code, opened_at)
    if told is None:
        return None
    return UsualWait(sentence(told), told.tickets, working_days(city, opened_at, now) > told.high)
