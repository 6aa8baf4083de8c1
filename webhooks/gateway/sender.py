"""A Chinese SMS gateway of the usual kind: it takes a template key and its values, never free text.

Generic on purpose: Aliyun, Tencent and the operators differ in names, not in shape, and a city's gateway
is one small adapter away. What we speak here:

- send: POST <base>/messages {"account", "phone", "template", "params", "out_id"} → {"code": "OK", "id": "…"},
  with "signature" where the account has one
- find: GET <base>/messages?phone=…&since=<UTC, ISO 8601> → {"code": "OK", "messages": […]},
  each {"id", "out_id", "at", "state"}
- receipt: POSTed to us {"id", "out_id", "state": "delivered" | "undelivered", "code"}, or a list of them
- inbound: POSTed to us {"id", "phone", "to", "text"}

Each direction is signed like a partner's post (`signature.partner_headers`), over the path it is sent to.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from webhooks.events import SMS_RANK, SmsReceived, SmsStatus
from webhooks.numbers import caller_phone
from webhooks.send_errors import BLACKLISTED, NUMBER_UNKNOWN, NUMBER_WRONG, UNKNOWN, UNSUBSCRIBED, no_answer, refused
from webhooks.sender import TO_ANSWER, TO_BE_REACHED, SendFailed, Sent
from webhooks.signature import check_key, partner_headers, verify_partner

PERMANENT = {
    "BAD_NUMBER": NUMBER_WRONG,
    "NO_SUCH_NUMBER": NUMBER_UNKNOWN,
    "UNSUBSCRIBED": UNSUBSCRIBED,
    "BLACKLISTED": BLACKLISTED,
    "NO_TEMPLATE": "短信模板不存在",
    "BAD_PARAMS": "短信模板参数不正确",
}
verify = verify_partner


class TemplateGateway:
    """`templates` maps our template keys to the gateway's own; a key that is missing there is sent as it is.

    only_approved: a text without a template is refused here already, as the gateway would. signature: the approved
    name in 【】 that every text begins with; the gateway puts it there. price: yuan for each piece of a text.
    """

    def __init__(
        self,
        base_url: str,
        account: str,
        key: str,
        now: Callable[[], datetime],
        templates: Mapping[str, str] | None = None,
        name: str = "gateway",
        timeout: float | tuple[float, float] = (TO_BE_REACHED, TO_ANSWER),
        signature: str = "",
        price: float = 0.0,
        only_approved: bool = False,
    ):
        self.name = name
        self.base_url = base_url.rstrip("/")
        self.account = account
        self.templates = templates or {}
        self.timeout = timeout
        self.signature = signature
        self.price = price
        self.only_approved = only_approved
        self._key = check_key(key)
        self._now = now
        self._session = requests.Session()

    def send(self, to: str, template_key: str, params: Mapping[str, str], text: str, out_id: str) -> str:
        if self.only_approved and template_key not in self.templates:
            raise SendFailed(PERMANENT["NO_TEMPLATE"], permanent=True, code="NO_TEMPLATE")
        template = self.templates.get(template_key, template_key)
        asked = {"account": self.account, "phone": to, "template": template, "params": dict(params), "out_id": out_id}
        if self.signature:
            asked["signature"] = self.signature
        answer = self._call("POST", "/messages", json.dumps(asked, ensure_ascii=False).encode())
        if not answer.get("id"):
            raise SendFailed(UNKNOWN, permanent=False, ambiguous=True, code="answer")
        return str(answer["id"])

    def find(self, to: str, since: datetime) -> list[Sent]:
        query = urlencode({"account": self.account, "phone": to, "since": since.astimezone(UTC).isoformat()})
        answer = self._call("GET", f"/messages?{query}", b"")
        try:
            found = [_sent(one) for one in answer["messages"]]
        except (KeyError, TypeError, ValueError) as error:  # rather unknown than "there is none": that sends twice
            raise SendFailed(UNKNOWN, permanent=False, ambiguous=True, code="answer") from error
        return sorted(found, key=lambda sent: sent.at, reverse=True)

    def _call(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        url = self.base_url + path
        parts = urlsplit(url)
        signed = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = partner_headers(self._key, secrets.token_urlsafe(16), signed, body, self._now())
        headers["Content-Type"] = "application/json"
        try:
            response = self._session.request(method, url, data=body or None, headers=headers, timeout=self.timeout)
        except requests.RequestException as error:
            raise no_answer(error) from error
        return _read(response)


def parse_receipt(body: bytes, at: datetime, provider: str = "gateway") -> list[SmsStatus]:
    """The delivery news of one or many messages; raises ValueError for anything but the documented shape.

    In a list one that nobody can read costs no other: a gateway that is refused sends the whole list again, for ever.
    """
    told, raw = _json(body), body.decode()
    if not isinstance(told, list):
        return [_status(told, at, provider, raw)]
    found, broken = [], None
    for one in told:
        try:
            found.append(_status(one, at, provider, raw))
        except ValueError as error:
            broken = error
    if broken is not None and not found:
        raise broken
    return found


def parse_inbound(body: bytes, at: datetime, provider: str = "gateway") -> SmsReceived:
    """A citizen's text; raises ValueError for anything but the documented shape."""
    told = _json(body)
    number = _text(told, "id")
    return SmsReceived(
        provider=provider, event_id=number, at=at, raw=body.decode(), message_id=number,
        from_phone=caller_phone(_text(told, "phone", needed=False)), to_phone=str(told.get("to", ""))[:32],
        text=_text(told, "text").strip()[:10_000], from_told=_text(told, "phone", needed=False).strip()[:64],
    )  # fmt: skip


def _json(body: bytes) -> Any:
    """Raises ValueError for what is no JSON, or is nested without end."""
    try:
        return json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _status(told: object, at: datetime, provider: str, raw: str) -> SmsStatus:
    number, state = _text(told, "id"), _text(told, "state")
    if state not in SMS_RANK:
        raise ValueError(f"unknown state {state!r}")
    return SmsStatus(
        provider=provider, event_id=f"{number}:{state}", at=at, raw=raw, message_id=number, state=state,
        out_id=_text(told, "out_id", needed=False), error_code=_text(told, "code", needed=False)[:16],
    )  # fmt: skip


def _text(told: object, name: str, needed: bool = True) -> str:
    value = told.get(name, "") if isinstance(told, dict) else None
    if not isinstance(value, str) or (needed and not value):
        raise ValueError(f"{name} must be a text")
    return value.replace("\x00", "").encode(errors="replace").decode()


def _sent(one: Mapping[str, Any]) -> Sent:
    at = datetime.fromisoformat(str(one["at"]))
    return Sent(str(one["id"]), at, out_id=str(one.get("out_id", "")), state=str(one.get("state", "")))


def _read(response: requests.Response) -> dict[str, Any]:
    """The answer when it says OK; a gateway says no with 200 as readily as with 400, so the code decides first."""
    try:
        answer = response.json()
    except ValueError:
        answer = None
    code = str(answer.get("code", "")) if isinstance(answer, dict) else ""
    if code == "OK" and response.ok and isinstance(answer, dict):
        return answer
    if code in PERMANENT:
        raise SendFailed(PERMANENT[code], permanent=True, code=code)
    if response.ok and not code:  # something in between answered for the gateway
        raise SendFailed(UNKNOWN, permanent=False, ambiguous=True, code="answer")
    raise refused(response.status_code, code or str(response.status_code))
