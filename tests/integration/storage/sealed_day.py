"""A day in which something is sealed in every table that holds sealed columns."""

from dataclasses import replace
from datetime import date, timedelta

from telehealth.domain.consent import Consent
from telehealth.domain.consultation import VisitEvent
from telehealth.domain.erasure import LegalHold
from telehealth.domain.exports import Export
from telehealth.domain.glass import Glass
from telehealth.domain.outbox import Delivery
from telehealth.domain.own_booking import Asked, OwnBooking
from telehealth.domain.own_text import OwnText
from telehealth.domain.own_wish import OwnWish
from telehealth.domain.people import PatientQuery
from telehealth.domain.programs import Program
from telehealth.domain.recording import Recording
from telehealth.domain.resources import Party
from telehealth.domain.snippets import Snippet, Snippets
from telehealth.domain.subscriptions import Subscription
from telehealth.domain.waitlist import Suits
from telehealth.domain.walk_in import Triage, WalkIn, WalkInStatus
from telehealth.services.repositories import KeptAnswer
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.integration.storage.cast import BO, CARDIOLOGY, HOSPITAL, NOW, RURAL

HOUSE = CARDIOLOGY.organization_id
ASKED = Asked("Dawit", "Benabdallah", date(1980, 6, 5), "dawit@mail.example", "am")
DAY = timedelta(days=1)


async def live_a_day(storage: Storage) -> None:
    """Write everything that holds a secret, more than once, and delete some."""
    visit = None
    async with storage.writing() as unit:
        await cast.move_in(unit)
        visit = await cast.arrive(unit)
        await unit.notes.add(cast.note())
        await unit.lines.add_message(cast.clinic_message())
        await unit.conversations.add(cast.utterance())
        await unit.guests.add(cast.guest(name="Lina Vestergaard"))
        await unit.accounts.add(cast.account())
        await unit.outbox.put(cast.message())
        await unit.closures.add(cast.closure())
        await unit.resources.add(cast.LINA)
        booked = cast.appointment("9", NOW + timedelta(hours=3))
        wanted = Party(cast.LINA, "sv-Kungsgatan").claim(booked)
        await unit.appointments.book(booked, [*cast.claims(booked), wanted])
        await unit.answers.put(
            KeptAnswer("prac-amara", "key", bytes(32), 201, '{"name":"Bo Lindqvist"}', NOW)
        )
        await unit.audit.enter(cast.entry("1", BO.id))
    async with storage.writing() as unit:
        arrived = replace(visit.step(VisitEvent.ARRIVE, NOW), confirmation=cast.CONFIRMATION)
        await unit.visits.save(arrived)
        await unit.notes.save(cast.note(2))
        await unit.notes.add_addendum(cast.addendum())
        await unit.record.put(cast.resource())
        await unit.accounts.save(replace(cast.account(), failures=1))
        await unit.outbox.save(
            replace(cast.message(), state=Delivery.FAILED, last_error="550 refused Lindqvist")
        )
        await unit.patients.search(PatientQuery(phone=BO.phone), RURAL.id)
        await unit.answers.forget(NOW)
    await live_at_the_doors(storage)


async def live_at_the_doors(storage: Storage) -> None:
    """What those leave who book for themselves, come without an appointment, or agree to a recording."""
    own = OwnBooking("own", HOUSE, CARDIOLOGY.id, cast.appointment().id, b"own", NOW)
    wish = OwnWish("wish", HOUSE, CARDIOLOGY.id, b"wish", NOW)
    state = WalkInStatus.WAITING
    came = ("walk-in", RURAL.id, CARDIOLOGY.id, BO.id, Triage.URGENT, NOW, state, NOW, "ankles swell", "")
    async with storage.writing() as unit:
        await unit.own_bookings.add(own)
        await unit.own_wishes.add(wish)
        await unit.texts.put(
            OwnText(HOSPITAL.id, "visit-invitation", "es", "Asunto", "Cuerpo {link}", "Si", 1)
        )
        await unit.recordings.add(
            Recording("tape", "visit-1", BO.id, HOSPITAL.id, NOW, NOW + 30 * DAY, key="5a" * 32)
        )
        await unit.walk_ins.add(WalkIn(*came))
        seen = ("glass", BO.id, HOSPITAL.id, cast.AMARA.id, HOSPITAL.id, NOW, NOW + DAY)
        await unit.glasses.add(Glass(*seen, "Lindqvist lay on the stairs."))
        texts = (Snippet("normal", "Lindqvist was well."),)
        await unit.snippets.put(Snippets(cast.AMARA.id, HOSPITAL.id, texts, version=1))
        await unit.consents.put(Consent("consent", BO.id, HOSPITAL.id, NOW, denied=("Lindqvist",), version=1))
    async with storage.writing() as unit:
        await unit.own_bookings.save(own.tell(ASKED))
        await unit.own_wishes.save(wish.ask(ASKED, Suits((1, 5), 12, 24), "012345", NOW))
    await live_with_programs(storage)


async def live_with_programs(storage: Storage) -> None:
    """What programs ask for, and that a record is kept."""
    program = Program("program", HOSPITAL.id, "Laboratory", ("system/*.rs",), '{"keys": []}', NOW)
    asked = ("Observation", BO.id, "Observation?code=x", "for Lindqvist", "https://lab.example/", True, ())
    async with storage.writing() as unit:
        await unit.programs.add(program)
        await unit.subscriptions.add(Subscription("news", program.id, HOSPITAL.id, *asked, NOW, NOW, NOW))
        given = (("Patient",), program.scopes, "https://care.example/fhir/R4/$export", "6b" * 32, NOW, NOW)
        await unit.exports.add(Export("export", program.id, HOSPITAL.id, *given))
        await unit.erasures.hold(LegalHold(BO.id, HOSPITAL.id, NOW, "Lindqvist has sued the hospital."))
