"""Storage as services see it: writing and reading units, each one transaction over all repositories."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import TracebackType

from sqlalchemy.ext.asyncio import AsyncEngine

from telehealth.storage.engine import database_url, reading_engine, writing_engine
from telehealth.storage.repositories.accounts import AccountRows
from telehealth.storage.repositories.alerts import AlertRows
from telehealth.storage.repositories.answers import AnswerRows
from telehealth.storage.repositories.appointments import AppointmentRows
from telehealth.storage.repositories.audit_log import AuditRows
from telehealth.storage.repositories.boards import BoardRows
from telehealth.storage.repositories.calendar_feeds import CalendarFeedRows
from telehealth.storage.repositories.choices import ChoiceRows
from telehealth.storage.repositories.closures import ClosureRows
from telehealth.storage.repositories.consents import ConsentRows
from telehealth.storage.repositories.conversations import ConversationRows
from telehealth.storage.repositories.directory import DirectoryRows
from telehealth.storage.repositories.erasures import ErasureRows
from telehealth.storage.repositories.exports import ExportRows
from telehealth.storage.repositories.feedback import FeedbackRows
from telehealth.storage.repositories.glass import GlassRows
from telehealth.storage.repositories.guests import GuestRows
from telehealth.storage.repositories.line_checks import LineCheckRows
from telehealth.storage.repositories.line_records import LineRecordRows
from telehealth.storage.repositories.lines import LineRows
from telehealth.storage.repositories.meta import MetaRows
from telehealth.storage.repositories.notes import NoteRows
from telehealth.storage.repositories.outbox import OutboxRows
from telehealth.storage.repositories.own_bookings import OwnBookingRows
from telehealth.storage.repositories.own_texts import OwnTextRows
from telehealth.storage.repositories.own_wishes import OwnWishRows
from telehealth.storage.repositories.patients import PatientRows
from telehealth.storage.repositories.programs import ProgramRows
from telehealth.storage.repositories.record import RecordRows
from telehealth.storage.repositories.recordings import RecordingRows
from telehealth.storage.repositories.resources import ResourceRows
from telehealth.storage.repositories.schedules import ScheduleRows
from telehealth.storage.repositories.series import SeriesRows
from telehealth.storage.repositories.snippets import SnippetTable
from telehealth.storage.repositories.subscriptions import SubscriptionRows
from telehealth.storage.repositories.visits import VisitRows
from telehealth.storage.repositories.waitlist import WaitlistRows
from telehealth.storage.repositories.walk_ins import WalkInRows
from telehealth.storage.sealing import Blind, Sealer, Vault
from telehealth.storage.transaction import Transaction, connected, in_our_words


class Unit:
    """Every repository over one transaction."""

    def __init__(  # noqa: PLR0915 (a line for each repository)
        self, transaction: Transaction, vault: Vault, blind: Blind
    ) -> None:
        self.directory = DirectoryRows(transaction, vault)
        self.closures = ClosureRows(transaction, vault)
        self.resources = ResourceRows(transaction, vault)
        self.schedules = ScheduleRows(transaction, vault)
        self.feeds = CalendarFeedRows(transaction)
        self.patients = PatientRows(transaction, vault, blind)
        self.accounts = AccountRows(transaction, vault, blind)
        self.appointments = AppointmentRows(transaction, vault)
        self.series = SeriesRows(transaction)
        self.own_bookings = OwnBookingRows(transaction, vault)
        self.own_wishes = OwnWishRows(transaction, vault)
        self.visits = VisitRows(transaction, vault)
        self.walk_ins = WalkInRows(transaction, vault)
        self.waitlist = WaitlistRows(transaction)
        self.choices, self.snippets = ChoiceRows(transaction), SnippetTable(transaction, vault)
        self.consents, self.glasses = ConsentRows(transaction, vault), GlassRows(transaction, vault)
        self.guests, self.lines = GuestRows(transaction, vault), LineRows(transaction, vault)
        self.line_records = LineRecordRows(transaction)
        self.boards = BoardRows(transaction)
        self.conversations = ConversationRows(transaction, vault)
        self.recordings = RecordingRows(transaction, vault)
        self.notes = NoteRows(transaction, vault)
        self.feedback, self.line_checks = FeedbackRows(transaction), LineCheckRows(transaction)
        self.programs, self.exports = ProgramRows(transaction), ExportRows(transaction, vault)
        self.subscriptions = SubscriptionRows(transaction, vault)
        self.record = RecordRows(transaction, vault, blind)
        self.audit, self.alerts = AuditRows(transaction), AlertRows(transaction)
        self.outbox = OutboxRows(transaction, vault)
        self.texts = OwnTextRows(transaction, vault)
        self.answers, self.erasures = AnswerRows(transaction, vault), ErasureRows(transaction, vault)
        self.meta = MetaRows(transaction)


class Turn:
    """A queue of writing units within this process, so that none of them waits inside SQLite.

    Opening a second writing unit within the first would wait for itself: that is raised as an error.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        if task is not None and task is self._holder:
            raise RuntimeError("A writing unit was opened within a writing unit.")
        await self._lock.acquire()
        self._holder = task

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._holder = None
        self._lock.release()


class Storage:
    """A database, opened. It implements the services' `Units`."""

    def __init__(self, url: str, sealer: Sealer, blind: Blind) -> None:
        """Open (nothing is read yet). `url` is `Config.database`; migrate before the first unit."""
        parsed = database_url(url)
        self._vault = Vault(sealer)
        self._blind = blind
        self._writer = writing_engine(parsed)
        self._reader = reading_engine(parsed, self._writer)
        self._turn = Turn() if parsed.get_backend_name() == "sqlite" else None

    @property
    def vault(self) -> Vault:
        """What seals and opens rows, for whoever seals all of them again."""
        return self._vault

    @property
    def engines(self) -> tuple[AsyncEngine, AsyncEngine]:
        """The writing and the reading engine, for those who count statements or check health."""
        return self._writer, self._reader

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Unit]:
        """Open a read-write unit: on disk when the block ends well, rolled back when it raises.

        Raises what the database refuses: SlotTaken, StaleVersion, Unavailable. A refused write spoils the
        unit: if its refusal is swallowed inside the block, it is raised again at the end.
        """
        if self._turn is None:
            async with self._written() as unit:
                yield unit
        else:
            async with self._turn, self._written() as unit:
                yield unit

    @asynccontextmanager
    async def _written(self) -> AsyncGenerator[Unit]:
        with in_our_words():
            async with connected(self._writer) as connection, connection.begin():
                transaction = Transaction(connection, writing=True)
                yield Unit(transaction, self._vault, self._blind)
                if transaction.refused is not None:
                    raise transaction.refused

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Unit]:
        """Open a unit that sees one moment of the database and cannot change it; raises Unavailable."""
        with in_our_words():
            async with connected(self._reader) as connection:
                yield Unit(Transaction(connection, writing=False), self._vault, self._blind)

    async def close(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()
