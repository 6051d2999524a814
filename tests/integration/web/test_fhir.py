"""/fhir/R4: what was filed comes out to the letter, for those who treat the patient."""

from tests.integration.storage.cast import BO
from tests.integration.web.hospital import ADA, STRANGER, Hospital, Person
from tests.integration.web.journeys import in_call


async def filed(hospital: Hospital) -> tuple[str, str, Person]:
    visit, amara, _ = await in_call(hospital)
    await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "plan": "Rest"})
    await amara.post(f"/api/v1/visits/{visit}/end")
    signed = await amara.post(f"/api/v1/visits/{visit}/note/signature", {"version": 1})
    return visit, signed.json["record"]["composition"], amara


async def test_a_resource_comes_with_version_and_date(hospital: Hospital) -> None:
    visit, composition, amara = await filed(hospital)
    read = await amara.get(f"/fhir/R4/Composition/{composition}")
    assert read.headers["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert (read.headers["ETag"], read.json["meta"]["versionId"]) == ('W/"1"', "1")
    assert read.headers["Last-Modified"].endswith("GMT")
    assert (await amara.get(f"/fhir/R4/Encounter/{visit}")).json["status"] == "finished"


async def test_older_versions_stay_readable(hospital: Hospital) -> None:
    visit, composition, amara = await filed(hospital)
    await amara.post(f"/api/v1/visits/{visit}/note/addenda", {"text": "Rang back."})
    now = await amara.get(f"/fhir/R4/Composition/{composition}")
    then = await amara.get(f"/fhir/R4/Composition/{composition}/_history/1")
    assert (now.headers["ETag"], then.headers["ETag"]) == ('W/"2"', 'W/"1"')
    assert "Rang back" in now.text
    assert "Rang back" not in then.text


async def test_what_is_known_already_is_not_sent_again(hospital: Hospital) -> None:
    _, composition, amara = await filed(hospital)
    path = f"/fhir/R4/Composition/{composition}"
    assert (await amara.get(path, headers={"If-None-Match": 'W/"1"'})).status == 304
    assert (await amara.get(path, headers={"If-None-Match": 'W/"7"'})).status == 200


async def test_the_capability_statement_names_what_works(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    told = await nobody.get("/fhir/R4/metadata")
    assert (told.status, told.json["resourceType"], told.json["fhirVersion"]) == (
        200,
        "CapabilityStatement",
        "4.0.1",
    )


async def test_refusals_are_operation_outcomes(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    refused = await nobody.get(f"/fhir/R4/Patient/{BO.id}")
    assert (refused.status, refused.json["issue"][0]["code"]) == (401, "login")
    _, composition, amara = await filed(hospital)
    odd = (
        "Composition/none",
        f"Observation/{composition}",
        f"Composition/{composition}/_history/9",
        f"Composition/{composition}/_history/x",
    )
    for path in odd:
        answer = await amara.get(f"/fhir/R4/{path}")
        assert (answer.status, answer.json["resourceType"]) == (404, "OperationOutcome")
        assert answer.headers["Content-Type"].startswith("application/fhir+json")


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit, composition, _ = await filed(hospital)
    stranger, ada = await hospital.staff(STRANGER), await hospital.staff(ADA)
    for path in (f"Composition/{composition}", f"Encounter/{visit}", f"Composition/{composition}/_history/1"):
        assert (await stranger.get(f"/fhir/R4/{path}")).status == 404
        assert (await ada.get(f"/fhir/R4/{path}")).status == 404
    assert len(hospital.refusals) == 6
