"""A visit lets its specialist read the record within its window; who is refused reads why, and what to do."""

from datetime import timedelta
from typing import Any

from telehealth.domain.audit import AuditAction
from telehealth.domain.people import Practitioner
from tests.arrivals import WEIGHT
from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import COORDINATOR, Hospital, Person
from tests.integration.web.journeys import CONFIRMED, booked, opened
from tests.integration.web.test_after_the_visit import over
from tests.integration.web.test_emergency import broken, fresh
from tests.integration.web.test_fhir_writing import sent

LATEX = {"substance": "Latex", "reaction": "Rash", "severe": True}
WINDOW, UNMET = "You have no visit with this patient now.", "You booked this visit yourself"


async def record(person: Person) -> tuple[int, str]:
    """Status and words of a search in Bo's record."""
    found = await person.get(f"/fhir/R4/Condition?patient={BO.id}")
    return found.status, found.text


async def refused(person: Person, visit: str, why: str) -> None:
    """Nothing of Bo's record is shown, at any door, and every one of them says why."""
    for whole in ("Condition?patient=" + BO.id, f"Patient/{BO.id}/$everything", f"Patient/{BO.id}/$summary"):
        answer = await person.get(f"/fhir/R4/{whole}")
        assert (answer.status, why in answer.text) == (403, True)
    assert (await sent(person, WEIGHT)).status == 403
    for path in ("clinic-record", "clinic-pulled"):
        shown = await person.get(f"/{path}/{visit}")
        assert (shown.status, why in shown.text, 'href="/emergency"' in shown.text) == (200, True, True)
    consult = (await person.get(f"/api/v1/visits/{visit}")).json
    assert consult["allergies"] == {"known": "withheld", "allergies": []}
    read = await person.get(f"/api/v1/visits/{visit}/allergies")
    assert (read.status, why in read.text, "Latex" in read.text) == (403, True, False)
    page = (await person.get(f"/clinic/{visit}")).text
    assert ("not in view now" in page, "Latex" in page) == (True, False)


async def refused_to_write(person: Person, visit: str, why: str) -> None:
    """An allergy is not written, though it is confirmed who the patient is."""
    before = (await person.get(f"/api/v1/visits/{visit}")).json
    assert before["visit"]["confirmation"] is not None
    for path, body in (("", LATEX), ("/none-known", {})):
        answer = await person.post(f"/api/v1/visits/{visit}/allergies{path}", body)
        assert (answer.status, why in answer.text) == (403, True)


async def another(hospital: Hospital, hours: float, by: Any) -> str:
    return str((await booked(hospital, hours, by))["visit"])


async def test_a_visit_of_long_ago_opens_the_own_notes_and_nothing_else(hospital: Hospital) -> None:
    visit, amara, _ = await over(hospital)
    assert (await amara.post(f"/api/v1/visits/{visit}/allergies", LATEX)).status == 200
    assert (await record(amara))[0] == 200
    note = (await amara.get(f"/api/v1/visits/{visit}/note")).json["record"]["composition"]
    hospital.clock.move(days=31)
    amara = await hospital.staff(AMARA)
    await refused(amara, visit, WINDOW)
    await refused_to_write(amara, visit, WINDOW)
    assert (await amara.get(f"/fhir/R4/Composition/{note}")).status == 200
    assert (await amara.get(f"/api/v1/visits/{visit}/note")).status == 200
    added = await amara.post(f"/api/v1/visits/{visit}/note/addenda", {"text": "Potassium 4.1"})
    assert added.status == 200
    amara = await fresh(hospital, AMARA)
    assert (await amara.get(await broken(amara))).status == 200
    assert (await record(amara))[0] == 200


async def test_a_visit_that_is_far_ahead_opens_nothing_yet(hospital: Hospital) -> None:
    visit = await another(hospital, 24 * 60, COORDINATOR)
    await refused(await hospital.staff(AMARA), visit, WINDOW)
    hospital.clock.move(days=54)
    assert (await record(await hospital.staff(AMARA)))[0] == 200


async def test_who_books_a_stranger_for_themselves_waits_for_them_to_come(hospital: Hospital) -> None:
    appointment = await booked(hospital, by=AMARA)
    amara = await hospital.staff(AMARA)
    await refused(amara, appointment["visit"], UNMET)
    bo = await opened(hospital, appointment)
    assert (await record(amara))[0] == 403
    assert (await bo.post(f"/api/v1/my/{appointment['visit']}/consent")).status == 200
    assert (await record(amara))[0] == 200


async def phoned(hospital: Hospital, by: Practitioner) -> tuple[str, Person]:
    """Dr Amara phones Bo, and says that Bo has told their name and birthday."""
    visit = await another(hospital, 1, by)
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/visits/{visit}/phone")).status == 200
    assert (await amara.put(f"/api/v1/visits/{visit}/confirmation", CONFIRMED)).status == 200
    return visit, amara


async def test_a_phone_call_of_ones_own_booking_opens_nothing_until_somebody_else_has_a_part_in_it(
    hospital: Hospital,
) -> None:
    visit, amara = await phoned(hospital, AMARA)
    await refused(amara, visit, UNMET)
    await refused_to_write(amara, visit, UNMET)


async def test_a_phone_call_that_the_coordinator_has_booked_opens_the_record(hospital: Hospital) -> None:
    visit, amara = await phoned(hospital, COORDINATOR)
    assert (await record(amara))[0] == 200
    assert (await amara.post(f"/api/v1/visits/{visit}/allergies", LATEX)).status == 200


async def moved(hospital: Hospital, appointment: dict[str, Any], by: Practitioner) -> None:
    """To the next free time, with the same specialist."""
    mover = await hospital.staff(by)
    known = hospital.units.tables.appointments[appointment["id"]]
    day = [(known.end + timedelta(days=each)).isoformat().replace("+00:00", "Z") for each in (0, 3)]
    found = await mover.get(
        "/api/v1/slots", params={"service": known.service_id, "start": day[0], "end": day[1]}
    )
    body = {"start": found.json["slots"][0]["start"], "version": known.version}
    answer = await mover.post(f"/api/v1/appointments/{known.id}/move", body)
    assert answer.status == 200, answer.text


async def test_what_the_coordinator_moves_is_no_longer_the_specialists_own_gift(hospital: Hospital) -> None:
    appointment = await booked(hospital, 1, AMARA)
    amara = await hospital.staff(AMARA)
    await moved(hospital, appointment, AMARA)
    assert (await record(amara))[0] == 403
    await moved(hospital, appointment, COORDINATOR)
    assert (await record(amara))[0] == 200
    await moved(hospital, appointment, AMARA)
    assert (await record(amara))[0] == 200


async def test_a_visit_that_others_have_booked_is_prepared_a_week_before(hospital: Hospital) -> None:
    visit = await another(hospital, 24 * 6, COORDINATOR)
    amara = await hospital.staff(AMARA)
    assert (await record(amara))[0] == 200
    assert (await amara.get(f"/api/v1/visits/{visit}")).json["allergies"]["known"] == "unrecorded"


async def test_what_is_withheld_is_entered_with_its_reason(hospital: Hospital) -> None:
    visit = await another(hospital, 1, AMARA)
    amara = await hospital.staff(AMARA)
    await amara.get(f"/clinic-record/{visit}")
    [entry] = [e for e in hospital.units.tables.entries.values() if e.action is AuditAction.ACCESS_REFUSED]
    assert (entry.actor_id, entry.patient_ids, entry.reason) == (AMARA.id, (BO.id,), "unmet")
