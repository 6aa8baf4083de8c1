"""Identity providers: a certified one in a process of its own, and one that signs whatever it is told, for what no honest one would say."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask, request
from joserfc import jws
from joserfc.jwk import KeySet, RSAKey

from hotline.settings import OidcSetting
from tests.support.life import Life
from tests.support.services import LiveServer, need

FOLDER = Path(__file__).parent.parent / "identity_provider"
HOTLINE = "http://localhost"
CLIENT, SECRET = "hotline", "a-secret-between-the-two-of-them"


def setting(issuer: str, **more: Any) -> OidcSetting:
    return OidcSetting(issuer, CLIENT, more.pop("secret", SECRET), **more)


@dataclass
class Certified:
    """panva's oidc-provider (provider.mjs). `say` names who comes next."""

    issuer: str

    def say(self, sub: str, *, amr: list[str] | None = None, acr: str | None = None, **claims: Any) -> None:
        told = {"sub": sub, "claims": claims, "amr": amr, "acr": acr}
        requests.post(f"{self.issuer}/who", json=told, timeout=5).raise_for_status()

    def visit(self, address: str, browser: requests.Session | None = None) -> str:
        """Goes there with this browser, or with one without a memory; the address at which it would come back to the hotline."""
        browser = browser or requests.Session()
        for _hop in range(8):
            answer = browser.get(address, allow_redirects=False, timeout=5)
            address = requests.compat.urljoin(address, answer.headers.get("Location", ""))
            if not address.startswith(self.issuer):
                return address
        raise AssertionError(f"the provider sends nobody back: {answer.status_code} {answer.text[:400]}")

    def leave(self, browser: requests.Session) -> None:
        """Signs out at the provider's own door, as its page asks."""
        page = browser.get(f"{self.issuer}/session/end", timeout=5).text
        secret = re.search(r'name="xsrf" value="([^"]+)"', page)
        assert secret, page
        browser.post(f"{self.issuer}/session/end/confirm", data={"xsrf": secret[1], "logout": "yes"}, timeout=5)


@contextmanager
def certified(hotline: str, told: str = "") -> Iterator[Certified]:
    """The provider, running until the block ends. hotline: where browsers come back to. told: where it tells of who left."""
    need(() if (FOLDER / "node_modules").is_dir() and shutil.which("node") else ("the OpenID provider from npm",))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", str(FOLDER / "provider.mjs"), str(port), hotline, told]
    process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    provider = Certified(f"http://127.0.0.1:{port}")
    try:
        _wait_for(f"{provider.issuer}/jwks")
        yield provider
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(240):
        try:
            requests.get(address, timeout=1)
        except requests.RequestException:
            time.sleep(0.25)
        else:
            return
    raise AssertionError("the OpenID provider did not start within a minute")


@dataclass
class Liar:
    """A provider whose every word a test chooses. claims: put over honest ones. sign: makes the token from them."""

    now: datetime
    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    claims: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    sign: Any = None
    down: bool = False

    def back(self, address: str, **answer: str) -> str:
        """The arguments of a browser that comes back at once."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce = asked["nonce"]
        told = {"state": asked["state"], "code": "any", "iss": self.issuer, **answer}
        return "/account/oidc/back?" + "&".join(f"{name}={value}" for name, value in told.items() if value)

    def token(self) -> str:
        seconds = int(self.now.timestamp())
        told = {
            "iss": self.issuer,
            "sub": "1001",
            "aud": CLIENT,
            "iat": seconds,
            "exp": seconds + 300,
            "nonce": self.nonce,
            "preferred_username": "an",
            "groups": ["agents"],
            **self.claims,
        }
        return str((self.sign or self.signed)({name: value for name, value in told.items() if value is not None}))

    def signed(self, claims: dict[str, Any], key: Any = None, alg: str = "RS256", kid: str = "one") -> str:
        import json

        registry = jws.JWSRegistry(algorithms=["RS256", "HS256", "none"], strict_check_header=False)
        header = {"alg": alg, "kid": kid}
        return jws.serialize_compact(header, json.dumps(claims).encode(), key or self.key, registry=registry)

    def application(self) -> Flask:
        app = Flask("liar")

        @app.before_request
        def away() -> Any:
            return ("away", 502) if self.down else None

        @app.get("/.well-known/openid-configuration")
        def describe() -> Any:
            doors = {"authorization": "auth", "token": "token", "userinfo": "me"}
            said = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in doors.items()}
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **said, **self.about}

        @app.get("/keys")
        def keys() -> Any:
            return KeySet([self.key]).as_dict(private=False)

        @app.post("/token")
        def token() -> Any:
            assert request.form["code_verifier"]
            return {"access_token": "x", "token_type": "Bearer", "id_token": self.token()}

        @app.get("/me")
        def me() -> Any:
            return self.user_info

        return app


@contextmanager
def liar(now: datetime) -> Iterator[Liar]:
    made = Liar(now)
    server = LiveServer(made.application()).start()
    made.issuer = server.url
    try:
        yield made
    finally:
        server.stop()


def settle(life: Life) -> None:
    """Let go of the database; what was read stays as it was read."""
    life.db.expunge_all()
    life.db.rollback()
