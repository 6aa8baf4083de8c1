"""What lies behind a ticket's face: words, story, replies, ratings, files and whom to contact; each read is in the book."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.api import faces, requests
from hotline.api.tokens import machine_actor, needs, note, proves
from hotline.errors import NotAllowed, NotFound, Refusal
from hotline.i18n import _
from hotline.metrics import counting
from hotline.metrics.days.frame import frame_of
from hotline.metrics.days.reading import folded_until
from hotline.metrics.question import Question
from hotline.tickets.act import act, lock
from hotline.tickets.privacy import attachments
from hotline.tickets.privacy.reveal import told_reason
from hotline.tickets.privacy.visibility import see
from hotline.tickets.roles import Actor, helper, unit
from hotline.web.core.limits.large_bodies import takes_files_from
from hotline.web.core.request_context import here
from hotline.web.ticket import files
from models import Attachment, Ticket

pages = Blueprint("api_details", __name__, url_prefix=faces.API)
LONGEST_PERIOD = timedelta(days=400)


@pages.get("/tickets/<number>/words")
@needs("tickets.words")
def words(number: str) -> ResponseReturnValue:
    """What the citizen said, personal data starred."""
    return jsonify(faces.words(_read(number, "words")))


@pages.get("/tickets/<number>/contact")
@needs("tickets.contact")
def contact(number: str) -> ResponseReturnValue:
    """Name, phone and everything as told, for a reason: to the units at work, and of what one's own source handed in."""
    requests.only("reason")
    actor = machine_actor()
    ticket = see(here.db, actor, number)
    _need_at_work(actor, ticket)
    why = told_reason(request.args.get("reason", ""))
    note("reveal", ticket_id=ticket.id, subject="contact", reason=why)
    return jsonify(faces.whole(ticket))


@pages.get("/tickets/<number>/story")
@needs("tickets.story")
def story(number: str) -> ResponseReturnValue:
    """What happened, oldest first."""
    ticket = _read(number, "story")
    return jsonify(story=faces.told(here.db, here.city, ticket, machine_actor()))


@pages.get("/tickets/<number>/replies")
@needs("tickets.replies")
def replies(number: str) -> ResponseReturnValue:
    """Every reply to the units at work; to others what the citizen was told."""
    ticket = _read(number, "replies")
    return jsonify(replies=faces.replies(here.db, ticket, machine_actor()))


@pages.get("/tickets/<number>/rating")
@needs("tickets.rating")
def rating(number: str) -> ResponseReturnValue:
    """What citizens answered when they were asked."""
    ticket = _read(number, "rating")
    return jsonify(ratings=faces.ratings(here.db, ticket))


@pages.get("/tickets/<number>/files")
@needs("tickets.files")
def listed_files(number: str) -> ResponseReturnValue:
    requests.only()
    ticket = see(here.db, machine_actor(), number)
    return jsonify(files=[faces.file(ticket, one) for one in attachments.of_ticket(here.db, ticket.id)])


@pages.get("/tickets/<number>/files/<int:file_id>")
@needs("tickets.files")
def one_file(number: str, file_id: int) -> ResponseReturnValue:
    """The bytes of one file; a citizen's, which is personal data, to whom their telephone is told."""
    ticket = see(here.db, machine_actor(), number)
    held = here.db.scalar(
        select(Attachment).where(
            Attachment.id == file_id, Attachment.ticket_id == ticket.id, Attachment.removed_at.is_(None)
        )
    )
    if held is None:
        raise NotFound(_("没有这个文件，或您没有权限查看。"))
    attachments.need_clean(held)
    if held.side == "citizen":
        _need_at_work(machine_actor(), ticket)
    note("api_read", ticket_id=ticket.id, subject="file", file=held.id)
    return files.send(held, attachments.shown_name(held, ticket))


@pages.post("/tickets/<number>/files")
@needs("tickets.files.add")
@takes_files_from(proves("tickets.files.add"))
def add_file(number: str) -> ResponseReturnValue:
    """One file in the field `file` of a multipart form; 201 with its id, which a reply may name as evidence."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refusal(_("没有收到文件，请重新选择。"), field="file")
    ticket = lock(here.db, see(here.db, machine_actor(), number).id)
    act(here.db, here.city, ticket, "attach", machine_actor(), here.now)
    held = attachments.store(
        here.db,
        here.settings.attachments,
        sent.stream,
        sent.filename,
        machine_actor(),
        here.now,
        most_mb=here.city.policy.attachment_max_mb,
        ticket=ticket,
    )
    return jsonify(faces.file(ticket, held)), 201


@pages.get("/figures")
@needs("figures.read")
def figures() -> ResponseReturnValue:
    """Every figure of a period (from, to: moments with a zone; the last 30 days by default), of one unit, category or area."""
    requests.only("from", "to", "unit", "category", "area", "channel")
    end = requests.moment("to") or here.now
    start = requests.moment("from") or end - timedelta(days=30)
    if not start < end <= start + LONGEST_PERIOD:
        raise Refusal(_("时间段不对：结束要晚于开始，最多 %(n)d 天。", n=LONGEST_PERIOD.days), field="from")
    code, policy = requests.one_of("unit", here.city.units), here.city.policy
    asked = Question(
        start,
        end,
        here.now,
        units=_units_asked(machine_actor(), code),
        category=requests.one_of("category", here.city.categories),
        area=requests.one_of("area", here.city.areas),
        channel=request.args.get("channel", "")[:24] or None,
        few=policy.few_answers,
        partly=policy.partly_weight,
        answer_hours=policy.answer_hours,
        zone=here.city.timezone,
        folded_until=folded_until(here.db, frame_of(here.city)),
    )
    return jsonify(
        figures=[
            {
                "key": one.key,
                "name": one.name,
                "value": one.value,
                "n": one.n,
                "of": one.of,
                "excluded": one.excluded,
                "interval": one.interval,
                "too_few": one.too_few,
                "parts": one.parts,
                "version": one.version,
            }
            for one in counting.rates(here.db, asked).values()
        ]
    )


def _units_asked(actor: Actor, code: str | None) -> tuple[str, ...] | None:
    """Whose figures: of one unit with those below it, or of everybody; to a machine of some units, of these alone."""
    asked = here.city.unit_and_below(code) if code else None
    if not actor.units or actor.sees_all:
        return asked
    if asked is not None and not actor.units.issuperset(asked):
        raise NotAllowed(_("这个令牌只读它自己单位的数字。"))
    return asked or tuple(sorted(actor.units))


def _need_at_work(actor: Actor, ticket: Ticket) -> None:
    """Raises NotAllowed but to the units at work and to whoever handed it in."""
    own = bool(actor.source) and ticket.outer_source == actor.source
    if not (own or unit(actor, ticket) or helper(actor, ticket)):
        raise NotAllowed(_("您不能查看这张工单的个人信息。"))


def _read(number: str, what: str) -> Ticket:
    """The ticket behind a look at personal data, noted before it is answered."""
    requests.only()
    ticket = see(here.db, machine_actor(), number)
    note("api_read", ticket_id=ticket.id, subject=what)
    return ticket
