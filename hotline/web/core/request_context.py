"""What a request stands on: the installation, its one transaction, the person, the moment."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import current_app, g, request
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.tickets.roles import Actor


class _Here:
    """`here.db`, `here.me`, `here.city` … inside a request."""

    @property
    def installation(self) -> Installation:
        return cast(Installation, current_app.extensions["installation"])

    @property
    def city(self) -> City:
        return self.installation.city

    @property
    def settings(self) -> Settings:
        return self.installation.settings

    @property
    def now(self) -> datetime:
        if "now" not in g:
            g.now = self.installation.clock.now()
        return cast(datetime, g.now)

    @property
    def db(self) -> Session:
        """The request's transaction: reading for GET and HEAD, writing otherwise (see `transaction`)."""
        if "db" not in g:
            reading = request.method in ("GET", "HEAD", "OPTIONS")
            g.db = (self.installation.readings if reading else self.installation.sessions)()
        return cast(Session, g.db)

    @property
    def me(self) -> Actor:
        """The signed-in member of staff. Pages for citizens must not ask."""
        actor = cast(Actor | None, g.get("me"))
        assert actor is not None, "this page needs a signed-in person"
        return actor

    @property
    def me_or_none(self) -> Actor | None:
        return cast(Actor | None, g.get("me"))

    @property
    def htmx(self) -> bool:
        """The request comes from htmx and wants a piece of a page."""
        return "HX-Request" in request.headers

    @property
    def address(self) -> str:
        return request.remote_addr or "-"


here = _Here()
