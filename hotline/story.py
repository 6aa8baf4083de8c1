"""One ticket's whole life, played through HTTP against a server of its own and told step by step.

Every deed goes through the pages people use, the JSON API or the signed webhooks of the network; nothing is reached into.
After each step the ticket's state is asked for through the API, and the story stops where it differs from what it should be.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener
from zoneinfo import ZoneInfo

from sqlalchemy import select
from werkzeug.serving import make_server

from hotline.api.tokens import issue
from hotline.app import create_app
from hotline.city.sync import sync
from hotline.clock import Clock, StoppedClock
from hotline.demo.people import Cast, hire_all
from hotline.house import House
from hotline.jobs.build import build_house
from hotline.jobs.run import drain
from hotline.jobs.schedule import ring
from hotline.language import _
from hotline.messages.notices import clock_name
from hotline.settings import Settings, read_settings
from hotline.tickets import deadlines
from hotline.tickets.search import create_search
from hotline.tickets.states import STATES, State
from hotline.triage.propose import reasons_of
from hotline.web.login import DEMO_PASSWORD
from models import Deadline, Message, Proposal, Ticket
from models.migrate import upgrade
from routing.spans import Span
from webhooks.numbers import international
from webhooks.simulator import Knock, TwilioPhone

CITIZEN = "13800000001"
WORDS = "中华路南段从弦歌大道往北，路灯连着三个晚上不亮，晚自习放学的孩子摸黑走，请尽快派人修。"
UNCLEAR = {"facts": "收到工单后已安排人员查看。", "measures": "已列入维修计划，将尽快处理。", "outcome": "solved",
           "public_answer": "您反映的问题已安排处理，感谢您的监督。"}
CLEAR = {"facts": "当晚 19:40 现场核查：弦歌大道以北 7 盏路灯因电缆接头烧坏不亮。",
         "measures": "当晚更换电缆接头 2 处，逐盏试亮，21:10 全部恢复。", "outcome": "solved",
         "public_answer": "经核查，弦歌大道以北 7 盏路灯因电缆接头烧坏不亮，已于当晚更换接头并逐盏试亮，全部恢复照明。"}


class WentWrong(Exception):
    """The story differs from what it should be; the sentence says where."""


class _StayThere(HTTPRedirectHandler):
    """Redirects are part of the story: they are looked at, not followed."""

    def redirect_request(self, *_told: Any, **_more: Any) -> None:
        return None


@dataclass
class Browser:
    """One person's browser: cookies, hidden fields of the form that was opened last, and nothing else."""

    url: str
    opener: Any = field(init=False)

    def __post_init__(self) -> None:
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()), _StayThere())

    def open(self, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Status, text and the place it points to."""
        try:
            answer = self.opener.open(Request(self.url + path, data=data, headers=dict(headers or {})), timeout=30)
        except HTTPError as error:
            answer = error
        return answer.status, answer.read().decode(), answer.headers.get("Location", "")

    def page(self, path: str) -> str:
        """The text of a page that must open."""
        status, text, _to = self.open(path)
        if status != 200:
            raise WentWrong(_("打开 %(path)s 得到 %(status)d：%(text)s", path=path, status=status, text=_said(text)))
        return text

    def submit(self, at: str, to: str, **answers: Any) -> str:
        """Open the page `at`, fill its form and send it to `to`; returns where it leads. The token is the page's own."""
        hidden = _hidden(self.page(at))
        form = [(name, one) for name, value in {**hidden, **answers}.items() for one in (value if isinstance(value, list) else [value])]
        status, text, leads_to = self.open(to, urlencode(form).encode())
        if status not in (302, 303):
            raise WentWrong(_("提交 %(path)s 得到 %(status)d：%(text)s", path=to, status=status, text=_said(text)))
        return leads_to


@dataclass
class Stage:
    """The running hotline, the network's phone, and how to tell what happens."""

    house: House
    clock: StoppedClock
    url: str
    cast: Cast
    token: str
    tell: Callable[[str], None]
    number: str = ""
    step: int = 0

    def who(self, login: str) -> Browser:
        """Somebody signs in; each deed begins at the login page, for hours pass between them."""
        browser = Browser(self.url)
        browser.submit("/login", "/login", login=login, password=DEMO_PASSWORD)
        return browser

    def unit(self) -> str:
        """The login of a handler of the unit that has the ticket."""
        with self.house.readings() as db:
            code = db.scalars(select(Ticket.unit_code).where(Ticket.number == self.number)).one()
        login = next((p for p in ("demo-unit", "demo-other") if self.cast.actors[p].unit_code == code), "")
        if not login:
            raise WentWrong(_("单位 %(unit)s 没有演示用户。", unit=code))
        return login

    def do(self, login: str, action: str, **answers: Any) -> None:
        """One action of the life cycle by its page."""
        path = f"/tickets/{self.number}/do/{action}"
        self.who(login).submit(path, path, **answers)
        self.work()

    def work(self) -> None:
        """What the workers and the minute clock would do by now."""
        ring(self.house, self.clock.now())
        drain(self.house)

    def later(self, **delta: float) -> None:
        """Time passes, with bells and promises on the way; the story works by day."""
        self.work()
        self.clock.at = self.house.city.calendar.add(self.clock.at, Span(delta["hours"], "wh"))
        self.work()

    def knock(self, knock: Knock) -> str:
        """The network tells us something, signed; returns what we answer."""
        status, text, _to = Browser(self.url).open(knock.path, knock.body, knock.headers)
        if status >= 300:
            raise WentWrong(_("网络的请求 %(path)s 得到 %(status)d：%(text)s", path=knock.path, status=status, text=_said(text)))
        return " ".join(re.findall(r"<(?:Say|Message)[^>]*>([^<]+)<", text))

    def ask_api(self) -> dict[str, Any]:
        status, text, _to = Browser(self.url).open(f"/api/v1/tickets/{self.number}", headers={"Authorization": f"Bearer {self.token}"})
        if status != 200:
            raise WentWrong(_("接口 %(path)s 得到 %(status)d", path=f"/api/v1/tickets/{self.number}", status=status))
        return dict(json.loads(text))

    def happened(self, who: str, what: str, expected: State | None, said: str = "") -> None:
        """Tell one step, and check the state the API shows."""
        self.step += 1
        self.tell(f"{self.step:>2}. {self.clock.at.astimezone(_zone(self)):%m-%d %H:%M}  {who}：{what}")
        if said:
            self.tell(f"      {said}")
        if expected is None:
            return
        face = self.ask_api()
        unit = self.house.city.unit_name(face["unit"]) or "–"
        self.tell(f"      → {_(STATES[State(face['state'])].name)} · {_('第 %(n)d 轮', n=face['round'])} · {unit} · {_clocks(self)}")
        if face["state"] != expected.value:
            raise WentWrong(_("应为“%(expected)s”，接口说是“%(state)s”。", expected=_(STATES[expected].name),
                              state=_(STATES[State(face["state"])].name)))


def tell(say: Callable[[str], None]) -> int:
    """Play the story; 0 when every step was as it should be, 1 otherwise."""
    with tempfile.TemporaryDirectory(prefix="hotline-story-") as folder, _stage(Path(folder), say) as stage:
        say(_("一张工单的一生（真实 HTTP，%(url)s，临时数据库）", url=stage.url))
        try:
            for chapter in (_call, _triage, _dispute, _first_round, _sent_back, _second_round, _follow_up, _figures):
                chapter(stage)
        except WentWrong as wrong:
            say(_("故事断在这里：%(why)s", why=wrong))
            return 1
        say(_("完：%(n)d 步，步步如常。", n=stage.step))
    return 0


# --- the chapters ----------------------------------------------------------------------------------------------------


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
    leads_to = an.submit(form, "/desk", call=held[1], phone=phone_shown[1] if phone_shown else "", body=WORDS, request_type="complaint",
                         then="submit", channel="hotline", urgency="normal", privacy="masked")
    found = re.search(r"done=(\d{12})", leads_to)
    if found is None:
        raise WentWrong(_("提交以后没有得到工单号。"))
    stage.number = found[1]
    an.submit("/desk", f"/desk/calls/{held[1]}/end")
    stage.knock(phone.agent_left(call_sid, f"CA{secrets.token_hex(16)}"))
    stage.knock(phone.press(call_sid, "1"))
    stage.knock(phone.ended(call_sid))
    stage.happened("安静雯", _("记录诉求，提交工单 %(number)s；市民按 1 评价通话", number=stage.number), State.TO_DISPATCH, WORDS)


def _triage(stage: Stage) -> None:
    stage.work()
    with stage.house.readings() as db:
        proposal = db.scalars(select(Proposal).join(Ticket, Ticket.id == Proposal.ticket_id).where(Ticket.number == stage.number)).one()
    city = stage.house.city
    stage.happened(_("系统"), _("拟办建议：%(category)s → %(unit)s（把握 %(sure).0f%%）",
        category=city.category_name(proposal.category_code),
                             unit=city.unit_name(proposal.unit_code), sure=proposal.confidence * 100), State.TO_DISPATCH,
                   "；".join(reasons_of(proposal)))
    _last_text(stage, "accepted")


def _dispute(stage: Stage) -> None:
    home, other = stage.cast.home, stage.cast.actors["demo-other"].unit_code
    stage.do("demo-dispatch", "dispatch", unit=other)
    stage.happened("杜明远", _("派单，选错了单位"), State.TO_SIGN)
    stage.later(hours=1)
    stage.do("demo-other", "object", reason="路灯不属我单位职责。", basis="市级部门三定方案", suggested_unit=home)
    stage.happened("常丽萍", _("退单，写明理由和依据"), State.IN_OBJECTION)
    stage.do("demo-dispatch", "uphold", reason="同意，重新派单。")
    stage.happened("杜明远", _("同意退单"), State.TO_DISPATCH)
    stage.do("demo-dispatch", "dispatch", unit=home)
    stage.happened("杜明远", _("重新派单"), State.TO_SIGN)
    _last_text(stage, "dispatched")


def _first_round(stage: Stage) -> None:
    stage.later(hours=1)
    stage.do(stage.unit(), "sign")
    stage.happened("何建国", _("签收"), State.HANDLING)
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
    stage.later(hours=1)
    stage.do(stage.unit(), "sign")
    stage.happened("何建国", _("再次签收"), State.HANDLING)
    stage.later(hours=3)
    _reply(stage, CLEAR)
    stage.happened("何建国", _("第二次答复，写明事实、措施和结果"), State.TO_REVIEW, CLEAR["public_answer"])
    stage.later(hours=1)
    checklist = {f"checklist.{item.code}": "yes" for item in stage.house.city.checklist}
    stage.do("demo-review", "pass", **checklist)
    stage.happened("任思齐", _("对照清单逐条检查，通过"), State.TO_FOLLOW_UP)


def _follow_up(stage: Stage) -> None:
    _last_text(stage, "survey")
    stage.later(hours=1)
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
    stage.happened("魏长青", _("在总览中看到：满意率、重办率、退回率、二轮解决率的明细里都有工单 %(number)s", number=stage.number),
        State.CLOSED)


# --- steps -----------------------------------------------------------------------------------------------------------


def _reply(stage: Stage, words: Mapping[str, str]) -> None:
    contacted_at = (stage.clock.at - timedelta(hours=1)).astimezone(_zone(stage)).strftime("%Y-%m-%dT%H:%M")
    stage.do(stage.unit(), "reply", truth="true", contacted="yes", contact_how="phone", contacted_at=contacted_at, answered_citizen="yes",
             handler="何建国", signed_off_by="程向东", **words)


def _last_text(stage: Stage, key: str) -> None:
    """The text that the citizen's phone shows now."""
    with stage.house.readings() as db:
        text = db.scalar(select(Message.text).where(Message.template_key == key, Message.state == "sent",
                                                    Message.phone == CITIZEN).order_by(Message.id.desc()).limit(1))
    if text is None:
        raise WentWrong(_("市民没有收到短信（%(key)s）。", key=key))
    stage.tell(f"      ✉ {text}")


def _phone(stage: Stage) -> TwilioPhone:
    settings = stage.house.settings
    return TwilioPhone(token=settings.twilio_auth_token, public_url=settings.public_url, from_number=international(CITIZEN),
                       to_number=f"+86{stage.house.city.hotline_number}")


def _clocks(stage: Stage) -> str:
    """The running clocks of the ticket, each with its deadline."""
    with stage.house.readings() as db:
        ticket_id = db.scalars(select(Ticket.id).where(Ticket.number == stage.number)).one()
        running = deadlines.running(db, ticket_id)
    return "，".join(_clock(stage, one) for one in running) or _("没有计时")


def _clock(stage: Stage, one: Deadline) -> str:
    return _("%(clock)s %(due)s 到期", clock=clock_name(one.clock), due=one.due_at.astimezone(_zone(stage)).strftime("%m-%d %H:%M"))


def _zone(stage: Stage) -> ZoneInfo:
    return ZoneInfo(stage.house.city.timezone)


def _hidden(page: str) -> dict[str, str]:
    """The token of the page and, of its main form, the hidden fields that make a second press harmless."""
    found = re.search(r'name="csrf[_-]token"[^>]* (?:value|content)="([^"]+)"', page)
    seen = re.search(r'name="seen"[^>]* value="(\d+)"', page)
    return {"csrf_token": found[1] if found else "", "once": secrets.token_hex(8), **({"seen": seen[1]} if seen else {})}


def _said(page: str) -> str:
    """The words of a page, for a message about what went wrong."""
    body = re.sub(r"(?s)<(script|style|svg|head|nav|header).*?</\1>", " ", page)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())[:400]


NOISY = ("werkzeug", "webhooks")
"""Loggers that would talk between the story's lines."""


@contextmanager
def _stage(folder: Path, say: Callable[[str], None]) -> Iterator[Stage]:
    """A hotline of its own on a free port, with the demo's people and no tickets, on the next working morning."""
    settings = Settings(city_dir=read_settings().city_dir, database_url=f"sqlite:///{folder / 'story.db'}", var=folder,
                        secret_key=secrets.token_hex(32), twilio_auth_token=secrets.token_hex(16), testing=True)
    clock = StoppedClock(datetime(2000, 1, 1, tzinfo=UTC))
    house = build_house(settings, clock=clock)
    clock.at = house.city.calendar.opening(Clock().now())
    upgrade(house.engine, (create_search,))
    with house.sessions() as db:
        sync(db, house.city, clock.now())
        cast = hire_all(db, house.city, clock.now() - timedelta(days=1))
        token = issue(db, "story", "story", ["tickets.read"], clock.now())
        db.commit()
    before = {name: logging.getLogger(name).level for name in NOISY}
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, create_app(settings, house), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Stage(house, clock, f"http://127.0.0.1:{server.server_port}", cast, token, say)
    finally:
        server.shutdown()
        house.engine.dispose()
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
