"""A partner's signed post, as its system would send it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from webhooks.partners.posts import posts_path
from webhooks.signature import partner_headers
from webhooks.simulator import SignedRequest


def partner_post(
    key: str,
    public_url: str,
    name: str,
    content: Mapping[str, Any],
    at: datetime,
    nonce: str = "",
    door: str = "posts",
) -> SignedRequest:
    """A partner's signed post; a new nonce each time unless one is given."""
    return signed_post(key, posts_path(name, door), content, at, nonce, public_url)


def signed_post(
    key: str, path: str, content: Any, at: datetime, nonce: str = "", public_url: str = ""
) -> SignedRequest:
    """Any signed post to a path of ours."""
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = partner_headers(key, nonce or secrets.token_urlsafe(16), path, body, at)
    return SignedRequest(public_url.rstrip("/") + path, body, headers | {"Content-Type": "application/json"})
