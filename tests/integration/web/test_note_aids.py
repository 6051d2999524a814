"""/clinic-aids/{visit} and /clinic-pulled/{visit}: what helps to write a note, for who writes it."""

from dataclasses import replace

import pytest

from telehealth.domain.audit import AuditAction
from tests.arrivals import CONDITION, HL7, PRESSURE, WEIGHT, changed, concept
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY
from tests.integration.web.hospital import ADA, STRANGER, Hospital
from tests.integration.web.journeys import booked, in_call
from tests.integration.web.test_fhir_writing import sent

ACTIVE = concept(f"{HL7}/condition-clinical", "active", "Active")


async def test_the_services_specialty_is_chosen_and_all_others_are_there(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    shown = (await amara.get(f"/clinic-aids/{visit}")).text
    assert 'value="cardiology" selected' in shown
    assert "Chest pain:\nShortness of breath:" in shown
    assert 'value="maternity"' in shown
    services = hospital.units.tables.services
    services[CARDIOLOGY.id] = replace(services[CARDIOLOGY.id], specialty="Psychiatry")
    assert 'value="mental-health" selected' in (await amara.get(f"/clinic-aids/{visit}")).text


async def test_what_the_patient_reads_has_no_headings(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    assert 'data-into="plan"' not in (await amara.get(f"/clinic-aids/{visit}")).text


async def test_problems_and_vital_signs_come_with_their_day_and_their_house(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    for each in (changed(CONDITION, clinicalStatus=ACTIVE, abatementDateTime=None), WEIGHT, PRESSURE):
        assert (await sent(amara, each)).status == 201
    house = hospital.units.tables.organizations[AMARA.organization_id].name
    shown = (await amara.get(f"/clinic-pulled/{visit}")).text
    assert f"– Atrial fibrillation (20 Nov 2026, {house})" in shown
    assert f"– Body weight: 72.50 kg (21 Nov 2026, {house})" in shown
    assert "– Blood pressure panel: Systolic 107 mmHg, Diastolic Not performed (20" in shown


async def test_an_empty_record_puts_nothing_into_the_note(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    shown = (await amara.get(f"/clinic-pulled/{visit}")).text
    assert 'data-into="assessment"></div>' in shown
    assert 'data-into="findings"></div>' in shown


@pytest.mark.parametrize("path", ["/clinic-aids/{}", "/clinic-pulled/{}"])
async def test_a_stranger_is_refused(hospital: Hospital, path: str) -> None:
    visit, _, _ = await in_call(hospital)
    for asking, status in ((STRANGER, 404), (ADA, 403)):
        person = await hospital.staff(asking)
        assert (await person.get(path.format(visit))).status == status


async def test_who_treats_the_patient_no_more_is_given_nothing(hospital: Hospital) -> None:
    made = await booked(hospital)
    amara = await hospital.staff(AMARA)
    path = f"/clinic-pulled/{made['visit']}"
    assert (await amara.get(path)).status == 200
    assert (await amara.post(f"/api/v1/appointments/{made['id']}/cancel")).status == 200
    assert (await amara.get(path)).status == 404


async def test_taking_from_the_record_is_entered_as_reading_it(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    before = len(hospital.units.tables.entries)
    await amara.get(f"/clinic-pulled/{visit}")
    (entry,) = list(hospital.units.tables.entries.values())[before:]
    assert (entry.action, entry.patient_ids) == (AuditAction.RECORD_READ, (BO.id,))
    assert entry.reason == "Condition, Observation"
