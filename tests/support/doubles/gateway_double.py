"""A local double of a Chinese SMS gateway: it checks what a real one checks, keeps what it took, and tells us what became of it.

    python -m tests.support.doubles.gateway_double 9099 http://127.0.0.1:8000 a-shared-key-of-16+ anyang

listens on that port, prints each text it is given, delivers it after a second, and hands on what is typed as
"13800001234 路灯不亮" as that citizen's text.
"""

from __future__ import annotations

import json
import secrets
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from webhooks.gateway.routes import GATEWAY_PATH
from webhooks.signature import BadSignature, partner_headers, verify_partner


@dataclass
class Kept:
    """A text that the gateway took."""

    id: str
    phone: str
    template: str
    params: dict[str, str]
    out_id: str
    signature: str
    at: datetime
    state: str = "sent"


@dataclass
class GatewayDouble:
    """A WSGI application. `approved` are the templates that passed; None takes all. `trouble`: codes of the next answers.

    `mute`: takes the text and breaks the line before it answers, as a timeout does.
    """

    account: str
    key: str = field(repr=False)
    approved: set[str] | None = None
    signature: str = ""
    black: set[str] = field(default_factory=set)
    trouble: list[str] = field(default_factory=list)
    mute: bool = False
    kept: list[Kept] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        try:
            told = self._answer(request)
        except BadSignature:
            told = {"code": "BAD_SIGNATURE"}
        status = 500 if told.get("code") == "MUTE" else 200 if told["code"] == "OK" else 400
        return Response(json.dumps(told, ensure_ascii=False), status, content_type="application/json")(
            environ, start_response
        )

    def _answer(self, request: Request) -> dict[str, Any]:
        path = request.path + (f"?{request.query_string.decode()}" if request.query_string else "")
        nonce = verify_partner((self.key,), dict(request.headers), path, request.get_data(), datetime.now(UTC))
        if nonce in self.nonces:
            raise BadSignature("a replay")
        self.nonces.add(nonce)
        if request.method == "GET":
            return self._list(
                request.args["account"], request.args["phone"], datetime.fromisoformat(request.args["since"])
            )
        if self.trouble:
            return {"code": self.trouble.pop(0)}
        return self._take(json.loads(request.get_data()))

    def _take(self, told: dict[str, Any]) -> dict[str, Any]:
        if told["account"] != self.account:
            return {"code": "NO_ACCOUNT"}
        if told.get("signature", "") != self.signature:
            return {"code": "BAD_SIGN_NAME"}
        if told["phone"] in self.black:
            return {"code": "BLACKLISTED"}
        if not (told["phone"].isdigit() and len(told["phone"]) == 11 and told["phone"].startswith("1")):
            return {"code": "BAD_NUMBER"}
        if self.approved is not None and told["template"] not in self.approved:
            return {"code": "NO_TEMPLATE"}
        one = Kept(
            f"G{secrets.token_hex(8)}",
            told["phone"],
            told["template"],
            told["params"],
            told["out_id"],
            told.get("signature", ""),
            datetime.now(UTC),
        )
        self.kept.append(one)
        return {"code": "MUTE"} if self.mute else {"code": "OK", "id": one.id}

    def _list(self, account: str, phone: str, since: datetime) -> dict[str, Any]:
        found = [one for one in self.kept if account == self.account and one.phone == phone and one.at >= since]
        return {
            "code": "OK",
            "messages": [
                {"id": one.id, "out_id": one.out_id, "at": one.at.isoformat(), "state": one.state} for one in found
            ],
        }

    # --- what it tells us -------------------------------------------------------------------------------------------------

    def deliver(self, ours: str, one: Kept, state: str = "delivered", code: str = "") -> requests.Response:
        one.state = state
        return self.push(ours, "receipts", [{"id": one.id, "out_id": one.out_id, "state": state, "code": code}])

    def hand_in(self, ours: str, phone: str, text: str) -> requests.Response:
        return self.push(
            ours, "inbound", {"id": f"U{secrets.token_hex(8)}", "phone": phone, "to": "1069012345", "text": text}
        )

    def push(self, ours: str, door: str, told: Any) -> requests.Response:
        path, body = f"{GATEWAY_PATH}/{door}", json.dumps(told).encode()
        headers = partner_headers(self.key, secrets.token_urlsafe(16), path, body, datetime.now(UTC))
        return requests.post(
            ours + path, data=body, headers={**headers, "Content-Type": "application/json"}, timeout=10
        )


def main() -> None:
    port, ours, key, account = int(sys.argv[1]), sys.argv[2].rstrip("/"), sys.argv[3], sys.argv[4]
    double = GatewayDouble(account, key)
    server = make_server("127.0.0.1", port, double, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=_tell, args=(double, ours), daemon=True).start()
    for line in sys.stdin:
        phone, _blank, text = line.strip().partition(" ")
        print("上行 →", double.hand_in(ours, phone, text).status_code, flush=True)
    threading.Event().wait()


def _tell(double: GatewayDouble, ours: str) -> None:
    told = 0
    while True:
        threading.Event().wait(1)
        for one in double.kept[told:]:
            print(f"下行 {one.phone} {one.template} {json.dumps(one.params, ensure_ascii=False)}", flush=True)
            print("回执 →", double.deliver(ours, one).status_code, flush=True)
            told += 1


if __name__ == "__main__":
    main()
