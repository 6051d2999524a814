"""/clinic-record/{visit}: what other houses have sent, beside the call, for who treats the patient."""

from telehealth.domain.audit import AuditAction
from telehealth.domain.recorded import MOST_OF_A_KIND
from telehealth.fhir.recorded import KINDS
from tests.arrivals import ALL, WEIGHT, changed
from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import ADA, STRANGER, Hospital
from tests.integration.web.journeys import booked, in_call, waiting
from tests.integration.web.test_fhir_writing import sent


async def test_each_house_is_read_by_who_treats_the_patient(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    for each in ALL:
        assert (await sent(amara, each)).status == 201
    shown = await amara.get(f"/clinic-record/{visit}")
    assert shown.status == 200
    for words in ("Atrial fibrillation", "resolved", "Bisoprolol", "Once a day", "72.50 kg", "COVID-19"):
        assert words in shown.text
    house = hospital.units.tables.organizations[AMARA.organization_id]
    assert shown.text.count(house.name) == len(KINDS) + 1
    assert "20 Nov 2026" in shown.text
    assert "Nothing is written here." not in shown.text
    assert "Penicillin" not in shown.text


async def test_nothing_is_said_to_be_nothing(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    assert (await amara.get(f"/clinic-record/{visit}")).text.count("Nothing is written here.") == 5


async def test_what_comes_from_outside_is_text(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    wild = "<img src=x onerror=alert(1)>"
    said = changed(WEIGHT, code={"text": wild}, interpretation=[{"text": wild}], effectiveDateTime="2026-10")
    for value in ({"valueString": wild}, {"valueBoolean": True}):
        made = await sent(amara, changed(said, identifier=None, **{"valueQuantity": None, **value}))
        assert made.status == 201
    shown = (await amara.get(f"/clinic-record/{visit}")).text
    assert "<img" not in shown
    assert shown.count("&lt;img src=x") == 5
    assert "October 2026" in shown
    assert "Yes" in shown


async def test_that_the_oldest_of_very_many_are_left_out_is_said(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    for number in range(MOST_OF_A_KIND + 1):
        day = f"2026-{1 + number // 28:02}-{1 + number % 28:02}"
        await sent(amara, changed(WEIGHT, identifier=None, effectiveDateTime=day))
    shown = (await amara.get(f"/clinic-record/{visit}")).text
    assert "Only the newest 50 are shown." in shown
    assert (">2 Jan 2026" in shown, ">1 Jan 2026" in shown) == (True, False)


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit, _, _ = await in_call(hospital)
    for asking, status in ((STRANGER, 404), (ADA, 403)):
        person = await hospital.staff(asking)
        assert (await person.get(f"/clinic-record/{visit}")).status == status


async def test_who_treats_the_patient_no_more_reads_no_more(hospital: Hospital) -> None:
    made = await booked(hospital)
    amara = await hospital.staff(AMARA)
    path = f"/clinic-record/{made['visit']}"
    assert (await amara.get(path)).status == 200
    assert (await amara.post(f"/api/v1/appointments/{made['id']}/cancel")).status == 200
    assert (await amara.get(path)).status == 404


async def test_each_reading_is_entered_with_what_was_read(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    before = len(hospital.units.tables.entries)
    await amara.get(f"/clinic-record/{visit}")
    (entry,) = list(hospital.units.tables.entries.values())[before:]
    assert (entry.action, entry.entity_id, entry.patient_ids) == (AuditAction.RECORD_READ, BO.id, (BO.id,))
    assert entry.reason.split(", ") == [*KINDS, "DocumentReference"]
