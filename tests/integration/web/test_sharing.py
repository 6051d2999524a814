"""What a patient permits and denies about their record, by their link: in force with the next reading."""

import re

from telehealth.domain.audit import AuditAction
from tests.arrivals import WEIGHT
from tests.integration.storage.cast import AMARA, BO, HOSPITAL, NOOR
from tests.integration.web.hospital import STRANGER, Hospital, Person
from tests.integration.web.journeys import CONFIRMED, booked, opened, waiting
from tests.integration.web.programs import let_in
from tests.integration.web.test_after_the_visit import over
from tests.integration.web.test_emergency import BY_PHONE, WHY, broken, fresh
from tests.integration.web.test_fhir_export import begun, written
from tests.integration.web.test_fhir_writing import sent

LATEX = {"substance": "Latex", "reaction": "Rash", "severe": True}
ALL = {"sharing": "all", "emergencies": "true", "programs": "true"}


async def says(bo: Person, visit: str, **fields: object) -> int:
    shown = (await bo.get(f"/v/{visit}/sharing")).text
    [version] = re.findall(r'name="version" value="(\d+)"', shown)
    answer = await bo.form(f"/v/{visit}/sharing", ALL | {"version": version} | fields)
    return answer.status


async def record(person: Person) -> int:
    return (await person.get(f"/fhir/R4/Condition?patient={BO.id}")).status


async def test_a_denial_holds_at_once_and_so_does_taking_it_back(hospital: Hospital) -> None:
    visit, amara, bo = await over(hospital)
    assert await record(amara) == 200
    assert await says(bo, visit, denied=AMARA.id) == 303
    assert await record(amara) == 404
    for whole in ("$everything", "$summary"):
        assert (await amara.get(f"/fhir/R4/Patient/{BO.id}/{whole}")).status == 404
    assert (await amara.get(f"/api/v1/visits/{visit}/note")).status == 200
    shown = (await bo.get(f"/v/{visit}/sharing?lang=en")).text
    assert f'value="{AMARA.id}" checked' in shown
    assert f'value="{STRANGER.id}" checked' not in shown
    assert await says(bo, visit) == 303
    assert await record(amara) == 200


async def test_who_is_denied_is_told_so_and_still_sees_what_a_visit_needs(hospital: Hospital) -> None:
    visit, amara, bo = await over(hospital)
    assert (await sent(amara, WEIGHT)).status == 201
    assert (await amara.post(f"/api/v1/visits/{visit}/allergies", LATEX)).status == 200
    await says(bo, visit, denied=AMARA.id)
    known = len(hospital.units.tables.entries)
    for path in ("clinic-record", "clinic-pulled"):
        shown = await amara.get(f"/{path}/{visit}")
        assert (shown.status, "does not let you read their record" in shown.text) == (200, True)
        assert ("72.50" in shown.text, "Latex" in shown.text) == (False, False)
    tries = list(hospital.units.tables.entries.values())[known:]
    assert [(each.action, each.reason, each.patient_ids) for each in tries] == [
        (AuditAction.ACCESS_REFUSED, "consent", (BO.id,))
    ] * 2
    assert "Latex" in (await amara.get(f"/api/v1/visits/{visit}/allergies")).text
    assert "Your allergies stay in view" in (await bo.get(f"/v/{visit}/sharing?lang=en")).text
    cyd = await hospital.staff(STRANGER)
    for path in ("clinic-record", "clinic-pulled"):
        assert (await cyd.get(f"/{path}/{visit}")).status == 404


async def test_only_the_own_house_reads_it_where_the_patient_says_so(hospital: Hospital) -> None:
    visit, amara, bo = await over(hospital)
    assert await says(bo, visit, sharing="house") == 303
    assert await record(amara) == 200
    word = next(iter(hospital.units.tables.consents.values()))
    assert word.forbids(NOOR.id, NOOR.organization_id)
    assert not word.forbids(AMARA.id, HOSPITAL.id)


async def test_an_emergency_goes_through_a_denial_unless_that_is_forbidden_too(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    await says(bo, visit, denied=AMARA.id)
    amara = await fresh(hospital, AMARA)
    address = await broken(amara)
    assert (await amara.get(address)).status == await record(amara) == 200
    await bo.form(f"/v/{visit}/sharing", {"sharing": "all", "version": "1", "denied": AMARA.id})
    assert (await amara.get(address)).status == await record(amara) == 404
    cyd = await fresh(hospital, STRANGER)
    refused = await cyd.form("/emergency", {"patient": BO.id, "reason": WHY, **BY_PHONE})
    assert (refused.status, "forbidden this" in refused.text) == (403, True)
    assert (STRANGER.id, "not-permitted", "POST /emergency") in hospital.refusals


async def test_it_stands_in_the_record_as_consent_version_by_version(hospital: Hospital) -> None:
    visit, amara, bo = await over(hospital)
    await says(bo, visit, denied=STRANGER.id)
    await says(bo, visit)
    id_ = next(iter(hospital.units.tables.consents))
    first, now = [await amara.get(f"/fhir/R4/Consent/{id_}{each}") for each in ("/_history/1", "")]
    assert (first.status, now.json["meta"]["versionId"]) == (200, "2")
    assert f"Practitioner/{STRANGER.id}" in first.text
    assert f"Practitioner/{STRANGER.id}" not in now.text
    cyd = await hospital.staff(STRANGER)
    assert (await cyd.get(f"/fhir/R4/Consent/{id_}")).status == 404
    changed = [
        (each.actor_id, each.patient_ids, each.reason)
        for each in hospital.units.tables.entries.values()
        if each.action is AuditAction.CONSENT_CHANGED
    ]
    assert changed == [(BO.id, (BO.id,), "version 1"), (BO.id, (BO.id,), "version 2")]


async def test_what_was_changed_meanwhile_or_names_nobody_is_not_saved(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    await says(bo, visit, denied=AMARA.id)
    for fields in (
        {"version": "0"},
        {"version": "1", "denied": "somebody"},
        {"sharing": "none", "version": "1"},
    ):
        answer = await bo.form(f"/v/{visit}/sharing", ALL | fields)
        assert (answer.status >= 400, "was not saved" in answer.text) == (True, True)
    assert next(iter(hospital.units.tables.consents.values())).denied == (AMARA.id,)


async def test_nothing_is_said_or_chosen_before_it_was_confirmed_who_the_patient_is(
    hospital: Hospital,
) -> None:
    visit, amara, bo = await waiting(hospital)
    for _ in range(2):
        shown = (await bo.get(f"/v/{visit}/sharing?lang=en")).text
        assert ("as soon as the clinic has asked who you are" in shown, 'name="version"' in shown) == (
            True,
            False,
        )
        assert AMARA.id not in shown
        early = await bo.form(f"/v/{visit}/sharing?lang=en", ALL | {"version": "0", "denied": AMARA.id})
        assert (early.status, "as soon as the clinic" in early.text) == (409, True)
        assert hospital.units.tables.consents == {}
        assert (await amara.post(f"/api/v1/visits/{visit}/admit")).status == 200
    assert (await amara.put(f"/api/v1/visits/{visit}/confirmation", CONFIRMED)).status == 200
    assert await says(bo, visit, denied=AMARA.id) == 303


async def test_who_opens_the_link_of_a_later_visit_first_is_asked_again_who_they_are(
    hospital: Hospital,
) -> None:
    visit, _, bo = await over(hospital)
    assert await says(bo, visit, denied=AMARA.id) == 303
    later = await booked(hospital, 3, patient=BO)
    stranger = await opened(hospital, later)
    shown = (await stranger.get(f"/v/{later['visit']}/sharing?lang=en")).text
    assert ("as soon as the clinic has asked who you are in this visit" in shown, AMARA.id in shown) == (
        True,
        False,
    )
    changed = await stranger.form(f"/v/{later['visit']}/sharing?lang=en", ALL | {"version": "1"})
    assert changed.status == 409
    assert next(iter(hospital.units.tables.consents.values())).denied == (AMARA.id,)
    assert await says(bo, visit) == 303


async def test_programs_read_and_write_unless_the_patient_denies_it(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    lab = await let_in(hospital, "system/*.*")
    searched = f"/fhir/R4/Observation?patient={BO.id}"
    assert (await lab.send("POST", "/fhir/R4/Observation", WEIGHT)).status == 201
    assert await says(bo, visit, programs="") == 303
    everything = f"/fhir/R4/Patient/{BO.id}/$everything"
    for hidden in (searched, everything, f"/fhir/R4/Patient/{BO.id}/$summary"):
        assert (await lab.send("GET", hidden)).status == 404
    assert (await lab.send("POST", "/fhir/R4/Observation", WEIGHT)).status == 404
    id_ = next(iter(hospital.units.tables.consents))
    amara = await hospital.staff(AMARA)
    assert "Programs that work by themselves" in (await amara.get(f"/fhir/R4/Consent/{id_}")).text
    assert await record(amara) == 200
    assert await says(bo, visit) == 303
    assert (await lab.send("GET", searched)).status == 200


async def test_files_in_which_the_record_lies_are_gone_once_programs_are_denied(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    client = await let_in(hospital, "system/Observation.rs")
    place = await begun(client)
    await written(hospital)
    assert (await client.send("GET", place)).status == 200
    assert await says(bo, visit) == 303
    assert (await client.send("GET", place)).status == 200
    assert await says(bo, visit, programs="") == 303
    assert (await client.send("GET", place)).status == 404


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit, first, second = appointment["visit"], *[await opened(hospital, appointment) for _ in range(2)]
    for step in ("consent", "wait"):
        assert (await first.post(f"/api/v1/my/{visit}/{step}")).status == 200
    assert (await first.get(f"/v/{visit}/sharing")).status == 200
    assert (await second.get(f"/v/{visit}/sharing")).status == 409
    assert (await second.form(f"/v/{visit}/sharing", ALL | {"version": "0"})).status == 409
    nobody = await hospital.visitor()
    assert (await nobody.get(f"/v/{visit}/sharing")).status == 401
    assert hospital.units.tables.consents == {}
