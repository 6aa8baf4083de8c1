"""The menu: which desks a person has, and how much waits on each (counted to a limit, never in full)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for

from hotline.evidence import listing
from hotline.i18n import N_, _
from hotline.interviews.planning import RECORDERS as TALKERS
from hotline.knowledge import rights
from hotline.letters.scans import READERS as LETTER_CLERKS
from hotline.monitoring.report import READERS as MONITORS
from hotline.nuisance.rights import READERS as NUISANCE_READERS
from hotline.practice import rights as practice_rights
from hotline.province.registry import READERS as PROVINCE_READERS
from hotline.province.registry import has_cells
from hotline.public_board.publishing import READERS as PUBLISHERS
from hotline.quality import rights as quality_rights
from hotline.ready import rights as ready_rights
from hotline.tickets.lists import hotspot_list
from hotline.tickets.lists.ticket_list import Wanted, count_each, counted
from hotline.tickets.roles import CENTRE_ROLES, UNIT_ROLES, Actor, Role
from hotline.web.core.request_context import here


@dataclass(frozen=True)
class Desk:
    """One entry of the menu. waits: what the number beside it counts. shared: a page for many, where nobody's work lies."""

    endpoint: str
    label: str
    icon: str
    roles: frozenset[Role]
    waits: Wanted | None = None
    shared: bool = False


R = Role
DESKS: tuple[Desk, ...] = (
    Desk("desk.show", N_("受理台"), "headset", frozenset({R.AGENT, R.LEAD_AGENT})),
    Desk(
        "dispatch.show",
        N_("派单台"),
        "signpost-split",
        frozenset({R.DISPATCHER}),
        Wanted(states=("to_dispatch", "in_objection", "in_dispute")),
    ),
    Desk("unit.show", N_("承办台"), "building", UNIT_ROLES, Wanted(states=("to_sign", "handling"))),
    Desk("review.show", N_("审核台"), "clipboard-check", frozenset({R.REVIEWER}), Wanted(states=("to_review",))),
    Desk(
        "supervision.show",
        N_("督办台"),
        "flag",
        frozenset({R.SUPERVISOR, R.HEAD, R.CITY_LEADER, R.DISCIPLINE, R.MEDIA, R.LEAD_AGENT}),
    ),
    Desk(
        "followup.show",
        N_("回访台"),
        "telephone-outbound",
        frozenset({R.FOLLOW_UP, R.SUPERVISOR}),
        Wanted(states=("to_follow_up",)),
    ),
    Desk("quality.show", N_("质检台"), "clipboard-data", quality_rights.COACHES),
    Desk("rereading.show", N_("质检复核"), "list-check", frozenset({R.SUPERVISOR, R.QUALITY, R.HEAD})),
    Desk("review.assistant", N_("审核助手"), "robot", frozenset({R.SUPERVISOR, R.QUALITY, R.HEAD})),
    Desk("letters.show", N_("来信登记"), "envelope-paper", LETTER_CLERKS, shared=True),
    Desk("sessions.show", N_("在线访谈"), "chat-dots", TALKERS, shared=True),
    Desk("publishing.show", N_("公开审读"), "megaphone", PUBLISHERS, shared=True),
    Desk("monitoring.show", N_("电子监察"), "shield-check", MONITORS, shared=True),
    Desk("evidence.show", N_("答复疑点"), "shield-exclamation", listing.READERS, shared=True),
    Desk("back.show", N_("解决后又来"), "arrow-repeat", listing.READERS, shared=True),
    Desk("practice.show", N_("练习室"), "person-workspace", practice_rights.PEOPLE, shared=True),
    Desk("knowledge.show", N_("知识库"), "book", rights.READERS, shared=True),
    Desk("hot.show", N_("多人同诉"), "fire", hotspot_list.WATCHERS, shared=True),
    Desk(
        "search.show",
        N_("查询"),
        "search",
        CENTRE_ROLES | UNIT_ROLES | {R.CITY_LEADER, R.DISCIPLINE, R.MEDIA},
        shared=True,
    ),
    Desk(
        "overview.show",
        N_("统计"),
        "bar-chart-line",
        CENTRE_ROLES | UNIT_ROLES | {R.CITY_LEADER, R.DISCIPLINE},
        shared=True,
    ),
    Desk("province.show", N_("各城市"), "diagram-3", PROVINCE_READERS, shared=True),
    Desk("nuisance.show", N_("骚扰来电"), "telephone-x", NUISANCE_READERS, shared=True),
    Desk("ready.show", N_("现成话"), "chat-quote", ready_rights.USERS, shared=True),
    Desk("phone.show", N_("屏幕上的电话"), "phone", frozenset(Role), shared=True),
    Desk("admin.show", N_("管理"), "gear", frozenset({R.ADMINISTRATOR, R.HEAD})),
    Desk("admin.audit_log", N_("审计"), "journal-check", frozenset({R.AUDITOR})),
)


UNLIMITED = ("admin", "phone")
"""The administration has sections of its own, each a permission; the phone on the screen is the demo's."""


def page_of(desk: Desk) -> str:
    return desk.endpoint.split(".")[0]


PAGES = frozenset(page_of(desk) for desk in DESKS) - set(UNLIMITED)


def page_permission(blueprint: str | None) -> str:
    """What opening a page of this blueprint takes of whoever wears a role in parts; "" where every role opens it."""
    name = (blueprint or "").split(".")[0]
    return f"page:{name}" if name in PAGES else ""


def _has(desk: Desk, actor: Actor) -> bool:
    what = page_permission(desk.endpoint.split(".")[0])
    return bool((actor.doing(what) if what else actor).roles & desk.roles)


def my_nav() -> list[dict[str, Any]]:
    """The entries this person sees, with counts as text ("999+")."""
    me = here.me_or_none
    if me is None or g.get("must_change"):
        return []
    counts = counts_for_me()
    return [_entry(desk, counts.get(_key(desk))) for desk in DESKS if _has(desk, me) and _is_here(desk)]


def _is_here(desk: Desk) -> bool:
    """The demo's phone and a province's page of its cities stand only where there is a demo, or a province."""
    if desk.endpoint == "province.show":
        return has_cells(here.db)
    return desk.endpoint != "phone.show" or here.settings.demo


def home_of(actor: Actor) -> str:
    """The endpoint a person lands on: the first desk where their own work lies, else the first page they may open."""
    mine = [desk for desk in DESKS if _has(desk, actor) and desk.endpoint != "phone.show"]
    return min(mine, key=lambda desk: desk.shared).endpoint if mine else "login.account"


def counts_for_me() -> dict[str, str]:
    """nav.<desk> → number, for live updates."""
    me = here.me_or_none
    if me is None:
        return {}
    waits = {_key(desk): desk.waits for desk in DESKS if desk.waits and _has(desk, me)}
    return {key: counted(n) if n else "" for key, n in zip(waits, count_each(here.db, me, waits.values()), strict=True)}


def _entry(desk: Desk, count: str | None) -> dict[str, Any]:
    return {
        "url": url_for(desk.endpoint),
        "label": _(desk.label),
        "icon": desk.icon,
        "key": _key(desk),
        "active": (request.blueprint or "") == page_of(desk),
        "count": count,
    }


def _key(desk: Desk) -> str:
    return f"nav.{page_of(desk)}"
