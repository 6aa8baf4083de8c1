"""Placeholder of the overview pages, replaced by their author."""

from __future__ import annotations

from flask import Blueprint

from hotline.web.permission import EVERYBODY, allow

pages = Blueprint("overview", __name__, url_prefix="/overview")


@pages.get("/")
@allow(EVERYBODY)
def show() -> str:
    return "overview"
