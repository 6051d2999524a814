"""What services may ask of storage, as Protocols: one repository per kind of thing, in one unit of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from telehealth.domain.appointment import Appointment
from telehealth.domain.care import Meeting
from telehealth.domain.consultation import Consultation
from telehealth.domain.line_check import LineCheck
from telehealth.domain.organizations import HealthcareService, Location, Organization
from telehealth.domain.people import Patient, Practitioner, Role
from telehealth.domain.resources import Party
from telehealth.domain.scheduling import Interval, WeeklyHours
from telehealth.domain.visiting import VisitLink, VisitSession
from telehealth.services.account_repository import Accounts
from telehealth.services.alert_repository import AlertRows
from telehealth.services.appointment_repository import Appointments
from telehealth.services.audit_repository import AuditLog
from telehealth.services.board_repository import Boards
from telehealth.services.choice_repository import Choices
from telehealth.services.closure_repository import Closures
from telehealth.services.consent_repository import Consents
from telehealth.services.conversation_repository import Conversations
from telehealth.services.erasure_repository import Erasures
from telehealth.services.export_repository import Exports
from telehealth.services.feed_repository import CalendarFeeds
from telehealth.services.feedback_repository import Feedbacks
from telehealth.services.glass_repository import GlassRows
from telehealth.services.guest_repository import Guests
from telehealth.services.line_check_repository import LineChecks
from telehealth.services.line_record_repository import LineRecords
from telehealth.services.line_repository import Lines
from telehealth.services.message_repositories import Outbox, OwnTexts
from telehealth.services.note_repository import Notes
from telehealth.services.own_booking_repository import OwnBookings
from telehealth.services.own_wish_repository import OwnWishes
from telehealth.services.patient_repository import Patients
from telehealth.services.program_repository import Programs
from telehealth.services.record_repository import Record
from telehealth.services.recording_repository import RecordingRows
from telehealth.services.resource_repository import Resources
from telehealth.services.schedule_repository import Schedules
from telehealth.services.series_repository import AllSeries
from telehealth.services.snippet_repository import SnippetRows
from telehealth.services.subscription_repository import Subscriptions
from telehealth.services.waitlist_repository import WaitlistRows
from telehealth.services.walk_in_repository import WalkInRows


@dataclass(frozen=True, slots=True)
class DayRow:
    """One line of a clinic's day: the visit with everything its row shows, from one query.

    `undelivered` says that the patient has not come, that no message with the link reached them, and that
    none is on its way. `closure_id` names the closure that keeps the visit from taking place. `together` is
    how many are seen in its group session, itself among them; 0 where the patient is seen alone. `parties`
    are its room, device and interpreter, which only the clinic's own list asks for. `check` is the last one
    of the patient's line.
    """

    visit: Consultation
    appointment: Appointment
    patient: Patient
    service: HealthcareService
    location: Location
    note_state: str
    link: VisitLink | None
    undelivered: bool = False
    closure_id: str = ""
    together: int = 0
    parties: tuple[Party, ...] = ()
    check: LineCheck | None = None

    @property
    def checked_elsewhere(self) -> bool:
        """Whether the line was checked with another browser than the one that the visit is bound to."""
        return self.check is not None and self.check.elsewhere(self.visit.bound_to)


class Directory(Protocol):
    """Organizations, sites, services, staff and their weekly hours."""

    async def add_organization(self, organization: Organization) -> None: ...
    async def save_organization(self, organization: Organization) -> None: ...
    async def organization(self, organization_id: str) -> Organization | None: ...
    async def organizations(self) -> list[Organization]: ...
    async def add_location(self, location: Location) -> None: ...
    async def save_location(self, location: Location) -> None:
        """As save_hours."""

    async def location(self, location_id: str) -> Location | None: ...
    async def site_of(self, practitioner_id: str) -> Location | None:
        """Return where a member of staff works, from one query."""

    async def locations(self) -> list[Location]: ...
    async def add_service(self, service: HealthcareService) -> None: ...
    async def save_service(self, service: HealthcareService) -> None:
        """As save_hours."""

    async def service(self, service_id: str) -> HealthcareService | None: ...
    async def services(self) -> list[HealthcareService]: ...
    async def add_practitioner(self, practitioner: Practitioner) -> None: ...
    async def save_practitioner(self, practitioner: Practitioner) -> None: ...
    async def practitioner(self, practitioner_id: str) -> Practitioner | None: ...
    async def practitioners(
        self, *, role: Role | None = None, organization_id: str = "", working: bool = False
    ) -> list[Practitioner]:
        """Return staff by family name; with `working`, without those whose account was disabled."""

    async def add_hours(self, rule: WeeklyHours) -> None: ...
    async def save_hours(self, rule: WeeklyHours) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def remove_hours(self, hours_id: str) -> None: ...
    async def hours(self, *, practitioner_id: str = "", service_id: str = "") -> list[WeeklyHours]: ...


class Visits(Protocol):
    """Consultations, the links to them and the browsers in them."""

    async def add(self, visit: Consultation) -> None: ...
    async def get(self, visit_id: str) -> Consultation | None: ...
    async def by_appointment(self, appointment_id: str) -> Consultation | None: ...
    async def by_transfer(self, digest: bytes) -> Consultation | None: ...
    async def save(self, visit: Consultation) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def day(self, practitioner_id: str, window: Interval) -> list[DayRow]:
        """Visits whose appointment starts within `window`, in order of start, in at most four queries."""

    async def clinic(self, practitioner_id: str, day: Interval, around: Interval) -> list[DayRow]:
        """Visits that start within `day`, and those within `around` whose patient is here; in one query.

        Neither cancelled visits nor tests, in order of start.
        """

    async def owing(self, practitioner_id: str) -> list[str]:
        """Return ids of a specialist's visits that are over and want a signature; of the erased none does."""

    async def lapsed(self, before: datetime, limit: int) -> list[str]:
        """Return ids of `overdue` visits whose appointment ended before `before`, earliest first.

        Without those that a closure kept from taking place: nobody failed to attend them.
        """

    async def forgotten(self, before: datetime, limit: int) -> list[str]:
        """Return ids of visits in progress whose hours ended before `before`, without their patient."""

    async def thought_here(self) -> list[str]:
        """Return ids of visits arrived or waiting whose patient's page was last known to be open."""

    async def row(self, visit_id: str) -> DayRow | None: ...
    async def rows(self, visit_ids: Sequence[str]) -> dict[str, DayRow]: ...
    async def coming(self, patient_id: str, now: datetime) -> str:
        """Return the id of the patient's next booked visit that is not over; empty when there is none."""

    async def ahead(self, patient_ids: Sequence[str], after: datetime) -> list[DayRow]:
        """Return these patients' visits that have not begun and end after an instant, by start; no tests."""

    async def meetings(self, practitioner_id: str, patient_id: str) -> list[Meeting]:
        """Return the visits of the two, of any time and state, with the hours of their appointments."""

    async def add_link(self, link: VisitLink) -> None: ...
    async def link(self, digest: bytes) -> VisitLink | None: ...
    async def link_by_code(self, code_digest: bytes) -> VisitLink | None: ...
    async def link_of(self, visit_id: str, person_id: str) -> VisitLink | None: ...
    async def save_link(self, link: VisitLink) -> None: ...
    async def add_session(self, session: VisitSession) -> None: ...
    async def session(self, digest: bytes) -> VisitSession | None: ...
    async def sessions_of(self, visit_id: str) -> list[VisitSession]: ...
    async def save_session(self, session: VisitSession) -> None: ...
    async def forget_sessions(self, closed_before: datetime) -> int:
        """Delete the browsers' sessions of visits that have been closed since before an instant."""

    async def end_every_session(self, now: datetime) -> int:
        """End every browser's session, and let no visit be any browser's; return how many ended.

        For when nobody else is at work: the visits keep their versions.
        """


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to an Idempotency-Key; `request_hash` is a SHA-256."""

    client: str
    key: str
    request_hash: bytes
    status: int
    body: str
    at: datetime


class Answers(Protocol):
    """Answers kept for idempotent retries, for a day, sealed."""

    async def get(self, client: str, key: str) -> KeptAnswer | None: ...
    async def put(self, answer: KeptAnswer) -> None: ...
    async def forget(self, before: datetime) -> int: ...


class Meta(Protocol):
    """A few facts about the database itself, such as the key's check value."""

    async def get(self, name: str) -> str | None: ...
    async def put(self, name: str, value: str) -> None: ...
    async def remove(self, name: str) -> None: ...


class UnitOfWork(Protocol):
    """One transaction over everything."""

    @property
    def directory(self) -> Directory: ...
    @property
    def closures(self) -> Closures: ...
    @property
    def resources(self) -> Resources: ...
    @property
    def schedules(self) -> Schedules: ...
    @property
    def feeds(self) -> CalendarFeeds: ...
    @property
    def patients(self) -> Patients: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def appointments(self) -> Appointments: ...
    @property
    def series(self) -> AllSeries: ...
    @property
    def own_bookings(self) -> OwnBookings: ...
    @property
    def own_wishes(self) -> OwnWishes: ...
    @property
    def visits(self) -> Visits: ...
    @property
    def walk_ins(self) -> WalkInRows: ...
    @property
    def waitlist(self) -> WaitlistRows: ...
    @property
    def choices(self) -> Choices: ...
    @property
    def alerts(self) -> AlertRows: ...
    @property
    def snippets(self) -> SnippetRows: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def glasses(self) -> GlassRows: ...
    @property
    def programs(self) -> Programs: ...
    @property
    def subscriptions(self) -> Subscriptions: ...
    @property
    def exports(self) -> Exports: ...
    @property
    def erasures(self) -> Erasures: ...
    @property
    def guests(self) -> Guests: ...
    @property
    def lines(self) -> Lines: ...
    @property
    def line_records(self) -> LineRecords: ...
    @property
    def line_checks(self) -> LineChecks: ...
    @property
    def boards(self) -> Boards: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def recordings(self) -> RecordingRows: ...
    @property
    def notes(self) -> Notes: ...
    @property
    def feedback(self) -> Feedbacks: ...
    @property
    def record(self) -> Record: ...
    @property
    def audit(self) -> AuditLog: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def texts(self) -> OwnTexts: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def meta(self) -> Meta: ...
