"""A second set of 300 replies with planted promises, written apart from the first and read once before anything was changed.

Whole replies in other voices: districts, water and heating companies, schools, courts of property. Every date is worked out
here, by hand or by the calendar, never by the reader.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from classifier.replies.promised.promises import weekdays_after
from tests.support.planted.promises import Planted

# fmt: off
HEADS = (
    "市民朋友：您在热线反映的事项我们已经核实。", "关于您来电所述情况，区住建局牵头到现场看了。", "收到转办单后，供水公司客服与您通了电话，", "经与开发企业沟通，",
    "您好！所提建议很好，", "12345转来的工单（编号略）已由我乡承办。", "我校对家长反映的情况高度重视，", "针对楼道照明问题，", "经交警大队踏勘，该路口确有隐患。", "",
)
TAILS = ("届时请您监督。", "给您带来不便，深表歉意。", "联系人：老李，电话0372-1234567。", "", "以上情况已当面向您说明。", "谢谢理解。")
ACTORS = ("我局", "我乡", "自来水公司", "热力公司", "建设单位", "社区居委会", "校方", "市政养护所", "园林处", "运营方", "开发商")
DEEDS = (
    "完成整条巷子的硬化", "把断裂的供水支管换完", "给六号楼加装扶手", "完成外墙瓷砖的排险", "将押金原路退回", "施划停车泊位线", "把树枝修剪到位", "完成二次供水水箱清洗",
    "恢复该线路末班车", "将监控探头安装到位", "出具检测报告", "把积水点改造好", "更换楼道灯具", "向您反馈核查结论", "交付储藏室钥匙", "拆除临时围挡", "补发春季校服", "将证件寄出",
)
DONE = (
    "上个月20日，{who}已经{deed}，您可以随时查看。", "{who}于今年1月{deed}，目前使用正常。", "早在去年年底，{who}就已{deed}。", "昨天下午{who}{deed}，经您确认无异议。",
)
LAW = (
    "依照物业服务合同，质量保修期为两年，自交付之日起计算。", "职工应在劳动关系解除后十五日内办理失业登记。", "对处理意见不服的，可以自收到之日起三十日内请求上一级复查。",
    "养老金每月15日左右发放到账。", "申请公租房的审核周期一般为40个工作日。", "该政策自2024年7月1日起施行，有效期五年。", "缴费截止日期为每年12月20日。", "夏季作息时间为5月1日至9月30日。",
    "请您在本周五前把发票原件送到三楼窗口。", "如您月底前仍未收到短信，请与我们联系。", "新生报名请于8月20日前登录平台填报。", "业主逾期30日未交费的，公司有权依约催缴。",
)
VAGUE = (
    "今后我们将加大巡查频次。", "待上级资金下达后立即组织实施。", "我们将把您的建议列入明年计划通盘研究。", "条件成熟时再行改造。", "会尽快协调各方推动解决。", "后续有进展会第一时间告知您。",
)
# fmt: on


def _end(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _friday(day: date) -> date:
    return day - timedelta(days=day.weekday()) + timedelta(days=4)


def _ways(said: date, at: random.Random) -> list[Callable[[], tuple[str, date]]]:
    ahead = said + timedelta(days=at.randint(4, 120))
    n = at.choice((2, 3, 5, 7, 10, 15, 20))
    letters = {2: "两", 3: "三", 5: "五", 7: "七", 10: "十", 15: "十五", 20: "二十"}[n]
    national = date(said.year if said < date(said.year, 9, 30) else said.year + 1, 9, 30)
    new_year = date(said.year, 12, 31)
    year = said.year + 1
    later = _end(said.year, said.month + at.randint(1, 3))
    return [
        lambda: (f"{ahead.month}月{ahead.day}日前", ahead),
        lambda: (f"{ahead.month}月{ahead.day}号之前", ahead),
        lambda: (f"{ahead.year}年{ahead.month}月{ahead.day}日以前", ahead),
        lambda: (f"最迟{ahead.month}月{ahead.day}日", ahead),
        lambda: (f"{n}个工作日内", weekdays_after(said, n)),
        lambda: (f"{letters}个工作日之内", weekdays_after(said, n)),
        lambda: (f"{n}日内", said + timedelta(days=n)),
        lambda: (f"{letters}天内", said + timedelta(days=n)),
        lambda: ("本周五前", _friday(said)) if said.weekday() < 4 else ("下周五前", _friday(said) + timedelta(days=7)),
        lambda: ("下周五之前", _friday(said) + timedelta(days=7)),
        lambda: ("本周内", said - timedelta(days=said.weekday()) + timedelta(days=6)),
        lambda: ("月底前", _end(said.year, said.month)),
        lambda: ("本月底之前", _end(said.year, said.month)),
        lambda: ("下月底前", _end(said.year, said.month + 1)),
        lambda: (f"{later.month}月底前", later),
        lambda: (f"{later.year}年{later.month}月底", later),
        lambda: ("国庆前", national),
        lambda: ("国庆节前", national),
        lambda: ("年底前", new_year),
        lambda: ("今年年底以前", new_year),
        lambda: ("明年春季", date(year, 5, 31)),
        lambda: (f"明年{at.randint(3, 3)}月底前", date(year, 3, 31)),
        lambda: ("两周内", said + timedelta(days=14)),
        lambda: ("一个月内", _month_later(said)),
        lambda: ("明天", said + timedelta(days=1)),
        lambda: ("明年上半年", date(year, 6, 30)),
    ]


def _month_later(day: date) -> date:
    end = _end(day.year, day.month + 1)
    return end.replace(day=min(day.day, end.day))


SHAPES = (
    "{who}将于{when}{deed}。",
    "{who}承诺{when}{deed}。",
    "经协商，{who}同意{when}{deed}，费用由其承担。",
    "计划{when}{deed}，由{who}具体负责。",
    "已要求{who}{when}{deed}，逾期将予以处罚。",
    "{when}{who}会{deed}。",
    "确保{when}{deed}，{who}安排专人盯办。",
    "目前材料已进场，预计{when}可{deed}。",
)


def fresh(n: int = 300, seed: int = 904) -> list[Planted]:
    """Of ten replies six promise one day, one promises two, three promise none."""
    at, made = random.Random(seed), []
    for number in range(n):
        said = date(2026, 1, 5) + timedelta(days=at.randint(0, 330))
        body, days = [], []
        kind = number % 10
        for _ in range(2 if kind == 6 else 1 if kind < 6 else 0):
            words, day = at.choice(_ways(said, at))()
            body.append(at.choice(SHAPES).format(who=at.choice(ACTORS), when=words, deed=at.choice(DEEDS)))
            days.append(day)
        if kind >= 7 or at.random() < 0.5:
            body.insert(at.randint(0, len(body)), at.choice((*LAW, *VAGUE)))
        if at.random() < 0.3:
            body.insert(0, at.choice(DONE).format(who=at.choice(ACTORS), deed=at.choice(DEEDS)))
        made.append((at.choice(HEADS) + "".join(body) + at.choice(TAILS), said, tuple(days)))
    return made
