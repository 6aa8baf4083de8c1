"""Replies with the same words are told from replies that only share the courtesies."""

from __future__ import annotations

from classifier.evidence.shared_words import ALIKE, shares, sketch_of

ONE = (
    "经核查，您反映的世纪花园3号楼的问题属实，我单位已安排养护队伍于3月5日到场，更换了损坏的灯头并做了防水处理，当晚复查照明正常。",
    "已责成养护队伍加强巡查，落实每周一次的夜间巡查制度，发现问题当天处理。",
)


def test_other_names_and_dates_leave_the_words_the_same() -> None:
    other = [part.replace("世纪花园3号楼", "安惠苑12号楼").replace("3月5日", "4月18日") for part in ONE]
    one, two = sketch_of(*ONE), sketch_of(*other)
    assert one is not None and two is not None and shares(one, [two])[0] >= ALIKE


def test_courtesies_in_common_are_no_copy() -> None:
    head, tail = (
        "尊敬的市民您好，您反映的问题收悉，现将办理情况回复如下：",
        "感谢您对我们工作的关心和支持，祝您生活愉快。",
    )
    one = sketch_of(
        head + "现场查看，污水管道被油脂堵塞约十五米，用高压车疏通后清洗了路面，商户签收了隔油池整改单。" + tail
    )
    two = sketch_of(
        head
        + "执法人员夜里到工地，浇筑没有夜间施工证明，已下达停工通知并立案，后三晚抽查均未施工，工地公示了监督电话。"
        + tail
    )
    assert one is not None and two is not None and shares(one, [two])[0] < 0.2


def test_too_few_words_are_nobodys_copy() -> None:
    assert sketch_of("已处理。", "", "感谢您的来电。") is None
    assert len(shares(b"", [])) == 0
