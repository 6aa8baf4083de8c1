"""The reviewer's assistant: what it sees in a reply, and how well it agrees with careful readers."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.category.store import Unfit
from classifier.replies.boilerplate import Kind, split_parts, strip_reply
from classifier.replies.evaluate import join, micro_f1
from classifier.replies.features import Sign, read
from classifier.replies.judge import Judge, train_judge
from classifier.replies.match import match_requests
from classifier.replies.requests import Ask, find_requests
from classifier.replies.speech_acts import UNTOLD, acts_in, stretches
from classifier.replies.storage import load, save

MESSAGE = "平安路12号楼下水道堵塞\n您好！平安路12号楼的下水道堵了半个月，污水流到院子里。请尽快派人疏通，另外请问化粪池多久清理一次？"
DONE = (
    "网友您好！您的留言已收悉。经现场核查，情况属实，系主管道被油污堵塞。我局已于5月6日派维修队疏通完毕，现排水正常。"
    "化粪池每半年清理一次，由物业公司负责。感谢您的监督与支持！2026年5月8日"
)
FORWARDED = "网友：您好！您反映的问题已转市住建局办理。感谢您的留言。2026年5月8日"
HOPES = "您好！来信收悉。我们将进一步加强管理，尽快协调相关单位，争取早日解决。感谢您的理解与支持！"


def test_polite_formulas_and_the_date_at_the_end_are_not_part_of_the_answer() -> None:
    text = strip_reply(DONE).text
    assert "您好" not in text and "感谢" not in text and "2026年" not in text
    assert text.startswith("经现场核查") and "每半年清理一次" in text


def test_a_forwarding_note_leaves_nothing() -> None:
    stripped = strip_reply(FORWARDED)
    assert stripped.text == "" and stripped.forwarded and stripped.has(Kind.FORWARD)


@pytest.mark.parametrize("order", [0, 1])
def test_of_two_replies_run_together_the_real_one_counts_wherever_it_stands(order: int) -> None:
    both = [FORWARDED, DONE] if order else [DONE, FORWARDED]
    stripped = strip_reply("".join(both))
    assert stripped.parts == 2
    assert stripped.text == strip_reply(DONE).text


def test_the_same_reply_pasted_three_times_is_read_once() -> None:
    assert len(split_parts(DONE * 3)) == 1


def test_the_subject_is_the_main_request_and_questions_are_found() -> None:
    subject, body = MESSAGE.split("\n")
    requests = find_requests(body, subject)
    assert [request.main for request in requests].count(True) == 1 and requests[0].text == subject
    assert Ask.WHEN in {request.ask for request in requests[1:]}


def test_a_message_that_asks_nothing_in_words_is_one_request() -> None:
    (request,) = find_requests("楼下天天放鞭炮，睡不着")
    assert request.main


def test_each_request_finds_its_sentence() -> None:
    reading = read(MESSAGE, DONE)
    found = {match.request.ask: match.sentence for match in reading.matches}
    assert "化粪池" in found[Ask.WHEN]


def test_a_request_nobody_answered_has_no_sentence() -> None:
    requests = find_requests("请问游泳馆几点开门？")
    assert match_requests(requests, ("路灯已修好。",))[0].score == 0


def test_signs_tell_a_date_and_a_named_rule_from_bare_words() -> None:
    reading = read("咨询补贴\n请问补贴标准是多少？", "根据《城乡养老办法》第八条，每人每月120元。按规定办理。")
    assert reading.count(Sign.NAMED_BASIS) == 1 and reading.count(Sign.AMOUNT) == 1 and reading.count(Sign.BASIS) == 2


def test_the_untrained_judge_passes_a_result_and_sends_back_a_forwarding_note() -> None:
    judge = Judge()
    done, forwarded, hopes = (judge.judge(MESSAGE, reply) for reply in (DONE, FORWARDED, HOPES))
    assert done.p_send_back < 0.3 < 0.6 < min(hopes.p_send_back, forwarded.p_send_back)
    assert not done.trained


def test_the_judge_says_why_in_the_codes_of_the_checklist() -> None:
    judge = Judge()
    assert [why.code for why in judge.judge(MESSAGE, FORWARDED).reasons] == ["R20"]
    hopes = judge.judge(MESSAGE, HOPES).reasons
    assert "R09" in {why.code for why in hopes}
    assert any("加强管理" in why.evidence for why in hopes)
    assert all("%" not in why.text for why in hopes)


def test_the_judge_names_what_is_missing() -> None:
    missing = {why.key for why in Judge().judge(MESSAGE, HOPES).missing}
    assert {"item_outcome", "item_when", "item_request"} <= missing
    assert "item_outcome" not in {why.key for why in Judge().judge(MESSAGE, DONE).missing}


@pytest.mark.parametrize("reply", ["", "。", "已收悉", "😀" * 50, "abc " * 5000, "，" * 300, "1234567890" * 20])
@pytest.mark.parametrize("message", ["", "？", MESSAGE])
def test_strange_texts_are_judged_without_a_crash(message: str, reply: str) -> None:
    judgement = Judge().judge(message, reply)
    assert 0 <= judgement.p_send_back <= 1


def test_a_very_long_reply_is_read_in_bounded_time() -> None:
    start = time.process_time()
    Judge().judge(MESSAGE * 50, DONE * 3 + "经查，该处正在施工，预计6月完工。" * 3000)
    assert time.process_time() - start < 10


def test_too_few_verdicts_leave_the_cold_judge() -> None:
    rows = join(
        [{"id": "1", "subject": "路灯", "body": "不亮", "reply": FORWARDED}], [{"id": "1", "verdict": "send_back"}]
    )
    assert train_judge(rows).model is None


def _verdicts() -> tuple[list[dict[str, str]], list[dict[str, object]]]:
    matters = ["路灯", "井盖", "水管", "电梯", "公交站", "垃圾桶", "围墙", "绿化带", "停车位", "下水道"]
    replies, verdicts = [], []
    for number in range(80):
        matter, back = matters[number % 10], number % 3 == 0
        told = f"经现场核查，{matter}确已损坏，我局已于{number % 27 + 1}日更换完毕，现已恢复使用。"
        # this city's reviewers dislike one harmless phrase: only verdicts can teach that
        reply = told + ("此事已作闭环处理。" if back else "")
        replies.append(
            {"id": str(number), "subject": f"{matter}坏了", "body": f"{matter}坏了{number}天，请维修。", "reply": reply}
        )
        verdicts.append(
            {
                "id": str(number),
                "verdict": "send_back" if back else "pass",
                "outcome": "resolved",
                "reasons": ["R10"] if back else [],
            }
        )
    return replies, verdicts


def test_few_verdicts_leave_the_outcome_to_the_replies_of_our_own_writing() -> None:
    replies, verdicts = _verdicts()
    judge = train_judge(join(replies, [verdict | {"outcome": "planned"} for verdict in verdicts]))
    assert judge.model is not None
    assert judge.judge(MESSAGE, DONE).outcome == Judge().judge(MESSAGE, DONE).outcome == "resolved"


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("您的信件已批转交通局阅办。", "forwarded"),
        ("申领育儿补贴的，须有本地户口，凭出生证明到社区登记，每孩每年三千元。", "explained"),
        ("该泵站已完成招标，施工队本月进场，计划明年汛期前投入使用。", "planned"),
        ("我们将继续努力，不断提高服务水平，让市民满意。", "promised"),
        ("执法人员到店检查，查获过期饮料六箱，当场封存，罚款三千元。", "resolved"),
        ("您没有写明是哪个楼盘，请补充后再留言。", "off_topic"),
    ],
)
def test_a_city_without_verdicts_is_told_the_outcome_of_a_reply(reply: str, outcome: str) -> None:
    assert Judge().judge("反映一件事\n请答复。", reply).outcome == outcome


def test_verdicts_teach_the_judge_what_this_city_sends_back() -> None:
    replies, verdicts = _verdicts()
    rows = join(replies, verdicts)
    judge = train_judge(rows)
    good = "经现场核查，候车亭确已损坏，我局已于9日更换完毕，现已恢复使用。"
    passed, back = (
        judge.judge("候车亭坏了\n请维修。", good),
        judge.judge("候车亭坏了\n请维修。", good + "此事已作闭环处理。"),
    )
    assert judge.model is not None and back.trained
    assert passed.p_send_back < 0.5 < back.p_send_back
    assert "R10" in {why.code for why in back.reasons}
    assert Judge().judge("候车亭坏了\n请维修。", good + "此事已作闭环处理。").p_send_back < 0.5


def test_the_same_verdicts_give_the_same_judge() -> None:
    rows = join(*_verdicts())
    reading = replace(rows[0].reading)
    assert train_judge(rows).probability([reading]) == train_judge(rows).probability([reading])


def test_micro_f1_counts_codes() -> None:
    assert micro_f1([{"R01", "R09"}, set()], [{"R01"}, set()]) == pytest.approx(2 / 3, abs=1e-3)
    assert micro_f1([{"R01"}], [{"R02"}]) == 0


def test_a_long_sentence_is_read_in_stretches_so_that_its_finding_counts() -> None:
    sentence = (
        "经夜间两次到场检测，厂界噪声没有超过国家标准限值，我局今后将继续加强巡查，努力为周边居民创造安静的环境。"
    )
    found, hopes = stretches([sentence])[0], stretches([sentence])[-1]
    assert "".join(stretches([sentence])) == sentence and found != hopes
    assert acts_in((sentence,))["told_max"] > 0 > acts_in((hopes,))["told_max"]


def test_a_reply_without_words_tells_nothing() -> None:
    assert acts_in(())["told_max"] == UNTOLD and acts_in(())["outcome_max"] == 0


def test_a_judge_is_kept_and_read_back_only_with_the_bytes_that_were_written(tmp_path: Path) -> None:
    rows = join(*_verdicts())
    judge = train_judge(rows)
    path, digest = save(judge, tmp_path)
    assert load(path, digest).probability([rows[0].reading]) == judge.probability([rows[0].reading])
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(Unfit):
        load(path, digest)
    with pytest.raises(Unfit):
        load(tmp_path / "gone.joblib", digest)


def test_many_replies_judged_together_are_judged_as_each_by_itself() -> None:
    rows = join(*_verdicts())
    readings = [row.reading for row in rows[:12]]
    for judge in (Judge(), train_judge(rows)):
        assert judge.judge_readings(readings) == [judge.judge_reading(one) for one in readings]
