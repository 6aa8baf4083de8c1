"""Placeholder of the search pages, replaced by their author."""

from __future__ import annotations

from flask import Blueprint

from hotline.web.permission import EVERYBODY, allow

pages = Blueprint("search", __name__, url_prefix="/search")


@pages.get("/")
@allow(EVERYBODY)
def show() -> str:
    return "search"
