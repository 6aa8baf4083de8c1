"""How people prove who they are beside a password: as whom the city's identity provider knows them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
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
