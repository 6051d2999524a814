"""/fhir/R4/Schedule and Slot: whose time can be booked, what of it is free, and nothing about who has it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

from telehealth.domain.proposal import mark, read_proposal
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, NOOR, WARD
from tests.integration.web.hospital import ADA, COORDINATOR, STRANGER, Answer, Hospital, Person

DAY = (("start", "ge2026-11-24"), ("start", "lt2026-11-25"))


async def schedules(person: Person, **query: str) -> list[dict[str, Any]]:
    found = await person.get("/fhir/R4/Schedule", params=query)
    assert found.status == 200, found.text
    assert found.json["total"] >= len(found.json.get("entry", []))
    return [each["resource"] for each in found.json.get("entry", [])]


async def schedule_of(person: Person) -> str:
    """The id of Dr Amara's schedule."""
    (found,) = await schedules(person, actor=f"Practitioner/{AMARA.id}")
    return str(found["id"])


async def slots(person: Person, schedule: str, *query: tuple[str, str]) -> list[dict[str, Any]]:
    found = await person.get("/fhir/R4/Slot", params=[("schedule", f"Schedule/{schedule}"), *query])
    assert found.status == 200, found.text
    return [each["resource"] for each in found.json.get("entry", [])]


async def book(person: Person, resource: dict[str, Any], **options: Any) -> Answer:
    whole = {"resourceType": "Appointment", "status": "proposed"} | resource
    given = {"name": "appointment-resource", "resource": whole}
    body = {"resourceType": "Parameters", "parameter": [given]}
    return await person.post("/fhir/R4/Appointment/$book", body, **options)


def taking_part(*references: str) -> dict[str, Any]:
    return {"participant": [{"actor": {"reference": each}, "status": "accepted"} for each in references]}


async def book_slot(person: Person, slot: str, patient: str) -> Answer:
    return await book(person, {"slot": [{"reference": f"Slot/{slot}"}]} | taking_part(f"Patient/{patient}"))


async def test_a_schedule_says_whose_time_it_is_and_how_far_it_goes(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    (found,) = await schedules(carla)
    get_fhir_model_class("Schedule").model_validate(found)
    assert [each["reference"] for each in found["actor"]] == [
        f"Practitioner/{AMARA.id}",
        f"HealthcareService/{CARDIOLOGY.id}",
        f"Location/{WARD.id}",
    ]
    assert found["planningHorizon"]["start"].startswith("2026-11-23T09:00:")
    assert (await carla.get(f"/fhir/R4/Schedule/{found['id']}")).json == found
    assert (await carla.get("/fhir/R4/Schedule/nobodys")).status == 404


async def test_schedules_are_found_by_actor_specialty_and_activity(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    for query in (
        {"actor": AMARA.id},
        {"actor": f"HealthcareService/{CARDIOLOGY.id}"},
        {"actor": f"Location/{WARD.id}"},
        {"specialty": "http://snomed.info/sct|Cardiology", "active": "true"},
    ):
        assert len(await schedules(carla, **query)) == 1, query
    for query in ({"actor": f"Location/{AMARA.id}"}, {"specialty": "dermatology"}, {"active": "false"}):
        assert await schedules(carla, **query) == [], query
    counted = await carla.get("/fhir/R4/Schedule", params={"_count": "0"})
    assert (counted.json["total"], counted.json.get("entry")) == (1, None)


async def test_a_busy_slot_says_nothing_but_that(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    schedule = await schedule_of(carla)
    free = await slots(carla, schedule, *DAY, ("status", "free"))
    get_fhir_model_class("Slot").model_validate(free[1])
    booked = await book_slot(carla, free[1]["id"], BO.id)
    assert booked.status == 200, booked.text
    assert booked.json["entry"][0]["resource"]["start"] == free[1]["start"]
    (busy,) = await slots(carla, schedule, *DAY, ("status", "busy"))
    assert busy == free[1] | {"status": "busy"}
    assert BO.id not in json.dumps(busy)
    both = await slots(carla, schedule, *DAY)
    assert [each["start"] for each in both] == sorted(each["start"] for each in free)
    assert (await carla.get(f"/fhir/R4/Slot/{busy['id']}")).json == busy
    lost = await book_slot(carla, busy["id"], BO.id)
    assert (lost.status, lost.json["resourceType"]) == (409, "Bundle")


async def test_a_slot_that_is_not_offered_is_not_there(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    (first, *_) = await slots(carla, await schedule_of(carla), *DAY)
    slot = read_proposal(first["id"])
    assert slot is not None
    later = replace(slot, start=slot.start + timedelta(minutes=1)).id
    for_bo, in_a_room = replace(slot, patient_id=BO.id), replace(slot, need_marks=(mark("room-1"), "", ""))
    for odd in (later, for_bo.id, in_a_room.id, "x", first["id"][:-4]):
        assert (await carla.get(f"/fhir/R4/Slot/{odd}")).status == 404, odd
    hospital.clock.move(days=30)
    carla = await hospital.staff(COORDINATOR)
    assert (await carla.get(f"/fhir/R4/Slot/{first['id']}")).status == 404, "it is over"
    assert await slots(carla, await schedule_of(carla), *DAY) == []


async def test_a_new_visit_with_nobody_named_goes_to_whoever_has_least_booked(hospital: Hospital) -> None:
    async with hospital.units.writing() as uow:
        for rule in await uow.directory.hours(practitioner_id=AMARA.id):
            await uow.directory.add_hours(replace(rule, id=f"{rule.id}-cyd", practitioner_id=STRANGER.id))
    carla = await hospital.staff(COORDINATOR)
    starts = [each["start"] for each in await slots(carla, await schedule_of(carla), *DAY)]
    who = taking_part(f"Patient/{BO.id}", f"HealthcareService/{CARDIOLOGY.id}")
    for start, practitioner in zip(starts, (AMARA.id, STRANGER.id), strict=False):
        booked = await book(carla, {"start": start} | who)
        people = booked.json["entry"][0]["resource"]["participant"]
        assert {"reference": f"Practitioner/{practitioner}"} in [each["actor"] for each in people]
    key = {"Idempotency-Key": "one-wish-only"}
    answers = [await book(carla, {"start": starts[3]} | who, headers=key) for _ in range(2)]
    assert answers[0].json == answers[1].json


async def test_a_wish_that_is_misspelt_is_refused_at_its_element(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    (first, *_) = await slots(carla, await schedule_of(carla), *DAY)
    slot = {"slot": [{"reference": f"Slot/{first['id']}"}]}
    bo, service = f"Patient/{BO.id}", f"HealthcareService/{CARDIOLOGY.id}"
    for resource, element in (
        (slot, "participant"),
        (slot | taking_part(bo, "Patient/other"), "participant"),
        ({"slot": [{"reference": "Slot/x"}]} | taking_part(bo), "slot"),
        ({"start": first["start"]} | taking_part(bo), "participant"),
        ({"start": "soon"} | taking_part(bo, service), "start"),
        (slot | taking_part(bo) | {"status": "arrived"}, "status"),
        (slot | taking_part(bo) | {"resourceType": "Slot"}, "resourceType"),
    ):
        refused = await book(carla, resource)
        where = f"Parameters.parameter[0].resource.{element}"
        assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [where]), refused.text


async def test_a_search_that_is_misspelt_is_refused(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    schedule = ("schedule", await schedule_of(carla))
    for path, query, element in (
        ("Schedule", [("name", "x")], "name"),
        ("Schedule", [("actor", "Patient/1")], "actor"),
        ("Schedule", [("active", "perhaps")], "active"),
        ("Slot", [], "schedule"),
        ("Slot", [schedule, ("status", "entered-in-error")], "status"),
        ("Slot", [schedule, ("start", "soon")], "start"),
        ("Slot", [schedule, ("_count", "1000")], "_count"),
        ("Slot", [schedule, schedule], "schedule"),
    ):
        refused = await carla.get(f"/fhir/R4/{path}", params=query)
        assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [element]), refused.text


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    carla, noor, ada = [await hospital.staff(each) for each in (COORDINATOR, NOOR, ADA)]
    (first, *_) = await slots(carla, await schedule_of(carla), *DAY)
    schedule = first["schedule"]["reference"]
    for path in ("Schedule", schedule, f"Slot?schedule={schedule}", f"Slot/{first['id']}"):
        assert (await ada.get(f"/fhir/R4/{path}")).status == 403
        assert (await (await hospital.visitor()).get(f"/fhir/R4/{path}")).status == 401
    assert (await book_slot(noor, first["id"], BO.id)).status == 404, "Bo is not hers to book for"
