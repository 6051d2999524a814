"""/queue/{walk-in}/send: a clinic sends somebody on to another one; triage and arrival go along."""

from dataclasses import replace
from datetime import timedelta

from telehealth.domain.notices import QueueChanged
from tests.integration.storage.cast import AMARA, CARDIOLOGY, HOSPITAL, NOOR, RURAL, closure
from tests.integration.web.hospital import COORDINATOR, STRANGER, Hospital
from tests.integration.web.test_queue_page import BREATH, added

TO = {"organization_id": HOSPITAL.id, "service_id": CARDIOLOGY.id, "because": "Needs an X-ray"}


async def test_the_receiving_clinic_sees_from_where_and_keeps_the_place(hospital: Hospital) -> None:
    noor, one = await added(hospital, triage="urgent")
    before = hospital.units.tables.walk_ins[one]
    hospital.clock.move(minutes=7)
    assert "District Hospital" in (await noor.get(f"/queue/{one}/send")).text
    done = await noor.form(f"/queue/{one}/send", TO)
    assert (done.status, done.headers["Location"]) == (303, "/queue")
    after = hospital.units.tables.walk_ins[one]
    assert (after.triage, after.arrived_at, after.status) == ("urgent", before.arrived_at, "waiting")
    assert (after.organization_id, after.from_organization_id) == (HOSPITAL.id, before.organization_id)
    kai = await hospital.staff(COORDINATOR)
    shown = (await kai.get("/queue")).text
    assert all(said in shown for said in (BREATH, "Sent on by", "Rural Clinic", "Needs an X-ray"))
    sent = (await noor.get("/queue")).text
    assert "Sent on to" in sent
    assert f"/queue/{one}/leave" not in sent
    assert (await noor.form(f"/queue/{one}/leave", {})).status == 404
    assert (await kai.form(f"/queue/{one}/leave", {})).status == 303
    assert hospital.actions().count("walk-in:send") == 1


async def test_only_the_clinic_where_they_are_reads_the_link_of_the_call(hospital: Hospital) -> None:
    noor, one = await added(hospital)
    await noor.form(f"/queue/{one}/send", TO)
    amara = await hospital.staff(AMARA)
    assert (await amara.form(f"/queue/next/{CARDIOLOGY.id}", {})).status == 303
    kai = await hospital.staff(COORDINATOR)
    assert "/v?lang=en#" in (await kai.get("/queue")).text
    assert "/v?lang=en#" not in (await noor.get("/queue")).text
    assert (await kai.form(f"/queue/{one}/send", TO)).status == 409


async def test_where_nobody_can_be_seen_nobody_is_sent(hospital: Hospital) -> None:
    noor, one = await added(hospital)
    now = hospital.clock.at
    async with hospital.units.writing() as uow:
        await uow.closures.add(replace(closure(), start=now, end=now + timedelta(minutes=9)))
    for wrong in ({}, {"organization_id": "org-nowhere"}, {"because": ""}):
        refused = await noor.form(f"/queue/{one}/send", TO | wrong)
        assert (refused.status, "Reason" in refused.text) == (422, True)
    hospital.clock.move(minutes=9)
    assert (await noor.form(f"/queue/{one}/send", TO | {"service_id": "svc-none"})).status == 422
    assert hospital.units.tables.walk_ins[one].version == 1


async def test_the_specialist_assesses_whom_they_may_call(hospital: Hospital) -> None:
    _, one = await added(hospital)
    amara = await hospital.staff(AMARA)
    assert f"/queue/{one}/triage" in (await amara.get("/queue")).text
    assert (await amara.form(f"/queue/{one}/triage", {"triage": "urgent", "why": "Pale"})).status == 303
    kept = hospital.units.tables.walk_ins[one]
    assert (kept.triage, kept.why) == ("urgent", "Pale")
    (entry,) = [each for each in hospital.units.tables.entries.values() if each.action == "walk-in:assess"]
    assert (entry.actor_id, entry.reason) == (AMARA.id, "urgent")


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    _, one = await added(hospital)
    kai = await hospital.staff(COORDINATOR)
    assert (await kai.get(f"/queue/{one}/send")).status == 404
    assert (await kai.form(f"/queue/{one}/send", TO)).status == 404
    for each in (STRANGER, AMARA):
        specialist = await hospital.staff(each)
        assert (await specialist.get(f"/queue/{one}/send")).status == 403
        assert (await specialist.form(f"/queue/{one}/send", TO)).status == 403
    cyd = await hospital.staff(STRANGER)
    assert (await cyd.form(f"/queue/{one}/triage", {"triage": "urgent", "why": "Pale"})).status == 404
    assert (await (await hospital.staff(NOOR)).form("/queue/no-such/send", TO)).status == 404


async def test_everybody_who_sees_the_place_hears_that_it_is_another(hospital: Hospital) -> None:
    noor, one = await added(hospital)
    await noor.form(f"/queue/{one}/send", TO)
    amara = await hospital.staff(AMARA)
    await amara.form(f"/queue/next/{CARDIOLOGY.id}", {})
    told = [each for each in hospital.announced.notices if isinstance(each, QueueChanged)]
    clinics = [each.organization_ids for each in told]
    assert clinics == [(RURAL.id,), (HOSPITAL.id, RURAL.id), (HOSPITAL.id, RURAL.id)]
    assert {each.practitioner_ids for each in told} == {(AMARA.id,)}
    assert 'id="queue" class="stack" data-hears' in (await noor.get("/queue")).text
    assert 'id="queue" class="stack">' in (await amara.get("/queue")).text
