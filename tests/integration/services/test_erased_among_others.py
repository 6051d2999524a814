"""Somebody who left a row of each kind is erased, or comes back with a backup: everybody else goes on."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from telehealth.background import erasing_of
from telehealth.domain.accounts import Account, Session, SessionStage
from telehealth.domain.erasure import NOBODY, Ground
from telehealth.domain.note import NoteContent
from telehealth.domain.people import Patient
from telehealth.domain.recording import Recording
from telehealth.domain.walk_in import Triage
from telehealth.services.audit_rows import AuditSearch
from telehealth.services.waitlist import Wish
from telehealth.services.walk_ins import NewWalkIn
from tests.cast import AMARA, CARDIOLOGY, CARLA, CY, HOSPITAL, MONDAY, PIA, House, a_patient

WHY = "Found unconscious, nobody with them."


@dataclass
class Morning:
    """Gus and Bo were both seen, recorded, opened in an emergency, and wait again."""

    house: House
    gus: Patient

    async def lived(self, patient: Patient, triage: Triage) -> None:
        services, clock = self.house.assembled.services, self.house.clock
        booked = await self.house.book(clock.at, patient=patient)
        await self.house.call(booked)
        await services.notes.save(AMARA, booked.visit_id, NoteContent(history="A cough."), 0)
        await services.consulting.end(AMARA, booked.visit_id)
        clock.pass_by(minutes=20)
        await self.recorded(patient, booked.visit_id)
        await services.waiting.queue.add(CARLA, NewWalkIn(patient.id, CARDIOLOGY, triage, "a cough"))
        days = (MONDAY.date(), MONDAY.date() + timedelta(days=6))
        await services.appointments.waitlist.add(CARLA, Wish(patient.id, CARDIOLOGY, *days))
        await services.record.glass.open(CY, patient.id, WHY)

    async def recorded(self, patient: Patient, visit_id: str) -> None:
        """The server was killed while it recorded: two more have no end."""
        opened, now = self.house.assembled.opened, self.house.clock.at
        async with opened.storage.writing() as uow:
            for name in ("one", "two"):
                facts = (visit_id, patient.id, HOSPITAL, now, now + timedelta(days=30), now)
                await uow.recordings.add(Recording(f"{name}-{patient.id}", *facts, key="5a" * 32))
        tape = self.tape(patient)
        tape.parent.mkdir(parents=True)
        tape.write_bytes(b"sealed")

    def tape(self, patient: Patient) -> Path:
        return self.house.assembled.opened.config.tapes / f"one-{patient.id}" / "p.tape"

    async def shown(self) -> dict[str, list[str]]:
        """Return whom each list across patients names; none may raise."""
        services = self.house.assembled.services
        review = await services.audit.review.listed(PIA)
        page = await services.audit.page(PIA, AuditSearch())
        assert set(page.reasons.values()) <= {WHY, NOBODY}
        [queue] = await services.waiting.queue.queues(CARLA)
        found = {
            "to review": [each.glass.patient_id for each in review.waiting],
            "open": [each.glass.patient_id for each in (await services.record.glass.mine(CY)).opened],
            "drafts": [note.patient_id for note, _ in await services.notes.unsigned(AMARA)],
            "to sign": [row.patient.id for row in await services.overview.looking_back.to_sign(AMARA)],
            "queue": [each.patient.id for each in queue.rows],
            "waiting": [each.patient.id for each in await services.appointments.waitlist.listed(CARLA)],
        }
        return {name: sorted(ids) for name, ids in found.items()}


@pytest.fixture
async def morning(house: House) -> Morning:
    later = MONDAY + timedelta(hours=3)
    account = Account("cy", CY.id, HOSPITAL, "cy@hospital.example", "hash", "seed", ())
    signed_in = Session(CY.session_id, "cy", CY.id, HOSPITAL, b"c", SessionStage.FULL, later, later, later)
    async with house.assembled.opened.storage.writing() as uow:
        await uow.accounts.add(account)
        await uow.accounts.add_session(signed_in)
    gus = await house.assembled.services.desk.register(CARLA, a_patient("Gus", "Gone", "09"))
    found = Morning(house, gus)
    await found.lived(gus, Triage.IMMEDIATE)
    await found.lived(house.bo, Triage.STANDARD)
    return found


async def goes_on(morning: Morning) -> None:
    """Everything that others do goes on: the start, retention, the lists, breaking a glass, calling next."""
    house, services = morning.house, morning.house.assembled.services
    bo = house.bo.id
    assert {name: ids for name, ids in (await morning.shown()).items() if ids != [bo]} == {}
    dee = await services.desk.register(CARLA, a_patient("Dee", "Third", "08"))
    await services.record.glass.open(CY, dee.id, WHY)
    visit_id = await services.waiting.calls.take_next(AMARA, CARDIOLOGY)
    async with house.assembled.opened.storage.reading() as uow:
        row = await uow.visits.row(visit_id)
    assert row is not None
    assert row.patient.id == bo
    recordings = services.company.recordings
    await recordings.nobody_records()
    house.clock.pass_by(days=31)
    await recordings.erase_overdue()
    async with house.assembled.opened.storage.reading() as uow:
        assert (await uow.recordings.unended(), await uow.recordings.overdue(house.clock.at, 9)) == ([], [])
        kept = await uow.recordings.get(f"one-{bo}")
    assert kept is not None
    assert kept.erased_at == house.clock.at
    assert not morning.tape(house.bo).parent.exists()


async def test_others_go_on_once_somebody_was_erased(morning: Morning) -> None:
    erases = erasing_of(morning.house.assembled.opened)
    await erases.erase(morning.gus.id, Ground.MISTAKE, morning.gus.birth_date)
    assert not morning.tape(morning.gus).parent.exists()
    assert morning.tape(morning.house.bo).exists()
    await goes_on(morning)


async def test_a_restored_backup_stops_neither_the_start_nor_a_list(morning: Morning) -> None:
    opened, bo = morning.house.assembled.opened, morning.house.bo.id
    opened.custody.keyring.shred(morning.gus.id)
    recordings = morning.house.assembled.services.company.recordings
    await recordings.nobody_records()
    await recordings.erase_overdue()
    assert all(bo in ids for ids in (await morning.shown()).values())
    assert await erasing_of(opened).finish_all() == 1
    assert not morning.tape(morning.gus).parent.exists()
    await goes_on(morning)
