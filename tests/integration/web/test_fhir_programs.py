"""A program's token opens what its scopes name, of its own house's patients, and nothing else."""

from dataclasses import replace

from tests.arrivals import ALLERGY, LAB, REPORT, WEIGHT, changed
from tests.integration.storage.cast import AMARA, BO, CY, RURAL
from tests.integration.web.hospital import Hospital
from tests.integration.web.programs import OBSERVATIONS, Client, let_in
from tests.integration.web.test_fhir_include import modes
from tests.integration.web.test_fhir_writing import sent, treating


async def test_what_a_laboratory_writes_is_there_for_who_treats_the_patient(hospital: Hospital) -> None:
    client, amara = await let_in(hospital), await treating(hospital)
    made = await client.send("POST", "/fhir/R4/Observation", WEIGHT)
    assert made.status == 201, made.text
    assert (await amara.get(f"/fhir/R4/Observation/{made.json['id']}")).text == made.text
    again = await client.send("PUT", f"/fhir/R4/Observation?identifier={LAB}|w-1", WEIGHT)
    assert (again.status, again.headers["ETag"]) == (200, 'W/"2"')
    entries = [each for each in hospital.units.tables.entries.values() if each.action == "record:create"]
    assert [(each.actor_kind, each.patient_ids) for each in entries] == [("program", (BO.id,))]


async def test_a_bundle_refers_to_patients_of_the_house_by_identifier(hospital: Hospital) -> None:
    client = await let_in(hospital)
    known = BO.identifiers[0]
    subject = {"reference": f"Patient?identifier={known.system}|{known.value}"}
    entry = {"resource": WEIGHT | {"subject": subject}, "request": {"method": "POST", "url": "Observation"}}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    answer = await client.send("POST", "/fhir/R4", bundle)
    assert answer.status == 200, answer.text
    assert answer.json["entry"][0]["resource"]["subject"]["reference"] == f"Patient/{BO.id}"


async def test_scopes_are_all_that_is_open(hospital: Hospital) -> None:
    client, amara = await let_in(hospital), await treating(hospital)
    allergy = (await sent(amara, ALLERGY)).json["id"]
    known = (await sent(amara, changed(REPORT, identifier=None))).json["id"]
    for method, path, resource, status in (
        ("GET", f"/fhir/R4/AllergyIntolerance/{allergy}", None, 404),
        ("GET", f"/fhir/R4/AllergyIntolerance?patient={BO.id}", None, 404),
        ("POST", "/fhir/R4/AllergyIntolerance", ALLERGY, 403),
        ("GET", f"/fhir/R4/DiagnosticReport/{known}", None, 404),
        ("GET", f"/fhir/R4/DiagnosticReport?patient={BO.id}", None, 404),
        ("GET", f"/fhir/R4/Patient/{BO.id}/$summary", None, 404),
        ("GET", f"/fhir/R4/Patient/{BO.id}", None, 404),
    ):
        assert (await client.send(method, path, resource)).status == status, (method, path)
    assert (await client.send("GET", f"/fhir/R4/Patient/{BO.id}/$everything")).status == 404
    some = await let_in(hospital, "system/Patient.rs", "system/AllergyIntolerance.read")
    whole = await some.send("GET", f"/fhir/R4/Patient/{BO.id}/$everything")
    assert [each["resource"]["id"] for each in whole.json["entry"]] == [allergy]


async def test_who_may_only_write_is_not_shown_what_stands_there(hospital: Hospital) -> None:
    client, amara = await let_in(hospital), await treating(hospital)
    await sent(amara, changed(REPORT, conclusion="Somebody else's words"))
    once = {"If-None-Exist": f"identifier={LAB}|r-1"}
    known = await client.send("POST", "/fhir/R4/DiagnosticReport", REPORT, **once)
    assert (known.status, known.text) == (200, "")


async def test_what_comes_along_with_a_search_is_within_the_scopes(hospital: Hospital) -> None:
    client, amara = await let_in(hospital), await treating(hospital)
    weight = (await sent(amara, WEIGHT)).json["id"]
    naming = changed(REPORT, result=[{"reference": f"Observation/{weight}"}])
    report = (await sent(amara, naming)).json["id"]
    along = f"{OBSERVATIONS}&_revinclude=DiagnosticReport:result"
    assert modes(await amara.get(along)) == [("match", weight), ("include", report)]
    assert modes(await client.send("GET", along)) == [("match", weight)]


async def test_patients_of_other_houses_do_not_exist(hospital: Hospital) -> None:
    client = await let_in(hospital, "system/*.*")
    hers = changed(WEIGHT, subject={"reference": f"Patient/{CY.id}"})
    assert (await client.send("POST", "/fhir/R4/Observation", hers)).status == 404
    for whose in (CY.id, "none"):
        assert (await client.send("GET", f"/fhir/R4/Observation?patient={whose}")).status == 404
        assert (await client.send("GET", f"/fhir/R4/Patient/{whose}/$everything")).status == 404
        assert (await client.send("GET", f"/fhir/R4/Patient/{whose}/$summary")).status == 404
    assert (await client.send("GET", f"/fhir/R4/Patient/{BO.id}/$summary")).status == 200


async def test_a_token_opens_the_record_and_no_other_door(hospital: Hospital) -> None:
    client = await let_in(hospital, "system/*.*")
    for path in (
        f"/fhir/R4/Appointment?patient={BO.id}",
        "/fhir/R4/AuditEvent",
        "/fhir/R4/Schedule",
        "/api/v1/session",
        f"/api/v1/patients/{BO.id}",
    ):
        assert (await client.send("GET", path)).status in {401, 404}, path


async def test_a_cookie_beside_a_token_counts_for_nothing(hospital: Hospital) -> None:
    amara = await treating(hospital)
    wrong = {"Authorization": f"Bearer {'x' * 43}"}
    assert (await amara.get(OBSERVATIONS, headers=wrong)).status == 401
    client = await let_in(hospital)
    both = Client(hospital, amara, client.token)
    assert (await both.send("GET", f"/fhir/R4/Condition?patient={BO.id}")).status == 404
    for token in ("", "x", "ä" * 43, "x" * 5_000):
        assert (await amara.get(OBSERVATIONS, headers={"Authorization": f"Bearer {token}x"})).status == 401


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    for token in ("", "Bearer", "Basic YTpi", f"Bearer {'A' * 43}"):
        answer = await (await hospital.visitor()).get(OBSERVATIONS, headers={"Authorization": token})
        assert answer.status == 401
    assert (await amara.get(OBSERVATIONS)).status == 404


async def test_what_another_house_wrote_stays_as_it_is_and_who_changes_it_signs_for_it(
    hospital: Hospital,
) -> None:
    client, amara = await let_in(hospital), await treating(hospital)
    id_ = (await sent(amara, WEIGHT)).json["id"]
    rows = hospital.units.tables.resources
    rows["Observation", id_, 1] = replace(rows["Observation", id_, 1], organization_id=RURAL.id)
    refused = await client.send("PUT", f"/fhir/R4/Observation?identifier={LAB}|w-1", WEIGHT)
    assert (refused.status, "Another house" in refused.text) == (422, True)
    assert (await sent(amara, changed(WEIGHT, id=id_), {"If-Match": 'W/"1"'}, id_)).status == 200
    written = hospital.units.tables.resources["Observation", id_, 2]
    assert written.organization_id == AMARA.organization_id
