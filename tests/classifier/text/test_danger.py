"""Danger to life is heard in everyday words and told apart from talk about danger (danger.tsv: life or calm, whom to ring, text)."""

from pathlib import Path

import pytest

from classifier.suggestion import LIFE
from classifier.text import cues
from classifier.text.danger import life, lines
from classifier.text.words import normalise

LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "danger.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
PRESSING = [(line, text) for want, line, text in LINES if want == "life"]
CALM = [text for want, _, text in LINES if want == "calm"]


def rings(text: str) -> bool:
    return any(one.code in LIFE for one in cues.safety(normalise(text)))


def test_no_danger_to_life_of_the_list_goes_unheard_and_hardly_any_calm_matter_rings() -> None:
    missed = [text for _, text in PRESSING if not rings(text)]
    false = [text for text in CALM if rings(text)]
    print(f"{len(PRESSING)} dangers, {len(missed)} missed; {len(CALM)} calm, {len(false)} false alarms")
    assert len(PRESSING) >= 100 and len(CALM) >= 100
    assert missed == []
    assert len(false) <= 0.03 * len(CALM), false


def test_where_somebody_may_die_the_matter_is_critical_and_nowhere_else() -> None:
    for want, _, text in LINES:
        assert (cues.urgency(normalise(text))[0] == "critical") == rings(text), (want, text)


def test_nearly_always_the_right_line_is_named() -> None:
    other = [(line, text) for line, text in PRESSING if line not in lines(life(normalise(text)))]
    assert len(other) <= 0.03 * len(PRESSING), other


@pytest.mark.parametrize(
    "text", ["表扬派出所民警热心帮助走失老人回家", "感谢消防员去年救了掉进井里的孩子", "给跳河救人的小伙子点赞"]
)
def test_praise_of_a_past_rescue_asks_for_nobody(text: str) -> None:
    assert cues.safety(normalise(text)) == () and cues.urgency(normalise(text))[0] == "normal"


def test_a_politeness_at_the_end_silences_no_cry_for_help() -> None:
    assert rings("电梯里困着两个孩子，请尽快派人，感谢领导")
    assert rings("老人昏倒在楼道里，非常感谢！")


@pytest.mark.parametrize("text", ["厂里偷排，请为我保密，怕报复", "整个小区停水两天了", "路中间井盖没了"])
def test_what_a_person_must_dispatch_is_no_danger_to_life(text: str) -> None:
    told = [one.code for one in cues.safety(normalise(text))]
    assert (told or text == "路中间井盖没了") and not set(told) & set(LIFE)


OTHER_VOICES = [
    line.split("\t")
    for line in (Path(__file__).parent / "danger_other_voices.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def test_d4_d5_dialect_children_slips_of_the_pen_and_english_are_heard_and_talk_about_danger_is_not() -> None:
    """Films, prices, drills, praise, hyperbole and property beside 130 cries in voices that no list was written for."""
    missed = [text for want, text in OTHER_VOICES if want == "life" and not rings(text)]
    false = [text for want, text in OTHER_VOICES if want == "calm" and rings(text)]
    assert len(OTHER_VOICES) == 260
    assert (missed, false) == ([], [])
