"""Texts through Twilio, honest about what it does not know.

Twilio has no idempotency key for sends: after a timeout the message may exist. So our reference travels in
the status callback's address, where it comes back signed, and `find` lists what Twilio has for the number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from webhooks.numbers import international
from webhooks.send_errors import NUMBER_UNKNOWN, NUMBER_WRONG, UNKNOWN, UNSUBSCRIBED, no_answer, refused
from webhooks.sender import TO_ANSWER, TO_BE_REACHED, SendFailed, Sent

# https://www.twilio.com/docs/api/errors: about this citizen's number or this text, so the same again is useless.
PERMANENT = {
    21211: NUMBER_UNKNOWN,
    21214: "号码无法接通",
    21217: NUMBER_WRONG,
    21265: "号码不能接收短信",
    21408: "未开通向该地区发送短信",
    21602: "短信内容为空",
    21604: "缺少接收号码",
    21610: UNSUBSCRIBED,
    21612: "无法向该号码发送短信",
    21614: "不是手机号码",
    21617: "短信内容过长",
}
FIND_LIMIT = 100
EACH = (TO_BE_REACHED + TO_ANSWER) / 2
"""Twilio's client takes one measure for both."""
# A ValueError is an answer of 2xx that is no JSON: something in between answered for Twilio.
TROUBLE = (TwilioException, requests.RequestException, ValueError)


class TwilioSender:
    """`status_callback` is the public address of /webhooks/twilio/sms/status, "" to hear nothing back.

    `price` is what each piece of a text costs, in yuan.
    """

    name = "twilio"

    def __init__(
        self,
        account_sid: str,
        token: str,
        from_number: str,
        status_callback: str = "",
        http_client: TwilioHttpClient | None = None,
        price: float = 0.0,
    ):
        self.from_number = from_number
        self.price = price
        self.status_callback = status_callback
        self._client = Client(account_sid, token, http_client=http_client or TwilioHttpClient(timeout=EACH))

    def send(self, to: str, template_key: str, params: Mapping[str, str], text: str, out_id: str) -> str:
        options = {"status_callback": self._callback(out_id)} if self.status_callback else {}
        try:
            made = self._client.messages.create(to=international(to), from_=self.from_number, body=text, **options)
        except TROUBLE as error:
            raise send_failed(error) from error
        if not made.sid:
            raise SendFailed(UNKNOWN, permanent=False, ambiguous=True, code="answer")
        return str(made.sid)

    def find(self, to: str, since: datetime) -> list[Sent]:
        """Filtered by date here: Twilio's own filter is over DateSent, which a message still queued has not."""
        try:
            listed = self._client.messages.list(to=international(to), from_=self.from_number, limit=FIND_LIMIT)
        except TROUBLE as error:
            raise send_failed(error) from error
        floor = since.replace(microsecond=0)  # Twilio's moments are whole seconds
        found = [
            Sent(str(one.sid), one.date_created.astimezone(UTC), text=one.body or "", state=str(one.status or ""))
            for one in listed
            if one.date_created and one.date_created >= floor
        ]
        return sorted(found, key=lambda sent: sent.at, reverse=True)

    def _callback(self, out_id: str) -> str:
        return f"{self.status_callback}?{urlencode({'out_id': out_id})}"


def send_failed(error: Exception) -> SendFailed:
    """What one of TROUBLE means for a message."""
    if isinstance(error, TwilioRestException | TwilioServiceException):
        code = int(error.code or 0)
        if code in PERMANENT:
            return SendFailed(PERMANENT[code], permanent=True, code=str(code))
        return refused(int(error.status), str(code or error.status))
    status = _page_status(error)
    return refused(status, str(status)) if status else no_answer(error)


def _page_status(error: Exception) -> int:
    """Twilio's client tells a list's refusal another way: a plain TwilioException that carries the response."""
    response = error.args[1] if isinstance(error, TwilioException) and len(error.args) > 1 else None
    return int(getattr(response, "status_code", 0))
