"""Security keys (https://www.w3.org/TR/webauthn-2/) as a second factor: each answers this site alone, no false page borrows it.

A question belongs to one session, is answered once and within five minutes. Recovery codes go on working beside the keys.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hotline.city.schema import City
from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.settings import Settings
from hotline.staff.sign_in import second_factor
from models import LoginSession, SecurityKey, Staff
from models.store.db import changed
from webhooks.fetch import is_this_machine

MOST = 10
LONGEST_NAME = 40
LASTS = timedelta(minutes=5)
TOUCHED = UserVerificationRequirement.DISCOURAGED
"""The password has been given: the key is asked only to be there and touched."""


def site(settings: Settings) -> str:
    """The name that keys are bound to; "" where browsers know no keys: without https, or under a bare address."""
    address = urlsplit(settings.public_url)
    host = address.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host if address.scheme == "https" or is_this_machine(host) else ""
    return ""


def keys_of(db: Session, staff_id: int) -> list[SecurityKey]:
    return list(db.scalars(select(SecurityKey).where(SecurityKey.staff_id == staff_id).order_by(SecurityKey.id)))


def question_for_new(db: Session, city: City, settings: Settings, staff: Staff, session_id: str, now: datetime) -> str:
    """What the browser tells a key that is to be registered, as JSON. Raises Refusal where keys are unknown, or there are enough."""
    held = keys_of(db, staff.id)
    if len(held) >= MOST:
        raise Refusal(_("最多登记 %(n)d 把安全密钥，请先移除不用的。", n=MOST), code="too_many_keys")
    options = webauthn.generate_registration_options(
        rp_id=_site(settings),
        rp_name=city.title,
        user_name=staff.login,
        user_display_name=staff.name,
        user_id=hashlib.sha256(f"staff:{staff.id}".encode()).digest(),
        exclude_credentials=_named(held),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=TOUCHED
        ),
    )
    _keep(db, session_id, options.challenge, now)
    return webauthn.options_to_json(options)


def register(
    db: Session, settings: Settings, staff: Staff, session_id: str, name: str, answer: str, now: datetime
) -> list[str]:
    """Take the key. Returns recovery codes when it is the person's first second factor, else nothing.

    Raises Refusal (codes: key_needs_name, wrong_key).
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise Refusal(_("请给这把密钥起个名字，例如“办公室蓝色”。"), code="key_needs_name", field="name")
    asked = _take(db, session_id, now)
    try:
        made = webauthn.verify_registration_response(
            credential=_said(answer),
            expected_challenge=asked,
            expected_rp_id=_site(settings),
            expected_origin=settings.public_url,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, RecursionError):
        raise _wrong() from None
    digest = _digest(made.credential_id)
    if db.scalar(select(SecurityKey.id).where(SecurityKey.digest == digest)):
        raise _wrong()
    db.add(
        SecurityKey(
            staff_id=staff.id,
            credential=bytes_to_base64url(made.credential_id),
            digest=digest,
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
            name=name,
            created_at=now,
        )
    )
    return second_factor.first_of_all(db, staff, now)


def question(db: Session, settings: Settings, staff: Staff, session_id: str, now: datetime) -> str:
    """What the browser asks the person's keys, as JSON. Raises NotFound when there are none."""
    held = keys_of(db, staff.id)
    if not held:
        raise NotFound(_("没有登记安全密钥。"))
    options = webauthn.generate_authentication_options(
        rp_id=_site(settings), allow_credentials=_named(held), user_verification=TOUCHED
    )
    _keep(db, session_id, options.challenge, now)
    return webauthn.options_to_json(options)


def shows(db: Session, settings: Settings, staff: Staff, session_id: str, answer: str, now: datetime) -> bool:
    """Whether one of the person's keys gave this answer to the session's question. A key that counts backwards is a copy."""
    try:
        said = _said(answer)
        held = _one_of(db, staff.id, str(said["id"]))
        seen = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=_take(db, session_id, now),
            expected_rp_id=_site(settings),
            expected_origin=settings.public_url,
            credential_public_key=base64url_to_bytes(held.public_key),
            credential_current_sign_count=held.sign_count,
        )
    except (WebAuthnException, Refusal, ValueError, KeyError, TypeError, RecursionError):
        return False
    held.sign_count, held.used_at = seen.new_sign_count, now
    return True


def rename(db: Session, staff_id: int, key_id: int, name: str) -> SecurityKey:
    held = _of(db, staff_id, key_id)
    held.name = " ".join(name.split())[:LONGEST_NAME] or held.name
    return held


def remove(db: Session, settings: Settings, staff: Staff, key_id: int) -> SecurityKey:
    """Raises NotFound, or Refusal for the last second factor of somebody who must have one."""
    held = _of(db, staff.id, key_id)
    last = len(keys_of(db, staff.id)) == 1 and not second_factor.has_digits(db, staff.id)
    if last and second_factor.is_required(settings, staff.roles):
        raise Refusal(
            _("这是您唯一的第二种验证，您的岗位必须有一种。请先登记另一把密钥或启用手机验证码。"),
            code="last_second_factor",
        )
    db.delete(held)
    db.flush()
    if last:
        second_factor.remove(db, staff)
    return held


def _of(db: Session, staff_id: int, key_id: int) -> SecurityKey:
    held = db.get(SecurityKey, key_id)
    if held is None or held.staff_id != staff_id:
        raise NotFound(_("没有这把安全密钥。"))
    return held


def _one_of(db: Session, staff_id: int, credential: str) -> SecurityKey:
    own = (SecurityKey.staff_id == staff_id, SecurityKey.digest == _digest(base64url_to_bytes(credential)))
    held = db.scalar(select(SecurityKey).where(*own).with_for_update())
    if held is None:
        raise _wrong()
    return held


def _named(held: list[SecurityKey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in held]


def _said(answer: str) -> dict[str, object]:
    """The browser's answer; raises ValueError for what is none."""
    said = json.loads(answer[:20_000] or "null")
    if not isinstance(said, dict):
        raise ValueError("no answer of a key")
    return said


def _keep(db: Session, session_id: str, challenge: bytes, now: datetime) -> None:
    """In place of an older question of this session."""
    asked = update(LoginSession).where(LoginSession.id == session_id)
    db.execute(asked.values(challenge=bytes_to_base64url(challenge), challenge_at=now))


def _take(db: Session, session_id: str, now: datetime) -> bytes:
    """The session's question, which is answered now and never again. Raises Refusal when there is none or it is old."""
    columns = select(LoginSession.challenge, LoginSession.challenge_at).where(LoginSession.id == session_id)
    challenge, at = db.execute(columns).one()
    mine = update(LoginSession).where(LoginSession.id == session_id, LoginSession.challenge == challenge)
    if challenge is None or at is None or changed(db, mine.values(challenge=None)) != 1 or now - at > LASTS:
        raise _wrong()
    return base64url_to_bytes(challenge)


def _site(settings: Settings) -> str:
    name = site(settings)
    if not name:
        raise Refusal(_("安全密钥只能在 https 网址下使用。"), code="keys_need_https")
    return name


def _wrong() -> Refusal:
    return Refusal(_("安全密钥没有通过，请再试一次。"), code="wrong_key", field="code")


def _digest(credential: bytes) -> str:
    return hashlib.sha256(credential).hexdigest()
