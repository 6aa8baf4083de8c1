"""A local double of any partner's platform: it checks what a real one checks, keeps a ledger, and fails in every way one fails.

    python -m tests.support.doubles.partner_double 9100 a-shared-key-of-16+

listens on that port and prints each telling that it accepts.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from webhooks.partners.push import DELIVERY
from webhooks.signature import BadSignature, verify_partner


@dataclass(frozen=True)
class Entry:
    """One telling as it stands in the ledger. name: the telling's own; number: what the platform gave it."""

    name: str
    content: dict[str, Any]
    number: str
    path: str


@dataclass
class PartnerDouble:
    """A WSGI application. answers: what it says when it takes one ("{number}" becomes its own number).

    trouble: what the next posts meet, one each: a status, "garbage", "slow", "drip", "cut" or "lost" (taken, and the answer lost).
    down_until: by the test's clock it answers 503 to everybody before this moment. posts: how often anybody knocked.
    """

    key: str = field(repr=False)
    answers: dict[str, Any] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    trouble: list[Any] = field(default_factory=list)
    down_until: datetime | None = None
    ledger: list[Entry] = field(default_factory=list)
    posts: int = 0
    forged: int = 0
    nonces: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        with self.lock:
            self.posts += 1
            return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if self.down_until is not None and self.clock() < self.down_until:
            return Response("down", 503)
        trouble = self.trouble.pop(0) if self.trouble else None
        if isinstance(trouble, int):
            return Response("no", trouble, {"Retry-After": "45"} if trouble == 429 else {})
        if trouble == "garbage":
            return Response("<html>请先登录</html>", 200)
        if trouble == "slow":
            time.sleep(1.5)
        path = request.path + (f"?{request.query_string.decode()}" if request.query_string else "")
        try:
            nonce = verify_partner((self.key,), dict(request.headers), path, request.get_data(), self.clock())
            if nonce in self.nonces:
                raise BadSignature("a replay")
        except BadSignature:
            self.forged += 1
            return Response("{}", 403)
        self.nonces.add(nonce)
        entry = self._take(request.headers[DELIVERY], json.loads(request.get_data()), path)
        if trouble == "lost":
            return Response("gone", 502)
        said = json.dumps(self.answers, ensure_ascii=False).replace("{number}", entry.number)
        return Response(said, 200, content_type="application/json")

    def _take(self, name: str, content: dict[str, Any], path: str) -> Entry:
        """A telling that it has already is not taken twice."""
        known = next((one for one in self.ledger if one.name == name), None)
        if known is None:
            known = Entry(name, content, f"DB{len(self.ledger) + 1:04}", path)
            self.ledger.append(known)
        return known

    def told(self, field_name: str) -> list[Any]:
        """One field of every entry, in the order of the ledger."""
        return [entry.content.get(field_name) for entry in self.ledger]


def main() -> None:
    double = PartnerDouble(sys.argv[2], {"code": "0", "success": True, "errcode": 0, "result": "ok"})
    server = make_server("127.0.0.1", int(sys.argv[1]), double, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told = 0
    while True:
        threading.Event().wait(1)
        for entry in double.ledger[told:]:
            print(entry.name, json.dumps(entry.content, ensure_ascii=False), flush=True)
            told += 1


if __name__ == "__main__":
    main()
