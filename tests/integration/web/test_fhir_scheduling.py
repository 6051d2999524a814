"""/fhir/R4/Appointment/$find, $hold and $book: free times for other systems, and one winner for each."""

from dataclasses import replace
from typing import Any

from telehealth.domain.proposal import read_proposal
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, HOSPITAL, NOOR, RURAL, WARD
from tests.integration.web.hospital import ADA, COORDINATOR, STRANGER, Answer, Hospital, Person

START, END = "2026-11-23T09:00:00+00:00", "2026-11-25T09:00:00+00:00"


def parameters(*given: tuple[str, str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": name, key: value} for name, key, value in given],
    }


async def operate(person: Person, operation: str, *given: tuple[str, str, Any], **options: Any) -> Answer:
    return await person.post(f"/fhir/R4/Appointment/${operation}", parameters(*given), **options)


def times(*more: tuple[str, str, Any]) -> tuple[tuple[str, str, Any], ...]:
    return (("start", "valueDateTime", START), ("end", "valueDateTime", END), *more)


def about(name: str, reference: str) -> tuple[str, str, Any]:
    return (name, "valueReference", {"reference": reference})


FOR_BO = about("patient-reference", f"Patient/{BO.id}")


async def proposed(person: Person) -> dict[str, Any]:
    """The first free time for Bo."""
    found = await operate(person, "find", *times(FOR_BO))
    assert found.status == 200, found.text
    resource: dict[str, Any] = found.json["entry"][0]["resource"]
    return resource


async def taken(person: Person, operation: str, appointment: str, **options: Any) -> Answer:
    return await operate(
        person, operation, about("appointment-reference", f"Appointment/{appointment}"), **options
    )


async def test_free_times_are_proposed_with_everybody_who_takes_part(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    found = await operate(carla, "find", *times(FOR_BO, ("_count", "valueInteger", 3)))
    assert found.headers["Content-Type"].startswith("application/fhir+json")
    bundle = found.json
    assert (bundle["type"], len(bundle["entry"]), bundle["total"] > 3) == ("searchset", 3, True)
    first = bundle["entry"][0]["resource"]
    assert (first["status"], first["minutesDuration"]) == ("proposed", CARDIOLOGY.minutes)
    assert [each["actor"]["reference"] for each in first["participant"]] == [
        f"Patient/{BO.id}",
        f"Practitioner/{AMARA.id}",
        f"HealthcareService/{CARDIOLOGY.id}",
        f"Location/{WARD.id}",
    ]
    starts = [each["resource"]["start"] for each in bundle["entry"]]
    assert starts == sorted(starts)


async def test_what_is_asked_for_narrows_the_search(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    everything = (await operate(carla, "find", *times())).json["total"]
    same = (
        ("specialty", "valueString", "http://snomed.info/sct|Cardiology"),
        about("practitioner", f"Practitioner/{AMARA.id}"),
        about("organization", f"Organization/{HOSPITAL.id}"),
        about("location-reference", f"http://clinic.example/fhir/R4/Location/{WARD.id}"),
    )
    assert (await operate(carla, "find", *times(*same))).json["total"] == everything > 0
    for other in (
        ("specialty", "valueString", "dermatology"),
        about("practitioner", "Practitioner/nobody"),
        about("organization", f"Organization/{RURAL.id}"),
        about("location-reference", "Location/elsewhere"),
    ):
        empty = (await operate(carla, "find", *times(other))).json
        assert (empty["total"], empty.get("entry")) == (0, None)


async def test_a_held_time_is_pending_is_proposed_to_nobody_and_becomes_a_visit(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    first = await proposed(carla)
    held = await taken(carla, "hold", first["id"])
    assert (held.status, held.json["resourceType"], held.json["status"]) == (200, "Appointment", "pending")
    assert (await proposed(carla))["start"] > first["start"]
    booked = await taken(carla, "book", held.json["id"])
    assert booked.status == 200, booked.text
    (entry,) = booked.json["entry"]
    assert (entry["resource"]["id"], entry["resource"]["status"]) == (held.json["id"], "booked")
    read = await carla.get(f"/fhir/R4/Appointment/{held.json['id']}")
    assert (read.json["status"], read.headers["ETag"]) == ("booked", f'W/"{read.json["meta"]["versionId"]}"')
    again = await taken(carla, "book", held.json["id"])
    assert (again.status, again.json["issue"][0]["code"]) == (409, "business-rule")


async def test_a_time_that_is_gone_is_told_by_an_outcome_alone(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    first = await proposed(carla)
    assert (await taken(carla, "book", first["id"])).status == 200
    lost = await taken(carla, "book", first["id"])
    assert (lost.status, lost.json["resourceType"]) == (409, "Bundle")
    (entry,) = lost.json["entry"]
    assert entry["resource"]["issue"][0]["code"] == "conflict"
    held = await taken(carla, "hold", first["id"])
    assert (held.status, held.json["resourceType"]) == (409, "OperationOutcome")


async def test_a_retry_under_its_key_books_once(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    first, key = await proposed(carla), {"Idempotency-Key": "one-wish-only"}
    once = await taken(carla, "book", first["id"], headers=key)
    again = await taken(carla, "book", first["id"], headers=key)
    assert once.json == again.json


async def test_a_retry_of_booking_what_was_held_gets_the_first_answer(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    held, key = (
        await taken(carla, "hold", (await proposed(carla))["id"]),
        {"Idempotency-Key": "one-wish-only"},
    )
    once, again = [await taken(carla, "book", held.json["id"], headers=key) for _ in range(2)]
    assert (once.status, once.json) == (200, again.json)
    other = await taken(carla, "book", held.json["id"])
    assert (other.status, other.json["issue"][0]["code"]) == (409, "business-rule")


async def test_no_account_holds_all_times_of_a_clinic(hospital: Hospital) -> None:
    carla, again, amara = [await hospital.staff(each) for each in (COORDINATOR, COORDINATOR, AMARA)]
    first = await proposed(carla)
    answers = [(await taken(carla, "hold", first["id"])).status for _ in range(61)]
    assert answers == [200, *[409] * 59, 429]
    assert (await taken(again, "hold", first["id"])).status == 429
    assert (await again.post("/api/v1/holds", {})).status == 429
    assert (await taken(again, "book", (await proposed(again))["id"])).status == 200
    assert (await taken(amara, "hold", (await proposed(amara))["id"])).status == 200


async def test_a_booked_visit_moves_and_is_cancelled_by_its_resource(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    booked = (await taken(carla, "book", (await proposed(carla))["id"])).json["entry"][0]["resource"]
    later = (await proposed(carla))["start"]
    moved = await operate(carla, "book", ("appointment-resource", "resource", booked | {"start": later}))
    assert moved.status == 200, moved.text
    stands = moved.json["entry"][0]["resource"]
    assert (stands["id"], stands["start"]) == (booked["id"], later)
    stale = await operate(
        carla, "book", ("appointment-resource", "resource", booked | {"start": booked["start"]})
    )
    assert (stale.status, stale.json["issue"][0]["code"]) == (412, "conflict")
    off = await operate(carla, "book", ("appointment-resource", "resource", stands | {"status": "cancelled"}))
    assert off.json["entry"][0]["resource"]["status"] == "cancelled"


async def test_a_change_says_one_thing_of_one_visit(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    booked = (await taken(carla, "book", (await proposed(carla))["id"])).json["entry"][0]["resource"]
    resource = ("appointment-resource", "resource", booked)
    for given, element in (
        ((resource, resource), "Parameters.parameter[1].resource"),
        ((resource, about("appointment-reference", "Appointment/1")), "appointment-reference"),
        (
            (("appointment-resource", "resource", booked | {"status": "entered-in-error"}),),
            "Parameters.parameter[0].resource.status",
        ),
        (
            (("appointment-resource", "resource", booked | {"id": "../1"}),),
            "Parameters.parameter[0].resource.id",
        ),
    ):
        refused = await operate(carla, "book", *given)
        assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [element]), refused.text


async def test_a_refusal_names_the_element_at_fault(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    for given, element in (
        ((), "start"),
        ((("start", "valueDateTime", "2026-11-23T09:00:00"),), "Parameters.parameter[0].valueDateTime"),
        ((("begin", "valueDateTime", START),), "Parameters.parameter[0].name"),
        (times(("practitioner", "valueString", "x")), "Parameters.parameter[2]"),
        (times(about("practitioner", "Patient/1")), "Parameters.parameter[2].valueReference.reference"),
        (times(("_count", "valueInteger", 1000)), "Parameters.parameter[2].valueInteger"),
        (
            times(about("practitioner", f"http://elsewhere.example/fhir/R4/Practitioner/{AMARA.id}")),
            "Parameters.parameter[2].valueReference.reference",
        ),
    ):
        refused = await operate(carla, "find", *given)
        assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [element]), refused.text
    no_parameters = await carla.post("/fhir/R4/Appointment/$find", {"resourceType": "Patient"})
    assert no_parameters.json["issue"][0]["expression"] == ["resourceType"]
    nobody = (await operate(carla, "find", *times())).json["entry"][0]["resource"]["id"]
    refused = await taken(carla, "hold", nobody)
    assert refused.json["issue"][0]["expression"] == ["patient-reference"]


async def test_nobody_books_for_a_stranger_nor_reads_what_others_manage(hospital: Hospital) -> None:
    carla, noor = await hospital.staff(COORDINATOR), await hospital.staff(NOOR)
    first = await proposed(carla)
    proposal = read_proposal(first["id"])
    assert proposal is not None
    assert (await operate(noor, "find", *times(FOR_BO))).status == 404
    for operation in ("hold", "book"):
        assert (await taken(noor, operation, first["id"])).status == 404
        assert (await taken(noor, operation, replace(proposal, patient_id="pat-nobody").id)).status == 404
    booked = (await taken(carla, "book", first["id"])).json["entry"][0]["resource"]
    assert (await noor.get(f"/fhir/R4/Appointment/{booked['id']}")).status == 404
    off = await operate(noor, "book", ("appointment-resource", "resource", booked | {"status": "cancelled"}))
    assert off.status == 404
    assert (await operate(noor, "find", *times(about("patient-reference", f"Patient/{CY.id}")))).status == 200
    ada, visitor = await hospital.staff(ADA), await hospital.visitor()
    assert (await operate(ada, "find", *times())).status == 403
    assert (await operate(visitor, "find", *times())).status == 401


async def test_a_patient_who_is_busy_is_offered_that_time_with_nobody(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    async with hospital.units.writing() as uow:
        for rule in await uow.directory.hours(practitioner_id=AMARA.id):
            await uow.directory.add_hours(replace(rule, id=f"{rule.id}-cyd", practitioner_id=STRANGER.id))
    booked = (await taken(carla, "book", (await proposed(carla))["id"])).json["entry"][0]["resource"]

    async def starts(*more: tuple[str, str, Any]) -> list[str]:
        found = await operate(carla, "find", *times(("_count", "valueInteger", 200), *more))
        return [each["resource"]["start"] for each in found.json["entry"]]

    assert booked["start"] in await starts()
    assert booked["start"] not in await starts(FOR_BO)


async def test_visits_are_found_by_patient_practitioner_date_and_status(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    first = (await taken(carla, "book", (await proposed(carla))["id"])).json["entry"][0]["resource"]
    held = (await taken(carla, "hold", (await proposed(carla))["id"])).json

    async def ids(**query: str) -> list[str]:
        found = await carla.get("/fhir/R4/Appointment", params=query)
        assert found.status == 200, found.text
        return [each["resource"]["id"] for each in found.json.get("entry", [])]

    assert await ids(patient=f"Patient/{BO.id}") == [first["id"], held["id"]]
    assert await ids(practitioner=AMARA.id, status="booked,arrived") == [first["id"]]
    assert await ids(patient=BO.id, date=f"gt{first['start']}") == [held["id"]]
    assert await ids(patient=BO.id, date="lt2026-11-01") == []
    counted = await carla.get("/fhir/R4/Appointment", params={"patient": BO.id, "_count": "1"})
    assert (counted.json["total"], len(counted.json["entry"])) == (2, 1)
    hospital.clock.move(minutes=11)
    assert await ids(patient=BO.id) == [first["id"]], "a hold that ran out is no visit"


async def test_a_search_that_names_nobody_or_is_misspelt_is_refused(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    for query, element in (
        ({}, "patient"),
        ({"date": "2026-11-23"}, "patient"),
        ({"patient": BO.id, "date": "soon"}, "date"),
        ({"patient": BO.id, "status": "proposed"}, "status"),
        ({"patient": BO.id, "_count": "1000"}, "_count"),
        ({"patient": BO.id, "name": "Bo"}, "name"),
        ([("patient", BO.id), ("patient", CY.id)], "patient"),
    ):
        refused = await carla.get("/fhir/R4/Appointment", params=query)
        assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [element]), refused.text


async def test_a_search_finds_nothing_that_others_manage(hospital: Hospital) -> None:
    carla, noor, ada = [await hospital.staff(each) for each in (COORDINATOR, NOOR, ADA)]
    await taken(carla, "book", (await proposed(carla))["id"])
    found = await noor.get("/fhir/R4/Appointment", params={"patient": BO.id})
    assert (found.status, found.json["total"]) == (200, 0)
    assert (await ada.get("/fhir/R4/Appointment", params={"patient": BO.id})).status == 403
