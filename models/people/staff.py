"""The people who work on the hotline, their sessions, drafts, saved views and machine tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import HiddenJson, HiddenPhones


class Staff(Base):
    """roles: list of role codes (agent, lead_agent, dispatcher, reviewer, follow_up, supervisor, quality, knowledge,
    handler, unit_leader, head, city_leader, discipline, media, administrator). One person may wear several hats.
    notices_read_to: this person has read every notice up to this one (a newcomer begins with the next to come); those read
    beyond it are in `NoticeReading`. demo: made by the demo; such a person signs in only while the demo is on.
    desk_at: when an open page of this person on duty last gave a sign. reach_by_phone: on duty also without an open page,
    calls then ring the person's own telephone. signs_for, signs_until: the unit for whose leader this person signs off
    replies, how long, and by whose word. away_until: the person is away, and colleagues look after what was theirs.
    second_at: since when a second factor is asked for at each sign-in (`SecondFactor`).
    appearance: light, dark, or system. composed: codes of the composed roles among what this person wears (`ComposedRole`);
    what they bring stands in roles too, and in limits: of a role that is worn in parts only, the permissions that are had.
    learns_from, learns_until: works with a second pair of eyes since then, and until when that is planned; released_at, with whom
    and why: since when the person works alone.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(48), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    roles: Mapped[list[Any]] = mapped_column(default=list)
    composed: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    phone: Mapped[str | None] = mapped_column(HiddenPhones)
    extension: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2), default="zh")
    appearance: Mapped[str] = mapped_column(String(8), default="system", server_default="system")
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    on_duty: Mapped[bool] = mapped_column(default=False)
    desk_at: Mapped[datetime | None]
    reach_by_phone: Mapped[bool] = mapped_column(default=False, server_default=false())
    signs_for: Mapped[str | None] = mapped_column(String(32))
    signs_until: Mapped[datetime | None]
    signs_by_id: Mapped[int | None]
    away_until: Mapped[datetime | None]
    demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    notices_read_to: Mapped[int] = mapped_column(default=text("(SELECT coalesce(max(id), 0) FROM message)"))
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]
    second_at: Mapped[datetime | None]
    learns_from: Mapped[datetime | None]
    learns_until: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_by_name: Mapped[str | None] = mapped_column(String(64))
    released_why: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (Index("ix_staff_unit_code", "unit_code"),)


class StaffChange(Base):
    """What one person asks and a second one decides: power given to somebody, a password for the powerful, an informant's seal.

    kind: roles (data: roles), password, second (the second factor), unlink (the tie to the identity provider), composed
    (data: a composed role), or export (data: digest, words, reason, rows).
    state: asked, done, refused, withdrawn (by who asked), replaced (asked anew), used (an export that was taken).
    """

    __tablename__ = "staff_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(12), default="asked")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_by_name: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_staff_change_state", "state", "asked_at"),)


class SecondFactor(Base):
    """What makes a person's six digits. sealed_secret: encrypted with a key outside the database. last_step: the half minute
    whose digits were taken last, so that none is taken twice. confirmed_at: None until the first digits were right.
    """

    __tablename__ = "second_factor"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    sealed_secret: Mapped[str] = mapped_column(String(300))
    last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One way in without the telephone, shown once and used once; only its SHA-256 is stored."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]

    __table_args__ = (Index("uq_recovery_code_digest", "staff_id", "digest", unique=True),)


class LoginSession(Base):
    """A server-side session. id is the SHA-256 of the cookie's secret, so a leaked table opens no door.

    ended_at is set by logout, by an administrator, or when idle too long. second_at: when the second factor was shown.
    way: how it was begun, by password or oidc (single sign-on). provider_session: the digest of the provider's own session behind
    it, when it named one. challenge, challenge_at: what was asked of a security key.
    """

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    second_at: Mapped[datetime | None]
    address: Mapped[str | None] = mapped_column(String(64))
    browser: Mapped[str | None] = mapped_column(String(200))
    way: Mapped[str] = mapped_column(String(8), default="password", server_default="password")
    provider_session: Mapped[str | None] = mapped_column(String(64))
    challenge: Mapped[str | None] = mapped_column(String(100))
    challenge_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_login_session_staff_id", "staff_id", "created_at"),
        Index("ix_login_session_seen_at", "seen_at"),
        Index("ix_login_session_provider_session", "provider_session"),
    )


class DutyTime(Base):
    """One stretch in which a person took calls: from going on duty to going off; ended_at is None while it lasts.

    The switch alone does not prove presence: whoever leaves the desk is found out by the end of the session.
    """

    __tablename__ = "duty_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_duty_time_staff_id", "staff_id", "started_at"),
        Index("ix_duty_time_started_at", "started_at"),
    )


class Draft(Base):
    """What a person has typed and not sent yet: one row per person and form, with a version number."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=1)
    data: Mapped[dict[str, Any]] = mapped_column(HiddenJson, default=dict)
    saved_at: Mapped[datetime]

    __table_args__ = (Index("uq_draft_key", "staff_id", "key", unique=True),)


class SavedView(Base):
    """A named search of one person, or of everybody when staff_id is None."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(64))
    query: Mapped[dict[str, Any]] = mapped_column(HiddenJson, default=dict)
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_saved_view_staff_id", "staff_id"),)


class ApiToken(Base):
    """A machine's key to the JSON API; only its SHA-256 is stored. scopes: list of permission names.

    units, towns: whose matters it sees besides what its own source handed in. addresses: networks it may come from (none:
    from anywhere). replaces_id: the token in whose place it was issued, which goes on for a while.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    source: Mapped[str] = mapped_column(String(32))
    units: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    towns: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    addresses: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    replaces_id: Mapped[int | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
