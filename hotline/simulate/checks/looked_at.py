"""Work that is looked at, and numbers that are marked: by somebody else each time, by the sheet, and for a time."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, or_, select

from hotline.i18n import N_
from hotline.quality.scoring import score
from hotline.simulate.checks.invariant import Seen, holds
from models import NuisanceMark, QualityScore, QualityTask


@holds(N_("没有人给自己的工作评分"))
def nobody_scores_their_own_work(seen: Seen) -> Iterable[str]:
    told = select(QualityTask.id, QualityScore.reader_name).join(QualityScore, QualityScore.task_id == QualityTask.id)
    return seen.rows(told.where(QualityScore.reader_id == QualityTask.scored_id))


@holds(N_("每份评分按它的评分表得分"))
def every_score_is_what_its_sheet_says(seen: Seen) -> Iterable[str]:
    told = select(QualityScore.id, QualityTask.sheet, QualityScore.answers, QualityScore.points, QualityScore.fatal)
    for number, sheet, answers, points, fatal in seen.db.execute(told.join(QualityTask)):
        if score(sheet, answers) != (points, fatal):
            yield f"{number} {points}"


@holds(N_("结果出来的质检，该看的人都看过"))
def no_result_lacks_a_reader(seen: Seen) -> Iterable[str]:
    read = select(func.count()).where(QualityScore.task_id == QualityTask.id, QualityScore.kind != "appeal")
    few = read.scalar_subquery() < QualityTask.readers
    return seen.rows(select(QualityTask.id, QualityTask.readers).where(QualityTask.state == "told", few))


@holds(N_("质检申诉不由评过它的人决定"))
def nobody_decides_an_appeal_against_themselves(seen: Seen) -> Iterable[str]:
    told = select(QualityTask.id, QualityScore.reader_name).join(QualityScore, QualityScore.task_id == QualityTask.id)
    return seen.rows(told.where(QualityScore.kind != "appeal", QualityScore.reader_id == QualityTask.decided_by_id))


@holds(N_("骚扰标记由另一个人决定"))
def nobody_decides_their_own_mark(seen: Seen) -> Iterable[str]:
    told = select(NuisanceMark.id, NuisanceMark.decided_by_name)
    return seen.rows(told.where(NuisanceMark.decided_by_id == NuisanceMark.proposed_by_id))


@holds(N_("生效的骚扰标记都会到期"))
def every_mark_ends(seen: Seen) -> Iterable[str]:
    endless = or_(NuisanceMark.until_at.is_(None), NuisanceMark.until_at <= NuisanceMark.decided_at)
    return seen.rows(select(NuisanceMark.id).where(NuisanceMark.state == "standing", endless))
