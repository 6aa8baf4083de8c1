"""Placeholder of the admin pages, replaced by their author."""

from __future__ import annotations

from flask import Blueprint

from hotline.web.permission import EVERYBODY, allow

pages = Blueprint("admin", __name__, url_prefix="/admin")


@pages.get("/")
@allow(EVERYBODY)
def show() -> str:
    return "admin"
