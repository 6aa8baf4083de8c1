"""What two replies to one matter say against each other, and what a reply asks for that may have been told already."""

from __future__ import annotations

from datetime import date

import pytest

from classifier.replies.contradictions import (
    Clash,
    against_earlier,
    asks_for_number,
    asks_for_place,
    nobody_reached,
    says_done,
    says_talked,
)
from tests.support.planted.rewordings import renewed
from tests.support.planted.rounds import honest

THEN, NOW = date(2026, 3, 2), date(2026, 3, 20)


def clashes(before: str, now: str) -> list[Clash]:
    return [one.clash for one in against_earlier(before, THEN, now, NOW)]


@pytest.mark.parametrize(
    ("before", "now", "clash"),
    [
        ("经查，您反映的餐馆夜间排放油烟属实。", "经核实，餐馆夜间排放油烟问题不属实。", Clash.TRUTH),
        ("现场未发现该厂向河道排放污水。", "现场检查发现该厂夜间向河道排放污水。", Clash.TRUTH),
        ("我局已修复东门口破损的路灯。", "东门口破损的路灯正在联系厂家，计划修复。", Clash.DONE),
        ("小区北侧的垃圾已清运完毕。", "小区北侧的垃圾尚未清运，原因是车辆不足。", Clash.DONE),
        ("该路段路灯养护属于我局职责，我局会处理。", "该路段路灯养护不属于我局职责范围。", Clash.OURS),
        ("我局将于4月10日前完成电梯更换。", "我局将于6月30日前完成电梯更换。", Clash.DAY),
        ("公司拖欠您的工资共计8600元。", "公司拖欠您的工资共计6800元。", Clash.FIGURE),
    ],
)
def test_what_was_said_before_and_is_said_otherwise_now_is_named(before: str, now: str, clash: Clash) -> None:
    assert clashes(before, now) == [clash]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("东门口破损的路灯正在联系厂家，计划修复。", "我局已修复东门口破损的路灯。"),  # what was to be done is done
        ("小区北侧的垃圾已清运完毕。", "小区北侧的垃圾已清运完毕，后续将再次清运绿地。"),
        ("经查，餐馆排放油烟属实。", "经查，油烟排放属实；噪声超标不属实。"),
        ("我局将于4月10日前完成电梯更换。", "我局将于4月10日前完成电梯更换，6月30日前完成验收。"),
        ("我局已对该店罚款200元。", "我局已修复路面，投入3000元。"),
        ("我局将于6月30日前完成电梯更换。", "我局将于4月10日前完成电梯更换。"),  # earlier than promised
    ],
)
def test_what_only_went_on_is_left_alone(before: str, now: str) -> None:
    assert clashes(before, now) == []


def test_of_four_hundred_honest_second_replies_at_most_two_are_said_to_contradict_the_first() -> None:
    assert [pair for pair in honest(200) if clashes(*pair)] == []
    assert sum(bool(clashes(*pair)) for pair in renewed(200)) <= 2


def test_asking_the_citizen_back_is_heard_and_conditions_and_findings_are_not() -> None:
    assert asks_for_place("因没有说明具体施工地址，无法查实。请来电。")
    assert asks_for_place("请您补充具体路段，以便我局核查。")
    assert not asks_for_place("合同中并未明确约定在楼栋大厅贴瓷砖。")
    assert not asks_for_place("如再发现噪声，请告知具体位置。")
    assert asks_for_number("请您提供联系电话，我局将派人上门。") and not asks_for_number("联系电话：0372-1234567。")


def test_not_reached_and_talked_with_are_told_apart() -> None:
    assert nobody_reached("我局多次拨打来电人电话，均无人接听。")
    assert nobody_reached("因无法与您取得联系，我局按现有情况办理。")
    assert not nobody_reached("违停机动车由交警处理。") and not nobody_reached("无法联系上业主，现场门紧闭。")
    assert says_talked("工作人员已与您电话沟通，说明了办理情况。") and not says_talked("请与我局联系。")


def test_what_is_planned_is_not_done() -> None:
    assert says_done("已更换电缆30米。") and not says_done("已列入年度计划，待资金到位后更换电缆。")


@pytest.mark.parametrize(
    "told",
    [
        "经与市民电话沟通，其对处理结果无异议。",
        "我局工作人员致电来电人，说明了政策。",
        "已回访诉求人，本人认可。",
        "社区网格员已给您去电，解释了原因。",
        "与张先生通话后，张先生撤诉。",
        "热线工单承办人随即拨通了您的手机，听取了您的意见。",
        "您在电话里同意了退款金额。",
        "已电话回复举报人。",
        "我们再次打给您，您说不用再修了。",
    ],
)
def test_a_talk_with_the_citizen_is_read_in_whatever_words_it_is_told(told: str) -> None:
    assert says_talked(told)


@pytest.mark.parametrize(
    "told",
    [
        "我局已与开发商负责人联系，要求其限期整改。",
        "我们将在办结后电话回访您。",
        "请留下您的联系方式，便于相关部门与您联系。",
        "您致电我局时已告知办事流程。",
        "多次拨打您的电话均无人接听，请您看到后回电。",
        "因电话停机，未能与您取得联系。",
        "建议您与物业公司联系办理。",
    ],
)
def test_a_talk_with_others_or_one_to_come_is_none_with_the_citizen(told: str) -> None:
    assert not says_talked(told)
