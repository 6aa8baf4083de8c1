"""What a reply promises and by when."""

from __future__ import annotations

from datetime import date

import pytest

from classifier.replies.promised.due_dates import find_dates, weekdays_after
from classifier.replies.promised.promises import dated_promises, promises_in
from tests.support.planted.due_dates import fresh
from tests.support.planted.promises import agreement, planted

TUESDAY = date(2026, 4, 14)


def days(reply: str, said_on: date = TUESDAY) -> list[str]:
    return [str(one.due) for one in dated_promises(reply, said_on)]


def test_dated_promises_in_three_hundred_planted_replies_are_read() -> None:
    precision, recall, wrong = agreement(planted())
    assert precision >= 0.95 and recall >= 0.95, "\n".join(wrong[:10])


def test_so_are_those_of_a_second_set_in_other_voices() -> None:
    precision, recall, wrong = agreement(fresh())
    assert precision >= 0.95 and recall >= 0.95, "\n".join(wrong[:10])


@pytest.mark.parametrize(
    ("reply", "due"),
    [
        ("明年春季我局把行道树补种到位。", "2027-05-31"),
        ("该押金由公司明天退回您的账户。", "2026-04-15"),
        ("我局将于6月30日前完成路面修复。", "2026-06-30"),
        ("预计本月底前，施工单位进场。", "2026-04-30"),
        ("我公司将在3个工作日内上门维修。", "2026-04-17"),
        ("下周三上午召开业主代表会。", "2026-04-22"),
        ("力争年底前建成通车。", "2026-12-31"),
        ("拖欠工资春节前全部发放到位。", "2027-02-05"),
        ("第三季度完成招标。", "2026-09-30"),
        ("两周内更换井盖。", "2026-04-28"),
        ("二季度末完成招标，项目随后进场。", "2026-06-30"),
        ("已责令商户于4月25日前整改到位。", "2026-04-25"),
        ("整改期限至5月1日。", "2026-05-01"),
        ("限期一周整改。", "2026-04-21"),
        ("后天上午我所派人到现场查看。", "2026-04-16"),
        ("水务集团答复：4月20日24时前恢复正常供水。", "2026-04-20"),
        ("我镇承诺，五一节前把路面坑洼全部填平。", "2026-04-30"),
        ("入汛前完成清淤。", "2026-05-14"),
        ("学校预计今年秋季开学投入使用。", "2026-09-01"),
        ("预计２０日内办结并答复您。", "2026-05-04"),
        ("工程将于明年三月份开工。", "2027-03-31"),
        ("将在收到材料后5日内办理退款。", "2026-04-19"),
        ("我镇已与施工方商定，下周三前把塌陷的地方填平压实。", "2026-04-22"),
        ("补贴名单公示已结束，资金月底之前打到您的社保卡上。", "2026-04-30"),
        ("公交公司回复，今年年内新增两个班次。", "2026-12-31"),
        ("堆积的垃圾明天上午清运干净。", "2026-04-15"),
        ("河道保洁由新的公司承接，水面漂浮物后天打捞完毕。", "2026-04-16"),
        ("物业表示，明日18时前可将地下室积水抽干并做防水。", "2026-04-15"),
        ("供电所答复下周五下班前恢复照明。", "2026-04-24"),
        ("您好，配件已经订购，三个月内给五单元换上新的门禁。", "2026-07-14"),
        ("该路口1月15日前安装信号灯。", "2027-01-15"),
    ],
)
def test_a_date_in_words_is_resolved_against_the_day_of_the_reply(reply: str, due: str) -> None:
    assert due in days(reply, date(2026, 12, 20) if "1月15日" in reply else TUESDAY)


@pytest.mark.parametrize(
    ("reply", "due"),
    [
        ("国庆节后动工，请您监督。", "2026-10-14"),
        ("汛期前清淤完毕。", "2026-07-15"),
        ("该危树已鉴定，雨季前予以伐除。", "2026-06-30"),
        ("该公厕停用系化粪池堵塞，6月25号重新开放。", "2026-06-25"),
        ("今晚十点前恢复供水。", "2026-06-10"),
        ("“八一”前给退役军人家庭挂好光荣牌。", "2026-07-31"),
        ("校方答应教师节前结清课时费。", "2026-09-09"),
        ("请您放心，6月份之内这个事给您办好。", "2026-06-30"),
        ("入伏之前给老人们把空调装上，已下单。", "2026-07-14"),
        ("本年度内为该小区补建消防水池。", "2026-12-31"),
        ("预计十天左右能出鉴定结果，出来就通知您。", "2026-06-20"),
        ("国庆期间安排专人值守，杜绝乱停车现象。", "2026-10-07"),
        ("学校答应在6月22号把多收的资料费退完。", "2026-06-22"),
        ("再等六天，配件一到立即安装。", "2026-06-16"),
        ("我校已决定退还多收的校服费，八月底前退到家长手中。", "2026-08-31"),
    ],
)
def test_a_day_is_read_in_whatever_words_a_unit_tells_it(reply: str, due: str) -> None:
    assert due in days(reply, date(2026, 6, 10))


@pytest.mark.parametrize(
    "reply",
    [
        "您要求国庆节前发放安置房钥匙，目前因竣工验收未通过，暂不具备条件。",
        "市民反映称物业曾答应五一前装好门禁，双方并无书面约定。",
        "您的孩子6月15日之前须完成疫苗补种，否则影响入托。",
        "如果居民三分之二以上同意，物业年内可以启用维修资金。",
        "我市计划到2030年基本建成海绵城市，但该小区不在范围内。",
        "经核实，您2026年2月提交的申请因材料不全于3月退回。",
        "养殖户已搬走，我镇于4月2日验收。",
        "老年卡从65周岁当月开始办理。",
        "职工退休审批集中办理，当月申报次月发放。",
        "孩子在今年8月31日前满六周岁即可入学。",
        "该处围挡系临时设置，年内是否拆除由建设单位决定。",
        "您称下周要出国，希望尽快办理。",
    ],
)
def test_a_day_of_somebody_elses_is_no_promise(reply: str) -> None:
    assert days(reply, date(2026, 6, 10)) == []


@pytest.mark.parametrize(
    "reply",
    [
        "我局已于3月12日安排施工队修补完毕。",
        "请您于6月30日前到窗口领取。",
        "报名时间为7月5日至7月15日，逾期不再补报。",
        "根据规定，应当自受理之日起60日内作出决定。",
        "您可在60日内申请行政复议。",
        "该项目去年底完工。",
        "工作时间为周一至周五上午9点到12点。",
        "该企业近三年内没有处罚记录。",
        "保修两年内免费维修。",
        "合同约定的交房时间为2026年6月30日。",
        "许可证2026年12月31日到期。",
        "《2026年老旧小区改造工作方案》已经印发。",
        "批复后30天内进场施工。",
        "今年无法实施。",
        "2月30日前完成。",
        "感谢您的来信。2026年4月14日",
        "从缴费到账的下月起享受待遇。",
        "夫妻离异后，任何一方2年内购买商品住房的，套数合并计算。",
        "家庭旅馆只在周末或节假日营业接客。",
    ],
)
def test_what_is_past_a_rule_or_the_citizens_own_duty_is_no_promise(reply: str) -> None:
    assert days(reply) == []


def test_a_term_from_today_is_a_promise_and_a_season_or_a_right_of_buyers_is_none() -> None:
    assert days("自即日起一个月将违建拆除。") == ["2026-05-14"]
    assert days("供暖期至次年3月15日结束。") == [] and days("商家七日内无理由退货适用于网购。") == []
    assert days("商家同意三日内退货退款。") == ["2026-04-17"]


def test_a_term_counts_from_today_and_the_last_month_of_the_old_calendar_ends_at_new_year() -> None:
    assert days("自今日起五个工作日内为您办结。") == ["2026-04-21"]
    assert days("即日起两周内拆除广告牌。") == ["2026-04-28"]
    assert days("双方约定腊月底前付清。") == ["2027-02-05"]
    assert days("自收到决定之日起六十日内可以申请复议。") == []


def test_several_steps_of_one_sentence_are_several_promises() -> None:
    steps = dated_promises("第一批国庆前发放，第二批在明年六月底前结清。", TUESDAY)
    assert [(one.deed, str(one.due)) for one in steps] == [("第一批发放", "2026-09-30"), ("第二批结清", "2027-06-30")]


def test_one_step_told_twice_is_one_promise_the_fuller_one() -> None:
    told = dated_promises(
        "物业下周三前换上新的门禁。您好，物业下周三前给东门换上新的门禁。下周三前补刷车位线。", TUESDAY
    )
    assert [one.deed for one in told] == ["物业给东门换上新的门禁", "补刷车位线"]
    told = dated_promises("12月10日前更换电缆30米并恢复照明。您好，我局将于12月10日前更换电缆并恢复照明。", TUESDAY)
    assert [one.deed for one in told] == ["更换电缆30米并恢复照明"]
    assert len(promises_in("我局将尽快维修。我局将尽快维修。物业明天换灯。物业明天换灯。", TUESDAY)) == 2


@pytest.mark.parametrize(
    ("reply", "condition"),
    [
        ("已列入计划，待资金到位后实施。", "待资金到位"),
        ("待条件成熟后，适时予以考虑。", "待条件成熟"),
        ("我局将尽快协调相关单位处理。", ""),
        ("下一步将持续推进该项目。", ""),
    ],
)
def test_a_promise_without_a_date_is_named_with_what_it_waits_for(reply: str, condition: str) -> None:
    (found,) = promises_in(reply, TUESDAY)
    assert found.due is None and condition in found.condition and bool(found.condition) == bool(condition)


@pytest.mark.parametrize(
    "reply", ["路灯已修好。", "未经批准将被处以罚款。", "我们将竭诚为您服务。", "根据规定可以领取补贴。"]
)
def test_a_result_a_threat_or_a_formula_is_no_promise(reply: str) -> None:
    assert promises_in(reply, TUESDAY) == ()


def test_working_days_follow_the_calendar_of_the_city() -> None:
    assert weekdays_after(date(2026, 4, 30), 3) == date(2026, 5, 5)
    after_the_holidays = find_dates("3个工作日内", date(2026, 4, 30), lambda day, n: date(2026, 5, 8))
    assert after_the_holidays[0].due == date(2026, 5, 8)


@pytest.mark.parametrize(
    "text", ["", "月", "年前年底前", "99月99日前", "十十十日内", "百百年内", "2" * 500, "下下下周" * 50]
)
def test_strange_dates_are_read_without_a_crash(text: str) -> None:
    for one in promises_in(text + "完成", TUESDAY):
        assert one.when in text and (one.due is None or one.due >= TUESDAY)


@pytest.mark.parametrize(
    ("reply", "due"),
    [
        ("我局将于明年汛前完成管网改造。", "2027-05-14"),
        ("计划元旦放假前修好路灯。", "2026-12-31"),
        ("我公司将在元旦前后恢复供暖，最晚不超过1月5日。", "2027-01-05"),
        ("我办将在正月十五前清理完毕。", "2027-02-19"),
        ("小寒之前完成管道更换。", "2027-01-04"),
        ("我单位将于月中完成维修。", "2026-12-20"),
        ("来年开春我局将补种绿化。", "2027-03-31"),
    ],
)
def test_a_day_named_by_the_calendar_of_the_land_is_that_day(reply: str, due: str) -> None:
    """Read as the year's end, a day too late, or not at all."""
    assert [str(one.due) for one in dated_promises(reply, date(2026, 12, 3))] == [due]


@pytest.mark.parametrize("reply", ["请业主12月31日前完成登记。", "大雪前完成了检修。", "已在三个月中完成维修。"])
def test_what_the_citizen_is_asked_to_do_is_no_promise(reply: str) -> None:
    assert not dated_promises(reply, date(2026, 12, 3))
