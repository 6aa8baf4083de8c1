"""The master key: a file of its own, outside the database and outside its backup; without it nobody reads what is hidden there."""

from __future__ import annotations

import os
import re
import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import OperationalError

from hotline.errors import Misconfigured, Refusal
from hotline.i18n import _
from hotline.settings import Settings
from models import DataKey
from models.keys import key_ring
from models.keys.key_ring import KeyRing
from models.store import hidden
from models.store.hidden import NoKey

_LINE = re.compile(r"[0-9a-f]{64}")
"""32 bytes in hexadecimal digits; a second line is the former key, while keys are being changed."""


def masters(path: Path) -> list[bytes]:
    """The keys of the file, the present one first. Raises Misconfigured when there is none, or it is not whole."""
    if not path.exists():
        raise Misconfigured(
            _(
                "没有主密钥：%(file)s 不存在。新装的系统请运行 hotline keys new；已有数据的请把保险柜里的那一份放回原处，"
                "没有它，电话、姓名、附件和保密内容都读不出来。",
                file=path,
            )
        )
    lines = path.read_text().split()
    if not lines or not all(map(_LINE.fullmatch, lines)):
        raise Misconfigured(
            _("主密钥的文件 %(file)s 不完整：每行应是 64 个十六进制字符。请把保险柜里的那一份放回原处。", file=path)
        )
    return [bytes.fromhex(line) for line in lines]


def make(path: Path) -> None:
    """A new master key. Raises Refusal when the file is there: a key that is written over is lost."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refusal(_("%(file)s 已经存在，没有改动。要换新的主密钥，请用 hotline keys rotate。", file=path)) from None
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")


def write(path: Path, keys: list[bytes]) -> None:
    """These keys and no others, whole or not at all."""
    beside = path.with_name(path.name + ".new")
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write("".join(f"{key.hex()}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def attach(engine: Engine, settings: Settings) -> None:
    """The installation's keys for this engine, tried on what lies in the database. Raises Misconfigured.

    While the database is away they are tried at the first use: whoever comes is asked to come again.
    """
    if hidden.has_ring(engine):
        hidden.ring_of(engine).second_place = settings.second_place
        return
    ring = KeyRing(engine, lambda: masters(settings.master_key))
    ring.second_place = settings.second_place
    hidden.attach(engine, ring)
    try:
        there = fingerprints(engine.execution_options(reading=True))
    except OperationalError:
        return
    if not there:
        return
    try:
        ring.begin()
    except NoKey:
        raise Misconfigured(
            _(
                "主密钥 %(file)s 不是写这个数据库的那一把。请把保险柜里的那一份放回原处；更换途中请把新旧两行都放进文件。",
                file=settings.master_key,
            )
        ) from None


def prepare(engine: Engine, settings: Settings, now: datetime) -> None:
    """After a migration: each purpose has a key. On one machine, and where the city is only played, the first start makes the
    master key as well. Raises Misconfigured when it is missing or another than that of the data."""
    if settings.makes_own_keys and not settings.master_key.exists() and not fingerprints(engine):
        make(settings.master_key)
    present = masters(settings.master_key)[0]
    attach(engine, settings)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE data_key IN EXCLUSIVE MODE")
        key_ring.make_missing(connection, present, now)


def fingerprints(engine: Engine) -> set[str]:
    """Under which master keys the data keys lie; none before the first migration, two while keys are being changed."""
    if not inspect(engine).has_table(DataKey.__tablename__):
        return set()
    with engine.execution_options(reading=True).connect() as connection:
        return set(connection.scalars(select(DataKey.master)))
