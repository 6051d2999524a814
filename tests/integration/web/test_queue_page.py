"""/queue: who came without an appointment, kept by their clinic, called by specialists; without scripts."""

from datetime import datetime, timedelta
from typing import Any

from tests.integration.storage.cast import AMARA, CARDIOLOGY, CY, NOOR
from tests.integration.web.hospital import ADA, COORDINATOR, STRANGER, Hospital, Person
from tests.integration.web.journeys import booked

BREATH = "Short of breath"
LENGTH = timedelta(minutes=20)


def asked(**changes: str) -> dict[str, Any]:
    return {
        "patient_id": CY.id,
        "service_id": CARDIOLOGY.id,
        "triage": "standard",
        "reason": BREATH,
        **changes,
    }


async def added(hospital: Hospital, **changes: str) -> tuple[Person, str]:
    """Noor puts Cy, who has come to her clinic, into its queue; the walk-in's id."""
    noor = await hospital.staff(NOOR)
    done = await noor.form("/queue/add", asked(**changes))
    assert (done.status, done.headers["Location"]) == (303, "/queue")
    return noor, next(iter(hospital.units.tables.walk_ins))


async def test_a_patient_is_added_seen_by_the_specialist_and_called(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    assert "Nobody is waiting." in (await noor.get("/queue")).text
    assert f"/queue/add?patient={CY.id}" in (await noor.get(f"/book?patient={CY.id}")).text
    assert "Heart consultation" in (await noor.get(f"/queue/add?patient={CY.id}")).text
    await added(hospital, triage="immediate")
    assert BREATH in (await noor.get("/queue")).text
    amara = await hospital.staff(AMARA)
    assert BREATH in (await amara.get("/queue")).text
    done = await amara.form(f"/queue/next/{CARDIOLOGY.id}", {})
    assert (done.status, done.headers["Location"]) == (303, "/clinic")
    (visit,) = hospital.units.tables.visits.values()
    assert (visit.patient_id, visit.practitioner_id, visit.priority) == (CY.id, AMARA.id, "urgent")
    assert visit.id in (await amara.get("/clinic")).text
    after = (await noor.get("/queue")).text
    assert "Called" in after
    assert "/v?lang=en#" in after
    said = {"walk-in:add", "walk-in:read", "walk-in:call"}
    assert said <= set(hospital.actions())
    assert (await amara.form(f"/queue/next/{CARDIOLOGY.id}", {})).status == 409


async def test_a_specialist_who_is_done_sooner_takes_the_next_at_once(hospital: Hospital) -> None:
    _, one = await added(hospital)
    amara = await hospital.staff(AMARA)
    await amara.form(f"/queue/next/{CARDIOLOGY.id}", {})
    tables = hospital.units.tables
    (visit,) = tables.visits.values()
    assert tables.walk_ins[one].visit_id == visit.id
    assert (await (await hospital.staff(NOOR)).form("/queue/add", asked())).status == 303
    busy = await amara.form(f"/queue/next/{CARDIOLOGY.id}", {})
    assert busy.status == 409
    assert "You have another visit before this one would end." in busy.text
    for step in ("phone", "end"):
        assert (await amara.post(f"/api/v1/visits/{visit.id}/{step}")).status == 200
    hospital.clock.move(minutes=1)
    assert (await amara.form(f"/queue/next/{CARDIOLOGY.id}", {})).status == 303


async def test_before_the_next_visit_there_is_less_time_or_none(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    start = datetime.fromisoformat(appointment["start"])
    hospital.clock.at = start - timedelta(minutes=12)
    await added(hospital)
    amara = await hospital.staff(AMARA)
    assert (await amara.form(f"/queue/next/{CARDIOLOGY.id}", {})).status == 303
    (called,) = [each for each in hospital.units.tables.appointments.values() if each.patient_id == CY.id]
    assert (called.end - called.start < LENGTH, called.end) == (True, start)


async def test_somebody_is_assessed_goes_away_and_is_back(hospital: Hospital) -> None:
    noor, one = await added(hospital)
    assert (await noor.form(f"/queue/{one}/triage", {"triage": "urgent", "why": ""})).status == 422
    assert (await noor.form(f"/queue/{one}/triage", {"triage": "urgent", "why": "Pale"})).status == 303
    assert "Pale" in (await noor.get("/queue")).text
    for step, word in (("leave", "Is back"), ("return", "Change")):
        assert (await noor.form(f"/queue/{one}/{step}", {})).status == 303
        assert word in (await noor.get("/queue")).text
    kept = hospital.units.tables.walk_ins[one]
    assert (kept.triage, kept.status, kept.arrived_at < kept.since) == ("urgent", "waiting", False)
    assert hospital.actions().count("walk-in:assess") == 1


async def test_nobody_is_added_twice_on_one_day(hospital: Hospital) -> None:
    noor, one = await added(hospital)
    again = await noor.form("/queue/add", asked())
    assert again.status == 409
    assert "This patient is in the queue already." in again.text
    hospital.clock.move(days=1, seconds=1)
    noor = await hospital.staff(NOOR)
    assert (await noor.form("/queue/add", asked())).status == 303
    assert hospital.units.tables.walk_ins[one].status == "left"


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    _, one = await added(hospital)
    kai = await hospital.staff(COORDINATOR)
    assert one not in (await kai.get("/queue")).text
    assert (await kai.form("/queue/add", asked())).status == 404
    for step in ("triage", "leave", "return"):
        assert (await kai.form(f"/queue/{one}/{step}", {"triage": "urgent", "why": "Pale"})).status == 404
    assert (await kai.form(f"/queue/next/{CARDIOLOGY.id}", {})).status == 403
    cyd = await hospital.staff(STRANGER)
    assert one not in (await cyd.get("/queue")).text
    assert (await cyd.form(f"/queue/next/{CARDIOLOGY.id}", {})).status == 404
    assert (await cyd.form(f"/queue/{one}/leave", {})).status == 403
    assert (await (await hospital.staff(ADA)).get("/queue")).status == 403
