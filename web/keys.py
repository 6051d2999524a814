"""Typed keys of everything that the application and a request carry, and the services behind the door."""

from dataclasses import dataclass

from aiohttp.web import AppKey, RequestKey

from telehealth.domain.access import Actor
from telehealth.domain.errors import Refused
from telehealth.services.after import AfterVisit
from telehealth.services.appointments import AppointmentDesk
from telehealth.services.attending import Attending
from telehealth.services.audit_reading import AuditReading
from telehealth.services.boards import ClinicBoards
from telehealth.services.booking import Booking
from telehealth.services.clinic import ClinicDay
from telehealth.services.closures import Closures
from telehealth.services.consulting import Consulting
from telehealth.services.conversation import Conversation
from telehealth.services.desk import Desk
from telehealth.services.devices import Devices
from telehealth.services.feedback import FeedbackReading
from telehealth.services.gateway_reports import GatewayReports
from telehealth.services.guest_door import GuestDoor
from telehealth.services.guests import Guests
from telehealth.services.hours import Hours
from telehealth.services.hours_exceptions import HoursExceptions
from telehealth.services.hours_plans import HoursPlans
from telehealth.services.joining import Joining
from telehealth.services.line_checks import LineChecks
from telehealth.services.line_reading import LineReading
from telehealth.services.looking_back import LookingBack
from telehealth.services.message_texts import MessageTexts
from telehealth.services.misdirected import Misdirected
from telehealth.services.notes import NoteDesk
from telehealth.services.open_services import OpenServices
from telehealth.services.organization_rules import OrganizationRules
from telehealth.services.own_account import OwnAccount
from telehealth.services.own_calendar import OwnCalendar
from telehealth.services.post import Post
from telehealth.services.recordings import Recordings
from telehealth.services.recovery import Recovery
from telehealth.services.reminder_times import ReminderTimes
from telehealth.services.resending import Resending
from telehealth.services.resources import ResourceDesk
from telehealth.services.service_terms import ServiceTerms
from telehealth.services.sessions import Sessions, Standing
from telehealth.services.shared_record import SharedRecord
from telehealth.services.sign_in import SignIn
from telehealth.services.site_holidays import SiteHolidays
from telehealth.services.staff import Staff
from telehealth.services.transfers import Transfers
from telehealth.services.waiting_room import WaitingRoom
from telehealth.services.weeks import Weeks
from telehealth.services.years import Years
from web.settings import WebSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Messaging:
    """What is done about messages to patients."""

    post: Post
    texts: MessageTexts
    reminders: ReminderTimes
    resending: Resending
    reports: GatewayReports


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What is done about the guests of visits, from both sides of their link, and about recording a call."""

    guests: Guests
    door: GuestDoor
    recordings: Recordings


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What is read about whole days: all clinics, how one went, what patients said, one's calendar.

    How lines were, in one visit and at each site. And about the weeks of a year: how much is free.
    """

    boards: ClinicBoards
    years: Years
    looking_back: LookingBack
    feedback: FeedbackReading
    quality: LineReading
    calendar: OwnCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What decides, beside weekly hours, when something can be booked."""

    exceptions: HoursExceptions
    holidays: SiteHolidays
    terms: ServiceTerms
    open: OpenServices
    weeks: Weeks
    plans: HoursPlans
    resources: ResourceDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every use case that pages and the API call."""

    sign_in: SignIn
    sessions: Sessions
    staff: Staff
    hours: Hours
    timing: Timing
    recovery: Recovery
    account: OwnAccount
    booking: Booking
    appointments: AppointmentDesk
    desk: Desk
    messages: Messaging
    clinic: ClinicDay
    joining: Joining
    attending: Attending
    misdirected: Misdirected
    after: AfterVisit
    overview: Overview
    rules: OrganizationRules
    closures: Closures
    consulting: Consulting
    conversation: Conversation
    devices: Devices
    transfers: Transfers
    company: Company
    waiting: WaitingRoom
    line_checks: LineChecks
    notes: NoteDesk
    record: SharedRecord
    audit: AuditReading


SETTINGS = AppKey("settings", WebSettings)
SERVICES = AppKey("services", Services)

REQUEST_ID = RequestKey("request_id", str)
"""Names this request in logs, in the audit log and in problem documents."""
NONCE = RequestKey("nonce", str)
"""The content security policy's nonce, fresh per response."""
LANGUAGE = RequestKey("language", str)
ROUTE = RequestKey("route", str)
"""The matched route's method and pattern; empty when nothing matched."""
PASSED = RequestKey("passed", bool)
"""Set once the guard has let the request through to its handler."""
CAMERA = RequestKey("camera", bool)
"""Whether this page may use camera, microphone and screen."""
ACTOR = RequestKey("actor", Actor)
"""Who is behind the request; set by the guard where the route asks for somebody."""
STANDING = RequestKey("standing", Standing)
"""The staff session behind the cookie, of any stage."""
SESSION_ID = RequestKey("session_id", str)
"""What CSRF tokens are bound to: the id of the staff session or of the visitor's."""
REFUSED = RequestKey("refused", Refused)
"""Why the form that is shown again was refused."""
FILLED = RequestKey("filled", dict[str, str])
"""What the refused form held, without secrets."""
