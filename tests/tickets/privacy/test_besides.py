"""What another system told besides is shown, starred where it may be personal, and revealed with a reason."""

from __future__ import annotations

from hotline.tickets.privacy.besides import starred_besides, told_besides


def test_what_was_told_besides_is_shown_and_our_own_bookkeeping_is_not() -> None:
    extra = {
        "网格": "紫藤井网格",
        "happened_at": "2026-03-15T14:30:00+08:00",
        "told": [{"text": "x"}],
        "点赞": 7,
        "空": "",
        "加急": True,
    }
    assert told_besides(extra) == [("网格", "紫藤井网格"), ("点赞", "7"), ("加急", "1")]


def test_persons_numbers_and_homes_are_starred_by_their_heading_and_others_by_their_shape() -> None:
    extra = {
        "联系电话 (2)": "13900010002",
        "投诉人": "张某某",
        "家庭住址": "中华路 5 号",
        "备注": "请打 13900010002",
        "身份证": "410502199001011234",
        "caller name": "Zhang",
        "工单编号": "2.02603E+13",
        "网格": "紫藤井",
    }
    shown = dict(starred_besides(extra))
    assert (
        "13900010002" not in str(shown)
        and "某某" not in str(shown)
        and "中华路" not in str(shown)
        and "Zhang" not in str(shown)
        and "1990" not in str(shown)
    )
    assert (shown["网格"], shown["工单编号"]) == ("紫藤井", "2.02603E+13")
