"""A unit of work in memory: a writer works on copies of all tables, kept on success only."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from typing import Any

from tests.fakes.alerts import FakeAlerts
from tests.fakes.appointments import FakeAppointments
from tests.fakes.boards import FakeBoards
from tests.fakes.calendars import FakeCalendarFeeds
from tests.fakes.choices import FakeChoices
from tests.fakes.clinical import FakeNotes, FakePatients, FakeVisits
from tests.fakes.closures import FakeClosures
from tests.fakes.consents import FakeConsents
from tests.fakes.conversations import FakeConversations
from tests.fakes.erasures import FakeErasures
from tests.fakes.exports import FakeExports
from tests.fakes.feedback import FakeFeedbacks
from tests.fakes.glass import FakeGlasses
from tests.fakes.guests import FakeGuests
from tests.fakes.line_checks import FakeLineChecks
from tests.fakes.line_records import FakeLineRecords
from tests.fakes.lines import FakeLines
from tests.fakes.messages import FakeOutbox, FakeOwnTexts
from tests.fakes.office import FakeAccounts, FakeAnswers, FakeAudit, FakeDirectory, FakeMeta
from tests.fakes.own_bookings import FakeOwnBookings
from tests.fakes.own_wishes import FakeOwnWishes
from tests.fakes.programs import FakePrograms
from tests.fakes.record import FakeRecord
from tests.fakes.recordings import FakeRecordings
from tests.fakes.resources import FakeResources
from tests.fakes.schedules import FakeSchedules
from tests.fakes.series import FakeSeries
from tests.fakes.snippets import FakeSnippets
from tests.fakes.subscriptions import FakeSubscriptions
from tests.fakes.waitlist import FakeWaitlist
from tests.fakes.walk_ins import FakeWalkIns


@dataclass
class Tables:
    """Every table: rows are frozen values, so a copy of the dict is a copy of the table."""

    organizations: dict[Any, Any] = field(default_factory=dict)
    locations: dict[Any, Any] = field(default_factory=dict)
    services: dict[Any, Any] = field(default_factory=dict)
    practitioners: dict[Any, Any] = field(default_factory=dict)
    closures: dict[Any, Any] = field(default_factory=dict)
    feeds: dict[Any, Any] = field(default_factory=dict)
    hours: dict[Any, Any] = field(default_factory=dict)
    exceptions: dict[Any, Any] = field(default_factory=dict)
    patients: dict[Any, Any] = field(default_factory=dict)
    accounts: dict[Any, Any] = field(default_factory=dict)
    sessions: dict[Any, Any] = field(default_factory=dict)
    links: dict[Any, Any] = field(default_factory=dict)
    appointments: dict[Any, Any] = field(default_factory=dict)
    series: dict[Any, Any] = field(default_factory=dict)
    own_bookings: dict[Any, Any] = field(default_factory=dict)
    own_wishes: dict[Any, Any] = field(default_factory=dict)
    claims: dict[Any, Any] = field(default_factory=dict)
    visits: dict[Any, Any] = field(default_factory=dict)
    visit_links: dict[Any, Any] = field(default_factory=dict)
    visit_sessions: dict[Any, Any] = field(default_factory=dict)
    walk_ins: dict[Any, Any] = field(default_factory=dict)
    waitlist: dict[Any, Any] = field(default_factory=dict)
    offers: dict[Any, Any] = field(default_factory=dict)
    choices: dict[Any, Any] = field(default_factory=dict)
    alerts: dict[Any, Any] = field(default_factory=dict)
    consents: dict[Any, Any] = field(default_factory=dict)
    snippets: dict[Any, Any] = field(default_factory=dict)
    glasses: dict[Any, Any] = field(default_factory=dict)
    programs: dict[Any, Any] = field(default_factory=dict)
    program_tokens: dict[Any, Any] = field(default_factory=dict)
    program_assertions: dict[Any, Any] = field(default_factory=dict)
    subscriptions: dict[Any, Any] = field(default_factory=dict)
    subscription_events: dict[Any, Any] = field(default_factory=dict)
    subscription_claims: dict[Any, Any] = field(default_factory=dict)
    exports: dict[Any, Any] = field(default_factory=dict)
    erasures: dict[Any, Any] = field(default_factory=dict)
    legal_holds: dict[Any, Any] = field(default_factory=dict)
    export_claims: dict[Any, Any] = field(default_factory=dict)
    guests: dict[Any, Any] = field(default_factory=dict)
    line_checks: dict[Any, Any] = field(default_factory=dict)
    running: dict[Any, Any] = field(default_factory=dict)
    told_late: dict[Any, Any] = field(default_factory=dict)
    messages: dict[Any, Any] = field(default_factory=dict)
    utterances: dict[Any, Any] = field(default_factory=dict)
    recordings: dict[Any, Any] = field(default_factory=dict)
    recording_answers: dict[Any, Any] = field(default_factory=dict)
    notes: dict[Any, Any] = field(default_factory=dict)
    addenda: dict[Any, Any] = field(default_factory=dict)
    feedback: dict[Any, Any] = field(default_factory=dict)
    tracks: dict[Any, Any] = field(default_factory=dict)
    line_records: dict[Any, Any] = field(default_factory=dict)
    resources: dict[Any, Any] = field(default_factory=dict)
    identifiers: dict[Any, Any] = field(default_factory=dict)
    entries: dict[Any, Any] = field(default_factory=dict)
    resource: dict[Any, Any] = field(default_factory=dict)
    had: dict[Any, Any] = field(default_factory=dict)
    chain: dict[Any, Any] = field(default_factory=dict)
    outbox: dict[Any, Any] = field(default_factory=dict)
    texts: dict[Any, Any] = field(default_factory=dict)
    claimed: dict[Any, Any] = field(default_factory=dict)
    answers: dict[Any, Any] = field(default_factory=dict)
    meta: dict[Any, Any] = field(default_factory=dict)

    def copy(self) -> "Tables":
        return Tables(**{each.name: dict(getattr(self, each.name)) for each in fields(self)})


class FakeUnit:
    """One transaction over `tables`."""

    def __init__(self, tables: Tables) -> None:  # noqa: PLR0915 (a line for each repository)
        self.directory = FakeDirectory(tables)
        self.closures = FakeClosures(tables)
        self.resources = FakeResources(tables)
        self.schedules = FakeSchedules(tables)
        self.feeds = FakeCalendarFeeds(tables)
        self.patients = FakePatients(tables)
        self.accounts = FakeAccounts(tables)
        self.appointments = FakeAppointments(tables)
        self.series = FakeSeries(tables)
        self.own_bookings = FakeOwnBookings(tables)
        self.own_wishes = FakeOwnWishes(tables)
        self.visits = FakeVisits(tables)
        self.walk_ins = FakeWalkIns(tables)
        self.waitlist = FakeWaitlist(tables)
        self.choices = FakeChoices(tables)
        self.alerts = FakeAlerts(tables)
        self.consents = FakeConsents(tables)
        self.snippets = FakeSnippets(tables)
        self.glasses = FakeGlasses(tables)
        self.guests = FakeGuests(tables)
        self.lines = FakeLines(tables)
        self.line_records = FakeLineRecords(tables)
        self.line_checks = FakeLineChecks(tables)
        self.boards = FakeBoards(tables)
        self.conversations = FakeConversations(tables)
        self.recordings = FakeRecordings(tables)
        self.notes = FakeNotes(tables)
        self.feedback = FakeFeedbacks(tables)
        self.programs = FakePrograms(tables)
        self.subscriptions = FakeSubscriptions(tables)
        self.exports = FakeExports(tables)
        self.erasures = FakeErasures(tables)
        self.record = FakeRecord(tables)
        self.audit = FakeAudit(tables)
        self.outbox = FakeOutbox(tables)
        self.texts = FakeOwnTexts(tables)
        self.answers = FakeAnswers(tables)
        self.meta = FakeMeta(tables)


class FakeUnits:
    """Units of work over one set of tables; one writer at a time, as in SQLite."""

    def __init__(self) -> None:
        self.tables = Tables()
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[FakeUnit]:
        async with self._writer:
            tables = self.tables.copy()
            yield FakeUnit(tables)
            self.tables = tables

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[FakeUnit]:
        # A copy: what a careless reader writes is never kept.
        yield FakeUnit(self.tables.copy())
