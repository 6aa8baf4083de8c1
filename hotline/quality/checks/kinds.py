"""The kinds of faults in a record, and what each means."""

from __future__ import annotations

from enum import StrEnum

from hotline.i18n import N_


class Kind(StrEnum):
    NO_PLACE = "no_place"
    WRONG_AREA = "wrong_area"
    WRONG_NUMBER = "wrong_number"
    EMPTY_TITLE = "empty_title"
    PERSONAL_TITLE = "personal_title"
    OTHER_MATTER = "other_matter"
    THIN_RECORD = "thin_record"
    WRONG_TYPE = "wrong_type"
    DANGER_MISSED = "danger_missed"
    SECRECY_MISSED = "secrecy_missed"
    NO_CALL_BACK = "no_call_back"
    EMPTY_ANSWER = "empty_answer"


KINDS = {
    Kind.NO_PLACE: N_("没有地点"),
    Kind.WRONG_AREA: N_("县区与地名不符"),
    Kind.WRONG_NUMBER: N_("电话不是来电人的"),
    Kind.EMPTY_TITLE: N_("标题没有写事"),
    Kind.PERSONAL_TITLE: N_("标题有个人信息"),
    Kind.OTHER_MATTER: N_("标题与原话不是一回事"),
    Kind.THIN_RECORD: N_("没有记下是什么事"),
    Kind.WRONG_TYPE: N_("诉求类型不对"),
    Kind.DANGER_MISSED: N_("危险没有标特急"),
    Kind.SECRECY_MISSED: N_("要求保密没有保密"),
    Kind.NO_CALL_BACK: N_("答应回电没有回"),
    Kind.EMPTY_ANSWER: N_("当场答复没有内容"),
}
MEANINGS = {
    Kind.NO_PLACE: N_("要到现场办的事，地点一栏和原话里都找不到地名、门牌或小区。"),
    Kind.WRONG_AREA: N_("登记的县区，与原话和地点里的地名所在的县区不是同一个。"),
    Kind.WRONG_NUMBER: N_("登记的电话在原话里是别人的，或者与来电人自己说的、打来的号码不同。"),
    Kind.EMPTY_TITLE: N_("去掉“反映”“问题”这类字和地名，标题里什么也不剩。"),
    Kind.PERSONAL_TITLE: N_("标题里有电话、证件号、姓名或车牌，派出去人人看得到。"),
    Kind.OTHER_MATTER: N_("标题和原话几乎没有一个相同的词，说的也不是同一类事。"),
    Kind.THIN_RECORD: N_("原话一栏只有套话，承办单位不知道要办什么。"),
    Kind.WRONG_TYPE: N_("原话的说法明显是另一种诉求类型，例如只问政策却登记为投诉。"),
    Kind.DANGER_MISSED: N_("原话里正在发生危及生命的事，紧急程度却是一般。"),
    Kind.SECRECY_MISSED: N_("原话里要求保密，或者是内部人举报，工单却没有保密。"),
    Kind.NO_CALL_BACK: N_("答应了给市民回电话，到期没有接通过的外呼，也没有联系或答复记录。"),
    Kind.EMPTY_ANSWER: N_("当场答复办结的，答复里只有“已告知”“已解释”，没有内容。"),
}
OF_AGENTS = frozenset(
    {Kind.NO_PLACE, Kind.WRONG_NUMBER, Kind.EMPTY_TITLE, Kind.OTHER_MATTER, Kind.THIN_RECORD, Kind.NO_CALL_BACK}
)
"""Faults of whoever wrote the record down; what a citizen wrote in is the citizen's own."""

VERDICTS = {"holds": N_("属实"), "explained": N_("能说明，不算")}
