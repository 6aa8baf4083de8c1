"""The city's files changed from a page: a form for one value, the diff before anybody agrees, and what was changed when."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.city.following import take
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.staff import changes, city_changes
from hotline.tickets.roles import Role
from hotline.tickets.second_person import is_another
from hotline.web.admin.pages import READERS, page, pages, say_what_it_replaces
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here


@pages.get("/city")
@allow(READERS)
def city_waiting() -> str:
    return page(
        "city_changes",
        waiting=[
            (one, _title(one.data["what"]), is_another(here.db, here.me, one.asked_by_id))
            for one in city_changes.waiting(here.db)
        ],
        decided=[(one, _title(one.data["what"])) for one in city_changes.decided(here.db)],
    )


@pages.get("/city/change")
@allow(Role.ADMINISTRATOR)
def city_change() -> str:
    what = request.args.get("what", "")
    return _form(what, city_changes.value_of(here.city, here.settings.city_dir, what), "", {})


@pages.post("/city/change")
@allow(Role.ADMINISTRATOR)
def ask_city_change() -> ResponseReturnValue:
    """Checked like the files, shown as a diff, and asked for; nothing is written yet."""
    what, value = request.form.get("what", ""), request.form.get("value", "")[:2000]
    why = request.form.get("why", "")
    try:
        wish = city_changes.ask(here.db, here.city, here.settings.city_dir, what, value, why, here.me, here.now)
    except Refusal as refusal:
        here.db.rollback()
        return _form(what, value, why, refusal.problems or {"": refusal.sentence}), refusal.status
    flash(_("已申请。另一位管理员或热线领导批准后写入城市文件，马上生效。"), "good")
    say_what_it_replaces(wish)
    return redirect(url_for("admin.city_waiting"), 303)


@pages.post("/city/changes/<int:change_id>")
@allow(READERS)
def decide_city_change(change_id: int) -> ResponseReturnValue:
    """The second person agrees or refuses. The new city is in force in this process once the transaction stands."""
    agree = request.form.get("answer") == "agree"
    after = city_changes.decide(here.db, here.city, here.settings, change_id, agree, here.me, here.now)
    if after is not None:
        here.db.commit()
        take(here.installation, after)
    flash(_("已批准，已写入城市文件，立即生效。") if agree else _("已拒绝。"), "good")
    return redirect(url_for("admin.city_waiting"), 303)


@pages.post("/changes/<int:change_id>/withdraw")
@allow(READERS)
def withdraw_change(change_id: int) -> ResponseReturnValue:
    """Whoever asked takes it back: a person's power, a composed role or a value of the city's files."""
    kind = changes.withdraw(here.db, change_id, here.me, here.now, here.address).kind
    flash(_("申请已撤回。"), "good")
    return redirect(url_for({"city": "admin.city_waiting", "composed": "admin.composed"}.get(kind, "admin.staff")), 303)


def _form(what: str, value: str, why: str, problems: dict[str, str]) -> str:
    spot = city_changes.spot_of(here.city, what)
    return page(
        "city_change",
        what=what,
        title=_title(what),
        file=spot.file,
        value=value,
        why=why,
        problems=problems,
        present=city_changes.value_of(here.city, here.settings.city_dir, what),
    )


def _title(what: str) -> str:
    return city_changes.title_of(here.city, what)
