"""The present state of everything that keeps strangers out: on, off or weak, as sentences for an auditor."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.i18n import N_, _
from hotline.installation import Installation
from hotline.keys.master_key import masters
from hotline.ops import standby_health, stored_health
from hotline.ops.health import demo_people, look
from hotline.settings import Settings, exposure
from hotline.staff.sign_in.second_factor import is_required
from hotline.staff.wearing import unknown
from hotline.tickets.roles import ALONE, Role
from models import ApiToken, ComposedRole, DataKey, Seal, SecurityKey, Staff, StaffChange
from models.keys.key_ring import fingerprint
from models.store import runtime_role
from webhooks.fetch import is_this_machine

GOOD, WEAK, SAID = "good", "weak", "said"
SIGNS = {GOOD: N_("好"), WEAK: N_("薄弱"), SAID: N_("现状")}
UNUSED = timedelta(days=90)


class Line(NamedTuple):
    """One thing that an auditor asks. state: good, weak, or said (a fact to judge)."""

    state: str
    what: str


def state_of(installation: Installation) -> Iterator[Line]:
    settings = installation.settings
    yield from _of_settings(settings)
    if installation.simulated:
        yield Line(WEAK, _("数据库里是模拟城市，不能用来受理真实的诉求"))
    with installation.readings() as db:
        yield from _of_people(db, installation)
        yield from _of_sign_in(db, installation)
        yield from _of_machines(db, installation)
        yield from _of_keys(db, settings)
        yield from _of_books(db)
        yield from _of_stored(db, installation)
        yield from _of_standby(db, settings)
    yield from _of_backups(installation)
    yield from _of_files(settings)


def _judged(well: bool, good: str, weak: str) -> Line:
    return Line(GOOD, good) if well else Line(WEAK, weak)


def _of_settings(settings: Settings) -> Iterator[Line]:
    yield Line(SAID, _("运行方式 %(mode)s，网址 %(url)s", mode=settings.mode, url=settings.public_url))
    yield _judged(not settings.demo, _("演示已关"), _("演示开着：演示用户的密码人人知道"))
    local = is_this_machine(urlsplit(settings.public_url).hostname or "")
    yield _judged(settings.secure_cookies or local, _("只经 https 或只限本机"), _("网址不是 https"))
    yield _judged(not exposure.problems(settings), _("设置组合安全"), " ".join(exposure.problems(settings)))
    yield _judged(
        settings.second_factor, _("有权限的人必须用手机验证码"), _("不要求手机验证码（HOTLINE_SECOND_FACTOR）")
    )
    yield Line(SAID, _("一个人最多自己导出 %(n)d 张工单", n=settings.export_alone))


def _of_people(db: Session, installation: Installation) -> Iterator[Line]:
    people = list(db.scalars(select(Staff).where(Staff.active.is_(True), Staff.demo.is_(False)).order_by(Staff.login)))
    for role, name in (
        (Role.ADMINISTRATOR, _("系统管理员")),
        (Role.AUDITOR, _("安全审计员")),
        (Role.HEAD, _("热线领导")),
    ):
        held = [one.login for one in people if role in one.roles]
        least = 2 if role is Role.ADMINISTRATOR else 1
        said = _("%(role)s：%(names)s", role=name, names="、".join(held) or "—")
        yield Line(GOOD if len(held) >= least else WEAK, said)
    mixed = [one.login for one in people if len(one.roles) > 1 and ALONE.intersection(one.roles)]
    yield _judged(not mixed, _("三种权力由不同的人掌握"), _("兼任管理员或审计员：%(names)s", names="、".join(mixed)))
    if installation.settings.second_factor:
        yield _of_second_factor(people, installation)
    since = installation.clock.now() - UNUSED
    idle = [one.login for one in people if (one.last_login_at or one.created_at) < since]
    yield _judged(not idle, _("没有长期不用的账号"), _("90 天没有登录的账号：%(names)s", names="、".join(idle[:20])))
    demo = 0 if installation.settings.demo else demo_people(db)
    yield _judged(not demo, _("没有遗留的演示用户"), _("演示已关而演示用户还在用：%(n)d", n=demo))
    waiting = db.scalar(select(func.count()).select_from(StaffChange).where(StaffChange.state == "asked")) or 0
    yield Line(SAID, _("等待第二个人批准的申请：%(n)d", n=waiting))


def _of_second_factor(people: Sequence[Staff], installation: Installation) -> Line:
    bare = [one.login for one in people if is_required(installation.settings, one.roles) and one.second_at is None]
    return _judged(not bare, _("须用验证码的人都已启用"), _("还没有启用验证码：%(names)s", names="、".join(bare[:20])))


def _of_sign_in(db: Session, installation: Installation) -> Iterator[Line]:
    """Keys, single sign-on and composed roles, each with what an auditor would ask of it."""
    keys = db.scalar(select(func.count(func.distinct(SecurityKey.staff_id)))) or 0
    yield Line(SAID, _("有安全密钥的人：%(n)d", n=keys))
    composed = list(db.scalars(select(ComposedRole.code).order_by(ComposedRole.code)))
    yield Line(SAID, _("组合岗位：%(names)s", names="、".join(composed) or "—"))
    oidc, groups = installation.settings.oidc, installation.city.sign_in.groups
    yield Line(SAID, _("单点登录：%(issuer)s", issuer=oidc.issuer if oidc else _("没有")))
    if oidc is not None:
        yield _judged(
            bool(groups), _("角色由平台的组决定"), _("city.yaml 没有写组与角色的对应：离开的人不会自动失去角色")
        )
        strange = sorted(unknown(db, {role for one in groups for role in one.roles}))
        yield _judged(
            not strange,
            _("组对应的角色都存在"),
            _("city.yaml 的 sign_in 里没有这些角色：%(names)s", names="、".join(strange)),
        )


def _of_machines(db: Session, installation: Installation) -> Iterator[Line]:
    now = installation.clock.now()
    tokens = [
        one
        for one in db.scalars(select(ApiToken).where(ApiToken.revoked_at.is_(None)))
        if one.expires_at is None or one.expires_at > now
    ]
    endless = [one.name for one in tokens if one.expires_at is None]
    anywhere = [one.name for one in tokens if not one.addresses]
    yield Line(SAID, _("在用的接口令牌：%(n)d", n=len(tokens)))
    yield _judged(not endless, _("令牌都有期限"), _("没有期限的令牌：%(names)s", names="、".join(endless[:20])))
    yield _judged(
        not anywhere, _("令牌都限定来源地址"), _("不限来源地址的令牌：%(names)s", names="、".join(anywhere[:20]))
    )


def _of_keys(db: Session, settings: Settings) -> Iterator[Line]:
    """The fingerprint is for comparing with the copy in the safe; it tells nothing of the key."""
    held = masters(settings.master_key)
    yield Line(SAID, _("主密钥 %(file)s，指纹 %(print)s", file=settings.master_key, print=fingerprint(held[0])))
    yield _judged(
        len(held) == 1,
        _("主密钥没有换到一半"),
        _("主密钥换到一半，旧的一把还在文件里：请再运行一次 hotline keys rotate"),
    )
    yield _judged(
        not settings.master_key.is_relative_to(settings.var),
        _("主密钥不在数据文件夹里"),
        _("主密钥放在数据文件夹里，拿走文件夹的人两样都有：请移到别处，用 HOTLINE_MASTER_KEY 指明"),
    )
    keys, newest = db.execute(select(func.count(), func.max(DataKey.made_at)).select_from(DataKey)).one()
    yield Line(SAID, _("数据密钥 %(n)d 把，最近一把做于 %(at)s", n=keys, at=f"{newest:%Y-%m-%d}" if newest else "—"))


def _of_books(db: Session) -> Iterator[Line]:
    sealed, latest = db.execute(select(func.count(), func.max(Seal.sealed_at)).select_from(Seal)).one()
    yield Line(
        SAID,
        _(
            "审计封条 %(n)d 条，最近 %(at)s；用 hotline audit verify 核验",
            n=sealed,
            at=f"{latest:%Y-%m-%d %H:%M}" if latest else "—",
        ),
    )
    if db.get_bind().dialect.name == "postgresql":
        yield _judged(
            not runtime_role.may_switch_off_triggers(db.connection()),
            _("程序的数据库用户改不了日志"),
            _("程序的数据库用户可以关掉日志的保护：请设 DATABASE_OWNER_URL，再运行 hotline migrate。"),
        )


def _of_stored(db: Session, installation: Installation) -> Iterator[Line]:
    """The virus scanner and the second place; without either an installation is weaker, and says so."""
    found = stored_health.look(db, installation.settings, installation.clock.now())
    yield _judged(found.scanner is True, _("附件由 clamd 查毒"), _("附件没有查毒（HOTLINE_CLAMD 没有设置或没有应答）"))
    if found.scanner is not None:
        told = {"unchecked": found.unchecked, "failed": found.failed, "infected": found.infected}
        yield Line(SAID, _("附件：未查毒 %(unchecked)d，没能查毒 %(failed)d，查出病毒并封存 %(infected)d", **told))
    yield _judged(
        found.second is True, _("附件在第二处各有一份"), _("附件只有一份（HOTLINE_SECOND_PLACE 没有设置或不在）")
    )
    if found.second is not None:
        yield _judged(not found.wrongs, _("附件的两份都对得上"), _("附件的两份对不上：%(n)d", n=found.wrongs))


def _of_standby(db: Session, settings: Settings) -> Iterator[Line]:
    found = standby_health.look(db, settings)
    if found.answers is None:
        yield Line(SAID, _("没有备库（HOTLINE_STANDBY）"))
        return
    yield _judged(not found.problems(), _("备库跟着主库，落后 %(n)d 字节", n=found.behind), " ".join(found.problems()))
    yield Line(SAID, _("提交等待备库：%(yes)s", yes=_("是") if found.synchronous else _("否，切换时可能丢最后几笔")))


def _of_backups(installation: Installation) -> Iterator[Line]:
    """The last drill, and where the head of the seals is told; without either nobody outside could prove anything."""
    settings, found = installation.settings, look(installation)
    if not found.backups:
        yield Line(WEAK, _("没有每夜的备份（HOTLINE_BACKUPS）"))
    else:
        yield _judged(not found.of_backups(), _("昨夜的备份已经演练恢复，核对无误"), " ".join(found.of_backups()))
    told = bool(settings.heads_copy or settings.heads_mail)
    yield _judged(
        told, _("封条的链头每夜送到外面"), _("封条的链头只留在本机（HOTLINE_HEADS_COPY、HOTLINE_HEADS_MAIL）")
    )


def _of_files(settings: Settings) -> Iterator[Line]:
    """Everything of the program's own user that others on this machine could open, below the data folder and wherever else
    the settings put keys, files and backups."""
    open_ones = sorted({str(path) for place in _places(settings) for path in _below(place) if _is_open(path)})
    yield _judged(
        not open_ones, _("数据文件只有程序能读"), _("别的用户能读：%(names)s", names="、".join(open_ones[:10]))
    )


def _places(settings: Settings) -> list[Path]:
    elsewhere = (settings.backups, *settings.file_places, settings.master_key, settings.backup_key)
    return [settings.var, *(place for place in elsewhere if place is not None and place.exists())]


def _below(place: Path) -> Iterator[Path]:
    """The place and all in it, but for private servers of other users and what stands elsewhere."""
    for path in ((place,) if not (place / "postgres").exists() else ()) + tuple(place.rglob("*")):
        if not path.is_symlink() and not {"postgres", "redis"} & set(path.relative_to(place).parts):
            yield path


def _is_open(path: Path) -> bool:
    try:
        return bool(path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except FileNotFoundError:
        return False
