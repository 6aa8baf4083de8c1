"""The end of a call at the desk: who leaves, who stays, and who is asked for the rating."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.telephony import calls, outbound, three_way
from models import Call


def hang_up(db: Session, city: City, call: Call, now: datetime) -> None:
    """End the agent's part. With an emergency service in the call the agent leaves, and the citizen stays with it."""
    if call.state not in calls.ON_THE_LINE:
        return
    going = [leg for leg in three_way.legs(db, call.id) if three_way.is_going(leg)]
    stays = next((leg for leg in going if leg.state == "connected"), None)
    if stays is not None:
        if call.direction == "out":
            outbound.finish(db, city, call, outbound.outcome_so_far(call, now), now)
        call.state, call.transferred_to, call.ended_at = "transferred", stays.to, now
        calls.tell_line(db, call, now, "leave")
    elif going:
        raise Refusal(_("三方还在振铃，来电人会独自等待。请等接通，或先断开三方再挂断。"))
    elif call.direction == "out":
        calls.tell_line(db, call, now, "leave")
        outbound.finish(db, city, call, outbound.outcome_so_far(call, now), now)
    else:
        call.state, call.ended_at = "ended", now
        calls.tell_line(db, call, now, "end")
