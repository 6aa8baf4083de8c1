"""A plan that waits for money is not a result; a plan with a day, or a reason why not, is."""

from __future__ import annotations

import pytest

from classifier.replies.judge import Judge

MESSAGE = "村口道路坑洼\n村口到学校的路坑坑洼洼，下雨就积水，请尽快修一修。"
HANGING = (
    "已列入计划，待资金到位后实施。", "该项目已列入明年建设计划，待资金到位后实施。", "已纳入规划，条件成熟后适时实施。", "已上报，待上级批复后实施。", "我局已将该路段列入养护计划，待经费落实后予以维修。",
    "您反映的道路已纳入改造范围，待条件允许时统一改造。", "我镇将积极争取项目资金，待资金落实后尽快实施。", "待立项审批通过后，再行安排建设。", "目前正在申报项目，待计划下达后组织施工。", "该路已列入储备项目库，视资金情况逐步实施。",
    "将根据财力情况统筹安排，适时改造。", "我们将把您的建议纳入下一轮规划统筹考虑，待时机成熟时实施。", "已报请县政府研究，待研究确定后办理。", "已列为改造项目，等拆迁完成后再修建。", "道路硬化已申请上级资金，资金到位后即可动工。",
    "您好，该问题已记录在案，我们会择机进行改造。", "待土地手续完善后，将启动该路的建设。", "已向上级主管部门汇报，待政策明确后再作处理。", "县里资金紧张，我镇将在资金到位后优先安排。", "该路段维修已纳入年度预算申请，待批复后实施。",
)  # fmt: skip
FIRM = (
    "已列入今年养护计划，6月30日前完成修补。", "我局已于5月6日组织施工队将坑洼路面修补完毕，现已恢复通行。", "该路已列入明年民生实事，计划3月开工，年底前完工，由交通局负责。", "因该路属于村民宅基地范围，不符合农村公路建设条件，故不能纳入硬化计划。", "待雨停后，养护队将于本周内完成坑槽修补。",
    "资金12万元已经下达，施工单位已进场，预计20天内完工。", "根据《农村公路养护管理办法》第八条，村道由村民委员会养护，村委会已安排6月10日前铺垫石子。", "经现场查看，该段路面破损120平方米，已用沥青混凝土修补，路面平整。", "该项目已完成招标，中标单位为市路桥公司，将于7月1日开工，工期三个月。", "路面已修好，积水点新增雨水口两处。",
    "经核查，该处道路由开发商建设，尚未移交，我局已责令其在15日内修复。", "待燃气管道回填完成后，我公司10月底前恢复沥青路面。", "由于该路已列入拆迁范围，规划为绿地，不再进行硬化，铺垫碎石的工作已于昨日完成。", "县财政已拨付8万元，村委会已组织村民于本月3日修好路面。", "经查，您反映的路段属省道改线工程，今年9月底前建成通车。",
    "已与学校协商，由学校出资，暑假期间完成该路的改造，9月1日前投入使用。", "施工队已更换破损路缘石36米，罚款2000元，责任单位作了检讨。", "该路宽度不足三米，无法通行养护机械，已安排人工填补，今日完工。", "您好，该路段坑洼已全部填平，并已电话告知您。", "本路段已列入第二批改造，资金已落实，施工方明天进场，下月底前完成。",
)  # fmt: skip


@pytest.mark.parametrize("reply", HANGING)
def test_a_plan_that_hangs_on_a_condition_is_far_from_clear_without_any_training(reply: str) -> None:
    judged = Judge().judge(MESSAGE, reply)
    assert judged.p_send_back >= 0.6
    assert "R09" in {why.code for why in judged.reasons}


@pytest.mark.parametrize("reply", FIRM)
def test_a_plan_with_a_day_a_result_or_a_reason_stays_clear(reply: str) -> None:
    assert Judge().judge(MESSAGE, reply).p_send_back < 0.5


def test_a_finding_before_a_hanging_plan_does_not_make_it_clear() -> None:
    judged = Judge().judge(MESSAGE, "经核查，该路段破损属实。已列入计划，待资金到位后实施。")
    assert judged.p_send_back >= 0.6 and judged.outcome == "promised"


@pytest.mark.parametrize(
    "visited",
    [
        "我局高度重视，已安排专人现场核查，路灯线缆被盗，计划更换，具体时间视资金情况而定。",
        "已派人查看，线路被盗，何时修复视经费情况而定。",
        "已组织人员现场踏勘，情况属实，择机处理。",
    ],
)
def test_a_visit_is_no_result(visited: str) -> None:
    assert Judge().judge(MESSAGE, visited).p_send_back >= 0.6


@pytest.mark.parametrize(
    "repaired",
    [
        "经核实，东工路3盏路灯因线缆被挖断不亮，当晚已抢修恢复，待资金到位后将整体改造。",
        "路灯已亮，维修人员当晚更换了镇流器，整体改造视财力情况安排。",
        "经查为电缆短路，已抢通恢复照明；灯杆更换待资金到位后进行。",
    ],
)
def test_what_was_repaired_is_a_result_whatever_waits_besides(repaired: str) -> None:
    assert Judge().judge(MESSAGE, repaired).p_send_back < 0.5
