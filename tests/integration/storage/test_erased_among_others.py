"""One patient is erased among others, one contract for fake and real: no list breaks, others are whole."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from telehealth.crypto.keyring import Keyring
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.erasure import NOBODY, Erasure, Ground, LegalHold
from telehealth.domain.glass import OPEN_FOR, Finding, Glass
from telehealth.domain.note import NoteState
from telehealth.domain.outbox import Channel, Delivery
from telehealth.domain.own_booking import Asked
from telehealth.domain.own_wish import OwnWish
from telehealth.domain.people import Patient
from telehealth.domain.recording import Recording
from telehealth.domain.waitlist import Offer, Suits, Waiting
from telehealth.domain.walk_in import Triage, WalkIn, WalkInStatus
from telehealth.services.ports import Units
from telehealth.services.repositories import UnitOfWork
from telehealth.storage.rows import metadata
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, HOSPITAL, NOW, RURAL
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

HOUR = timedelta(hours=1)
BEGUN = Erasure(BO.id, BO.organization_id, Ground.MISTAKE, NOW + HOUR / 2)
DAYS = (NOW.date(), NOW.date() + timedelta(days=9))
KEPT = {"patient", "visit", "note", "addendum", "resource_version", "recording", "glass"}
"""Sealed tables with rows of who was erased: what may not change, and what the staff answer for."""


async def lives(uow: UnitOfWork, patient: Patient, visit: str) -> None:
    """A row of each kind that is sealed for a patient, or that waits for them."""
    id_, house = patient.id, patient.organization_id
    here = replace(await uow.visits.get(visit), status=VisitStatus.FINISHED, version=1)  # type: ignore[type-var]
    await uow.visits.save(replace(here, confirmation=cast.CONFIRMATION))
    about = {"id": f"of {id_}", "visit_id": visit, "patient_id": id_}
    signed = replace(cast.note(), **about | {"id": f"signed of {id_}"}, number=1)
    await uow.notes.add(replace(signed, state=NoteState.SIGNED, signed_at=NOW))
    await uow.notes.add(replace(cast.note(), **about, number=2))
    await uow.notes.add_addendum(replace(cast.addendum(), **about, note_id=signed.id))
    await uow.conversations.add(cast.utterance(**about))
    await uow.lines.add_message(replace(cast.clinic_message(), **about))
    await uow.guests.add(replace(cast.guest(), **about, digest=id_.encode()))
    await uow.record.put(replace(cast.resource(patient_id=id_), id=id_))
    await uow.outbox.put(replace(cast.message(), id=f"lost {id_}", visit_id=visit, person_id=id_))
    lost = replace(cast.message(), id=f"lost {id_}", visit_id=visit, person_id=id_, state=Delivery.FAILED)
    await uow.outbox.save(lost)
    await uow.outbox.put(replace(lost, id=f"due {id_}", template="visit-reminder", state=Delivery.DUE))
    await uow.erasures.hold(LegalHold(id_, house, NOW, "a court asks for it"))
    await records(uow, patient, visit)
    await waits(uow, patient, visit)


async def records(uow: UnitOfWork, patient: Patient, visit: str) -> None:
    id_, house = patient.id, patient.organization_id
    recording = Recording(f"of {id_}", visit, id_, HOSPITAL.id, NOW, NOW + HOUR, key="5a" * 32)
    await uow.recordings.add(recording)
    facts = (id_, house, AMARA.id, HOSPITAL.id, NOW, NOW + OPEN_FOR, "Found unconscious.")
    glass = Glass(f"waiting of {id_}", *facts)
    await uow.glasses.add(glass)
    found = {"reviewed_at": NOW, "reviewer_id": "prac-ada", "finding": Finding.JUSTIFIED, "words": "It was."}
    await uow.glasses.add(replace(glass, id=f"reviewed of {id_}", **found))


async def waits(uow: UnitOfWork, patient: Patient, visit: str) -> None:
    id_, house = patient.id, patient.organization_id
    facts = (RURAL.id, CARDIOLOGY.id, id_, Triage.URGENT, NOW, WalkInStatus.WAITING, NOW)
    await uow.walk_ins.add(WalkIn(f"of {id_}", *facts, "Short of breath"))
    places = (HOSPITAL.id, house, CARDIOLOGY.id)
    await uow.waitlist.add(Waiting(f"of {id_}", *places, id_, AMARA.id, *DAYS, (1, 3), 24, NOW))
    offered = (f"of {id_}", id_, visit.replace("visit", "appointment"), AMARA.id, NOW, NOW, NOW)
    await uow.waitlist.add_offer(Offer(f"of {id_}", *offered, id_.encode(), id_[::-1].encode()))
    said = Asked(patient.name.given, patient.name.family, date(1980, 6, 5), "", "am")
    wish = OwnWish(f"of {id_}", HOSPITAL.id, CARDIOLOGY.id, id_.encode(), NOW)
    await uow.own_wishes.add(
        replace(wish.ask(said, Suits((1,), 0, 24), "012345", NOW), waiting_id=f"of {id_}")
    )


@pytest.fixture
async def two(units: Units) -> Units:
    """Storage in which Bo and Cy have a row of each kind."""
    later = cast.appointment("2", NOW + HOUR, CY)
    async with units.writing() as uow:
        await uow.appointments.book(later, cast.claims(later))
        await uow.visits.add(cast.visit(later, "2"))
        await lives(uow, BO, "visit-1")
        await lives(uow, CY, "visit-2")
    return units


async def listed(uow: UnitOfWork, now: Any = NOW + 2 * HOUR) -> dict[str, list[str]]:
    """Return whose rows each list across patients has."""
    services = [CARDIOLOGY.id]
    found: dict[str, Any] = {
        "unended": await uow.recordings.unended(),
        "overdue": await uow.recordings.overdue(now, 9),
        "to review": await uow.glasses.told(HOSPITAL.id, reviewed=False, limit=9),
        "reviewed": await uow.glasses.told(HOSPITAL.id, reviewed=True, limit=9),
        "broken": await uow.glasses.since(AMARA.id, NOW),
        "unsigned": await uow.notes.unsigned(AMARA.id),
        "walk-ins": await uow.walk_ins.of_clinic(RURAL.id, NOW),
        "called": await uow.walk_ins.waiting(services, NOW),
        "waiting": await uow.waitlist.all(),
        "offered": await uow.waitlist.run_out(NOW),
    }
    whose = {name: sorted(each.patient_id for each in rows) for name, rows in found.items()}
    lost = await uow.outbox.lost_about(["visit-1", "visit-2"])
    unreached = await uow.outbox.unreached(HOSPITAL.id, NOW - HOUR, 9)
    whose["lost"], whose["unreached"] = ([each.person_id for each in rows] for rows in (lost, unreached))
    return whose


async def test_lists_go_on_with_the_others_once_somebody_was_erased(two: Units, keyring: Keyring) -> None:
    async with two.reading() as uow:
        before = await listed(uow)
        assert {name: whose for name, whose in before.items() if BO.id not in whose} == {}
        mine = await whole(uow)
        recorded = await uow.recordings.get(f"of {BO.id}")
    async with two.writing() as uow:
        await uow.erasures.add(BEGUN)
        await uow.erasures.clear(BO.id)
        assert recorded is not None
        over = replace(recorded, ended_at=BEGUN.begun_at, erased_at=BEGUN.begun_at)
        assert await uow.recordings.get(over.id) == over  # its key may be open for a moment yet
        assert await uow.erasures.recordings(BO.id) == [over.id]
    keyring.shred(BO.id)
    async with two.reading() as uow:
        shown = await listed(uow)
        for staffs in ("reviewed", "broken"):
            assert BO.id in shown.pop(staffs)
        assert {name: whose for name, whose in shown.items() if whose != [CY.id]} == {}
        assert await uow.visits.owing(AMARA.id) == ["visit-2"]
        assert await uow.own_wishes.by_cookie(BO.id.encode()) is None
        assert await uow.erasures.held(BO.id) is None
        assert await uow.guests.of_visit("visit-1") == []
        assert await uow.conversations.since("visit-1", 0, 9) == []
        assert await uow.lines.messages("visit-1") == []
        assert await whole(uow) == mine


async def whole(uow: UnitOfWork) -> list[Any]:
    """Return all that there is of Cy."""
    of = f"of {CY.id}"
    return [
        await uow.recordings.get(of),
        await uow.glasses.many([f"waiting {of}", f"reviewed {of}"]),
        await uow.notes.all_of_visit("visit-2", AMARA.id),
        await uow.notes.addenda(f"signed {of}"),
        await uow.walk_ins.get(of),
        await uow.waitlist.get(of),
        await uow.waitlist.offer(of),
        await uow.own_wishes.by_cookie(CY.id.encode()),
        await uow.guests.of_visit("visit-2"),
        await uow.conversations.since("visit-2", 0, 9),
        await uow.lines.messages("visit-2"),
        await uow.erasures.held(CY.id),
        await uow.outbox.of_visit("visit-2"),
        await uow.record.of_patient(CY.id),
        await uow.patients.get(CY.id),
    ]


async def test_lists_go_on_while_a_restored_backup_has_the_erased_in_it(two: Units, keyring: Keyring) -> None:
    if not isinstance(two, Storage):
        pytest.skip("nothing is sealed in memory")
    async with two.reading() as uow:
        mine = await whole(uow)
    keyring.shred(BO.id)
    async with two.reading() as uow:
        shown = await listed(uow)
        for clear in ("to review", "reviewed", "broken", "waiting", "offered"):
            assert BO.id in shown.pop(clear)
        assert {name: whose for name, whose in shown.items() if whose != [CY.id]} == {}
        assert await whole(uow) == mine
    async with two.writing() as uow:
        due = await uow.outbox.claim(Channel.EMAIL, NOW, NOW + HOUR, 9)
        assert [each.person_id for each in due] == [CY.id]
        await uow.erasures.add(BEGUN)
        await uow.erasures.clear(BO.id)
        assert BO.id not in (await listed(uow))["to review"]


async def test_a_broken_glass_still_tells_who_broke_it_and_what_was_found(
    two: Units, keyring: Keyring
) -> None:
    if not isinstance(two, Storage):
        pytest.skip("nothing is sealed in memory")
    ids = [f"waiting of {BO.id}", f"reviewed of {BO.id}"]
    async with two.writing() as uow:
        before = await uow.glasses.many(ids)
        await uow.erasures.add(BEGUN)
        await uow.erasures.clear(BO.id)
    keyring.shred(BO.id)
    async with two.reading() as uow:
        after = await uow.glasses.many(ids)
        assert await uow.glasses.open_for(AMARA.id, BO.id, BEGUN.begun_at) is None
    silent = {"until": BEGUN.begun_at, "reason": NOBODY, "words": NOBODY}
    assert after == {id_: replace(each, **silent) for id_, each in before.items()}


async def test_nothing_sealed_stays_of_the_erased_but_what_must(two: Units, keyring: Keyring) -> None:
    if not isinstance(two, Storage):
        pytest.skip("nothing is sealed in memory")
    async with two.writing() as uow:
        await uow.erasures.add(BEGUN)
        await uow.erasures.clear(BO.id)
    keyring.shred(BO.id)
    assert await sealed_of(two, BO) == KEPT
    assert await sealed_of(two, CY) >= KEPT


async def sealed_of(storage: Storage, patient: Patient) -> set[str]:
    """Return the sealed tables in which rows of a patient's stand."""
    found = set()
    async with storage.engines[1].connect() as connection:
        for table in (each for each in metadata.sorted_tables if "sealed" in each.c):
            column = {"patient": "id", "outbox": "person_id"}.get(table.name, "patient_id")
            if column in table.c:
                theirs = select(func.count()).where(table.c[column] == patient.id).select_from(table)
                if (await connection.execute(theirs)).scalar_one():
                    found.add(table.name)
    return found
