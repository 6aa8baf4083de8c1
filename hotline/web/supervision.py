"""Placeholder of the supervision pages, replaced by their author."""

from __future__ import annotations

from flask import Blueprint

from hotline.web.permission import EVERYBODY, allow

pages = Blueprint("supervision", __name__, url_prefix="/supervision")


@pages.get("/")
@allow(EVERYBODY)
def show() -> str:
    return "supervision"
