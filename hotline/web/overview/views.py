"""The overview: the 24-hour and satisfaction numbers of a period, each one clickable down to its tickets."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import select

from hotline.city.schema import UNIT_KINDS
from hotline.errors import NotFound
from hotline.i18n import N_, _
from hotline.metrics import counting, demand
from hotline.metrics.counting import DEFINITIONS
from hotline.metrics.days.frame import frame_of
from hotline.metrics.days.reading import folded_until
from hotline.metrics.doors import PARTS, behind, by_door
from hotline.metrics.people import DESKS, did_for, work
from hotline.metrics.question import NONE, Question
from hotline.metrics.rates import Rate
from hotline.metrics.staffing import hours_of, staffing
from hotline.tickets.lists.ticket_list import Wanted
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Role
from hotline.tickets.states import SUBMITTED, State
from hotline.tickets.vocabulary import CHANNELS
from hotline.web.core.formatting import state_name
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.permission import CENTRE, UNITS, allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page
from hotline.web.overview import by_district, comparison, figures, filters, rows
from hotline.web.overview import export as overview_export
from hotline.web.overview.behind import tickets_behind
from hotline.web.overview.filters import PERIODS, OverviewFilter, sees_whole_city
from hotline.web.overview.people import desks_of, only, pages_of, seen_by
from models import Staff

pages = Blueprint("overview", __name__, url_prefix="/overview")
DOOR_PARTS = {"matters": N_("件数"), "joined": N_("合并"), "again": N_("再来"), "answered": N_("已答复")}
READERS = CENTRE | UNITS | {Role.CITY_LEADER, Role.DISCIPLINE}


@pages.get("/")
@allow(READERS)
def show() -> str:
    asked, sort = _asked(), request.args.get("sort", "")
    by = request.args.get("by", "unit")
    by = by if by in figures.BY else "unit"
    rates, split = _counted(asked, asked.question, by)
    before = asked.question.before()
    earlier, earlier_split = _counted(asked, before, by)
    growing = demand.growing(here.db, asked.question)
    return render_template(
        "overview/show.html",
        asked=asked,
        rates=rates,
        earlier=earlier,
        before=before,
        period=_period(asked),
        headlines=comparison.headlines(asked, rates, earlier, growing),
        change=comparison.change,
        by=by,
        sort=sort,
        bands=figures.table(split, earlier_split, by, sort),
        charts=_charts(asked),
        notes={"open_late": figures.longest_late(asked)},
        growing=growing,
        **_words(asked),
    )


@pages.get("/tickets")
@allow(READERS)
def tickets() -> str:
    """The rows behind a part of a figure; as many as the figure says, minus those this reader may not see."""
    asked, key = _asked(), request.args.get("metric", "")
    if key == "staffing":
        return _staffing(asked)
    if key not in DEFINITIONS or (asked.question.filtered and not DEFINITIONS[key].source.of_tickets):
        raise NotFound(_("没有这个指标。"))
    parts = DEFINITIONS[key].parts
    part = request.args.get("part", "of")
    part = part if part in parts else "of"
    rate = counting.rates(here.db, asked.question, [key])[key]
    sort = asked_order(("at", "-at"), "-at")
    page = rows.page(here.db, here.me, asked.question, key, part, oldest_first=sort == "at", **asked_page())
    return render_template(
        "overview/rows.html", asked=asked, rate=rate, part=part, parts=parts, page=page, sort=sort, **_words(asked)
    )


@pages.get("/open")
@allow(READERS)
def open_tickets() -> str:
    """Open tickets of one state, as the chart counts them."""
    asked, state = _asked(), request.args.get("state", "")
    if state not in {one.value for one in SUBMITTED}:
        raise NotFound(_("没有这个状态。"))
    wanted = Wanted(states=(State(state).value,), also=tuple(demand.parts(asked.question)))
    back = url_for("overview.show", **asked.same_part)
    return tickets_behind(wanted, _("现在在办：%(state)s", state=state_name(state)), back)


@pages.get("/people")
@allow(READERS)
def people() -> str:
    """What the people of a desk did in the period: everybody reads the own line, whoever leads the desk all of them.

    person: that one's line alone.
    """
    asked, desks = _asked(), desks_of(here.me)
    desk, person = request.args.get("desk", ""), whole_number(request.args.get("person")) or None
    desk = desk if desk in desks else next(iter(desks), "")
    if not desk:
        raise NotFound(_("没有您可以看的人员统计。"))
    return render_template(
        "overview/people.html",
        asked=asked,
        desk=DESKS[desk],
        desk_key=desk,
        people=work(here.db, asked.question, desk, only(seen_by(here.me, desk), person)),
        person=person,
        pages_of_person=pages_of(here.me, person) if person else [],
        desk_links=[
            (
                _(DESKS[key].name),
                url_for("overview.people", desk=key, person=person, **asked.same_period),
                key == desk,
                None,
            )
            for key in desks
        ],
        period_links=_period_links(asked, "overview.people", desk=desk, person=person),
        period=_period(asked),
    )


@pages.get("/people/tickets")
@allow(READERS)
def of_person() -> str:
    """The tickets behind a number of a person's line."""
    asked, desk, key = _asked(), request.args.get("desk", ""), request.args.get("count", "")
    person = whole_number(request.args.get("person")) or 0
    held = desk in desks_of(here.me) and next((one for one in DESKS[desk].counts if one.key == key), None)
    one = held and here.db.scalar(select(Staff).where(Staff.id == person, seen_by(here.me, desk)))
    if not held or not one:
        raise NotFound(_("没有您可以看的人员统计。"))
    wanted = Wanted(also=(did_for(asked.question, held, person),))
    title = _("%(name)s：%(what)s", name=one.name, what=_(held.name))
    back = url_for("overview.people", desk=desk, **asked.exactly())
    return tickets_behind(
        wanted, title, back, _("按工单列出：同一张工单做过几次的只列一次，没有成为工单的来电不在这里。")
    )


@pages.get("/doors")
@allow(READERS)
def doors() -> str:
    """By which door matters came, and how each was served."""
    asked = _asked()
    return render_template(
        "overview/doors.html",
        asked=asked,
        doors=by_door(here.db, asked.question),
        figures=figures,
        period=_period(asked),
        period_links=_period_links(asked, "overview.doors"),
    )


@pages.get("/doors/tickets")
@allow(READERS)
def door() -> str:
    """The tickets behind a number of a channel's line."""
    asked, part = _asked(), request.args.get("part", "")
    channel = asked.part.get("channel")
    if channel not in CHANNELS or part not in PARTS:
        raise NotFound(_("没有这个渠道的统计。"))
    title = _("%(channel)s：%(what)s", channel=_(CHANNELS[channel]), what=_(DOOR_PARTS[part]))
    back = url_for("overview.doors", **asked.exactly(channel=None))
    note = (
        _("按工单列出：同一张工单来过几次的只列一次；列在这里的工单可能是从别的渠道进来的。") if part == "again" else ""
    )
    return tickets_behind(Wanted(also=behind(asked.question, part)), title, back, note)


@pages.get("/districts")
@allow(READERS)
def districts() -> str:
    """Where matters come from, as a map and as a table."""
    asked = _asked()
    found = by_district.districts(asked)
    return render_template(
        "overview/districts.html",
        asked=asked,
        figures=figures,
        districts=found,
        shade=by_district.shaded(found),
        steps=by_district.steps(found),
        squares=by_district.squares(asked),
        named_squares=by_district.NAMED_SQUARES,
        held=_held(asked, ("category", "channel")),
        period=_period(asked),
        period_links=_period_links(asked, "overview.districts", **asked.same_part),
        choices=_choices(),
    )


def _held(asked: OverviewFilter, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """The filters as chips, each with the address without it."""
    return [
        (
            figures.name_of(name, None if asked.part[name] == NONE else asked.part[name], here.city),
            url_for("overview.districts", **{**asked.exactly(), name: None}),
        )
        for name in names
        if name in asked.part
    ]


@pages.post("/export")
@allow(READERS)
def export() -> Response:
    """The same figures as a file. A POST, because taking numbers out of the hotline is written into the audit."""
    asked, kind = _asked(), request.form.get("kind", "xlsx")
    lines = overview_export.lines(asked, _rates(asked))
    body, media = overview_export.as_csv(lines) if kind == "csv" else overview_export.as_xlsx(asked, lines)
    kind = "csv" if kind == "csv" else "xlsx"
    audit.record(
        here.db, "export", here.me, here.now, subject=f"overview.{kind}", address=here.address, **asked.exactly()
    )
    sealed = "-with-sealed" if asked.question.with_sealed else ""
    name = f"hotline-{asked.first_day}-{asked.last_day}{sealed}.{kind}"
    return Response(body, mimetype=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _asked() -> OverviewFilter:
    """The question, as of the moment up to which the days are told."""
    return filters.read(request.args, here.city, here.me, here.now, folded_until(here.db, frame_of(here.city)))


def _period(asked: OverviewFilter) -> str:
    """The period by name, or its days."""
    return f"{asked.first_day} – {asked.last_day}" if asked.period == "custom" else _(PERIODS[asked.period])


def _counted(asked: OverviewFilter, question: Question, by: str) -> tuple[dict[str, Rate], dict[Any, dict[str, Rate]]]:
    """The figures of one period, whole and split."""
    rates, split = counting.rates_and_split(here.db, question, _keys(asked), by, figures.COLUMNS)
    return _with_staffing(question, rates), split


def _rates(asked: OverviewFilter) -> dict[str, Rate]:
    """Every figure this part of the city can be asked for; a unit is not asked about calls or staffing.

    Where nobody has ever marked an answer as invalid or refused, the share of valid ones would be the participation again.
    """
    return _with_staffing(asked.question, counting.rates(here.db, asked.question, _keys(asked)))


def _keys(asked: OverviewFilter) -> list[str]:
    unknown = set() if counting.knows_invalid(here.db) else {"valid_follow_up"}
    return [
        key for key, one in DEFINITIONS.items() if key not in unknown and (one.by_unit or asked.question.units is None)
    ]


def _with_staffing(question: Question, rates: dict[str, Rate]) -> dict[str, Rate]:
    return rates if question.filtered else {**rates, "staffing": staffing(here.db, question)}


def _charts(asked: OverviewFilter) -> dict[str, Any]:
    return {
        "contacts": figures.contacts_chart(asked),
        "states": figures.states_chart(asked),
        **figures.trend_charts(asked),
    }


def _staffing(asked: OverviewFilter) -> str:
    if not sees_whole_city(here.me):
        raise NotFound(_("没有这个指标。"))
    part = request.args.get("part", "of")
    part = part if part in ("hit", "miss", "out") else "of"
    return render_template(
        "overview/hours.html",
        asked=asked,
        rate=staffing(here.db, asked.question),
        hours=hours_of(here.db, asked.question, part),
        part=part,
        **_words(asked),
    )


def _words(asked: OverviewFilter) -> dict[str, Any]:
    return {
        "figures": figures,
        "definitions_of": DEFINITIONS,
        "own_only": not sees_whole_city(here.me),
        "period_links": _period_links(asked, "overview.show", by=request.args.get("by"), **asked.same_part),
        "choices": _choices(),
        "has_people": bool(desks_of(here.me)),
    }


def _period_links(asked: OverviewFilter, endpoint: str, **args: Any) -> list[tuple[str, str, bool, None]]:
    """A tab for each ready-made period."""
    return [
        (_(label), url_for(endpoint, period=period, **args), asked.period == period, None)
        for period, label in PERIODS.items()
        if period != "custom"
    ]


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What the filters offer, units as (name, kind); a unit's leader may choose among the own units only."""
    city, own = here.city, None if sees_whole_city(here.me) else here.me.units
    return {
        "units": [
            (city.unit_name(one.code), _(UNIT_KINDS[one.kind]))
            for one in city.units.values()
            if one.kind != "outside" and (own is None or one.code in own)
        ],
        "categories": [(one.code, city.category_name(one.code)) for one in city.categories.values() if one.level == 1],
        "channels": [(code, _(name)) for code, name in CHANNELS.items()],
        "areas": [(code, city.area_name(code)) for code in city.areas],
    }
