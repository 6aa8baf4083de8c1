"""A reply that praises its own zeal and tells no fact of the matter is not clear, however long and polite."""

from __future__ import annotations

import pytest

from classifier.replies.features import read
from classifier.replies.judge import Judge, beside_untaught
from classifier.replies.promised.zeal import only_zeal

LIFT = "小区电梯坏了半个月，何时修好？"


@pytest.mark.parametrize(
    "reply",
    [
        "您好！您反映的电梯问题我局高度重视，主要领导第一时间作出批示，分管领导牵头召开专题会议，组织物业、维保、社区等多方进行深入研究，"
        "明确了责任分工，细化了工作举措，压实了工作责任。下一步，我们将举一反三，持续提升物业服务水平，让群众住得安心。感谢您的监督！",
        "我办接件后迅速派人赴现场实地踏勘。我们认为，此事事关民生，必须常抓不懈。下一步将统筹谋划、科学论证、积极争取，给予彻底解决，请您理解和支持。",
    ],
)
def test_zeal_without_a_fact_is_likely_to_be_sent_back(reply: str) -> None:
    told = Judge().judge(LIFT, reply)
    assert told.p_send_back >= 0.5 and told.reasons[0].code == "R10" and told.reasons[0].evidence


@pytest.mark.parametrize(
    "reply",
    [
        "我局高度重视，已换好主板，电梯6月8日恢复运行。感谢您的监督！",
        "修好了。",
        "经查，维保单位停工，原因是物业欠费3.2万元；我局责令物业7日内结清，感谢您的理解和支持。",
    ],
)
def test_facts_among_courtesies_are_facts(reply: str) -> None:
    assert not only_zeal(reply)


def test_what_was_learnt_is_held_beside_the_untaught_judgement() -> None:
    """Where nothing was learnt either way, hopes weigh against a reply and a result speaks for it."""
    hoped = beside_untaught(0.5, read(LIFT, "正在积极研究，争取早日解决，将进一步加强管理。"))
    done = beside_untaught(0.5, read(LIFT, "电梯6月8日已修好，更换了曳引机钢丝绳。"))
    assert done < 0.5 < hoped
