"""The administration's one blueprint, its menu, and who may open it: administrators act, the head of the hotline reads."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, render_template, request, url_for

from hotline.errors import NotAllowed
from hotline.i18n import N_, _
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Role
from hotline.web.core.permission import allowed_by
from hotline.web.core.request_context import here
from models import StaffChange

pages = Blueprint("admin", __name__, url_prefix="/admin")
READERS = frozenset({Role.ADMINISTRATOR, Role.HEAD})
BOOK_READERS = frozenset({Role.AUDITOR, Role.HEAD})
"""The book is read by who is not written about in it most: the administrator makes accounts and does not judge the traces."""

FIRST = "show"
PEOPLE_READERS = READERS | BOOK_READERS
MENU: tuple[tuple[str, str], ...] = (
    ("show", N_("系统状况")),
    ("staff", N_("人员")),
    ("roles", N_("角色与权限")),
    ("sessions", N_("登录会话")),
    ("city_waiting", N_("城市资料")),
    ("units", N_("单位与类别")),
    ("calendar", N_("工作日历")),
    ("limits", N_("时限与参数")),
    ("texts", N_("短信模板")),
    ("model", N_("分类模型")),
    ("jobs", N_("待办任务")),
    ("imports", N_("导入")),
    ("messages", N_("短信与来件")),
    ("partners", N_("平台往来")),
    ("cells", N_("下属城市")),
    ("tokens", N_("接口令牌")),
    ("audit_log", N_("审计日志")),
)
SECTIONS = {
    "staff": "person new_person edit hire reset reset_second unlink decide_change end_sessions",
    "roles": "composed compose save_composed remove_composed decide_composed",
    "sessions": "end_session",
    "city_waiting": "city_change ask_city_change decide_city_change withdraw_change",
    "model": "training use_model learn",
    "jobs": "retry retry_all former_address",
    "imports": "import_run upload import_progress import_map import_start import_again import_drop import_rejects",
    "messages": "inbound inbound_one settle resend",
    "partners": "partner retry_delivery give_up_delivery",
    "cells": "cell register_cell cell_deed",
    "tokens": "issue rotate revoke",
    "audit_log": "verify",
}
"""What belongs to an entry of the menu beside its own page; a test finds every address of the administration in one of them."""

CHILDREN = {child: section for section, children in SECTIONS.items() for child in children.split()}


def page(template: str, **values: Any) -> str:
    """A page of the administration with its menu. may_act: this reader may change things."""
    endpoint = (request.endpoint or "").removeprefix("admin.")
    active = CHILDREN.get(endpoint, endpoint)
    menu = [(_(label), url_for(f"admin.{name}"), name == active, None) for name, label in MENU if is_mine(name)]
    return render_template(
        f"admin/{template}.html",
        menu=menu,
        may_act=here.me.is_(Role.ADMINISTRATOR),
        may_read_book=here.me.is_(*BOOK_READERS),
        **values,
    )


def is_mine(name: str) -> bool:
    """Whether I may open this page of the administration, by its section."""
    return not _as_limited(CHILDREN.get(name, name)).isdisjoint(allowed_by(current_app, f"admin.{name}") or ())


def _as_limited(section: str) -> frozenset[Role]:
    """My roles that go with this section of the administration; the first page is every administrator's."""
    return here.me.roles if section == FIRST else here.me.doing(f"admin:{section}").roles


@pages.before_request
def _may_open_the_section() -> None:
    endpoint = (request.endpoint or "").removeprefix("admin.")
    allowed = allowed_by(current_app, request.endpoint or "") or frozenset()
    if not _as_limited(CHILDREN.get(endpoint, endpoint)) & allowed:
        raise NotAllowed(_("您的角色不能打开这个页面。需要时请联系管理员。"))


def record(action: str, subject: str, **detail: Any) -> None:
    """Write what the administrator did into the audit, in the transaction that does it."""
    audit.record(here.db, action, here.me, here.now, subject=subject[:120], address=here.address, **detail)


def say_what_it_replaces(wish: StaffChange) -> None:
    """A wish that takes the place of an earlier one of the same person says so."""
    if wish.data.get("instead_of"):
        flash(_("您之前对同一项的申请还没有人决定，已由这一项代替。"), "info")
