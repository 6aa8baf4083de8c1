"""What people are told about their accounts and about power that changes hands: on their screens, in both languages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline.i18n import N_, _, speaking
from hotline.tickets.roles import Role
from models import Message

SENTENCES = {
    "sign_in_tried": N_("有人多次用错误的密码试着登录您的账号，已放慢。如果不是您，请告诉管理员并更换密码。"),
    "sign_in_new_device": N_(
        "您的账号在一台新的设备上登录：%(browser)s，地址 %(address)s。如果不是您，请马上更改密码并告诉管理员。"
    ),
    "second_factor_on": N_("您的手机验证码已启用。"),
    "second_factor_off": N_("您的手机验证码已关闭。如果不是您，请马上告诉管理员。"),
    "security_key_added": N_("您的账号登记了一把安全密钥：%(name)s。如果不是您，请马上告诉管理员。"),
    "security_key_removed": N_("您账号的一把安全密钥已移除：%(name)s。如果不是您，请马上告诉管理员。"),
    "recovery_used": N_("有人用一个备用码登录了您的账号。如果不是您，请马上告诉管理员。"),
    "second_reset": N_("%(who)s重设了您的手机验证码。如果不是您要求的，请马上告诉热线领导。"),
    "second_reset_of": N_("%(who)s重设了%(name)s（%(login)s）的手机验证码。"),
    "rating_flagged": N_("工单%(number)s的评价可能来自工作人员的网络、浏览器或电话，请核对。"),
    "password_reset": N_("%(who)s重设了您的密码。如果不是您要求的，请马上告诉热线领导。"),
    "password_reset_of": N_("%(who)s重设了%(name)s（%(login)s）的密码。"),
    "roles_changed": N_("%(who)s更改了您的角色：%(roles)s。"),
    "roles_changed_of": N_("%(who)s更改了%(name)s（%(login)s）的角色：%(roles)s。"),
    "sign_on_unlinked": N_("%(who)s解除了您的账号与统一身份认证的绑定。如果不是您要求的，请马上告诉热线领导。"),
    "sign_on_unlinked_of": N_("%(who)s解除了%(name)s（%(login)s）与统一身份认证的绑定。"),
    "role_composed": N_("%(who)s更改了岗位“%(name)s”的组成。"),
    "role_asked": N_("%(who)s申请更改岗位“%(name)s”的组成。须由另一个人在“角色与权限”页批准。"),
    "phone_changed": N_("%(who)s更改了您登记的电话。如果不是您要求的，请马上告诉热线领导。"),
    "export_agreed": N_("%(who)s同意了您的导出：%(what)s。一天内有效，只能导出一次。"),
    "token_made": N_("%(who)s发出了能看到个人信息的接口令牌“%(name)s”（来源 %(source)s）。"),
    "change_asked": N_("%(who)s申请：%(what)s。须由另一个人在“人员”页批准。"),
    "city_change_asked": N_("%(who)s申请更改城市资料：%(what)s。须由另一个人在“城市资料”页批准。"),
    "reveals_many": N_("%(who)s一小时内查看了%(count)s次个人信息，已暂停其查看，请核对。"),
    "opened_yesterday": N_(
        "昨天查看完整信息%(reveals)s次、打开市民附件%(files)s次、导出%(exports)s次。较多的：%(most)s。明细在审计日志。"
    ),
}
OVERSEERS = (Role.HEAD, Role.DISCIPLINE)
"""Who is told whenever power changes hands."""


def tell_person(db: Session, staff_id: int, key: str, now: datetime, **values: Any) -> None:
    """A notice on one person's screen."""
    db.add(_notice(key, now, values, staff_id=staff_id))


def tell_role(db: Session, role: Role, key: str, now: datetime, *, ticket_id: int | None = None, **values: Any) -> None:
    """A notice on the screens of everybody with this role."""
    db.add(_notice(key, now, values, role=role.value, ticket_id=ticket_id))


def tell_overseers(db: Session, key: str, now: datetime, **values: Any) -> None:
    for role in OVERSEERS:
        tell_role(db, role, key, now, **values)


def _notice(key: str, now: datetime, values: dict[str, Any], **where: Any) -> Message:
    words = {}
    for code in ("zh", "en"):
        with speaking(code):
            words[code] = _(
                SENTENCES[key], **{name: said() if callable(said) else said for name, said in values.items()}
            )
    return Message(
        direction="out",
        channel="desk",
        template_key=key,
        params={"en": words["en"]},
        text=words["zh"],
        state="delivered",
        created_at=now,
        delivered_at=now,
        **where,
    )
