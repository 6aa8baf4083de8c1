"""Nothing is believed of what no honest provider would say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from joserfc.jwk import RSAKey

from tests.support.doubles.identity import Liar
from tests.support.life import Life
from tests.web.account.sign_on import deeds, forged


def with_secret(claims: dict[str, Any], secret: bytes) -> str:
    """A token of our own making: no library signs with a public key as if it were a secret."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=")
        for one in ({"alg": "HS256", "kid": "one"}, claims)
    ]
    seal = hmac.new(secret, b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, base64.urlsafe_b64encode(seal).rstrip(b"=")]).decode()


def test_no_token_is_believed_that_is_not_the_providers_own_for_us_and_for_now(
    application: Callable[..., Flask], forger: Liar, life: Life, now: datetime
) -> None:
    """Another audience, issuer, time, nonce or signer; no signature; one with the public key or the client's secret."""
    app = application(forger.issuer)
    seconds, stranger = int(now.timestamp()), RSAKey.generate_key(2048, {"kid": "one"})
    public, shared = forger.key.as_pem(private=False), b"a-secret-between-the-two-of-them"
    lies: dict[str, dict[str, Any]] = {
        "another audience": {"claims": {"aud": "other"}},
        "two audiences and another party": {"claims": {"aud": ["hotline", "other"], "azp": "other"}},
        "two audiences and no party": {"claims": {"aud": ["other", "hotline"]}},
        "no audience": {"claims": {"aud": None}},
        "another issuer": {"claims": {"iss": "https://evil.example"}},
        "no issuer": {"claims": {"iss": None}},
        "the issuer with a slash": {"claims": {"iss": f"{forger.issuer}/"}},
        "expired": {"claims": {"exp": seconds - 120}},
        "never ends": {"claims": {"exp": None}},
        "ends as a word": {"claims": {"exp": "tomorrow"}},
        "not yet": {"claims": {"nbf": seconds + 600}},
        "of the future": {"claims": {"iat": seconds + 600}},
        "another nonce": {"claims": {"nonce": "x"}},
        "no nonce": {"claims": {"nonce": None}},
        "nobody": {"claims": {"sub": None}},
        "a subject that is no text": {"claims": {"sub": ["1001"]}},
        "no signature": {"sign": lambda claims: forger.signed(claims, alg="none")},
        "signature cut off": {"sign": lambda claims: forger.signed(claims).rsplit(".", 1)[0] + "."},
        "a stranger's key of the same name": {"sign": lambda claims: forger.signed(claims, stranger)},
        "a stranger's key of another name": {"sign": lambda claims: forger.signed(claims, stranger, kid="two")},
        "the public key as a secret": {"sign": lambda claims: with_secret(claims, public)},
        "the client's secret": {"sign": lambda claims: with_secret(claims, shared)},
        "no token": {"sign": lambda claims: ""},
        "no json": {"sign": lambda claims: "a.b.c"},
    }
    assert forged(app.test_client(), forger).status_code == 302, "the honest one opens"
    for name, lie in lies.items():
        forger.claims, forger.sign = lie.get("claims", {}), lie.get("sign")
        client = app.test_client()
        assert forged(client, forger).status_code == 403, name
        assert client.get("/desk").status_code == 302, name
    forger.claims, forger.sign = {}, None
    wrong = [subject for action, subject in deeds(life) if action == "login_oidc_failed"]
    assert wrong == ["token"] * len(lies)


def test_an_answer_of_another_provider_is_not_ours(application: Callable[..., Flask], forger: Liar, life: Life) -> None:
    """Mix-up: the answer says which provider gave it, and one that says it always must."""
    app = application(forger.issuer)
    assert forged(app.test_client(), forger, iss="https://evil.example").status_code == 403
    assert forged(app.test_client(), forger, iss="").status_code == 302
    forger.about = {"authorization_response_iss_parameter_supported": True}
    app = application(forger.issuer)
    assert forged(app.test_client(), forger, iss="").status_code == 403
    assert [subject for action, subject in deeds(life) if action == "login_oidc_failed"] == ["issuer"] * 2


def test_what_the_other_door_says_counts_only_for_the_same_person(
    application: Callable[..., Flask], forger: Liar, life: Life
) -> None:
    app = application(forger.issuer)
    forger.claims = {"preferred_username": None, "groups": None}
    forger.user_info = {"sub": "1001", "preferred_username": "an", "groups": ["agents"]}
    assert forged(app.test_client(), forger).status_code == 302
    forger.user_info["sub"] = "2002"
    assert forged(app.test_client(), forger).status_code == 403
    forger.user_info = {"sub": "1001", "preferred_username": "../an", "groups": ["agents"]}
    assert forged(app.test_client(), forger).status_code == 403
    assert [subject for action, subject in deeds(life) if action == "login_oidc_failed"] == [
        "token",
        "sign_on_no_login",
    ]


def test_a_new_key_of_the_providers_is_learnt(application: Callable[..., Flask], forger: Liar) -> None:
    app = application(forger.issuer)
    assert forged(app.test_client(), forger).status_code == 302
    forger.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
    forger.sign = lambda claims: forger.signed(claims, kid="two")
    assert forged(app.test_client(), forger).status_code == 302
