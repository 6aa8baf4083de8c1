"""Single sign-on: to the city's identity provider and back, as what its groups say; the second factor stays ours unless it says so.

What must fit the answer is kept in this browser alone, signed, for ten minutes and for one answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.settings import Settings
from hotline.staff import single_sign_on
from hotline.staff.sign_in.identity_provider import Attempt, IdentityProvider, NotProved
from hotline.staff.single_sign_on import BY_PROVIDER
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import actor_of
from hotline.web.account import guessing
from hotline.web.account.entering import asks_second, begin_session, tell_of_new_device
from hotline.web.core.limits.rate_limits import limiter
from hotline.web.core.permission import PUBLIC, SIGNED, allow, local_path
from hotline.web.core.request_context import here
from models import Staff

pages = Blueprint("sign_on", __name__, url_prefix="/account/oidc")
told = Blueprint("sign_on_told", __name__, url_prefix="/account/oidc")
"""What the provider's own server says: it has no cookie and no form, and proves itself by its signature."""

COOKIE = "hotline_sign_on"
PROVIDER = "identity_provider"
LASTS = 600


def install(app: Flask, settings: Settings) -> None:
    if settings.oidc is not None:
        app.extensions[PROVIDER] = IdentityProvider(settings.oidc, f"{settings.public_url}/account/oidc/back")


@pages.get("/begin")
@allow(PUBLIC)
@limiter.limit("100 per minute")
def begin() -> ResponseReturnValue:
    try:
        address, attempt = _provider().begin()
    except Refusal as refusal:
        return _refused(refusal)
    response = make_response(redirect(address))
    kept = {**attempt.told(), "next": local_path(request.args.get("next", "/"))}
    response.set_cookie(
        COOKIE,
        _signer().dumps(kept),
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=here.settings.secure_cookies,
        path="/account/oidc",
    )
    return response


@pages.get("/back")
@allow(PUBLIC)
@limiter.limit("100 per minute")
def back() -> ResponseReturnValue:
    """The provider sends the browser back with GET, and this one writes. It is asked before any transaction is open."""
    provider = _provider()
    try:
        kept = _kept()
        attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
        claims = provider.finish(attempt, request.args, here.now)
        g.db = here.installation.sessions()
        staff = single_sign_on.sign_on(here.db, here.city, here.settings, claims, here.now, here.address)
    except Refusal as refusal:
        return _refused(refusal)
    return _enter(staff, claims, kept["next"])


@pages.get("/left")
@allow(PUBLIC)
def left() -> ResponseReturnValue:
    """Signed out here; at the provider only whoever says so there, for other offices may be open by it."""
    provider = _provider()
    there = provider.leave(f"{here.settings.public_url}/login")
    return render_template("account/left.html", there=there, title=here.city.sign_in.title)


@told.post("/ended")
@allow(SIGNED)
@limiter.limit("600 per minute")
def ended() -> ResponseReturnValue:
    """The provider itself says, without a browser, that somebody signed out there or was put out."""
    try:
        provider = _provider()
        leaving = provider.left(request.form.get("logout_token", ""), here.now)
    except NotProved as refusal:
        return jsonify(error="invalid_request", error_description=refusal.sentence), 400
    single_sign_on.sign_off(here.db, provider.setting, leaving, here.now, here.address)
    return "", 200


def _enter(staff: Staff, claims: Mapping[str, Any], target: str) -> Response:
    proved = single_sign_on.proves_two(here.city.sign_in, claims)
    known = guessing.tries_at(staff.login).known
    half = asks_second(staff) and not proved
    if staff.last_login_at is not None and not known:
        tell_of_new_device(staff)
    response = make_response(redirect(url_for("second.show", next=target) if half else local_path(target)))
    there = single_sign_on.digest(str(claims["sid"])) if claims.get("sid") else None
    begin_session(response, staff, here.now if proved else None, BY_PROVIDER, there)
    response.delete_cookie(COOKIE, path="/account/oidc")
    action = "login_password" if half else "login"
    record(
        here.db,
        action,
        actor_of(staff, here.city),
        here.now,
        address=here.address,
        way=BY_PROVIDER,
        second_there=proved,
    )
    return response


def _refused(refusal: Refusal) -> ResponseReturnValue:
    """Back to the login page with the sentence: the password still opens. The book has it, and what a leaver lost is lost."""
    if refusal.code != "provider_away":
        if "db" not in g:
            g.db = here.installation.sessions()
        record(here.db, "login_oidc_failed", None, here.now, subject=refusal.code, address=here.address)
        here.db.commit()
    page = render_template(
        "account/login.html", next="/", value={}, problems={"": refusal.sentence}, demo=[], sign_on=sign_on_title()
    )
    response = make_response(page, refusal.status)
    response.delete_cookie(COOKIE, path="/account/oidc")
    return response


def sign_on_title() -> str:
    """What the button on the login page says; "" where nobody signs in this way."""
    return here.city.sign_in.title if here.settings.oidc is not None else ""


def _provider() -> IdentityProvider:
    provider: IdentityProvider | None = current_app.extensions.get(PROVIDER)
    if provider is None:
        raise NotFound(_("这里没有单点登录。"))
    return provider


def _kept() -> dict[str, Any]:
    """What this browser took along. Raises NotProved when it took nothing, or too long ago."""
    try:
        kept = _signer().loads(request.cookies.get(COOKIE, ""), max_age=LASTS)
    except BadData:
        raise NotProved("state") from None
    return dict(kept)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(here.settings.secret_key, salt="sign-on")
