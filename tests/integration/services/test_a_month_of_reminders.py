"""A month of a clinic: visits booked, moved and cancelled, workers killed, and each reminder's effect once.

When a reminder is due is written here once more, as the clinic is told it, and not taken from the code.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from telehealth.domain.access import SYSTEM
from telehealth.domain.appointment import Appointment
from telehealth.domain.errors import BadInput, SlotTaken
from telehealth.domain.outbox import REMINDER, REMINDING, SOON, UNSURE, Channel, Delivery, OutboxMessage
from telehealth.domain.people import Patient
from telehealth.services.delivery import Delivery as Worker
from tests.cast import CARLA, HOSPITAL, House, a_patient
from tests.integration.services.postman import Live, nursery, postman
from tests.services.gateway import SmsSink
from tests.services.smtp import SmtpSink

BEGIN = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
DAYS = 30
"""Clocks change in Berlin on the 25th, where the visits are, and not in most places of the patients."""
WISHES = 50
"""Times that somebody wants to book, move or cancel."""
DAY, TEN = timedelta(days=1), timedelta(minutes=10)
REPLACED = timedelta(minutes=2)
"""After a worker's death another one comes."""
PLACES = ("Europe/Berlin", "Africa/Nairobi", "Asia/Kolkata", "America/New_York", "Pacific/Apia")

SLOW = "+493005550200"
"""The gateway takes its time for this number, so that many a worker dies amid an SMS."""

Effect = tuple[str, str, Channel, datetime]
"""A visit's reminder by one way, with the time when it is due."""


def dues(start: datetime, zone: str) -> Iterable[tuple[str, Channel, datetime, datetime]]:
    """What a patient is told: template, way, when, and until when a booking may still bring it along."""
    there = (start - DAY).astimezone(ZoneInfo(zone))
    if not 8 <= there.hour < 21:
        morning = there.date() + timedelta(days=there.hour >= 21)
        there = datetime.combine(morning, time(8), ZoneInfo(zone))
    yield REMINDER, Channel.EMAIL, start - DAY, start - DAY
    yield REMINDER, Channel.SMS, there.astimezone(UTC), start - DAY
    yield SOON, Channel.EMAIL, start - TEN, start - TEN
    yield SOON, Channel.SMS, start - TEN, start - TEN


@dataclass
class Month:
    """The clinic, and what its patients should have been told so far."""

    house: House
    worker: Worker
    live: Live
    patients: list[Patient]
    chance: Random = field(default_factory=lambda: Random(2026))
    visits: dict[str, Appointment] = field(default_factory=dict)
    ahead: dict[Effect, datetime] = field(default_factory=dict)
    """With the start of the visit at that time."""
    told: dict[Effect, datetime] = field(default_factory=dict)
    deaths: int = 0

    async def until(self, end: datetime) -> None:
        """Let workers live and die whenever something is due."""
        while (due := min((effect[3] for effect in self.ahead), default=end)) < end:
            self.house.clock.at = max(self.house.clock.at, due)
            await self.deliver()
        self.house.clock.at = max(self.house.clock.at, end)

    async def deliver(self) -> None:
        """One worker perhaps dies amid its work; the next one does what is left."""
        if self.chance.random() < 0.5:
            self.live(self.house.clock.at, self.chance.uniform(0.02, 0.3))
            self.deaths += 1
        self.house.clock.at += REPLACED
        for channel in Channel:
            while await self.worker.send_due(channel):
                pass
        for effect in [each for each in self.ahead if each[3] <= self.house.clock.at]:
            self.told[effect] = self.ahead.pop(effect)

    def plan(self, visit_id: str, appointment: Appointment) -> None:
        """Expect the reminders of a visit's time, and those of no other time."""
        self.forget(visit_id)
        self.visits[visit_id] = appointment
        zone = next(each.zone for each in self.patients if each.id == appointment.patient_id)
        now, start = self.house.clock.at, appointment.start
        self.ahead |= {
            (visit_id, template, way, due): start
            for template, way, due, last in dues(start, zone)
            if last > now
        }

    def forget(self, visit_id: str) -> None:
        self.visits.pop(visit_id, None)
        self.ahead = {effect: start for effect, start in self.ahead.items() if effect[0] != visit_id}

    def some_time(self) -> datetime:
        """A time of the next ten days at which the specialist has hours."""
        first = self.house.clock.at.replace(hour=7, minute=30)
        ahead = (first + timedelta(days=day, minutes=20 * n) for day in range(11) for n in range(28))
        return self.chance.choice([each for each in ahead if each > self.house.clock.at])

    async def wish(self) -> None:
        """Somebody books, moves or cancels."""
        desk, now = self.house.assembled.services.appointments, self.house.clock.at
        coming = sorted(each for each, at in self.visits.items() if at.start > now)
        what = self.chance.random()
        if not coming or what < 0.6:
            booked = await self.house.book(self.some_time(), patient=self.chance.choice(self.patients))
            self.plan(booked.visit_id, booked.appointment)
            return
        visit_id = self.chance.choice(coming)
        appointment = self.visits[visit_id]
        if what < 0.85:
            start, version = self.some_time(), appointment.version
            self.plan(visit_id, await desk.moving.move(CARLA, appointment.id, start, version))
        else:
            await desk.cancel(CARLA, appointment.id)
            self.forget(visit_id)

    async def reminders(self) -> list[OutboxMessage]:
        async with self.house.assembled.opened.storage.reading() as uow:
            found = [await uow.outbox.of_visit(each) for each in self.seen()]
        return [message for some in found for message in some if message.template in REMINDING]

    def seen(self) -> list[str]:
        return sorted({effect[0] for effect in self.told} | set(self.visits))


@pytest.fixture
async def month(
    house: House, migrated_url: str, tmp_path: Path, smtp_sink: SmtpSink, sms_sink: SmsSink
) -> AsyncIterator[Month]:
    house.clock.at = BEGIN
    opened, office = house.assembled.opened, replace(SYSTEM, organization_id=HOSPITAL)
    people = [
        await house.assembled.services.desk.register(
            office, a_patient(f"P{number}", "Moss", str(10 + number), zone=zone, phone=SLOW)
        )
        for number, zone in enumerate(PLACES)
    ]
    worker = postman(opened.storage, opened.custody.keyring, house.clock, smtp_sink.port, sms_sink.url)
    with nursery(migrated_url, tmp_path / "data" / "keys", smtp_sink, sms_sink) as live:
        yield Month(house, worker, live, people)


@pytest.mark.timeout(300)
async def test_each_reminder_is_told_once_whatever_dies(
    month: Month, smtp_sink: SmtpSink, sms_sink: SmsSink
) -> None:
    minutes = sorted(month.chance.randrange(DAYS * 24 * 60) for _ in range(WISHES))
    for minute in minutes:
        await month.until(BEGIN + timedelta(minutes=minute))
        try:
            await month.wish()
        except (SlotTaken, BadInput):
            continue
        await month.deliver()
    await month.until(BEGIN + timedelta(days=DAYS + 15))
    kept = {(m.visit_id, m.template, m.channel, m.due_at): m for m in await month.reminders()}
    lost = {m.last_error for m in kept.values() if m.state is Delivery.FAILED}
    assert lost <= {UNSURE}
    assert kept.keys() == month.told.keys()
    assert len(kept) == len(await month.reminders()) > 80
    assert month.deaths > 40
    check_mails(month, kept, smtp_sink)
    check_sms(kept, sms_sink)


def check_mails(month: Month, kept: dict[Effect, OutboxMessage], sink: SmtpSink) -> None:
    """Every reminder has come in time and names the right one; what came twice has one Message-ID."""
    mails = {mail["Message-ID"]: mail for mail in sink.messages()}
    for effect, message in kept.items():
        if message.channel is not Channel.EMAIL:
            continue
        assert message.state is Delivery.SENT
        mail = mails[f"<{message.id}@care.example>"]
        late = parsedate_to_datetime(mail["Date"]) - effect[3]
        assert timedelta(0) <= late <= 2 * REPLACED, effect
        zone = next(each.zone for each in month.patients if each.id == message.person_id)
        assert f"{month.told[effect].astimezone(ZoneInfo(zone)):%H:%M}" in mail["Subject"]
    subjects = [mail["Subject"] for mail in mails.values()]
    reminding = [each for each in subjects if "reminder of" in each or "begins at" in each]
    assert len(reminding) == sum(message.channel is Channel.EMAIL for message in kept.values())


def check_sms(kept: dict[Effect, OutboxMessage], sink: SmsSink) -> None:
    """No reminder has come twice; one that may not have come is told to the clinic."""
    given = Counter(each["reference"] for each in sink.messages())
    assert max(given.values()) == 1
    ours = [message for message in kept.values() if message.channel is Channel.SMS]
    assert all(given[each.id] == 1 for each in ours if each.state is Delivery.SENT)
    texts = [each["text"] for each in sink.messages()]
    reminding = [each for each in texts if "reminder of" in each or "begins at" in each]
    unsure = sum(each.state is Delivery.FAILED for each in ours)
    assert len(ours) - unsure <= len(reminding) <= len(ours)
