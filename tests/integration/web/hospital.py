"""The real web application over services and storage in memory, and the cast as clients of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from typing import Any

from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer

from telehealth.app import overview_of, timing_of
from telehealth.crypto.passwords import weakness
from telehealth.crypto.tokens import BrowserMarks, LinkTokens
from telehealth.crypto.totp import code_at, step_of
from telehealth.domain.accounts import Account
from telehealth.domain.people import HumanName, Practitioner, Role
from telehealth.domain.scheduling import WeeklyHours
from telehealth.notify.templates import Wording
from telehealth.services.after import AfterVisit
from telehealth.services.appointments import AppointmentDesk
from telehealth.services.attending import Attending
from telehealth.services.audit_reading import AuditReading
from telehealth.services.booking import Booking
from telehealth.services.carrying import Mesh
from telehealth.services.clinic import ClinicDay
from telehealth.services.closures import Closures
from telehealth.services.consulting import Consulting
from telehealth.services.conversation import Conversation
from telehealth.services.desk import Desk
from telehealth.services.devices import Devices
from telehealth.services.gateway_reports import GatewayReports
from telehealth.services.guest_door import GuestDoor
from telehealth.services.guests import Guests
from telehealth.services.hours import Hours
from telehealth.services.joining import Joining
from telehealth.services.line_checks import LineChecks
from telehealth.services.lines import Lines, Listening
from telehealth.services.message_texts import MessageTexts
from telehealth.services.misdirected import Misdirected
from telehealth.services.notes import NoteDesk
from telehealth.services.organization_rules import OrganizationRules
from telehealth.services.own_account import OwnAccount
from telehealth.services.post import Post
from telehealth.services.recordings import Recordings
from telehealth.services.recovery import Recovery
from telehealth.services.reminder_times import ReminderTimes
from telehealth.services.resending import Resending
from telehealth.services.sessions import Sessions
from telehealth.services.shared_record import SharedRecord
from telehealth.services.sign_in import SignIn
from telehealth.services.staff import Staff
from telehealth.services.trail import Work
from telehealth.services.transfers import Transfers
from telehealth.services.visit_making import Invitations
from telehealth.services.waiting_room import WaitingRoom
from tests.fakes import Announced, FakeChance, FakeClock, FakeHashing, FakeUnits, OneFarEnd, Pens
from tests.fakes.exports import FakeSpools
from tests.fakes.recordings import FakeTapes
from tests.fakes.refusals import Refusals
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, HOSPITAL, NOOR, RURAL, VILLAGE, WARD
from web.application import make_application
from web.keys import Company, Messaging, Services
from web.settings import LOCALE, WebSettings
from web.translations import translations

WORDS = Wording({each: translations(LOCALE, each) for each in ("en", "es", "ar")})
ORIGIN = "http://clinic.example"
PASSWORD = "nine quiet herons"
HOOK_SECRET = "what gateway and hospital share"
LINK_SECRET = b"link key of the tests, 32 bytes!"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

ADA = Practitioner(
    "prac-ada", HOSPITAL.id, WARD.id, Role.ADMINISTRATOR, HumanName("Ada", "Lund"), "", "ada@hospital.example"
)
INES = Practitioner(
    "prac-ines",
    HOSPITAL.id,
    WARD.id,
    Role.ADMINISTRATOR,
    HumanName("Inês", "Prado"),
    "",
    "ines@hospital.example",
)
PIA = Practitioner(
    "prac-pia",
    HOSPITAL.id,
    WARD.id,
    Role.PRIVACY_OFFICER,
    HumanName("Pia", "Stern"),
    "",
    "pia@hospital.example",
)
# Another specialist of the same hospital who has never met Bo.
STRANGER = replace(AMARA, id="prac-cyd", name=HumanName("Cyd", "Ferne"), email="cyd@hospital.example")
COORDINATOR = replace(
    ADA, id="prac-kai", role=Role.COORDINATOR, name=HumanName("Kai", "Roth"), email="kai@hospital.example"
)
STAFF = (AMARA, NOOR, ADA, INES, PIA, STRANGER, COORDINATOR)
HOURS = [
    WeeklyHours(f"hours-{day}", AMARA.id, WARD.id, CARDIOLOGY.id, day, time(8), time(18), date(2026, 1, 5))
    for day in range(1, 8)
]


@dataclass
class Answer:
    """An answer that was read to its end."""

    status: int
    headers: Mapping[str, str]
    text: str
    json: Any


@dataclass
class Hospital:
    """Everything behind the door, and a client at it."""

    units: FakeUnits
    clock: FakeClock
    announced: Announced
    refusals: list[tuple[str, str, str]]
    reasons: list[str]
    server: TestServer
    clients: list[TestClient[Any, Any]] = field(default_factory=list)

    async def visitor(self) -> "Person":
        """Somebody who is not signed in."""
        client = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))
        self.clients.append(client)
        return Person(self, client)

    async def staff(self, who: Practitioner) -> "Person":
        """Somebody of the staff, signed in."""
        person = await self.visitor()
        sent = await person.post("/api/v1/session", {"email": who.email, "password": PASSWORD})
        assert sent.status == 201, sent.text
        done = await person.post("/api/v1/session/code", {"code": self.code()})
        assert done.status == 200, done.text
        person.csrf = done.json["csrf"]
        return person

    def code(self) -> str:
        """The authenticators' present code; each asks for a new time step, for codes work once."""
        self.clock.move(seconds=30)
        return code_at(SEED, step_of(self.clock.at))

    def actions(self) -> list[str]:
        """What stands in the audit log."""
        return [str(entry.action) for entry in self.units.tables.entries.values()]


@dataclass
class Person:
    """A client with its own cookies; `csrf` goes with every write once it is known."""

    hospital: Hospital
    client: TestClient[Any, Any]
    csrf: str = ""

    async def send(self, method: str, path: str, **options: Any) -> Answer:
        headers = {"Origin": ORIGIN} if method not in {"GET", "HEAD"} else {}
        if self.csrf and method not in {"GET", "HEAD"}:
            headers["X-CSRF-Token"] = self.csrf
        headers |= options.pop("headers", {})
        async with self.client.request(
            method, path, headers=headers, allow_redirects=False, **options
        ) as answer:
            text = await answer.text(errors="replace")
            body = await answer.json(content_type=None) if "json" in answer.content_type else None
            return Answer(answer.status, answer.headers, text, body)

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.send("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return await self.send("POST", path, json=body if body is not None else {}, **options)

    async def put(self, path: str, body: Any, **options: Any) -> Answer:
        return await self.send("PUT", path, json=body, **options)

    async def form(self, path: str, fields: dict[str, Any], **options: Any) -> Answer:
        """Send a form as a browser would: the token in a hidden field, none in a header."""
        csrf, self.csrf = self.csrf, ""
        try:
            sent = {"csrf": csrf, **fields} if csrf else fields
            return await self.send("POST", path, data=sent, **options)
        finally:
            self.csrf = csrf


async def move_in(units: FakeUnits, hashing: FakeHashing) -> None:
    """Everybody and everything that a visit needs."""
    async with units.writing() as uow:
        for organization in (HOSPITAL, RURAL):
            await uow.directory.add_organization(organization)
        for location in (WARD, VILLAGE):
            await uow.directory.add_location(location)
        await uow.directory.add_service(CARDIOLOGY)
        for person in STAFF:
            await uow.directory.add_practitioner(person)
            hashed = await hashing.hash(PASSWORD)
            account = Account(
                f"account-{person.id}", person.id, person.organization_id, person.email, hashed, SEED
            )
            await uow.accounts.add(account)
        for rule in HOURS:
            await uow.directory.add_hours(rule)
        # Bo belongs to the rural clinic; at the hospital the same person is Bo's twin in the cast's numbers.
        await uow.patients.add(replace(BO, organization_id=HOSPITAL.id))
        await uow.patients.add(replace(CY, organization_id=RURAL.id, phone="+498955512"))


def services_of(work: Work, hashing: FakeHashing, announced: Announced) -> Services:
    links = LinkTokens(LINK_SECRET)
    invitations = Invitations(keys=links, public_url=ORIGIN)
    lines = Lines(work=work, announcer=announced, invitations=invitations)
    heard = {"work": work, "announcer": Listening(announcer=announced, lines=lines)}
    mailing = {"hashing": hashing, "link_base": ORIGIN, "weakness": weakness}
    return Services(
        sign_in=SignIn(hashing=hashing, keys=Pens(), browsers=BrowserMarks(LINK_SECRET), **heard),
        sessions=Sessions(hashing=hashing, **heard),
        staff=Staff(**heard, **mailing),
        hours=Hours(work=work),
        timing=timing_of(work),
        recovery=Recovery(**heard, **mailing),
        account=OwnAccount(hashing=hashing, weakness=weakness, **heard),
        booking=Booking(invitations=invitations, tzdata="2026.6", **heard),
        appointments=AppointmentDesk(invitations=invitations, tzdata="2026.6", **heard),
        desk=Desk(work=work),
        messages=Messaging(
            post=Post(work=work),
            texts=MessageTexts(work=work, words=WORDS, languages=("en", "es", "ar"), public_url=ORIGIN),
            reminders=ReminderTimes(work=work),
            resending=Resending(work=work, keys=links, invitations=invitations),
            reports=GatewayReports(work=work, secret=HOOK_SECRET),
        ),
        clinic=ClinicDay(work=work),
        joining=Joining(keys=links, **heard),
        attending=Attending(lines=lines, **heard),
        misdirected=Misdirected(**heard),
        after=AfterVisit(work=work),
        overview=overview_of(work),
        rules=OrganizationRules(work=work),
        closures=Closures(work=work, announcer=announced),
        consulting=Consulting(invitations=invitations, **heard),
        conversation=Conversation(work=work),
        devices=Devices(invitations=invitations, **heard),
        transfers=Transfers(keys=links, **heard),
        company=Company(
            guests=Guests(keys=links, public_url=ORIGIN, carrier=Mesh(), **heard),
            door=GuestDoor(keys=links, **heard),
            recordings=Recordings(work=work, tapes=FakeTapes(), offered=True, days=30),
        ),
        waiting=WaitingRoom(invitations=invitations, keys=links, tzdata="2026.6", **heard),
        line_checks=LineChecks(keys=links, far_end=OneFarEnd(), relay_only=False, **heard),
        notes=NoteDesk(keys=Pens(), **heard),
        record=SharedRecord(work=work, url=ORIGIN, spools=FakeSpools()),
        audit=AuditReading(work=work),
    )


@asynccontextmanager
async def hospital_at(static: Path, **settings: Any) -> AsyncIterator[Hospital]:
    """Open the hospital's door; `settings` change those of the web."""
    units, clock, hashing, announced = FakeUnits(), FakeClock(), FakeHashing(), Announced()
    await move_in(units, hashing)
    work = Work(units, clock, FakeChance("work"))
    refusals = Refusals(work)
    reasons: list[str] = []

    async def tell() -> list[str]:
        return reasons

    known = {
        "public_url": ORIGIN,
        "clock": clock,
        "chance": FakeChance("web"),
        "csrf_secret": b"csrf secret of the tests",
        "reasons": tell,
        "refusals": refusals.enter,
        "static": static,
    }
    application = make_application(services_of(work, hashing, announced), WebSettings(**known | settings))
    server = TestServer(application)
    await server.start_server()
    hospital = Hospital(units, clock, announced, refusals, reasons, server)
    try:
        yield hospital
    finally:
        for client in hospital.clients:
            await client.close()
        await server.close()
