"""The kinds of findings, their words and their numbers."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from hotline.i18n import N_


class Kind(StrEnum):
    """What may speak against a reply."""

    NO_CALL = "no_call"
    TOO_FAST = "too_fast"
    COPIED = "copied"
    OLD_PHOTO = "old_photo"
    CAME_BACK = "came_back"
    DENIED = "denied"


KINDS = {
    Kind.NO_CALL: N_("称已电话联系，查无记录"),
    Kind.TOO_FAST: N_("签收几分钟就答复"),
    Kind.COPIED: N_("与多份答复雷同"),
    Kind.OLD_PHOTO: N_("照片以前用过"),
    Kind.CAME_BACK: N_("“已解决”后又来电"),
    Kind.DENIED: N_("市民说没有联系过"),
}
MEANINGS = {
    Kind.NO_CALL: N_("答复里说打过电话，但热线没有接通的通话，也没有当时的先行联系记录。"),
    Kind.TOO_FAST: N_("从签收到答复只有几分钟，却写已解决或部分解决；咨询和表扬不算。"),
    Kind.COPIED: N_("与本单位另外五份以上、不是同一件事的答复用了同样的话。"),
    Kind.OLD_PHOTO: N_("答复里的照片在别的工单里用过；同一件事的除外。"),
    Kind.CAME_BACK: N_("答复说已解决，30 天内同一地点、同一类问题又有人来电。"),
    Kind.DENIED: N_("单位写已联系，市民在回访里说没有，热线也没有接通过的通话。"),
}
VERDICTS = {"holds": N_("属实"), "explained": N_("能说明，不算")}

COPIES = 5
"""So many other replies with the same words make one a copy."""

LOOK_BACK = timedelta(days=180)
"""Older replies and pictures are not compared."""

MOST_COMPARED = 20_000
SOON = timedelta(days=30)
LATER = timedelta(days=90)
"""A new call after "solved": within 30 days it speaks against the reply, within 90 it is counted."""
