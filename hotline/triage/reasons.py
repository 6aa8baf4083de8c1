"""Why a unit is proposed, in the words and in the order in which a dispatcher would ask."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hotline.city.schema import City, worded
from hotline.i18n import LANGUAGES, _, language, speaking
from hotline.tickets.vocabulary import SAFETY
from hotline.triage.unit_confidence import SURE_FROM
from models import Proposal

if TYPE_CHECKING:
    from hotline.triage.propose import Triage

IDLE = re.compile(
    "这里|那里|我们|你们|他们|这个|那个|什么|怎么|要求|希望|晚上|早上|今天|昨天|现在|最高|承认|反映|投诉|没有|可以|可能|已经|一直|有人"
    "|知道|问题|时候|情况|处理|解决"
)
"""Words that stand in every kind of matter: they give no reason, however much a model makes of them."""


def telling(words: Iterable[str]) -> tuple[str, ...]:
    """Those of the words that tell a reader something."""
    return tuple(word for word in words if len(word) > 1 and not IDLE.fullmatch(word))


def reasons_of(proposal: Proposal) -> list[str]:
    """Why, in the reader's language."""
    return [str(reason[language()]) for reason in proposal.reasons]


def in_both_languages(city: City, found: Triage) -> list[tuple[str, ...]]:
    said = []
    for code in LANGUAGES:
        with speaking(code):
            said.append(reasons(city, found))
    return said


def reasons(city: City, found: Triage) -> tuple[str, ...]:
    """Why, in the order in which a dispatcher would ask."""
    said, words, place = [], telling(found.suggestion.words), found.place
    if found.lines:
        said.append(_("可能危及生命：先拨 %(lines)s，不凭字面猜单位", lines="、".join(found.lines)))
    if found.safety:
        said.append(_("须由人派单：%(what)s", what="、".join(_(SAFETY[s]) for s in found.safety)))
    if found.category and words and (found.asks_place or not found.unsure):
        said.append(
            _(
                "文中“%(words)s”指向“%(category)s”",
                words="、".join(words[:6]),
                category=city.category_name(found.category),
            )
        )
    elif not found.category:
        said.append(_("没有认出类别，请人工判断"))
    elif found.unsure and not found.asks_place:
        said.append(_("拿不准，请人工判断"))
    if found.asks_place:
        said.append(_("类别清楚，承办单位要看在哪个区县"))
    if place.area and place.sure:
        said.append(
            _(
                "地点：%(place)s",
                place=" ".join(
                    p for p in (city.area_name(place.area), place.street, place.community, place.landmark) if p
                ),
            )
        )
    elif found.told_area:
        said.append(_("区县：%(area)s", area=city.area_name(found.told_area)))
    else:
        said.append(_("没有认出所在区县，按市级部门派单"))
    if not found.agrees:
        said.append(_("来自%(town)s，但文中像是别的区县，请核对", town=place.street))
    if found.hint:
        said.append(_("来源平台注明的类别是“%(category)s”，仅供参考", category=city.category_name(found.hint)))
    if found.decision:
        why = _("；").join(worded(each) for each in found.decision.reasons)
        said.append(_("派单目录 %(rule)s：%(reason)s", rule=found.decision.rule_id or "–", reason=why))
    if found.units and (told := found.units.words(city)):
        said.append(told)
    if found.trust < SURE_FROM:
        said.append(_("这条规则近来常被改派，请核对承办单位"))
    if found.urgency != "normal" and found.suggestion.urgency_words:
        said.append(_("文中“%(words)s”，按紧急处理", words="、".join(found.suggestion.urgency_words[:4])))
    elif found.urgency == found.suggestion.urgency != "normal":
        said.append(_("文中的说法听来紧急，按紧急处理"))
    if found.acts:
        said.append(found.acts.why)
    return tuple(said)
