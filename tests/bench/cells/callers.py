"""Contacts at an even pace on all cities, some of which belong to another."""

from __future__ import annotations

import threading
import time

import requests

from tests.bench.cells.nation import Place

HAND_OVER_EVERY = 20
"""Of so many contacts one belongs to the next city."""


class Callers(threading.Thread):
    """Hands matters in at a steady rate, each until it is acknowledged, and some of them on to the next city."""

    def __init__(self, place: Place, token: str, rate: float, other: str):
        super().__init__(daemon=True)
        self.place, self.token, self.rate, self.other = place, token, rate, other
        self.acknowledged: dict[str, str] = {}
        self.stopped = threading.Event()

    def run(self) -> None:
        line, began, n = requests.Session(), time.monotonic(), 0
        line.headers["Authorization"] = f"Bearer {self.token}"
        while not self.stopped.wait(max(0.0, began + n / self.rate - time.monotonic())):
            self._hand_in(line, f"{self.place.name}-{n:07d}", n)
            n += 1

    def _hand_in(self, line: requests.Session, outer: str, n: int) -> None:
        body = {
            "body": f"第 {outer} 号路灯不亮，请派人修理",
            "phone": f"139{n:08d}",
            "outer_number": outer,
            "channel": "web",
        }
        number = self._until_told(line, f"{self.place.url}/api/v1/tickets", body)
        if number:
            self.acknowledged[outer] = number
            if n % HAND_OVER_EVERY == 0:
                told = {"body": self.other, "note": "属于贵市。"}
                self._until_told(line, f"{self.place.url}/api/v1/tickets/{number}/actions/transfer_out", told)

    def _until_told(self, line: requests.Session, url: str, body: dict[str, str]) -> str:
        """The number; "" for what was refused, or when nobody answers until we stop."""
        while True:
            try:
                answer = line.post(url, json=body, timeout=15)
                if answer.status_code < 500:
                    return str(answer.json().get("number", "")) if answer.ok else ""
            except (requests.RequestException, ValueError):
                pass
            if self.stopped.wait(0.3):
                return ""
