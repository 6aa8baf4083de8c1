"""The city's identity provider (OpenID Connect Core 1.0): what we ask of it, which of its answers we believe, and its word that
somebody left (OpenID Connect Back-Channel Logout 1.0).

Code flow with PKCE (RFC 7636), state and nonce; the answer's issuer (RFC 9207), the token's issuer, audience, time and signature
are checked, the last against the provider's published keys and with public-key algorithms only. Asked while no transaction is open.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.settings import OidcSetting

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Signed with a key that only the provider has. "none" and shared secrets prove nothing, whatever the provider offers."""

PATIENCE = 5
KEPT = 600
"""Seconds: how long we wait for an answer, and how long what the provider says of itself is believed."""

LEEWAY = 60
LEFT = "http://schemas.openid.net/event/backchannel-logout"
"""The event that a logout token tells, and no other token does."""

FRESH = 600
"""Seconds: an older word that somebody left is not believed, however long it says it is good."""


class ProviderAway(Refusal):
    """The provider cannot be reached, or does not answer as one (HTTP 503)."""

    status = 503
    usual_code = "provider_away"

    def __init__(self) -> None:
        super().__init__(_("统一身份认证现在连不上。请用账号和密码登录，或者稍后再试。"))


class NotProved(Refusal):
    """The answer that a browser brought back proves nothing (HTTP 403). code: what was wrong with it."""

    status = 403

    def __init__(self, code: str) -> None:
        super().__init__(_("统一身份认证没有通过，请从登录页再来一次。"), code=code)


@dataclass(frozen=True)
class Attempt:
    """One way to the provider and back, kept by the browser that went: what its answer must fit."""

    state: str
    nonce: str
    verifier: str

    def told(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Leaving:
    """Whom the provider signed out. session: one of the provider's sessions, "" for all of that subject. id: told once."""

    id: str
    subject: str
    session: str

    @property
    def is_whole(self) -> bool:
        named = all(isinstance(one, str) for one in (self.id, self.subject, self.session))
        return bool(named and self.id and (self.subject or self.session))


class IdentityProvider:
    """One for the process; what the provider says of itself and its keys are asked again after ten minutes."""

    def __init__(self, setting: OidcSetting, comes_back_to: str) -> None:
        self.setting = setting
        self.comes_back_to = comes_back_to
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def begin(self) -> tuple[str, Attempt]:
        """The address to send a browser to, and what to remember of it. Raises ProviderAway."""
        attempt = Attempt(generate_token(32), generate_token(32), generate_token(64))
        address, _state = self._client().create_authorization_url(
            self._about()["authorization_endpoint"],
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
        return str(address), attempt

    def finish(self, attempt: Attempt, answer: Mapping[str, str], now: datetime) -> dict[str, Any]:
        """What the provider says of the person. answer: the arguments with which the browser came back.

        Raises NotProved (codes: state, issuer, denied, code, token), ProviderAway.
        """
        self._check_answer(attempt, answer)
        tokens = self._exchange(attempt, answer.get("code", ""))
        claims = self._read(tokens, attempt, now)
        return {**self._user_info(tokens, claims), **claims}

    def left(self, token: str, now: datetime) -> Leaving:
        """Whom a logout token means, once everything about it has been checked. Raises NotProved (token), ProviderAway."""
        try:
            told = self._verified(token)
            self._check_times(told.claims, int(now.timestamp()))
        except (JoseError, ValueError):
            raise NotProved("token") from None
        leaving = Leaving(*(told.claims.get(name, "") for name in ("jti", "sub", "sid")))
        if not (_tells_of_leaving(told) and leaving.is_whole):
            raise NotProved("token")
        return leaving

    def _check_times(self, claims: dict[str, Any], now: int) -> None:
        """From this provider, to us, and just now. Raises JoseError."""
        rules: Any = {
            "iss": {"essential": True, "value": self.setting.issuer},
            "aud": {"essential": True, "value": self.setting.client_id},
            "iat": {"essential": True},
        }
        jwt.JWTClaimsRegistry(now=now, leeway=LEEWAY, **rules).validate(claims)
        if claims["iat"] < now - FRESH:
            raise ExpiredTokenError("iat")

    def leave(self, after: str) -> str:
        """Where the person also signs out of the provider; "" when it has no such page or is away. after: where it leads back to."""
        try:
            address = self._about().get("end_session_endpoint", "")
        except ProviderAway:
            return ""
        asked = urlencode({"client_id": self.setting.client_id, "post_logout_redirect_uri": after})
        return f"{address}?{asked}" if address else ""

    def _check_answer(self, attempt: Attempt, answer: Mapping[str, str]) -> None:
        if answer.get("state") != attempt.state:
            raise NotProved("state")
        told = answer.get("iss")
        must = self._about().get("authorization_response_iss_parameter_supported")
        if told != self.setting.issuer and (must or told is not None):
            raise NotProved("issuer")
        if "error" in answer:
            raise NotProved("denied")

    def _exchange(self, attempt: Attempt, code: str) -> dict[str, Any]:
        try:
            with self._client() as client:
                tokens = client.fetch_token(
                    self._about()["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                )
        except OAuthError:
            raise NotProved("code") from None
        except (RequestException, ValueError):
            raise ProviderAway from None
        return dict(tokens)

    def _read(self, tokens: Mapping[str, Any], attempt: Attempt, now: datetime) -> dict[str, Any]:
        """The claims of the identity token, once everything about it has been checked."""
        setting = self.setting
        try:
            token = self._verified(str(tokens.get("id_token", "")))
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": setting.issuer},
                    "aud": {"essential": True, "value": setting.client_id},
                    "sub": {"essential": True},
                    "exp": {"essential": True},
                },
                {
                    "nonce": attempt.nonce,
                    "client_id": setting.client_id,
                    "access_token": str(tokens.get("access_token", "")),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError):
            raise NotProved("token") from None
        return dict(token.claims)

    def _verified(self, token: str) -> jwt.Token:
        """Signed by a key of the provider's; a key that we do not know yet may be new there."""
        registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            return jwt.decode(token, self._keys(), registry=registry)
        except InvalidKeyIdError:
            self._kept.pop(self._about()["jwks_uri"], None)
            return jwt.decode(token, self._keys(), registry=registry)

    def _user_info(self, tokens: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
        """What the token itself does not say, from the provider's other door; of the same person only."""
        wanted = {self.setting.login_claim, self.setting.roles_claim}
        address = self._about().get("userinfo_endpoint")
        if wanted <= set(claims) or not address:
            return {}
        with self._client(token=dict(tokens)) as client:
            found = _json(client, address)
        if found.get("sub") != claims["sub"]:
            raise NotProved("token")
        return found

    def _about(self) -> dict[str, Any]:
        """The provider's description of itself. Raises ProviderAway, also when it speaks of another issuer."""
        issuer = self.setting.issuer
        about = self._asked(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        needed = {"authorization_endpoint", "token_endpoint", "jwks_uri"}
        if about.get("issuer") != issuer or not needed <= set(about):
            raise ProviderAway
        return about

    def _keys(self) -> KeySet:
        return KeySet.import_key_set(self._asked(self._about()["jwks_uri"]))  # type: ignore[arg-type]

    def _asked(self, address: str) -> dict[str, Any]:
        """A public document of the provider's, asked anew when it is old."""
        kept = self._kept.get(address)
        if kept is None or time.monotonic() - kept[0] > KEPT:
            with self._client() as client:
                kept = self._kept[address] = (time.monotonic(), _json(client, address, withhold_token=True))
        return kept[1]

    def _client(self, **more: Any) -> OAuth2Session:
        return OAuth2Session(
            self.setting.client_id,
            self.setting.secret,
            scope=self.setting.scope,
            redirect_uri=self.comes_back_to,
            code_challenge_method="S256",
            default_timeout=PATIENCE,
            **more,
        )


def _tells_of_leaving(told: jwt.Token) -> bool:
    """A logout token and no other of the provider's: an identity token, which browsers carry about, signs nobody out."""
    events, kind = told.claims.get("events"), str(told.header.get("typ") or "JWT").lower()
    said = isinstance(events, dict) and isinstance(events.get(LEFT), dict)
    return said and "nonce" not in told.claims and kind in ("jwt", "logout+jwt", "application/logout+jwt")


def _json(client: OAuth2Session, address: str, **more: Any) -> dict[str, Any]:
    """Raises ProviderAway for anything but a good answer; nobody sends us elsewhere."""
    try:
        answer = client.get(address, allow_redirects=False, **more)
        found = answer.json() if answer.status_code == 200 else None
    except (RequestException, ValueError):
        raise ProviderAway from None
    if not isinstance(found, dict):
        raise ProviderAway
    return found
