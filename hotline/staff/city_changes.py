"""What the city's files say is changed from a page: one person asks, a second one agrees, and the file is written with the old one kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.city.check import missing_texts
from hotline.city.edit import Spot, check_edit, diff, read_spot, write_edit
from hotline.city.schema import City
from hotline.city.sync import sync
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.messages.notices import texts_needed
from hotline.messages.values import clock_name
from hotline.settings import Settings
from hotline.staff.changes import DECIDERS
from hotline.staff.notices import tell_role
from hotline.staff.wishes import make_way
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import Actor
from hotline.tickets.second_person import is_another
from hotline.tickets.vocabulary import REQUEST_TYPES, URGENCIES
from models import StaffChange
from models.store.db import changed

KIND = "city"
LONGEST = 500


def spot_of(city: City, what: str) -> Spot:
    """Where "text:KEY:zh", "phone:UNIT", "limit:PROFILE:CLOCK:URGENCY:KIND" or "number:NAME" stands. Raises NotFound."""
    match what.split(":"):
        case ["text", key, ("zh" | "en") as language] if key in city.texts:
            return Spot("messages.yaml", ("texts", key, language))
        case ["phone", code] if code in city.units:
            return Spot("units.yaml", ("phones", code))
        case ["number", name] if hasattr(city.policy, name):
            return Spot("city.yaml", ("policy", name))
        case ["limit", profile, clock, *more] if profile in city.profiles and len(more) <= 2:
            return Spot("limits.yaml", ("profiles", profile, "clocks", clock, *more))
    raise NotFound(_("没有这一项。"))


def title_of(city: City, what: str) -> str:
    """What the value is called, in the reader's language."""
    match what.split(":"):
        case ["text", key, language]:
            return _("短信模板 %(key)s（%(language)s）", key=key, language=_("中文") if language == "zh" else _("英文"))
        case ["phone", code]:
            return _("%(unit)s的电话", unit=city.unit_name(code))
        case ["limit", _profile, clock, *more]:
            names = [clock_name(clock), *(_(URGENCIES.get(one) or REQUEST_TYPES.get(one) or one) for one in more)]
            return _("时限：%(what)s", what=" · ".join(names))
    return what.removeprefix("number:")


def value_of(city: City, folder: Path, what: str) -> str:
    """The value in force; a unit's telephone may still stand in its own line."""
    written = read_spot(folder, spot_of(city, what))
    if written is None and what.startswith("phone:"):
        return city.units[what.removeprefix("phone:")].phone
    return written or ""


def preview(city: City, folder: Path, what: str, value: str) -> str:
    """The change as a diff, once it has passed the same check as the files. Raises Refusal."""
    spot, value = spot_of(city, what), _clean(value)
    if value == value_of(city, folder, what):
        raise Refusal(_("和现在的一样，没有要改的。"), field="value")
    if what.startswith("limit:") and read_spot(folder, spot) is None:
        raise NotFound(_("没有这一项。"))
    missing = missing_texts(check_edit(folder, spot, value), texts_needed())
    if missing:
        raise Refusal("\n".join(missing), field="value")
    return diff(folder, spot, value)


def ask(
    db: Session, city: City, folder: Path, what: str, value: str, why: str, by: Actor, now: datetime
) -> StaffChange:
    """One open question about a value. Raises Refusal when the changed files would have mistakes, or no reason is given."""
    if not why.strip():
        raise Refusal(_("请写明理由。"), field="why")
    shown = preview(city, folder, what, value)
    spot = spot_of(city, what)
    same = [one for one in waiting(db) if one.data["what"] == what]
    earlier = make_way(same, by, now, lambda one: _("改成“%(value)s”", value=one.data["after"]), "value")
    data = {
        "what": what,
        "file": spot.file,
        "before": read_spot(folder, spot) or "",
        "after": _clean(value),
        "why": why.strip()[:LONGEST],
        "diff": shown,
    } | ({"instead_of": earlier} if earlier else {})
    change = StaffChange(kind=KIND, data=data, state="asked", asked_by_id=by.id, asked_by_name=by.name, asked_at=now)
    db.add(change)
    db.flush()
    record(db, "city_change_asked", by, now, subject=what[:120], change=change.id, file=spot.file, diff=shown)
    for role in DECIDERS:
        tell_role(db, role, "city_change_asked", now, who=by.name, what=lambda: title_of(city, what))
    return change


def decide(
    db: Session, city: City, settings: Settings, change_id: int, agree: bool, by: Actor, now: datetime
) -> City | None:
    """Agree or refuse. Returns the city as it stands afterwards, when it changed; the caller puts it in force after the commit.

    Raises NotFound, NotAllowed (one's own wish), OutOfTurn (decided, or the value has changed meanwhile), Refusal.
    """
    change = db.get(StaffChange, change_id, populate_existing=True)
    if change is None or change.kind != KIND:
        raise NotFound(_("没有这项申请。"))
    if not by.is_(*DECIDERS) or not is_another(db, by, change.asked_by_id):
        raise NotAllowed(_("须由申请人以外的另一位管理员或热线领导决定。"))
    won = update(StaffChange).where(StaffChange.id == change.id, StaffChange.state == "asked")
    state = "done" if agree else "refused"
    if changed(db, won.values(state=state, decided_by_id=by.id, decided_by_name=by.name, decided_at=now)) != 1:
        raise OutOfTurn(_("这项申请已经决定过了。"))
    done = "city_change_granted" if agree else "city_change_refused"
    record(db, done, by, now, subject=change.data["what"][:120], change=change.id, asked_by=change.asked_by_name)
    return _apply(db, city, settings, change, now) if agree else None


def _apply(db: Session, city: City, settings: Settings, change: StaffChange, now: datetime) -> City:
    keep = settings.var / "city_history" / f"{now:%Y%m%d-%H%M%S}-{change.id}"
    said = change.data
    after = write_edit(settings.city_dir, spot_of(city, said["what"]), said["before"], said["after"], keep)
    sync(db, after, now)
    return after


def waiting(db: Session) -> list[StaffChange]:
    """What waits for a second person, the oldest first."""
    return list(db.scalars(_of("asked").order_by(StaffChange.id)))


def decided(db: Session, limit: int = 50) -> list[StaffChange]:
    """What was decided lately, the newest first."""
    return list(db.scalars(_of("done", "refused").order_by(StaffChange.id.desc()).limit(limit)))


def diffs(db: Session, ids: Iterable[int] = ()) -> list[StaffChange]:
    """The changes that were made, the oldest first: all of them, or these."""
    some = list(ids)
    made = _of("done").order_by(StaffChange.id)
    return list(db.scalars(made.where(StaffChange.id.in_(some)) if some else made))


def _of(*states: str):  # type: ignore[no-untyped-def]
    return select(StaffChange).where(StaffChange.kind == KIND, StaffChange.state.in_(states))


def _clean(value: str) -> str:
    return " ".join(value.replace("\r", "").split()).strip()
