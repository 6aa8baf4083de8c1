"""How people prove who they are beside a password: as whom the city's identity provider knows them, and the keys they touch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class SignInIdentity(Base):
    """Whom the city's identity provider means by a subject: one person, linked at the first single sign-on.

    issuer, subject: as the provider's tokens say (`iss`, `sub`); a login that is given to somebody else there is another subject.
    """

    __tablename__ = "sign_in_identity"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]

    __table_args__ = (Index("uq_sign_in_identity_subject", "issuer", "subject", unique=True),)


class SecurityKey(Base):
    """A key that a person touches at sign-in (WebAuthn). credential: its own number, base64url; digest: SHA-256 of that number.

    public_key: COSE, base64url. sign_count: how often it has signed, as it last said; a copy of it would say less. name: the
    owner's word for it.
    """

    __tablename__ = "security_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    credential: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_security_key_digest", "digest", unique=True),
        Index("ix_security_key_staff_id", "staff_id"),
    )
