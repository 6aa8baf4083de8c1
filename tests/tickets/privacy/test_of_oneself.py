"""An informant is known by more than name and number: what they say of themself does not go to the unit they write about."""

from __future__ import annotations

import pytest

from classifier.text.masking.oneself import without_oneself
from hotline.errors import Refusal
from hotline.tickets.privacy import redact
from tests.support.life import Life

SAID = "我是举报人，在城管局旁边的昌盛印刷厂上班，大家都喊我阿翠嫂，孩子在明德实验小学。城管中队长收摊贩的钱。厂里就我一个会计。"
OF_HERSELF = ("昌盛印刷厂", "阿翠嫂", "明德实验小学", "会计")


def test_the_version_for_the_unit_is_proposed_without_what_an_informant_says_of_herself(life: Life) -> None:
    """V5: it was her words with stars; her factory, her child's school and her nickname stood in them."""
    ticket = life.ticket(name="樊翠娥", words=SAID, privacy="sealed")
    proposed = redact.unit_words(ticket)
    assert "中队长收摊贩的钱" in proposed
    assert not [one for one in OF_HERSELF if one in proposed]


@pytest.mark.parametrize(
    "copied", ["大家都喊我***", "孩子在明德实验小学", "厂里就我一个会计", "在城管局旁边的昌盛印刷厂上班"]
)
def test_what_an_informant_says_of_herself_is_not_sent_to_the_unit(life: Life, copied: str) -> None:
    """V5: the dispatcher is told which words give her away, and writes them anew."""
    ticket = life.ticket(name="樊翠娥", words=SAID, privacy="sealed")
    with pytest.raises(Refusal, match=copied.strip("*")):
        life.do(ticket, "du", "dispatch", helpers=[], unit_words=f"城管中队长收摊贩的钱。{copied}。")
    life.do(ticket, "du", "dispatch", helpers=[], unit_words="城管中队长收摊贩的钱，请核查。")
    assert ticket.state == "to_sign"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("我在三食堂当厨师，食堂用过期肉。", "食堂用过期肉。"),
        ("食堂用过期肉，全组就我没签字。", "食堂用过期肉"),
        ("我觉得中队长收了钱，我希望尽快查。", "我觉得中队长收了钱，我希望尽快查。"),
        ("路口摆摊的都被收钱，没有收据。", "路口摆摊的都被收钱，没有收据。"),
        ("我叫樊翠娥，家住锦和苑。", ""),
    ],
)
def test_only_what_is_said_of_oneself_is_left_out(said: str, left: str) -> None:
    assert without_oneself(said) == left
