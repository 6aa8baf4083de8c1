"""What the city remembers: tables only, no rules, no web."""

from models.audit import Audit, LogArchive, RowSeal, Seal
from models.category import Category
from models.contact.call import Call, CallLeg
from models.contact.delivery import Delivery, PartnerLine
from models.contact.inbound import Inbound, Receipt
from models.contact.letter_scan import LetterScan
from models.contact.message import Message, NoticeReading
from models.contact.nuisance import NuisanceMark
from models.contact.sender_day import SenderDay
from models.drill import RestoreDrill
from models.figures import FigureChange, FigureDay, FigureDifference, FigureMark, FigureTicket
from models.import_run import ImportRun
from models.interviews.session import Interview, InterviewQuestion
from models.job import Job
from models.keys.data_key import DataKey
from models.knowledge.article import Article, ArticleVersion, KnowledgeImport, LinkCheck
from models.knowledge.feedback import ArticleFeedback, UnansweredQuestion
from models.monitoring.stream import MonitorEntry, MonitorMark
from models.monitoring.violation import Violation
from models.people.citizen import Citizen
from models.people.composed_role import ComposedRole
from models.people.proof import SecurityKey, SignInIdentity
from models.people.staff import (
    ApiToken,
    Draft,
    DutyTime,
    LoginSession,
    RecoveryCode,
    SavedView,
    SecondFactor,
    Staff,
    StaffChange,
)
from models.practice.run import PracticeExam, PracticeRun
from models.process import DailyTask, Process
from models.province.cell import Cell, CellDay, CellHead
from models.province.told import Neighbour, ProvinceLine, ToldDay
from models.public.own_list import OwnListCode
from models.public.publication import Publication
from models.quality.finding import RecordFinding, RecordLook
from models.quality.task import QualityScore, QualityTask
from models.ready.macro import Macro
from models.ready.word import ReadyChange, ReadyWord
from models.store.db import Base, UTCDateTime, make_engine, make_sessions
from models.tickets.attachment import Attachment
from models.tickets.deadline import Deadline, Pause
from models.tickets.directive import Directive
from models.tickets.finding import ExactSpot, PictureHash, Recurrence, ReplyFinding, ReplySketch
from models.tickets.history import TicketEvent
from models.tickets.hotspot import HotSpot, HotTicket
from models.tickets.look import TicketLook
from models.tickets.petition import Petition, Precedent
from models.tickets.promise import ReplyPromise
from models.tickets.proposal import Correction, Proposal
from models.tickets.reply import Reply, Review
from models.tickets.survey import Survey
from models.tickets.taking_back import TakingBack
from models.tickets.ticket import Assignment, Ticket, TicketPoint, TicketText
from models.unit import CityRelease, Unit
from models.waiting_time import WaitingCheck, WaitingTime

__all__ = [
    "ApiToken",
    "Article",
    "ArticleFeedback",
    "ArticleVersion",
    "Assignment",
    "Attachment",
    "Audit",
    "Base",
    "Call",
    "CallLeg",
    "Category",
    "Cell",
    "CellDay",
    "CellHead",
    "Citizen",
    "CityRelease",
    "ComposedRole",
    "Correction",
    "DailyTask",
    "DataKey",
    "Deadline",
    "Delivery",
    "Directive",
    "Draft",
    "DutyTime",
    "ExactSpot",
    "FigureChange",
    "FigureDay",
    "FigureDifference",
    "FigureMark",
    "FigureTicket",
    "HotSpot",
    "HotTicket",
    "ImportRun",
    "Inbound",
    "Interview",
    "InterviewQuestion",
    "Job",
    "KnowledgeImport",
    "LetterScan",
    "LinkCheck",
    "LogArchive",
    "LoginSession",
    "Macro",
    "Message",
    "MonitorEntry",
    "MonitorMark",
    "Neighbour",
    "NoticeReading",
    "NuisanceMark",
    "OwnListCode",
    "PartnerLine",
    "Pause",
    "Petition",
    "PictureHash",
    "PracticeExam",
    "PracticeRun",
    "Precedent",
    "Process",
    "Proposal",
    "ProvinceLine",
    "Publication",
    "QualityScore",
    "QualityTask",
    "ReadyChange",
    "ReadyWord",
    "Receipt",
    "RecordFinding",
    "RecordLook",
    "RecoveryCode",
    "Recurrence",
    "Reply",
    "ReplyFinding",
    "ReplyPromise",
    "ReplySketch",
    "RestoreDrill",
    "Review",
    "RowSeal",
    "SavedView",
    "Seal",
    "SecondFactor",
    "SecurityKey",
    "SenderDay",
    "SignInIdentity",
    "Staff",
    "StaffChange",
    "Survey",
    "TakingBack",
    "Ticket",
    "TicketEvent",
    "TicketLook",
    "TicketPoint",
    "TicketText",
    "ToldDay",
    "UTCDateTime",
    "UnansweredQuestion",
    "Unit",
    "Violation",
    "WaitingCheck",
    "WaitingTime",
    "make_engine",
    "make_sessions",
]
