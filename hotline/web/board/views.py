"""The board as everybody reads it: newest first, searched by words, kind and district; one matter; and a feed to subscribe to."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from hotline.errors import NotFound
from hotline.i18n import _
from hotline.public_board import board
from hotline.public_board.board import Sought
from hotline.public_board.feed import rss
from hotline.web.citizen.access import public_page
from hotline.web.core.limits.rate_limits import address, browser, limited
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page

pages = Blueprint("board", __name__)
OFTEN = (("120 per minute", browser, None), ("1200 per minute", address, None))
IN_FEED = 50


@pages.get("/c/board", strict_slashes=False)
@allow(PUBLIC)
@limited(*OFTEN)
def show() -> str:
    sought = _sought()
    page = board.page(here.db, sought, here.now, 20, **asked_page())
    return public_page(
        "board/list.html",
        sought=sought,
        rows=[board.face(*row) for row in page.rows],
        page=page,
        kinds=board.kinds(here.db, here.city),
        areas=[(code, here.city.area_name(code)) for code in here.city.areas],
    )


@pages.get("/c/board/<int:publication_id>")
@allow(PUBLIC)
@limited(*OFTEN)
def one(publication_id: int) -> ResponseReturnValue:
    found = board.shown(here.db, publication_id)
    if found is None:
        raise NotFound(_("这件没有公开，或已经撤下。"))
    return public_page("board/one.html", found=found)


@pages.get("/c/board.rss")
@allow(PUBLIC)
@limited(*OFTEN)
def feed() -> Response:
    """RSS 2.0 of the newest, of what the same address without `.rss` lists. A reader that has it already is told so in one line."""
    sought = _sought()
    rows = [board.face(*row) for row in board.page(here.db, sought, here.now, IN_FEED).rows]
    newest = max((one.published_at for one in rows), default=here.now)
    body = rss(here.city, here.settings.public_url, request.full_path.rstrip("?"), rows, newest)
    answer = Response(body, mimetype="application/rss+xml", headers={"Cache-Control": "no-cache"})
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _sought() -> Sought:
    """What the address asks for; a kind or district that the city does not have asks for nothing."""
    args = request.args
    kind, area = args.get("kind", ""), args.get("area", "")
    return Sought(
        words=args.get("q", "")[: board.LONGEST_SEARCH].strip(),
        category=kind if kind in here.city.categories else "",
        area=area if area in here.city.areas else "",
    )
