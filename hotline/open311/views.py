"""The addresses of GeoReport v2, each in JSON and XML, with refusals in the form that the specification gives them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException

from hotline.api.tokens import NoToken, require, token_of
from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.intake.open_ticket import open_ticket
from hotline.open311 import asked, services, shown
from hotline.open311.writing import FORMATS, refused, written
from hotline.tickets.act import act, lock
from hotline.tickets.privacy.attachments import store
from hotline.tickets.roles import SYSTEM, a_citizen
from hotline.web.core.limits.large_bodies import field_at_head, takes_files_from
from hotline.web.core.limits.rate_limits import accepted, address, limited
from hotline.web.core.permission import PUBLIC, SIGNED, allow
from hotline.web.core.request_context import here
from models import Ticket

pages = Blueprint("open311", __name__, url_prefix="/open311")
FORM = "<any(json, xml):form>"
OFTEN = (("600 per minute", address, None),)
HANDED_IN = (("120 per hour; 1000 per day", address, accepted), ("300 per minute", address, None))


@pages.get(f"/discovery.{FORM}")
@allow(PUBLIC)
@limited(*OFTEN)
def discovery(form: str) -> Response:
    """https://wiki.open311.org/Service_Discovery"""
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"{here.settings.public_url}/open311/v2",
        "changeset": here.city.release,
        "type": "production" if not here.settings.demo else "test",
        "formats": list(FORMATS.values()),
    }
    told = {
        "changeset": here.city.release,
        "contact": _("请拨打 %(number)s。", number=here.city.hotline_number),
        "key_service": _("向热线中心的系统管理员申请令牌（“提交工单”权限），作为 api_key。"),
        "endpoints": [endpoint],
    }
    return written(form, "discovery", told)


@pages.get(f"/v2/services.{FORM}")
@allow(PUBLIC)
@limited(*OFTEN)
def service_list(form: str) -> Response:
    _jurisdiction()
    return written(form, "services", services.services(here.city))


@pages.get(f"/v2/services/<code>.{FORM}")
@allow(PUBLIC)
@limited(*OFTEN)
def service_definition(code: str, form: str) -> Response:
    _jurisdiction()
    if code not in services.reportable(here.city):
        raise NotFound(_("没有这个 service_code，请看 services。"))
    return written(form, "service_definition", services.definition(here.city, code))


@pages.post(f"/v2/requests.{FORM}")
@allow(SIGNED)
@limited(*HANDED_IN)
@takes_files_from(lambda: _prove("tickets.create"))
def create(form: str) -> Response:
    """A picture may come along as the file `media`. The same Idempotency-Key is the same request."""
    _need_form()
    _jurisdiction()
    source = _source("tickets.create")
    key = request.headers.get("Idempotency-Key", "")[:64] or None
    told = {name: "、".join(values) for name, values in request.form.lists()}
    contact = asked.new_request(here.city, told, source, key)
    ticket = open_ticket(here.db, here.city, contact, SYSTEM, here.now)
    _take_picture(ticket)
    notice = _("已受理，由热线中心转给负责的单位。请用 service_request_id 查进度。")
    made = {"service_request_id": ticket.number, "service_notice": notice, "account_id": None}
    return written(form, "service_requests", [made], 201)


@pages.get(f"/v2/requests.{FORM}")
@allow(PUBLIC)
@limited(*OFTEN)
def request_list(form: str) -> Response:
    """With an api_key what its source handed in, without one what is public."""
    _jurisdiction()
    return written(form, "service_requests", _found(asked.wanted(request.args, here.now)))


@pages.get(f"/v2/requests/<number>.{FORM}")
@allow(PUBLIC)
@limited(*OFTEN)
def one_request(number: str, form: str) -> Response:
    return written(form, "service_requests", [_one(number)])


@pages.get(f"/v2/tokens/<token>.{FORM}")
@allow(PUBLIC)
@limited(*OFTEN)
def token(token: str, form: str) -> Response:
    """Every request has its number at once, so that the token of one is its number."""
    number = _one(token)["service_request_id"]
    return written(form, "service_requests", [{"service_request_id": number, "token": token}])


@pages.route("/<path:anything>", methods=["GET", "POST"])
@allow(PUBLIC)
def nothing(anything: str) -> Response:
    raise NotFound(_("没有这个地址，请看 /open311/discovery.json。"))


@pages.errorhandler(Refusal)
def _refused(error: Refusal) -> Response:
    return refused(_form(), 403 if isinstance(error, NoToken) else error.status, error.sentence)


@pages.errorhandler(HTTPException)
def _wrong(error: HTTPException) -> Response:
    return refused(_form(), error.code or 500, error.description or "")


def _form() -> str:
    return "xml" if request.path.endswith(".xml") else "json"


def _need_form() -> None:
    """Whoever sends JSON is told how to send it, not that its key is wrong."""
    if request.mimetype not in ("", "application/x-www-form-urlencoded", "multipart/form-data"):
        raise Refusal(_("请按表单提交：application/x-www-form-urlencoded 或 multipart/form-data。"))


def _jurisdiction() -> None:
    """One city answers here; a client that names another one is told."""
    told = request.values.get("jurisdiction_id", "")
    if told and told != here.city.code:
        raise NotFound(_("这里没有“%(name)s”，jurisdiction_id 应当是 %(code)s。", name=told[:40], code=here.city.code))


def _prove(scope: str) -> None:
    """Before a large body is read: the key stands in the address, or before the picture."""
    g.machine = token_of((request.args.get("api_key") or field_at_head("api_key")).strip())
    require(scope)


def _source(scope: str) -> str:
    """The source of the key of this request. Raises NoToken (403 by the specification), NotAllowed without the scope."""
    g.machine = token_of(request.values.get("api_key", "").strip())
    require(scope)
    return str(g.machine.source)


def _found(wanted: asked.Wanted) -> list[dict[str, Any]]:
    if request.args.get("api_key"):
        return shown.own_requests(here.db, here.city, _source("tickets.read"), wanted)
    return shown.public_requests(here.db, here.city, wanted)


def _one(number: str) -> dict[str, Any]:
    _jurisdiction()
    found = _found(asked.wanted({"service_request_id": number}, here.now))
    if not found:
        raise NotFound(_("没有这个 service_request_id，或者没有公开。"))
    return found[0]


def _take_picture(ticket: Ticket) -> None:
    file = request.files.get("media")
    if file is None or not file.filename:
        return
    citizen = a_citizen(ticket)
    most = here.city.policy.attachment_max_mb
    folder = here.settings.attachments
    store(here.db, folder, file.stream, file.filename, citizen, here.now, most_mb=most, ticket=ticket)
    act(here.db, here.city, lock(here.db, ticket.id), "attach", citizen, here.now)
