"""The code by which somebody proves a number. Known and unknown numbers are answered alike, by the same writes."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classifier.text.normalise import plain
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.keys.codes import own_list_code, place_of_list_code
from hotline.messages.compose import text_citizen
from models import Citizen, OwnListCode
from models.store.db import changed
from webhooks.numbers import can_be_texted, read_phone

LIVES = timedelta(minutes=10)
MOST_TRIES = 5
"""Wrong codes before it is spent: one in 200,000 who guesses finds it."""


def ask(db: Session, city: City, told: str, now: datetime) -> OwnListCode:
    """Note that somebody asked, and text the code where a citizen is behind the number. Raises Refusal for what takes no texts."""
    phone = read_phone(told, city.area_code).number or ""
    if not can_be_texted(phone):
        raise Refusal(
            _("请填写能收短信的手机号码。座机请拨打 %(number)s 查询。", number=city.hotline_number), field="phone"
        )
    asked = OwnListCode(phone=phone, asked_at=now, tries=0)
    db.add(asked)
    db.flush()
    minutes = int(LIVES.total_seconds()) // 60
    values = {"list_code": place_of_list_code(asked.id), "minutes": minutes, "hotline": city.hotline_number}
    citizen = db.scalar(select(Citizen).where(Citizen.phone == phone, Citizen.erased_at.is_(None)))
    text_citizen(db, city, citizen, "own_list", now, values, once=f"own_list:{asked.id}")
    return asked


def prove(db: Session, asked_id: int, given: str, now: datetime) -> bool:
    """Whether this is the code of that row: in time, not used before, and not after too many wrong ones. Commits nothing.

    The try is counted before the code is looked at, so that many at once are not more tries.
    """
    live = (OwnListCode.id == asked_id, OwnListCode.used_at.is_(None), OwnListCode.asked_at > now - LIVES)
    counted = update(OwnListCode).where(*live, OwnListCode.tries < MOST_TRIES).values(tries=OwnListCode.tries + 1)
    if not changed(db, counted):
        return False
    asked = db.get_one(OwnListCode, asked_id, populate_existing=True)
    digits = "".join(sign for sign in plain(given[:40]) if sign.isdigit())
    if not hmac.compare_digest(digits.encode(), own_list_code(db, asked).encode()):
        return False
    return bool(changed(db, update(OwnListCode).where(*live).values(used_at=now)))
