"""Headings are read by what they mean, as other hotlines write them."""

from __future__ import annotations

import pytest

from hotline.errors import Refusal
from hotline.intake.importing.headings import columns_of
from hotline.intake.importing.meanings import meaning


@pytest.mark.parametrize(
    ("fact", "headings"),
    [
        (
            "body",
            "诉求内容 主要内容 咨询内容 来电内容* 【必填】诉求描述 事件详情 群众反映内容 信件正文 訴求內容 Complaint_Description 投诉举报内容 留言详情（必填）",
        ),
        ("title", "标题 工单标题 信件主题 事件名称标题 Subject"),
        (
            "phone",
            "求助号码 来电人电话 联系电话 群众联系方式 手机号码 诉求人手机 主叫号码 固定电话 市民电话 聯絡電話 Contact_Phone 投诉人联系电话",
        ),
        ("name", "求助人员 来电人 投诉人姓名 诉求人 市民姓名 联系人 申请人姓名 Caller_Name"),
        ("happened_at", "区交办时间 来电时间 受理日期 工单创建时间 诉求时间 登记时间 Created_Date 上报时间"),
        ("outer_number", "受理单号 工单编号 流水号 信访件编号 案件编号 办件单号 Case_ID Ticket-No 热线工单号"),
        ("place", "诉求详细地址 事发地点 问题点位 发生位置 事件详细地址 Incident_Address"),
        ("closed_at", "办结时间 实际办结日期 结案时间 工单完成时间 Closed_Date"),
        ("reply", "处理结果 答复内容 办理情况 单位反馈内容 处置结果 Resolution_Description"),
        ("unit", "承办单位 主办部门 责任单位 处理单位名称 Agency"),
        ("state", "工单状态 办理状态 当前状态 案件办理状态 Status"),
        ("rating", "满意度 群众满意情况 办理结果满意度 是否满意"),
        ("urgency", "紧急程度 工单紧急程度 优先级"),
        ("channel", "诉求渠道 来源 工单来源 受理渠道"),
    ],
)
def test_a_heading_is_understood_by_its_words(fact: str, headings: str) -> None:
    """Found outside: I4."""
    assert {heading: (meaning(heading) or ("",))[0] for heading in headings.split()} == dict.fromkeys(
        headings.split(), fact
    )


@pytest.mark.parametrize(
    "heading",
    [
        "序号",
        "承办单位电话",
        "网格员电话",
        "网格员姓名",
        "物业联系电话",
        "社区书记手机",
        "商户电话",
        "经办人",
        "被投诉人姓名",
        "身份证号码",
        "车牌号码",
        "办理时限",
        "要求办结时间",
        "应办结时间",
        "回访时间",
        "坐席工号",
        "来电人性别",
        "来电人地址",
        "受理人",
        "联系人身份证号",
        "父工单编号",
        "短信内容",
        "回访内容",
        "退单时间",
        "审核意见",
        "话务员满意度",
        "剩余时间",
        "是否公开",
        "不满意",
        "处理人电话",
        "家庭住址",
        "区域编码",
        "备注",
        "办理单位联系电话",
    ],
)
def test_a_heading_of_something_else_is_left_over(heading: str) -> None:
    assert meaning(heading) is None


def test_the_citizens_own_time_goes_before_the_times_of_offices() -> None:
    found = columns_of(["编号", "派单时间", "创建时间", "来电时间", "诉求内容"], {})
    assert found.taken["happened_at"] == ("来电时间", "创建时间", "派单时间")
    assert found.left == ()


def test_what_a_person_says_goes_before_what_a_heading_means() -> None:
    found = columns_of(["正文", "说的话", "电话"], {"body": "说的话", "phone": ""})
    assert found.taken == {"body": ("说的话",)}
    assert found.left == ("正文", "电话")


def test_a_heading_told_with_other_blanks_is_found() -> None:
    assert columns_of([" 诉求 内容（必填）"], {"body": "诉求内容"}).taken["body"] == (" 诉求 内容（必填）",)
    with pytest.raises(Refusal, match="没有这一列的列"):
        columns_of(["诉求内容"], {"phone": "没有这一列的列"})
