"""After the one tap: a citizen may add words to the answer just given, and nothing that was said is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hotline.city.schema import City
from hotline.errors import OutOfTurn
from hotline.i18n import _
from hotline.tickets.fields import clean
from hotline.tickets.lifecycle import ACTIONS
from models import Survey

WHILE = timedelta(days=3)
LATER = ("attitude", "contacted", "comment")


def may_say_more(survey: Survey, now: datetime) -> bool:
    """The citizen answered alone, not long ago, and has left something unsaid."""
    if survey.answered_at is None or survey.keyed_by_id is not None or now - survey.answered_at > WHILE:
        return False
    return any(getattr(survey, name) in (None, "") for name in LATER)


def say_more(city: City, survey: Survey, given: Mapping[str, Any], now: datetime) -> None:
    """Fill what was left open: attitude, whether the unit made contact, a comment. Raises OutOfTurn, or Refusal of `clean`."""
    if not may_say_more(survey, now):
        raise OutOfTurn(_("您已经评价过了，谢谢。"), code="answered_already")
    fields = tuple(field for field in ACTIONS["note_dissatisfied"].fields if field.name in LATER)
    said = clean(fields, given, city)
    if survey.attitude is None and said.get("attitude"):
        survey.attitude = int(said["attitude"])
    if survey.contacted is None and said.get("contacted") is not None:
        survey.contacted = said["contacted"]
    if not survey.comment and said.get("comment"):
        survey.comment = said["comment"]
