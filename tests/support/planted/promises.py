"""300 replies of our own writing in which dated promises are planted, and their truth worked out apart from the reader."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from classifier.replies.promised.promises import WorkingDays, dated_promises, weekdays_after

Planted = tuple[str, date, tuple[date, ...]]
"""(reply, the day it was written, the days promised in it)."""

DEEDS = (
    "完成破损路面的修补", "更换全部老化水管", "恢复小区供暖", "把楼顶渗水处的防水重新做好", "将拖欠的工资发放到位", "安装减速带和警示牌", "清运积存的建筑垃圾",
    "把不动产权证送到您手中", "拆除占道的铁皮棚", "对该工地噪声开展复测并向您反馈结果", "修复南门的路灯", "退还您多交的学费", "召开业主大会选聘物业公司", "疏通堵塞的雨水管网",
    "补种枯死的行道树", "完成电梯大修并恢复运行", "给您书面答复", "划设非机动车停车位", "将污水接入市政管网", "完成该桥的检测", "上门与您核对缴费记录", "开通接驳公交线路",
)  # fmt: skip
WHOS = ("我局", "我公司", "施工单位", "街道办事处", "物业公司", "供热公司", "我镇", "责任单位", "养护中心", "社区")
OPENINGS = (
    "您好，您反映的问题收悉。经现场核查，情况属实。", "网友您好！来信已收到，现回复如下：", "经了解，该处管线老化，已有三年未更换。", "接到您的来电后，我局于前几日派员到场查看。", "",
    "经查，您反映的情况部分属实，主要是雨季施工放缓造成的。", "您的诉求已转到我单位，工作人员已与您电话联系。",
)  # fmt: skip
ENDINGS = ("感谢您的监督与支持！", "如有疑问，请拨打0372-0000000。", "", "祝您生活愉快！", "特此回复。")
NONE = (
    "我局已于上月底修复完毕，目前亮灯正常。", "请您于{d}前携带身份证到窗口领取。", "根据条例，用人单位应当自用工之日起30日内签订合同。", "您可在收到决定书60日内申请行政复议。",
    "我们将进一步加强管理，争取早日解决。", "待资金到位后再行实施。", "报名时间为每年7月1日至7月10日，逾期不予受理。", "该补贴的办理时限为20个工作日内。", "执法人员去年12月已拆除该棚。",
    "办公时间为周一至周五上午8点到12点。", "保修期两年内由厂家免费维修。", "经查，该企业近三年内未受处罚。", "参保人应于每年12月底前缴费。", "下一步我们会适时予以考虑。",
    "该小区于2019年6月竣工交付。", "退休人员从批准的次月起领取养老金。", "如您{d}前仍未收到，请来电告知。", "因暂无建设计划，今年无法实施。", "孩子满六周岁的，请家长在8月底前登录平台报名。",
)  # fmt: skip


def _month_end(day: date, more: int = 0) -> date:
    first = date(day.year + (day.month - 1 + more) // 12, (day.month - 1 + more) % 12 + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return following - timedelta(days=1)


def _chinese(n: int) -> str:
    tens, ones = divmod(n, 10)
    letters = "零一二三四五六七八九"
    return (("" if tens == 1 else letters[tens]) + "十" if tens else "") + (letters[ones] if ones or not tens else "")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days(said: date, at: random.Random) -> tuple[str, date]:
    """A date to promise by, in words, and the day meant."""
    ahead = said + timedelta(days=at.randint(3, 150))
    n = at.randint(2, 15)
    ways: Sequence[Callable[[], tuple[str, date]]] = (
        lambda: (f"{ahead.month}月{ahead.day}日前", ahead),
        lambda: (f"{ahead.year}年{ahead.month}月{ahead.day}日之前", ahead),
        lambda: (f"{_chinese(ahead.month)}月{_chinese(ahead.day)}日前", ahead),
        lambda: (f"{_month_end(said, 2).month}月底前", _month_end(said, 2)),
        lambda: ("本月底前", _month_end(said)),
        lambda: ("下个月底前", _month_end(said, 1)),
        lambda: (f"下月{n}日前", _month_end(said, 1).replace(day=n)),
        lambda: (f"{n}个工作日内", weekdays_after(said, n)),
        lambda: (f"{_chinese(n)}个工作日内", weekdays_after(said, n)),
        lambda: (f"{n}天内", said + timedelta(days=n)),
        lambda: (f"{_chinese(n)}日内", said + timedelta(days=n)),
        lambda: ("两周内", said + timedelta(days=14)),
        lambda: ("半个月内", said + timedelta(days=15)),
        lambda: ("48小时内", said + timedelta(days=2)),
        lambda: ("下周三前", _monday(said) + timedelta(days=9)),
        lambda: ("下周五", _monday(said) + timedelta(days=11)),
        lambda: ("本周内", _monday(said) + timedelta(days=6)),
        lambda: ("年底前", date(said.year, 12, 31)),
        lambda: (f"{said.year + 1}年底前", date(said.year + 1, 12, 31)),
        lambda: ("明年6月底前", date(said.year + 1, 6, 30)),
        lambda: (f"{_month_end(said, 1).month}月中旬前", _month_end(said, 1).replace(day=20)),
        lambda: ("国庆节前", date(said.year, 9, 30)) if said < date(said.year, 9, 30) else ("元旦前", date(said.year, 12, 31)),
        lambda: ("2027年春节前", date(2027, 2, 5)),
        lambda: ("第四季度", date(said.year, 12, 31)),
        lambda: ("今年下半年", date(said.year, 12, 31)),
    )  # fmt: skip
    return at.choice(ways)()


SAID = (
    "{who}将于{when}{deed}。", "{who}承诺{when}{deed}。", "预计{when}，{who}{deed}。", "{who}计划在{when}{deed}。", "我局已责令{who}{when}{deed}。",
    "{when}，{who}将{deed}。", "经协调，{who}同意在{when}{deed}。", "{who}确保{when}{deed}。", "目前配件已到货，{who}{when}{deed}。", "{who}表示，将在{when}{deed}。",
    "待雨停后，{who}力争{when}{deed}。", "我们要求{who}在{when}{deed}，逾期依法处理。",
)  # fmt: skip


def planted(n: int = 300, seed: int = 12) -> list[Planted]:
    """Two thirds with one to three promises, one third with none; every reply has other sentences around them."""
    at = random.Random(seed)
    found: list[Planted] = []
    for number in range(n):
        said = date(2026, 1, 5) + timedelta(days=at.randint(0, 300))
        body, days = [], []
        for _each in range(at.choice((1, 1, 2, 3)) if number % 3 else 0):
            when, day = _days(said, at)
            body.append(at.choice(SAID).format(who=at.choice(WHOS), when=when, deed=at.choice(DEEDS)))
            days.append(day)
        ahead = said + timedelta(days=at.randint(5, 60))
        body += [
            one.format(d=f"{ahead.month}月{ahead.day}日")
            for one in at.sample(NONE, at.choice((0, 1)) if days else at.choice((1, 2)))
        ]
        at.shuffle(body)
        found.append((at.choice(OPENINGS) + "".join(body) + at.choice(ENDINGS), said, tuple(sorted(days))))
    return found


def agreement(replies: Sequence[Planted], working_days: WorkingDays = weekdays_after) -> tuple[float, float, list[str]]:
    """(precision, recall, the replies that were read otherwise), over all (reply, day) pairs."""
    hits = said = meant = 0
    wrong = []
    for reply, written, days in replies:
        read = sorted(one.due for one in dated_promises(reply, written, working_days) if one.due)
        left = list(days)
        for day in read:
            if day in left:
                left.remove(day)
                hits += 1
        said, meant = said + len(read), meant + len(days)
        if read != sorted(days):
            wrong.append(f"{written}: {reply} -> {[str(d) for d in read]} for {[str(d) for d in days]}")
    return hits / max(said, 1), hits / max(meant, 1), wrong
