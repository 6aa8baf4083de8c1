"""What of a matter's guide nobody could use: a telephone without a number, hours that are none, a fee below nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from hotline.i18n import _

_NUMBER = re.compile(r"(?<!\d)\d{5,}|\d{3,4}\s*[-－—–]\s*\d{6,8}|(?<!\d)1[012]\d(?!\d)")
_BELOW_NOTHING = re.compile(r"\s*[-－−]\s*\d")
_WHEN = re.compile("[0-9０-９]|[一二三四五六七八九十]点|周|星期|工作日|节假日|上午|下午|全天|随时|全年|长期|预约|昼夜")
_CLOCK = re.compile(r"(\d{1,2})\s*[:：]\s*(\d{2})")


def faults_of(guide: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each field that says something else than its name."""
    return {key: fault for key, look in _LOOKS.items() if (said := str(guide.get(key) or "")) and (fault := look(said))}


def _of_phone(said: str) -> str:
    plain = _("咨询电话“%(said)s”里没有能拨的号码，应如 0372-2550000；没有就空着。", said=said[:30])
    return "" if _NUMBER.search(said) else plain


def _of_fee(said: str) -> str:
    return _("收费“%(said)s”小于零，请改正。", said=said[:30]) if _BELOW_NOTHING.match(said) else ""


def _of_hours(said: str) -> str:
    is_time = all(int(hour) <= 24 and int(minute) < 60 for hour, minute in _CLOCK.findall(said))
    unclear = _("办理时间“%(said)s”看不懂，应如“周一至周五 9:00—17:00”。", said=said[:30])
    return "" if is_time and _WHEN.search(_NUMBER.sub("", said)) else unclear


_LOOKS: Mapping[str, Callable[[str], str]] = {"phone": _of_phone, "fee": _of_fee, "hours": _of_hours}
