"""The pages of the practice room under one blueprint."""

from __future__ import annotations

from hotline.web.practice import figures, mentoring, room, sitting
from hotline.web.practice.pages import pages

__all__ = ["figures", "mentoring", "pages", "room", "sitting"]
