"""The administration's front page: is everything in order? Its other pages register themselves with the same blueprint."""

from __future__ import annotations

import platform
import shutil
import tomllib
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import func, select, text

from hotline.figures.auditing import last_found
from hotline.i18n import N_, _
from hotline.messages.senders import not_approved
from hotline.metrics.counting import DEFINITIONS
from hotline.metrics.definitions import CONTACTS
from hotline.metrics.senders import SenderState, states
from hotline.ops import health
from hotline.settings import ROOT
from hotline.web.admin import audit as audit_pages
from hotline.web.admin import city as city_pages
from hotline.web.admin import city_changes as city_change_pages
from hotline.web.admin import composed_roles as composed_role_pages
from hotline.web.admin import imports as import_pages
from hotline.web.admin import model as model_pages
from hotline.web.admin import outbox as outbox_pages
from hotline.web.admin import partners as partner_pages
from hotline.web.admin import staff as staff_pages
from hotline.web.admin.pages import READERS, page, pages
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.overview.figures import name_of
from models import CityRelease, FigureDifference, Inbound, Job, LoginSession, Message, Seal, Staff
from models.store.migrate import current, versions
from webhooks.ranked_senders import each_of

__all__ = [
    "audit_pages",
    "city_change_pages",
    "city_pages",
    "composed_role_pages",
    "import_pages",
    "model_pages",
    "outbox_pages",
    "pages",
    "partner_pages",
    "staff_pages",
]
LIBRARIES = ("flask", "sqlalchemy", "jinja2", "werkzeug", "scikit-learn", "gunicorn", "psycopg")


@pages.get("/")
@allow(READERS)
def show() -> str:
    late, failed, oldest = outbox_pages.late_and_failed(here.db, here.now)
    disk = shutil.disk_usage(_folder())
    return page(
        "system",
        late=late,
        failed=failed,
        oldest=oldest,
        disk=disk,
        demo_people=0 if here.settings.demo else health.demo_people(here.db),
        found=health.look(here.installation),
        low_disk=health.is_low(disk.free, disk.total),
        database=database_size(),
        counts=_counts(),
        versions=_versions(),
        releases=_releases(),
        engine=here.installation.engine.dialect.name,
        missing_years=_missing_years(),
        senders=_senders(),
        unapproved=_unapproved(),
        differences=[_difference(one) for one in last_found(here.db)],
    )


PARTS = {"hit": N_("算入分子的"), "partly": N_("部分算入的"), "miss": N_("其余的")}


def _difference(one: FigureDifference) -> dict[str, Any]:
    """One line of the nightly audit in words."""
    measure = DEFINITIONS.get(one.measure, CONTACTS)
    return {
        "days": f"{one.day}" if one.last in (None, one.day) else f"{one.day} – {one.last}",
        "measure": _(measure.name),
        "scope": name_of(one.cut, one.value or None, here.city) if one.cut else _("全部"),
        "part": _(PARTS.get(one.part, N_("剔除的"))),
        "folded": one.folded,
        "counted": one.counted,
    }


def _senders() -> list[SenderState]:
    return states(here.db, [one.name for one in each_of(here.installation.sender)], here.now)


def _unapproved() -> list[str]:
    """The texts to citizens that the gateway would refuse."""
    return not_approved(here.settings, here.city) if here.settings.gateway_url else []


def database_size() -> int | None:
    """Bytes on disk; None where the engine does not say."""
    if here.installation.engine.dialect.name == "sqlite":
        return int(
            here.db.scalar(text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")) or 0
        )
    if here.installation.engine.dialect.name == "postgresql":
        return int(here.db.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    return None


def _folder() -> str:
    """The folder of the attachments, or the nearest one above it that is there."""
    folder = here.settings.var
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return str(folder)


def _counts() -> dict[str, Any]:
    now = here.now
    row = here.db.execute(
        select(
            select(func.count()).select_from(Staff).where(Staff.active.is_(True)).scalar_subquery(),
            select(func.count()).select_from(LoginSession).where(LoginSession.ended_at.is_(None)).scalar_subquery(),
            select(func.count())
            .select_from(Message)
            .where(Message.state.in_(("failed", "undelivered")))
            .scalar_subquery(),
            select(func.count()).select_from(Message).where(Message.state == "sending").scalar_subquery(),
            select(func.count()).select_from(Inbound).where(Inbound.state == "refused").scalar_subquery(),
            select(func.max(Seal.sealed_at)).scalar_subquery(),
            select(func.count()).select_from(Job).where(*outbox_pages.of_tab("waiting", now)).scalar_subquery(),
        )
    ).one()
    return dict(
        zip(("staff", "sessions", "failed_texts", "stuck_texts", "refused", "sealed_at", "waiting"), row, strict=True)
    )


def _versions() -> list[tuple[str, str]]:
    connection = here.db.connection()
    server = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    own = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    found = [
        (_("热线"), str(own)),
        ("Python", platform.python_version()),
        (connection.dialect.name, server),
        (_("数据库结构"), f"{current(connection)} / {versions()[-1]}"),
    ]
    return found + [(name, version_of(name)) for name in LIBRARIES]


def version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "—"


def _releases() -> list[CityRelease]:
    return list(here.db.scalars(select(CityRelease).order_by(CityRelease.loaded_at.desc()).limit(5)))


def _missing_years() -> list[int]:
    """This year and the next, where the city's calendar has no notice for them."""
    this = here.now.year
    return [year for year in (this, this + 1) if year not in here.city.calendar.known_years]
