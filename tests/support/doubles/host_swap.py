"""Twilio's own client, turned to a server that the tests started."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response


class HostSwap(TwilioHttpClient):  # type: ignore[misc]  # twilio is not typed
    """Sends each request to another server, path and all else unchanged."""

    def __init__(self, base_url: str, timeout: float | None = 10):
        super().__init__(timeout=timeout)
        self.scheme, self.netloc = urlsplit(base_url)[:2]

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        url = urlunsplit(urlsplit(url)._replace(scheme=self.scheme, netloc=self.netloc))
        return super().request(method, url, params, data, headers, auth, timeout, allow_redirects)
