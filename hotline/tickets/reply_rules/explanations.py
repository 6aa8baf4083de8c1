"""Does a note explain anything? Words that only approve do not; how one knows, or what one saw, does."""

from __future__ import annotations

import re

ENOUGH = 6
"""Different characters left when the words of mere approval are taken away; a word of letters counts as two."""

_APPROVAL = re.compile(
    "情况(?:属实|真实|清楚)|予以|准予|请予|同意|通过|审核|没有?(?:什么)?(?:问题|毛病|异议|意见)|差不多|已?(?:经)?(?:核实|核对|核查|确认|复核|查看|看过|知晓|知悉)|"
    "无误|属实|无异议|符合(?:要求|规定|条件|标准)?|(?:材料|资料|内容|手续|佐证|答复)?(?:齐全|完整|齐备|合格|合规|清楚|清晰|明确|规范|到位)|可以|正确|满意|"
    "一切|正常|以上|全部|都是|都|是的|行|好的?|对|了|的|吧|啦|"
    r"\b(?:ok(?:ay)?|yes|fine|good|checked|verified|confirmed|approved?|all|is|are|no|problems?|agreed?|pass|it|the)\b",
    re.I,
)
_PIECES = re.compile(r"[\u4e00-\u9fff]|[a-z]{2,}", re.I)


def explains(note: str) -> bool:
    """Whether something is left that says how one knows: "已电话向市民核实" does, "情况属实，同意通过" and "对对对对对对对" do not."""
    left = {piece.lower() for piece in _PIECES.findall(_APPROVAL.sub(" ", note))}
    return sum(2 if piece.isascii() else 1 for piece in left) >= ENOUGH
