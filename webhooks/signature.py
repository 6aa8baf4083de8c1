"""Nobody but Twilio and the partners who share a key can make the hotline believe something.

Two schemes. Twilio signs with HMAC-SHA1 over the *public* URL and the sorted form fields (or, for JSON,
over the URL that holds the body's SHA-256); behind a proxy the host and scheme that we see are not the
ones that Twilio signed, so the URL is always built from the configured public address. Partners sign
`timestamp, nonce, path, body` with HMAC-SHA256 and a shared key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs, urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

TWILIO_SIGNATURE = "X-Twilio-Signature"
TIMESTAMP, NONCE, SIGNATURE = "X-Hotline-Timestamp", "X-Hotline-Nonce", "X-Hotline-Signature"
WINDOW_SECONDS = 300
SHORTEST_KEY = 16
NONCE_SHAPE = re.compile(r"[A-Za-z0-9_-]{8,64}")


class BadSignature(Exception):
    """The request is not from whom it claims. The reason is for the log, never for the sender."""


def check_key(key: str) -> str:
    """The key itself; raises ValueError when it is so short (or empty) that anybody could guess it."""
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"a signing key needs at least {SHORTEST_KEY} characters")
    return key


def public_address(public_url: str, path: str, query: str = "") -> str:
    """The address as the outside wrote it: the configured public URL, then the path and raw query of the request."""
    return public_url.rstrip("/") + path + (f"?{query}" if query else "")


def sign_twilio(token: str, url: str, form: Mapping[str, object] | None = None) -> str:
    """The signature of https://www.twilio.com/docs/usage/security#validating-requests; `form` may be a MultiDict."""
    return str(RequestValidator(token).compute_signature(url, form or {}))


def verify_twilio(
    tokens: Sequence[str], url: str, form: Mapping[str, object] | None, body: bytes, signature: str
) -> None:
    """Raise BadSignature unless one of `tokens` signed this request. `form` is None for a JSON body.

    A JSON body is bound to the signature only by `bodySHA256` in the URL: without it the request is refused,
    or a stolen signature would fit any body.
    """
    if not signature:
        raise BadSignature("no signature header")
    if form is None:
        _check_body_hash(url, body)
    wanted = [sign_twilio(token, address, form) for token in tokens if token for address in _with_and_without_port(url)]
    if not any(_same(signature, one) for one in wanted):
        raise BadSignature("signature does not fit the public URL and body" if wanted else "no token configured")


def sign_partner(key: str, timestamp: str, nonce: str, path: str, body: bytes) -> str:
    """Hex HMAC-SHA256 over the lines timestamp, nonce and path, followed by the body's bytes.

    None of the three lines may hold a line break, so two different requests never sign the same bytes.
    """
    head = f"{timestamp}\n{nonce}\n{path}\n".encode()
    return hmac.new(check_key(key).encode(), head + body, hashlib.sha256).hexdigest()


def partner_headers(key: str, nonce: str, path: str, body: bytes, at: datetime) -> dict[str, str]:
    """The three headers that a partner (or we, towards a gateway) sends with a request."""
    timestamp = str(int(at.timestamp()))
    return {TIMESTAMP: timestamp, NONCE: nonce, SIGNATURE: sign_partner(key, timestamp, nonce, path, body)}


def verify_partner(keys: Sequence[str], headers: Mapping[str, str], path: str, body: bytes, now: datetime) -> str:
    """The nonce of a well-signed request made within five minutes of `now`; raises BadSignature.

    Several keys may be valid while one replaces another. The caller must still refuse a nonce seen before.
    """
    timestamp, nonce, signature = (headers.get(name, "") for name in (TIMESTAMP, NONCE, SIGNATURE))
    if not (timestamp and nonce and signature):
        raise BadSignature("a signature header is missing")
    if not NONCE_SHAPE.fullmatch(nonce):
        raise BadSignature("the nonce is not 8 to 64 letters, digits, _ or -")
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise BadSignature("the timestamp is not a number of seconds")
    if not any(_same(signature.lower(), sign_partner(key, timestamp, nonce, path, body)) for key in keys):
        raise BadSignature("signature does not fit any key" if keys else "no key configured")
    if abs(now.timestamp() - int(timestamp)) > WINDOW_SECONDS:
        raise BadSignature("the timestamp is more than five minutes away from now")
    return nonce


def _check_body_hash(url: str, body: bytes) -> None:
    hashes = parse_qs(urlsplit(url).query).get("bodySHA256", [])
    if len(hashes) != 1:
        raise BadSignature("a body that is no form came without bodySHA256")
    if not _same(hashes[0].lower(), hashlib.sha256(body).hexdigest()):
        raise BadSignature("the body does not fit bodySHA256")


def _with_and_without_port(url: str) -> tuple[str, str]:
    """Twilio signs some requests with the standard port written out and some without (as its own validator knows)."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = re.sub(r":\d+$", "", host)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return urlunsplit(parts._replace(netloc=bare)), urlunsplit(parts._replace(netloc=f"{bare}:{port}"))


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))
