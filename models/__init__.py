"""What the city remembers: tables only, no rules, no web."""

from models.attachment import Attachment
from models.audit import Audit, Seal
from models.call import Call, CallLeg
from models.category import Category
from models.citizen import Citizen
from models.db import Base, UTCDateTime, make_engine, make_sessions
from models.deadline import Deadline, Pause
from models.history import TicketEvent
from models.hotspot import HotSpot, HotTicket
from models.import_run import ImportRun
from models.inbound import Inbound, Receipt
from models.job import Job
from models.look import TicketLook
from models.message import Message, NoticeReading
from models.petition import Petition, Precedent
from models.promise import ReplyPromise
from models.proposal import Correction, Proposal
from models.reply import Reply, Review
from models.sender_day import SenderDay
from models.staff import ApiToken, Draft, DutyTime, LoginSession, SavedView, Staff, StaffChange
from models.survey import Survey
from models.taking_back import TakingBack
from models.ticket import Assignment, Ticket, TicketText
from models.unit import CityRelease, Unit

__all__ = [
    "ApiToken",
    "Assignment",
    "Attachment",
    "Audit",
    "Base",
    "Call",
    "CallLeg",
    "Category",
    "Citizen",
    "CityRelease",
    "Correction",
    "Deadline",
    "Draft",
    "HotSpot",
    "HotTicket",
    "ImportRun",
    "Inbound",
    "Job",
    "DutyTime",
    "LoginSession",
    "Message",
    "NoticeReading",
    "Pause",
    "Petition",
    "Precedent",
    "Proposal",
    "Receipt",
    "Reply",
    "ReplyPromise",
    "Review",
    "SavedView",
    "Seal",
    "SenderDay",
    "Staff",
    "StaffChange",
    "Survey",
    "TakingBack",
    "Ticket",
    "TicketEvent",
    "TicketLook",
    "TicketText",
    "UTCDateTime",
    "Unit",
    "make_engine",
    "make_sessions",
]
