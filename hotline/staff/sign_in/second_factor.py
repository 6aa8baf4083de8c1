"""Six digits from one's own telephone beside the password (RFC 6238), and ten codes for the day the telephone is lost.

The secret is encrypted with a key outside the database; no digits and no code are taken twice; codes are stored as digests.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.settings import Settings
from hotline.staff.sign_in.passwords import LETTERS
from hotline.tickets.roles import EXPORTERS, POWERFUL
from models import RecoveryCode, SecondFactor, SecurityKey, Staff
from models.store.db import changed

CODES = 10
STEP = 30
NEEDED_BY = POWERFUL | EXPORTERS


def is_required(settings: Settings, roles: Iterable[str]) -> bool:
    """For whom the installation asks it, whether they like it or not."""
    return settings.second_factor and any(role in NEEDED_BY for role in roles)


def begin(db: Session, staff: Staff, settings: Settings, now: datetime) -> None:
    """A new secret that counts for nothing until its first digits are right. One that counts already is left alone."""
    db.execute(select(Staff.id).where(Staff.id == staff.id).with_for_update(key_share=True))  # other windows wait
    held = db.get(SecondFactor, staff.id, populate_existing=True, with_for_update=True)
    if held is not None and held.confirmed_at is not None:
        raise Refusal(_("验证码已经启用。要换手机，请先关闭或请管理员重设。"), code="second_is_on")
    secret = _box(settings).encrypt(pyotp.random_base32().encode()).decode()
    if held is None:
        db.add(SecondFactor(staff_id=staff.id, sealed_secret=secret, last_step=0, created_at=now))
    else:
        held.sealed_secret, held.created_at = secret, now
    db.flush()


def waiting(db: Session, staff_id: int, settings: Settings) -> str | None:
    """The secret that waits for its first digits, to be shown to its owner."""
    held = db.get(SecondFactor, staff_id)
    return _secret(held, settings) if held is not None and held.confirmed_at is None else None


def address(secret: str, login: str, issuer: str) -> str:
    """What the square picture says to the telephone."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def confirm(db: Session, staff: Staff, digits: str, settings: Settings, now: datetime) -> list[str]:
    """The first digits were right: from now on they are asked for. Returns recovery codes, shown once, for who had none."""
    held = db.get(SecondFactor, staff.id)
    if held is None or held.confirmed_at is not None or not _takes(db, held, digits, settings, now):
        raise Refusal(_("验证码不对，请看手机上现在显示的六位数字。"), code="wrong_digits", field="code")
    held.confirmed_at = now
    return first_of_all(db, staff, now)


def first_of_all(db: Session, staff: Staff, now: datetime) -> list[str]:
    """From now on a second factor is asked for. Returns recovery codes when none was asked for before, else nothing."""
    if staff.second_at is not None:
        return []
    staff.second_at = now
    return renew(db, staff.id)


def has_digits(db: Session, staff_id: int) -> bool:
    """Whether the person's telephone shows digits that count."""
    held = db.get(SecondFactor, staff_id)
    return held is not None and held.confirmed_at is not None


def shows(db: Session, staff: Staff, given: str, settings: Settings, now: datetime) -> str | None:
    """Which way the second factor was shown: digits, recovery, or None for neither."""
    held = db.get(SecondFactor, staff.id)
    plain = "".join(given.split()).replace("-", "").lower()
    if plain.isascii() and plain.isdecimal() and len(plain) == 6:
        counts = held is not None and held.confirmed_at is not None
        return "digits" if counts and held and _takes(db, held, plain, settings, now) else None
    unused = update(RecoveryCode).where(
        RecoveryCode.staff_id == staff.id, RecoveryCode.digest == _digest(plain), RecoveryCode.used_at.is_(None)
    )
    return "recovery" if changed(db, unused.values(used_at=now)) == 1 else None


def renew(db: Session, staff_id: int) -> list[str]:
    """Ten new codes; the old ones fit no more."""
    db.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    codes = ["".join(secrets.choice(LETTERS) for _n in range(16)) for _code in range(CODES)]
    db.add_all(RecoveryCode(staff_id=staff_id, digest=_digest(code)) for code in codes)
    db.flush()
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


def remove(db: Session, staff: Staff) -> None:
    """No second factor is asked for until a new one is set up: digits, codes and keys fit no more."""
    db.execute(delete(SecurityKey).where(SecurityKey.staff_id == staff.id))
    db.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    db.execute(delete(SecondFactor).where(SecondFactor.staff_id == staff.id))
    staff.second_at = None


def _takes(db: Session, held: SecondFactor, digits: str, settings: Settings, now: datetime) -> bool:
    """Right now or half a minute ago or ahead, and later than what was taken last: of two at once one wins."""
    secret = _secret(held, settings)
    if secret is None:
        return False
    one, step = pyotp.TOTP(secret, interval=STEP), int(now.timestamp()) // STEP
    fits = [at for at in (step - 1, step, step + 1) if secrets.compare_digest(one.generate_otp(at), digits)]
    if not fits:
        return False
    later = update(SecondFactor).where(SecondFactor.staff_id == held.staff_id, SecondFactor.last_step < fits[-1])
    return changed(db, later.values(last_step=fits[-1])) == 1


def _secret(held: SecondFactor, settings: Settings) -> str | None:
    """None when the installation's key has changed since: the person must be reset."""
    try:
        return _box(settings).decrypt(held.sealed_secret.encode()).decode()
    except InvalidToken:
        return None


def _box(settings: Settings) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second-factor:{settings.secret_key}".encode()).digest()))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
