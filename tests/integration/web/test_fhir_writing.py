"""/fhir/R4/{type}: what the cluster sends comes out to the letter, once, for those who treat the patient."""

import json
from io import BytesIO
from typing import Any

import pytest

from telehealth.domain.record import FROM_OUTSIDE
from tests.arrivals import (
    ALL,
    ALLERGY,
    CONDITION,
    IMMUNIZATION,
    LAB,
    PRESSURE,
    WEIGHT,
    changed,
    to_the_letter,
)
from tests.integration.storage.cast import AMARA, BO, CY, NOOR
from tests.integration.web.hospital import ADA, COORDINATOR, PIA, STRANGER, Answer, Hospital, Person
from tests.integration.web.journeys import booked

FHIR = {"Content-Type": "application/fhir+json"}
ONCE = {"If-None-Exist": f"identifier={LAB}|w-1"}


async def treating(hospital: Hospital) -> Person:
    """Dr Amara, whom Bo has a visit with."""
    await booked(hospital)
    return await hospital.staff(AMARA)


async def sent(
    person: Person, resource: dict[str, Any] | str, headers: dict[str, str] | None = None, to: str = ""
) -> Answer:
    """Create, or update what is `to`, in somebody else's handwriting."""
    text = resource if isinstance(resource, str) else to_the_letter(resource)
    type_ = json.loads(text)["resourceType"]
    method, path = ("PUT", f"/fhir/R4/{type_}/{to}") if to else ("POST", f"/fhir/R4/{type_}")
    return await person.send(method, path, data=BytesIO(text.encode()), headers=FHIR | (headers or {}))


def problems(answer: Answer) -> list[tuple[str, str]]:
    return [(each["expression"][0], each["code"]) for each in answer.json["issue"]]


@pytest.mark.parametrize("resource", ALL, ids=lambda each: each["resourceType"])
async def test_what_is_sent_comes_back_to_the_letter(hospital: Hospital, resource: dict[str, Any]) -> None:
    amara, text = await treating(hospital), to_the_letter(resource)
    made = await sent(amara, text)
    assert made.status == 201, made.text
    id_, type_ = made.json["id"], resource["resourceType"]
    assert made.headers["Location"].endswith(f"/fhir/R4/{type_}/{id_}/_history/1")
    assert (made.headers["ETag"], "Last-Modified" in made.headers) == ('W/"1"', True)
    read = await amara.get(f"/fhir/R4/{type_}/{id_}")
    assert read.text == made.text
    ours = {"versionId": "1", "lastUpdated": made.json["meta"]["lastUpdated"]}
    theirs = json.loads(text, parse_float=str)
    assert json.loads(read.text, parse_float=str) == theirs | {
        "id": id_,
        "meta": theirs.get("meta", {}) | ours,
    }
    assert ("72.50" in read.text) == (resource is WEIGHT)
    assert ("B\\u006f" in read.text) == ("B\\u006f" in text)


async def test_an_update_names_the_version_that_was_read(hospital: Hospital) -> None:
    amara = await treating(hospital)
    id_ = (await sent(amara, WEIGHT)).json["id"]
    better = changed(WEIGHT, id=id_, status="amended")
    blind = await sent(amara, better, to=id_)
    assert (blind.status, blind.json["issue"][0]["code"]) == (428, "required")
    second = await sent(amara, better, {"If-Match": 'W/"1"'}, to=id_)
    assert (second.status, second.headers["ETag"], second.json["status"]) == (200, 'W/"2"', "amended")
    for other in ("1", "7"):
        stale = await sent(amara, better, {"If-Match": f'W/"{other}"'}, to=id_)
        assert (stale.status, stale.json["issue"][0]["code"]) == (412, "conflict")
    assert (await sent(amara, better, {"If-Match": "*"}, to=id_)).status == 422
    for version, status in ((1, "final"), (2, "amended")):
        then = await amara.get(f"/fhir/R4/Observation/{id_}/_history/{version}")
        assert (then.json["status"], then.json["meta"]["versionId"]) == (status, str(version))
    assert (await amara.get(f"/fhir/R4/Observation/{id_}", headers={"If-None-Match": 'W/"2"'})).status == 304


async def test_the_history_has_every_version(hospital: Hospital) -> None:
    amara = await treating(hospital)
    id_ = (await sent(amara, WEIGHT)).json["id"]
    for version in (1, 2):
        await sent(amara, changed(WEIGHT, id=id_), {"If-Match": f'W/"{version}"'}, to=id_)
    path = f"/fhir/R4/Observation/{id_}/_history"
    told = (await amara.get(path)).json
    assert [each["resource"]["meta"]["versionId"] for each in told["entry"]] == ["3", "2", "1"]
    assert [each["request"]["method"] for each in told["entry"]] == ["PUT", "PUT", "POST"]
    first = (await amara.get(f"{path}?_count=2")).json
    assert (first["total"], len(first["entry"])) == (3, 2)
    [follow] = [each["url"] for each in first["link"] if each["relation"] == "next"]
    last = await amara.get(follow.partition("clinic.example")[2])
    assert "72.50" in last.text
    assert [each["response"]["etag"] for each in last.json["entry"]] == ['W/"1"']


async def test_the_same_identifier_makes_it_once(hospital: Hospital) -> None:
    amara = await treating(hospital)
    made = await sent(amara, WEIGHT, ONCE)
    again = await sent(amara, changed(WEIGHT, status="preliminary"), ONCE)
    assert (made.status, again.status) == (201, 200)
    assert again.text == made.text
    await sent(amara, WEIGHT)
    several = await sent(amara, WEIGHT, ONCE)
    assert (several.status, several.json["issue"][0]["code"]) == (412, "multiple-matches")


async def test_who_gave_an_identifier_up_is_not_found_by_it(hospital: Hospital) -> None:
    amara = await treating(hospital)
    id_ = (await sent(amara, WEIGHT, ONCE)).json["id"]
    other = changed(WEIGHT, id=id_, identifier=None)
    assert (await sent(amara, other, {"If-Match": 'W/"1"'}, to=id_)).status == 200
    assert (await sent(amara, WEIGHT, ONCE)).status == 201


@pytest.mark.parametrize(
    "condition", ["", "code=x", f"identifier={LAB}", "identifier=|", "identifier=a|b&code=x"]
)
async def test_an_odd_condition_is_refused(hospital: Hospital, condition: str) -> None:
    refused = await sent(await treating(hospital), WEIGHT, {"If-None-Exist": condition})
    assert (refused.status, problems(refused)) == (422, [("If-None-Exist", "invalid")])


async def test_a_condition_is_about_the_resource_itself(hospital: Hospital) -> None:
    refused = await sent(await treating(hospital), CONDITION, ONCE)
    assert (refused.status, problems(refused)) == (422, [("Condition.identifier", "required")])


async def test_all_that_is_wrong_is_named_and_nothing_is_kept(hospital: Hospital) -> None:
    amara = await treating(hospital)
    wrong = changed(WEIGHT, status="done", effectiveDateTime="2026-13", surprise=1)
    refused = await sent(amara, wrong)
    assert refused.status == 422
    assert problems(refused) == [
        ("Observation.status", "code-invalid"),
        ("Observation.effectiveDateTime", "value"),
        ("Observation.surprise", "structure"),
    ]
    for text, status in (("{", 400), ('{"a": 1, "a": 2}', 400), ('{"resourceType": "Condition"}', 422)):
        odd = await amara.send("POST", "/fhir/R4/Observation", data=text.encode(), headers=FHIR)
        assert (odd.status, odd.json["resourceType"]) == (status, "OperationOutcome")
    large = to_the_letter(WEIGHT) + " " * 1024 * 1024
    assert (await sent(amara, large)).status == 413
    assert (await sent(amara, WEIGHT, {"Content-Type": "text/plain"})).status == 415
    assert (await amara.get(f"/fhir/R4/Observation?patient={BO.id}")).json["total"] == 0


@pytest.mark.parametrize(
    "subject, field",
    [(None, ""), ({"display": "Bo"}, ".reference"), ({"reference": "Group/1"}, ".reference")],
)
async def test_it_is_about_a_patient_of_the_cluster(hospital: Hospital, subject: Any, field: str) -> None:
    refused = await sent(await treating(hospital), changed(WEIGHT, subject=subject))
    assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [f"Observation.subject{field}"])


async def test_our_own_address_is_one_of_ours(hospital: Hospital) -> None:
    amara = await treating(hospital)
    ours = changed(WEIGHT, subject={"reference": f"http://clinic.example/fhir/R4/Patient/{BO.id}"})
    theirs = changed(WEIGHT, subject={"reference": f"http://other.example/fhir/R4/Patient/{BO.id}"})
    assert [(await sent(amara, each)).status for each in (ours, theirs)] == [201, 422]


async def test_it_stays_with_its_patient_and_its_address(hospital: Hospital) -> None:
    amara = await treating(hospital)
    id_ = (await sent(amara, IMMUNIZATION)).json["id"]
    for elements, field in (
        ({"patient": {"reference": f"Patient/{CY.id}"}}, "patient"),
        ({"id": "other"}, "id"),
    ):
        moved = changed(IMMUNIZATION, **({"id": id_} | elements))
        refused = await sent(amara, moved, {"If-Match": 'W/"1"'}, to=id_)
        assert (refused.status, problems(refused)) == (422, [(f"Immunization.{field}", "value")])


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    amara = await treating(hospital)
    id_ = (await sent(amara, WEIGHT)).json["id"]
    nobody = changed(WEIGHT, subject={"reference": "Patient/nobody"})
    for asking in (STRANGER, NOOR, ADA, PIA, COORDINATOR):
        person = await hospital.staff(asking)
        foreign, random = await sent(person, WEIGHT), await sent(person, nobody)
        assert foreign.status == random.status == (404 if asking is STRANGER else 403)
        for to in (id_, "nothing"):
            tried = await sent(person, changed(WEIGHT, id=to), {"If-Match": 'W/"1"'}, to=to)
            assert tried.status == foreign.status
            for path in (f"Observation/{to}", f"Observation/{to}/_history", f"Observation/{to}/_history/1"):
                assert (await person.get(f"/fhir/R4/{path}")).status == 404
        for patient in (BO.id, "nobody"):
            assert (await person.get(f"/fhir/R4/Observation?patient={patient}")).status == 404
    assert (await amara.get(f"/fhir/R4/Observation?patient={BO.id}")).json["total"] == 1


async def test_every_way_in_and_out_is_on_the_audit_log(hospital: Hospital) -> None:
    amara = await treating(hospital)
    before = len(hospital.actions())
    id_ = (await sent(amara, WEIGHT)).json["id"]
    await sent(amara, changed(WEIGHT, id=id_), {"If-Match": 'W/"1"'}, to=id_)
    await sent(amara, changed(PRESSURE, status="gone"))
    await amara.get(f"/fhir/R4/Observation/{id_}/_history")
    await amara.post(f"/fhir/R4/Observation/_search?patient={BO.id}")
    assert hospital.actions()[before:] == ["record:create", "record:update", "record:read", "record:search"]
    told = [
        (e.entity, e.patient_ids, e.reason) for e in list(hospital.units.tables.entries.values())[before:]
    ]
    assert told == [("Observation", (BO.id,), reason) for reason in ("version 1", "version 2", "history", "")]


async def test_who_prefers_little_gets_no_body(hospital: Hospital) -> None:
    made = await sent(await treating(hospital), WEIGHT, {"Prefer": "return=minimal"})
    assert (made.status, made.text, made.headers["ETag"]) == (201, "", 'W/"1"')


async def test_what_the_house_files_is_not_taken_from_outside(hospital: Hospital) -> None:
    amara = await treating(hospital)
    for type_ in ("Composition", "Patient", "Encounter", "Device", "Nothing"):
        assert type_ not in FROM_OUTSIDE
        refused = await amara.post(f"/fhir/R4/{type_}", {"resourceType": type_})
        assert (refused.status, refused.json["resourceType"]) == (404, "OperationOutcome")


async def test_a_name_that_somebody_wrote_into_an_allergy_opens_it_to_nobody(hospital: Hospital) -> None:
    recorder = {"reference": f"Practitioner/{STRANGER.id}"}
    made = await sent(await treating(hospital), changed(ALLERGY, recorder=recorder))
    assert made.status == 201, made.text
    seen = await (await hospital.staff(STRANGER)).get(f"/fhir/R4/AllergyIntolerance/{made.json['id']}")
    assert seen.status == 404
