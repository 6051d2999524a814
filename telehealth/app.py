"""The composition root: every service is built once, here, from what `opening` opened."""

from collections.abc import Iterable
from dataclasses import dataclass

from signaling.forwarding import Forwarding, NoForwarding
from signaling.media.pool import FarEnds
from signaling.turn import Relay
from telehealth.config import BadSetting, Config, variable
from telehealth.crypto.hashing import HashingPool
from telehealth.crypto.passwords import weakness
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.signers import Signers
from telehealth.crypto.tokens import BrowserMarks, LinkTokens
from telehealth.domain.access import Actor
from telehealth.domain.notices import Notice
from telehealth.domain.outbox import EVERY_WAY, Channel
from telehealth.notify.templates import Wording
from telehealth.opening import Opened
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
from telehealth.services.denied import DeniedTries
from telehealth.services.desk import Desk
from telehealth.services.devices import Devices
from telehealth.services.doorkeeper import Doorkeeper
from telehealth.services.feedback import FeedbackReading
from telehealth.services.gateway_reports import GatewayReports
from telehealth.services.guest_door import GuestDoor
from telehealth.services.guests import Guests
from telehealth.services.hashing import BoundedHashing
from telehealth.services.hours import Hours
from telehealth.services.hours_exceptions import HoursExceptions
from telehealth.services.hours_plans import HoursPlans
from telehealth.services.joining import Joining
from telehealth.services.line_checks import LineChecks
from telehealth.services.line_reading import LineReading
from telehealth.services.line_records import LineRecorder
from telehealth.services.lines import Lines, Listening
from telehealth.services.looking_back import LookingBack
from telehealth.services.message_texts import MessageTexts
from telehealth.services.misdirected import Misdirected
from telehealth.services.notes import NoteDesk
from telehealth.services.open_services import OpenServices
from telehealth.services.organization_rules import OrganizationRules
from telehealth.services.own_account import OwnAccount
from telehealth.services.own_calendar import OwnCalendar
from telehealth.services.ports import Announcer
from telehealth.services.post import Post
from telehealth.services.recordings import Recordings
from telehealth.services.recovery import Recovery
from telehealth.services.reminder_times import ReminderTimes
from telehealth.services.resending import Resending
from telehealth.services.resources import ResourceDesk
from telehealth.services.service_terms import ServiceTerms
from telehealth.services.sessions import Sessions
from telehealth.services.shared_record import SharedRecord
from telehealth.services.sign_in import SignIn
from telehealth.services.site_holidays import SiteHolidays
from telehealth.services.staff import Staff
from telehealth.services.trail import Work
from telehealth.services.transfers import Transfers
from telehealth.services.visit_making import Invitations
from telehealth.services.waiting_room import WaitingRoom
from telehealth.services.weeks import Weeks
from telehealth.services.years import Years
from telehealth.storage.spools import SpoolFiles
from telehealth.storage.tapes import TapeFiles
from telehealth.timezones import tzdata_version
from telehealth.workers.attendance import Connected
from web.keys import Company, Messaging, Overview, Services, Timing
from web.settings import LOCALE
from web.translations import Catalogues


class Switchboard:
    """Announces to whoever is plugged in: the signaling server, or nobody in a command beside it."""

    def __init__(self) -> None:
        self.to: Announcer | None = None
        self.connected: Connected = tuple

    async def announce(self, notice: Notice) -> None:
        """Pass a notice on."""
        if self.to is not None:
            await self.to.announce(notice)

    def staff(self) -> Iterable[tuple[Actor, bool]]:
        """Return every connected member of staff and whether they sit in a call."""
        return self.connected()


@dataclass(frozen=True, slots=True)
class Assembled:
    """The services over one opened DATA and what they share."""

    opened: Opened
    services: Services
    doorkeeper: Doorkeeper
    switchboard: Switchboard
    announcer: Listening
    hashing: HashingPool
    invitations: Invitations
    words: Wording
    link_tokens: LinkTokens
    denied: DeniedTries
    carrier: Forwarding
    recorder: LineRecorder
    far_ends: FarEnds


@dataclass(frozen=True, slots=True)
class Shared:
    """What several services are handed."""

    work: Work
    board: Switchboard
    hashing: BoundedHashing
    signers: Signers
    tokens: LinkTokens
    words: Wording
    invitations: Invitations
    told: Listening
    browsers: BrowserMarks
    carrier: Forwarding
    far_ends: FarEnds
    url: str


def assemble(opened: Opened, forwarding: Forwarding | None = None) -> Assembled:
    """Build every service; without somebody who forwards media, calls go from browser to browser."""
    config, keyring, work = opened.config, opened.custody.keyring, opened.work
    board, pool, tokens = Switchboard(), HashingPool(), LinkTokens(keyring.derived(Purpose.LINK_KEY))
    words, url = words_of(config), config.public_url
    invitations = Invitations(keys=tokens, public_url=url, relay_only=config.relay_only, ways=ways_of(config))
    told = Listening(announcer=board, lines=Lines(work=work, announcer=board, invitations=invitations))
    shared = Shared(
        work=work,
        board=board,
        hashing=BoundedHashing(pool),
        signers=Signers(keyring),
        tokens=tokens,
        words=words,
        invitations=invitations,
        told=told,
        browsers=BrowserMarks(keyring.derived(Purpose.BROWSER_KEY)),
        carrier=forwarding or NoForwarding(),
        far_ends=FarEnds(relay_of(config), address=config.relay_address),
        url=url,
    )
    services, denied = services_of(config, shared), DeniedTries(work=work)
    recorder = LineRecorder(work=work)
    doorkeeper = Doorkeeper(
        work=work,
        sessions=services.sessions,
        joining=services.joining,
        attending=services.attending,
        conversation=services.conversation,
        guests=services.company.door,
        denied=denied,
        recorder=recorder,
    )
    helpers = invitations, words, tokens, denied, shared.carrier, recorder, shared.far_ends
    return Assembled(opened, services, doorkeeper, board, told, pool, *helpers)


def relay_of(config: Config) -> Relay:
    """Return the TURN servers that are handed out, none when unset."""
    urls = tuple(part.strip() for part in config.turn_urls.split(",") if part.strip())
    return Relay(urls=urls, secret=config.turn_secret.encode())


def services_of(config: Config, shared: Shared) -> Services:
    """Build what pages and the API call."""
    work, hashing, board, signers, url = shared.work, shared.hashing, shared.board, shared.signers, shared.url
    told, invitations, tokens, tzdata = shared.told, shared.invitations, shared.tokens, tzdata_version()
    return Services(
        sign_in=SignIn(work=work, hashing=hashing, announcer=board, keys=signers, browsers=shared.browsers),
        sessions=Sessions(work=work, hashing=hashing, announcer=board),
        staff=Staff(work=work, hashing=hashing, announcer=board, link_base=url, weakness=weakness),
        hours=Hours(work=work),
        timing=timing_of(work),
        recovery=Recovery(work=work, hashing=hashing, announcer=board, link_base=url, weakness=weakness),
        account=OwnAccount(work=work, hashing=hashing, announcer=board, weakness=weakness),
        booking=Booking(work=work, invitations=invitations, announcer=told, tzdata=tzdata),
        appointments=AppointmentDesk(work=work, invitations=invitations, announcer=told, tzdata=tzdata),
        desk=Desk(work=work),
        messages=messaging(config, work, shared.words, tokens, invitations),
        clinic=ClinicDay(work=work),
        joining=Joining(work=work, keys=tokens, announcer=told),
        attending=Attending(work=work, announcer=told, lines=told.lines),
        misdirected=Misdirected(work=work, announcer=told),
        after=AfterVisit(work=work),
        overview=overview_of(work),
        rules=OrganizationRules(work=work),
        closures=Closures(work=work, announcer=board),
        consulting=Consulting(work=work, announcer=told, invitations=invitations),
        conversation=Conversation(work=work),
        devices=Devices(work=work, invitations=invitations, announcer=told),
        transfers=Transfers(work=work, keys=tokens, announcer=told),
        company=company_of(config, shared),
        waiting=WaitingRoom(work=work, announcer=told, invitations=invitations, keys=tokens, tzdata=tzdata),
        line_checks=line_checks_of(config, shared),
        notes=NoteDesk(work=work, keys=signers, announcer=board),
        record=SharedRecord(work=work, url=url, spools=SpoolFiles(config.exports, work.chance)),
        audit=AuditReading(work=work),
    )


def line_checks_of(config: Config, shared: Shared) -> LineChecks:
    """Build the check of lines."""
    return LineChecks(
        work=shared.work,
        keys=shared.tokens,
        far_end=shared.far_ends,
        announcer=shared.told,
        relay_only=config.relay_only,
    )


def timing_of(work: Work) -> Timing:
    """Build what decides when something can be booked."""
    return Timing(
        exceptions=HoursExceptions(work=work),
        holidays=SiteHolidays(work=work),
        terms=ServiceTerms(work=work),
        open=OpenServices(work=work),
        weeks=Weeks(work=work),
        plans=HoursPlans(work=work, hours=Hours(work=work)),
        resources=ResourceDesk(work=work),
    )


def recordings_of(config: Config, work: Work) -> Recordings:
    """Build what is done about recordings."""
    tapes = TapeFiles(config.tapes)
    return Recordings(work=work, tapes=tapes, offered=config.records, days=config.recording_days)


def company_of(config: Config, shared: Shared) -> Company:
    """Build what is done about the guests of visits, and about recording them."""
    url, work, tokens, told = config.public_url, shared.work, shared.tokens, shared.told
    return Company(
        guests=Guests(work=work, keys=tokens, public_url=url, announcer=told, carrier=shared.carrier),
        door=GuestDoor(work=work, keys=tokens, announcer=told),
        recordings=recordings_of(config, work),
    )


def overview_of(work: Work) -> Overview:
    """Build what is read about whole days and years."""
    return Overview(
        boards=ClinicBoards(work=work),
        years=Years(work=work),
        looking_back=LookingBack(work=work),
        feedback=FeedbackReading(work=work),
        quality=LineReading(work=work),
        calendar=OwnCalendar(work=work),
    )


def messaging(
    config: Config, work: Work, words: Wording, tokens: LinkTokens, invitations: Invitations
) -> Messaging:
    """Build what is done about messages to patients."""
    return Messaging(
        post=Post(work=work),
        texts=MessageTexts(work=work, words=words, languages=config.spoken, public_url=config.public_url),
        reminders=ReminderTimes(work=work),
        resending=Resending(work=work, keys=tokens, invitations=invitations),
        reports=GatewayReports(work=work, secret=config.sms_hook_secret),
    )


def ways_of(config: Config) -> frozenset[Channel]:
    """Return the channels that reach patients: those that are set; all, on the terminal, where none is."""
    ways = {Channel.EMAIL: config.smtp_url, Channel.SMS: config.sms_url}
    return frozenset(way for way, url in ways.items() if url) or EVERY_WAY


def words_of(config: Config) -> Wording:
    """Return what puts messages into words, in every language offered; BadSetting where one has no words."""
    try:
        found = Catalogues(LOCALE, config.spoken)
    except FileNotFoundError as none:
        raise BadSetting(f"{variable('languages')}: {none}") from none
    patients = {each: found.patients(each) for each in config.spoken}
    return Wording(patients, {each: found.staff(each) for each in found.staff_languages})
