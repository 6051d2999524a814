"""Odd patterns of reading: found by a worker in the log, shown to the officer of the reader's house."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.audit import AuditAction
from telehealth.domain.people import Practitioner
from telehealth.services import alerting
from telehealth.services.alerting import SHOWN, Alerting
from telehealth.services.trail import Work
from tests.fakes import FakeChance
from tests.integration.storage.cast import AMARA, BO, NOOR, RURAL
from tests.integration.web.hospital import ADA, PIA, STRANGER, Hospital
from tests.integration.web.journeys import in_call

NIGHT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def worker(hospital: Hospital) -> Alerting:
    return Alerting(work=Work(hospital.units, hospital.clock, FakeChance()))


async def read_at(hospital: Hospital, at: datetime, who: Practitioner = AMARA) -> None:
    """Somebody has read Bo's record at an hour."""
    await in_call(hospital)
    entries = hospital.units.tables.entries
    some = next(each for each in entries.values() if each.actor_id == AMARA.id)
    facts = {"actor_id": who.id, "organization_id": who.organization_id, "patient_ids": (BO.id,)}
    entries["odd"] = replace(some, id="odd", at=at, action=AuditAction.RECORD_READ, **facts)  # type: ignore[arg-type]
    hospital.clock.at = at + timedelta(minutes=10)


async def test_a_look_finds_each_once_and_goes_on_where_it_stopped(hospital: Hospital) -> None:
    await read_at(hospital, NIGHT)
    assert await worker(hospital).look() == 1
    assert await worker(hospital).look() == 0
    hospital.units.tables.meta.clear()
    assert await worker(hospital).look() == 0
    [alert] = hospital.units.tables.alerts.values()
    assert (alert.practitioner_id, alert.patient_id, alert.at) == (AMARA.id, BO.id, NIGHT)


async def test_what_is_not_settled_is_left_to_the_next_look(hospital: Hospital) -> None:
    await read_at(hospital, NIGHT)
    hospital.clock.at = NIGHT + timedelta(seconds=30)
    assert await worker(hospital).look() == 0
    hospital.clock.at = NIGHT + timedelta(minutes=5)
    assert await worker(hospital).look() == 1


async def test_what_is_too_much_for_one_look_is_left_to_the_next(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    await read_at(hospital, NIGHT)
    entries = hospital.units.tables.entries
    for at in (10, 20, 30):
        moved = {"at": NIGHT + timedelta(minutes=at), "patient_ids": (f"p{at}",)}
        entries[f"odd{at}"] = replace(entries["odd"], id=f"odd{at}", **moved)  # type: ignore[arg-type]
    hospital.units.tables.meta[alerting.LOOKED_UNTIL] = (NIGHT - timedelta(minutes=5)).isoformat()
    hospital.clock.at = NIGHT + timedelta(minutes=40)
    for name in ("BATCH", "MOST"):
        monkeypatch.setattr(alerting, name, 2)
    same = worker(hospital)
    assert [await same.look() for _ in range(5)] == [1, 1, 1, 1, 0]


async def test_the_officer_is_told_and_says_that_they_have_looked(hospital: Hospital) -> None:
    await read_at(hospital, NIGHT)
    await worker(hospital).look()
    pia = await hospital.staff(PIA)
    shown = (await pia.get("/reviews")).text
    for words in ("At night, without a visit", AMARA.display, BO.name.listed, "first=2026-11-24"):
        assert words in shown
    [address] = re.findall(r'action="(/reviews/alerts/[^"]+)"', shown)
    for _ in range(2):
        assert (await pia.form(address, {})).status == 303
    after = (await pia.get("/reviews")).text
    assert ("Nothing waits to be looked into." in after, "Looked into" in after) == (True, True)
    seen = [e for e in hospital.units.tables.entries.values() if e.action is AuditAction.ALERT_SEEN]
    assert [(each.actor_id, each.patient_ids) for each in seen] == [(PIA.id, (BO.id,))]


async def test_of_very_many_those_are_shown_that_wait_longest(hospital: Hospital) -> None:
    await read_at(hospital, NIGHT)
    await worker(hospital).look()
    [first] = hospital.units.tables.alerts.values()
    for number in range(1, SHOWN + 1):
        later = replace(first, id=f"later-{number}", at=first.at + timedelta(minutes=number))
        hospital.units.tables.alerts[later.id] = later
    pia = await hospital.staff(PIA)
    shown = (await pia.get("/reviews")).text
    assert f"Only the oldest {SHOWN} are shown." in shown
    there = [f'action="/reviews/alerts/{each}"' in shown for each in (first.id, later.id)]
    assert there == [True, False]
    assert (await pia.form(f"/reviews/alerts/{first.id}", {})).status == 303
    shown = (await pia.get("/reviews")).text
    assert (f'action="/reviews/alerts/{later.id}"' in shown, "Only the oldest" in shown) == (True, False)


async def test_of_other_houses_people_nothing_is_told(hospital: Hospital) -> None:
    await read_at(hospital, NIGHT, NOOR)
    await worker(hospital).look()
    [alert] = hospital.units.tables.alerts.values()
    assert alert.organization_id == RURAL.id
    pia = await hospital.staff(PIA)
    assert "Nothing waits to be looked into." in (await pia.get("/reviews")).text
    for id_ in (alert.id, "019a0000-0000-7000-8000-000000000000"):
        assert (await pia.form(f"/reviews/alerts/{id_}", {})).status == 404


@pytest.mark.parametrize("who", [AMARA, STRANGER, NOOR, ADA], ids=lambda each: each.id)
async def test_a_stranger_is_refused(hospital: Hospital, who: Practitioner) -> None:
    await read_at(hospital, NIGHT)
    await worker(hospital).look()
    [alert] = hospital.units.tables.alerts.values()
    somebody = await hospital.staff(who)
    assert (await somebody.form(f"/reviews/alerts/{alert.id}", {})).status == 403
    assert hospital.units.tables.alerts[alert.id].seen_at is None
