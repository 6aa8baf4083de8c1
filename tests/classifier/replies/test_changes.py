"""What a reply of a new round says that the one sent back did not."""

from __future__ import annotations

import pytest

from classifier.replies.changes import Change, compare
from tests.support.planted.rewordings import renewed, reworded
from tests.support.planted.rounds import honest, polished

BEFORE = "您好，您反映的问题已收悉。经核实，平安小区3号楼前的路灯确实不亮。我局将尽快安排人员维修，感谢您的支持。2026年3月2日"


def test_two_hundred_polished_replies_are_found() -> None:
    missed = [pair for pair in polished(200) if not compare(*pair).unchanged]
    assert missed == []


def test_of_two_hundred_honest_replies_at_most_two_are_suspected() -> None:
    suspected = [pair for pair in honest(200) if compare(*pair).unchanged]
    assert len(suspected) <= 2, suspected


@pytest.mark.parametrize("seed", [11, 12])
def test_replies_polished_by_other_hands_are_found_and_those_with_news_are_not_suspected(seed: int) -> None:
    assert [pair for pair in reworded(200, seed) if not compare(*pair).unchanged] == []
    assert sum(compare(*pair).unchanged for pair in renewed(200, seed)) <= 2


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        ("我局于3月5日派人到现场核查，已责令改正。", "我局于6月21日派人到现场核查，已责令改正。", Change.COSMETIC),
        ("我局将于3月5日前拆除。", "我局将于6月21日前拆除。", Change.NEWS),
        (
            "已督促物业整改。经办人：李明，电话0372-5551234",
            "已督促物业整改。经办人：张红，电话0372-5559876",
            Change.COSMETIC,
        ),
        (
            "经查情况属实，将加强管理。（城管一中队 刘强）",
            "经查情况属实，将加强管理。（城管二中队 陈涛）",
            Change.COSMETIC,
        ),
        ("待统一安排维修。", "王先生您好：来电收悉，现答复如下：待统一安排维修。特此回复，顺祝夏安。", Change.COSMETIC),
        ("上周三，执法人员到场，摊主已离开。", "本周一，执法人员到场，摊主已离开。", Change.COSMETIC),
        ("截至5月底，工程进度正常推进中。", "截至6月初，工程进度正常推进中。", Change.COSMETIC),
        ("建议您通过司法途径维护自身合法权益。", "请您走法律程序维护自己的正当权益。", Change.COSMETIC),
        ("该路段已列入改造计划，待资金到位后实施。", "这一路段已纳入改造规划，等经费落实后施工。", Change.COSMETIC),
        ("经查，该处井盖破损，已通知产权单位。", "产权单位已更换井盖。", Change.NEWS),
        ("企业负责人称近期会支付货款。", "企业负责人拒绝支付，无法调解，请起诉。", Change.NEWS),
        ("我镇将安排专人负责，加快推进。", "负责人是副镇长李某，7月底前铺完。", Change.NEWS),
        ("正在协调物业维修。", "我们对此十分重视，立即进行了研究部署。正在协调物业维修。", Change.COSMETIC),
        ("正在协调物业维修。", "经再次到现场了解，正在协调物业维修。", Change.COSMETIC),
        ("堆放垃圾约40方。", "经我局工作人员再次到现场了解，堆放垃圾约40方。", Change.COSMETIC),
        ("村里资金紧张，故晚上十点后关灯。", "村民代表会决定延长到十二点关灯。", Change.NEWS),
        ("正在协调物业维修。", "物业已换好水泵。", Change.NEWS),
    ],
)
def test_what_counts_is_whether_something_is_told(before: str, now: str, change: Change) -> None:
    assert compare(before, now).change is change


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (
            "我镇已将此事上报县水利局，等待批复。",
            "此事我镇已经上报给县水利局了，目前仍在等待批复，有结果会及时告知您。",
        ),
        (
            "路灯不亮是电缆被盗，已报警并申请资金更换电缆。",
            "电缆被盗导致路灯不亮，我们已报警，同时已申请更换电缆的资金。",
        ),
        (
            "该路段未列入今年改造计划，待条件成熟后实施。",
            "经我局认真核实，今年的改造计划里没有这一路段，等条件成熟了再实施。",
        ),
        ("厨余垃圾清运每日两次，夏季异味较大，将增加消杀。", "夏季异味较重，我们会加强消杀；厨余垃圾每天清运2次。"),
        (
            "该楼盘延期交房，开发商称因疫情影响，现正赶工。",
            "开发商解释，延期交房是受疫情影响，目前该楼盘正在加紧赶工。",
        ),
    ],
)
def test_the_same_in_another_order_and_voice_is_no_news(before: str, now: str) -> None:
    assert compare(before, now).unchanged


def test_the_same_words_are_the_same_whatever_the_marks_and_the_date_of_signature() -> None:
    assert compare(BEFORE, BEFORE.replace("，", ", ").replace("3月2日", "3月9日")).change is Change.SAME


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("我局将尽快安排人员维修。", "我局已安排人员修好。"),
        ("待资金到位后实施。", "资金已到位，6月30日前实施。"),
        ("正在调查。", "经调查，情况不属实。"),
        ("将尽快修复。", "6月10日前修复。"),
        ("未发现异味。", "发现异味，已责令停产。"),
        ("拟罚款200元。", "拟罚款500元。"),
        ("将于5月底完工。", "将于7月底完工。"),
        ("请咨询学校。", "可以入学。"),
        ("补偿款尚未到账。", "补偿款到账。"),
        ("调解未成功。", "调解成功。"),
        ("将于下月公示。", "公示了。"),
        ("正在协商赔偿。", "已协商好赔偿。"),
        ("因水泵老化导致停水，正在采购水泵。", "该小区已来水。"),
    ],
)
def test_a_few_words_that_change_the_matter_are_news(before: str, now: str) -> None:
    found = compare(before, now)
    assert found.change is Change.NEWS and found.added


@pytest.mark.parametrize("done", ["电缆已修复。", "因电缆被挖断造成断电，施工单位已修复。", "路灯电缆修复完毕。"])
def test_what_was_only_announced_and_now_is_done_is_news(done: str) -> None:
    announced = "经查，路灯不亮情况属实，因电缆被挖断造成断电。下一步将联系施工单位修复。"
    assert compare(announced, done).change is Change.NEWS
    assert compare(announced, "因电缆被挖断，我局已督促施工单位尽快修复。").unchanged
    assert compare(announced + done, done).unchanged


@pytest.mark.parametrize(
    "polish",
    [
        lambda text: "1、" + text.replace("。我局", "。2、我局"),
        lambda text: "经我局再次核实，" + text,
        lambda text: text + "（补充）" + text,
        lambda text: text.replace("尽快", "及早").replace("您", "你") + "今后我们会举一反三，让群众满意。",
        lambda text: text.replace("2026", "２０２６"),
    ],
)
def test_numbers_of_a_list_courtesies_and_good_intentions_are_no_news(polish) -> None:  # type: ignore[no-untyped-def]
    assert compare(BEFORE, polish(BEFORE)).unchanged


def test_the_new_sentences_are_told() -> None:
    news = "5月6日维修队更换电缆30米，路灯恢复亮灯。"
    found = compare(BEFORE, BEFORE + news)
    assert found.added == (news,) and found.gone == ()


@pytest.mark.parametrize("text", ["", "。", "12", "abc " * 2000])
def test_strange_texts_are_compared_without_a_crash(text: str) -> None:
    assert compare(text, text).unchanged and compare("", text) is not None
