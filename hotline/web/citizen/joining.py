"""Has somebody told of this already? The citizen is asked before the form is sent, sees nothing of anybody, and may join."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.i18n import _
from hotline.intake.duplicates import Sought, kinds_of, likely_duplicates
from hotline.intake.open_ticket import Contact, is_told
from hotline.tickets.act import act, lock
from hotline.tickets.guards import CANNOT_LEAD
from hotline.tickets.lists.dispatch_queue import newest_proposals
from hotline.tickets.names import ActionName
from hotline.tickets.roles import SYSTEM, a_citizen
from hotline.tickets.states import State
from hotline.web.core.request_context import here
from models import Ticket

ASKS, ANSWER = "asks", "join"
"""Our form says by the first that it can ask back; the second is what the citizen answered: yes or no."""


def to_be_asked(form: Mapping[str, str], contact: Contact) -> Ticket | None:
    """The open ticket of the same matter that this form was not asked about yet; None when there is none, or it was sent already."""
    if not form.get(ASKS) or form.get(ANSWER) or is_told(here.db, contact):
        return None
    return same_matter(contact)


def wants_to_join(form: Mapping[str, str]) -> bool:
    return form.get(ANSWER) == "yes"


def same_matter(contact: Contact) -> Ticket | None:
    """The likeliest open ticket of the same matter, of those that others may join.

    Nothing is offered to an informant, nor where the words tell of danger: such a ticket must come before a person by itself.
    """
    said = here.installation.classifier.suggest(contact.body)
    if contact.privacy == "sealed" or said.safety:
        return None
    ranked = [(one.code, one.p) for one in said.ranked] if said.known else []
    sought = Sought(
        contact.body,
        contact.phone,
        tuple(code for code, _p in ranked[:2]),
        kinds_of(ranked),
        place=contact.place,
        point=contact.point,
    )
    found = likely_duplicates(here.db, here.city, SYSTEM, sought, here.now)
    return next((one.ticket for one in found if one.same and _may_lead(one.ticket)), None)


def kind_of(known: Ticket) -> str:
    """What it is about, in the city's words; "" while nobody and nothing has said. What only the machine thinks is told so."""
    if known.category_code:
        return here.city.category_name(known.category_code)
    proposal = newest_proposals(here.db, [known.id]).get(known.id)
    if proposal is None or not proposal.category_code:
        return ""
    name = here.city.category_name(proposal.category_code)
    return name if proposal.sure else _("可能是“%(kind)s”类", kind=name)


def join(ticket: Ticket, master: Ticket) -> None:
    """The citizen's own ticket becomes another voice of the one that is handled."""
    answers = {"master": master.number}
    act(here.db, here.city, lock(here.db, ticket.id), ActionName.MERGE, a_citizen(ticket), here.now, answers)


def _may_lead(ticket: Ticket) -> bool:
    return ticket.privacy != "sealed" and State(ticket.state) not in CANNOT_LEAD
