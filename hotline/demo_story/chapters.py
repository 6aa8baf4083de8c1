"""The chapters: from the call over a dispute, an unclear answer and its redo to the citizen's yes, and the figures it stands in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select

from hotline.demo_story.browser import WentWrong
from hotline.demo_story.stage import Stage, zone
from hotline.i18n import _
from hotline.tickets.reply_rules.signers import SIGN_OFF
from hotline.tickets.states import State
from hotline.triage.reasons import reasons_of
from models import Message, Petition, Proposal, Ticket
from webhooks.numbers import international
from webhooks.simulator import TwilioPhone

CITIZEN = "13800000001"
WORDS = "中华路南段从弦歌大道往北，路灯连着三个晚上不亮，晚自习放学的孩子摸黑走，请尽快派人修。"
UNCLEAR = {
    "facts": "收到工单后已安排人员查看。",
    "measures": "已列入维修计划，将尽快处理。",
    "outcome": "solved",
    "public_answer": "您反映的问题已安排处理，感谢您的监督。",
}
CLEAR = {
    "facts": "当晚 19:40 现场核查：弦歌大道以北 7 盏路灯因电缆接头烧坏不亮。",
    "measures": "当晚更换电缆接头 2 处，逐盏试亮，21:10 全部恢复。",
    "outcome": "solved",
    "public_answer": "经核查，弦歌大道以北 7 盏路灯因电缆接头烧坏不亮，已于当晚更换接头并逐盏试亮，全部恢复照明。",
}


def _call(stage: Stage) -> None:
    call_sid, phone = f"CA{secrets.token_hex(16)}", _phone(stage)
    stage.happened(_("市民"), _("拨打 12345"), None, stage.knock(phone.call(call_sid)))
    an = stage.who("demo-agent")
    held = re.search(r"/desk/calls/(\d+)/answer", an.page("/desk"))
    if held is None:
        raise WentWrong(_("话务员台没有弹出来电。"))
    leads_to = an.submit("/desk", held[0])
    stage.happened("安静雯", _("接起来电，弹屏显示来电人"), None)
    form = urlsplit(leads_to)._replace(scheme="", netloc="").geturl()
    shown = re.search(r'<input[^>]*name="phone"[^>]*>', an.page(form))
    phone_shown = re.search(r'value="([^"]*)"', shown[0] if shown else "")
    leads_to = an.submit(
        form,
        "/desk",
        call=held[1],
        phone=phone_shown[1] if phone_shown else "",
        body=WORDS,
        request_type="complaint",
        then="submit",
        channel="hotline",
        urgency="",
        privacy="masked",
    )
    found = re.search(r"done=(\d{12})", leads_to)
    if found is None:
        raise WentWrong(_("提交以后没有得到工单号。"))
    stage.number = found[1]
    an.submit("/desk", f"/desk/calls/{held[1]}/end")
    stage.knock(phone.agent_left(call_sid, f"CA{secrets.token_hex(16)}"))
    stage.knock(phone.press(call_sid, "1"))
    stage.knock(phone.ended(call_sid))
    stage.happened(
        "安静雯", _("记录诉求，提交工单 %(number)s；市民按 1 评价通话", number=stage.number), State.TO_DISPATCH, WORDS
    )


def _triage(stage: Stage) -> None:
    stage.work()
    with stage.installation.readings() as db:
        proposal = db.scalars(
            select(Proposal).join(Ticket, Ticket.id == Proposal.ticket_id).where(Ticket.number == stage.number)
        ).one()
    city = stage.installation.city
    stage.happened(
        _("系统"),
        _(
            "拟办建议：%(category)s → %(unit)s（把握 %(sure).0f%%）",
            category=city.category_name(proposal.category_code),
            unit=city.unit_name(proposal.unit_code),
            sure=proposal.confidence * 100,
        ),
        State.TO_DISPATCH,
        "；".join(reasons_of(proposal)),
    )
    _last_text(stage, "accepted")


def _dispute(stage: Stage) -> None:
    """Units act at once: an hour later it may be Monday, and what nobody signed in time over a weekend has signed itself."""
    home, other = stage.cast.home, stage.cast.actors["demo-other"].unit_code
    stage.do("demo-dispatch", "dispatch", unit=other)
    stage.happened("杜明远", _("派单，选错了单位"), State.TO_SIGN)
    stage.do("demo-other", "object", reason="路灯不属我单位职责。", basis="市级部门三定方案", suggested_unit=home)
    stage.happened("常丽萍", _("退单，写明理由和依据"), State.IN_OBJECTION)
    stage.do("demo-dispatch", "uphold", reason="同意，重新派单。")
    stage.happened("杜明远", _("同意退单"), State.TO_DISPATCH)
    stage.do("demo-dispatch", "dispatch", unit=home)
    stage.happened("杜明远", _("重新派单"), State.TO_SIGN)
    _last_text(stage, "dispatched")


def _first_round(stage: Stage) -> None:
    stage.do(stage.unit(), "sign")
    stage.happened("何建国", _("签收"), State.HANDLING)
    stage.later(hours=1)
    stage.do(stage.unit(), "contact", reached="yes", how="phone", note="已电话联系，核实路段和灯杆位置。")
    stage.happened("何建国", _("先行联系市民"), State.HANDLING)
    stage.later(hours=3)
    _reply(stage, UNCLEAR)
    stage.happened("何建国", _("第一次答复，说得含糊"), State.TO_REVIEW, UNCLEAR["public_answer"])


def _sent_back(stage: Stage) -> None:
    stage.later(hours=1)
    stage.do("demo-review", "redo", reasons=["R01"], note="没有写清楚修好没有、哪天修好，请补充结果。")
    stage.happened("任思齐", _("退回重办：R01 结果不明确"), State.TO_SIGN)


def _second_round(stage: Stage) -> None:
    stage.do(stage.unit(), "sign")
    stage.happened("何建国", _("再次签收"), State.HANDLING)
    stage.later(hours=3)
    _reply(stage, CLEAR)
    stage.happened("何建国", _("第二次答复，写明事实、措施和结果"), State.TO_REVIEW, CLEAR["public_answer"])
    stage.later(hours=1)
    checklist = {f"checklist.{i.code}": "na" if i.na else "yes" for i in stage.installation.city.checklist}
    stage.do("demo-review", "pass", note="已电话向市民核实。", **checklist)
    stage.happened("任思齐", _("对照清单逐条检查，通过"), State.TO_FOLLOW_UP)


def _follow_up(stage: Stage) -> None:
    """What passed the review before texts may leave is asked about an hour later."""
    stage.later(hours=1)
    _last_text(stage, "survey")
    stage.knock(_phone(stage).text(f"SM{secrets.token_hex(16)}", "1 修好了，谢谢"))
    stage.work()
    stage.happened(_("市民"), _("短信回复“1 修好了，谢谢”"), State.CLOSED)
    _last_text(stage, "thanks")


def _figures(stage: Stage) -> None:
    """The ticket stands behind the numbers that it should be in."""
    stage.later(hours=0.5)
    head = stage.who("demo-head")
    head.page("/overview/")
    for metric, part in (("satisfied", "hit"), ("redo", "hit"), ("sent_back", "of"), ("solved_2", "hit")):
        rows = head.page(f"/overview/tickets?metric={metric}&part={part}&period=7d")
        if stage.number not in rows:
            raise WentWrong(_("指标 %(metric)s 的明细里没有这张工单。", metric=metric))
    stage.happened(
        "魏长青",
        _("在总览中看到：满意率、重办率、退回率、二轮解决率的明细里都有工单 %(number)s", number=stage.number),
        State.CLOSED,
    )


def _reply(stage: Stage, words: Mapping[str, str]) -> None:
    contacted_at = (stage.clock.at - timedelta(hours=1)).astimezone(zone(stage)).strftime("%Y-%m-%dT%H:%M")
    stage.do(
        stage.unit(),
        "reply",
        truth="true",
        contacted="yes",
        contact_how="phone",
        contacted_at=contacted_at,
        answered_citizen="yes",
        handler="何建国",
        helpers_note="协办单位的部分已电话核实。",
        **words,
    )
    _signed(stage)


def _signed(stage: Stage) -> None:
    """Of a reply that must be signed the unit's leader reads the whole, and signs it with the own account."""
    with stage.installation.readings() as db:
        asked = db.scalar(select(Petition.id).where(Petition.kind == SIGN_OFF, Petition.state == "asked"))
    if asked is not None:
        stage.who("demo-leader").submit("/unit/signing/", f"/unit/signing/{asked}", verdict="grant")
        stage.work()


def _last_text(stage: Stage, key: str) -> None:
    """The text that the citizen's phone shows now."""
    with stage.installation.readings() as db:
        text = db.scalar(
            select(Message.text)
            .where(Message.template_key == key, Message.state == "sent", Message.phone == CITIZEN)
            .order_by(Message.id.desc())
            .limit(1)
        )
    if text is None:
        raise WentWrong(_("市民没有收到短信（%(key)s）。", key=key))
    stage.tell(f"      ✉ {text}")


def _phone(stage: Stage) -> TwilioPhone:
    settings = stage.installation.settings
    return TwilioPhone(
        token=settings.twilio_auth_token,
        public_url=settings.public_url,
        from_number=international(CITIZEN),
        to_number=f"+86{stage.installation.city.hotline_number}",
    )


CHAPTERS = (_call, _triage, _dispute, _first_round, _sent_back, _second_round, _follow_up, _figures)
