"""$find, $hold and $book with a room, a device and an interpreter: found, taken all or nothing, and told."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from telehealth.domain.appointment import ResourceKind
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, NOOR, WARD
from tests.integration.web.hospital import COORDINATOR, STRANGER, Answer, Hospital, Person
from tests.integration.web.test_fhir_scheduling import FOR_BO, about, operate, taken, times
from tests.integration.web.test_rooms_page import THERE, furnish

ROOM = about("room", "Location/room-1")
DEVICE = about("device", "Device/scope")
SWEDISH = ("interpreter", "valueCode", "sv")
ALL = (FOR_BO, ROOM, DEVICE, SWEDISH)
MANY = ("_count", "valueInteger", 200)
TRANSLATOR = {
    "system": "http://terminology.hl7.org/CodeSystem/participant-type",
    "code": "translator",
    "display": "Translator",
}
SPEAKS_SWEDISH = [{"coding": [TRANSLATOR]}, {"coding": [{"system": "urn:ietf:bcp:47", "code": "sv"}]}]
TOLD = [
    {"actor": {"reference": "Location/room-1", "display": "Room 1"}, "status": "accepted"},
    {"actor": {"reference": "Device/scope", "display": "Otoscope"}, "status": "accepted"},
    {
        "type": SPEAKS_SWEDISH,
        "actor": {"reference": "HealthcareService/lina", "display": "Lina Benz"},
        "status": "accepted",
    },
]


def asking(code: str) -> dict[str, Any]:
    """An interpreter for a language, as a participant."""
    return {"type": [{"coding": [TRANSLATOR]}, {"coding": [{"system": "urn:ietf:bcp:47", "code": code}]}]}


async def found(person: Person, *given: tuple[str, str, Any]) -> list[dict[str, Any]]:
    answer = await operate(person, "find", *times(MANY, *given))
    assert answer.status == 200, answer.text
    return [each["resource"] for each in answer.json.get("entry", [])]


async def made(person: Person, **more: Any) -> Answer:
    """Book a new resource for Bo with what more it says."""
    actors = (f"Patient/{BO.id}", f"HealthcareService/{CARDIOLOGY.id}", *more.pop("actors", ()))
    participants = [{"actor": {"reference": each}, "status": "accepted"} for each in actors]
    resource = {
        "resourceType": "Appointment",
        "status": "proposed",
        "participant": [*participants, *more.pop("participants", ())],
    }
    return await operate(person, "book", ("appointment-resource", "resource", resource | more))


@pytest.mark.parametrize("held", [True, False])
async def test_what_is_needed_is_proposed_taken_and_told_at_every_door(
    hospital: Hospital, held: bool
) -> None:
    await furnish(hospital)
    carla = await hospital.staff(COORDINATOR)
    first = (await found(carla, *ALL))[0]
    get_fhir_model_class("Appointment").model_validate(first)
    assert first["participant"][-3:] == [
        {"actor": {"reference": "Location/room-1"}, "status": "needs-action"},
        {"actor": {"reference": "Device/scope"}, "status": "needs-action"},
        {"type": SPEAKS_SWEDISH, "status": "needs-action"},
    ]
    reference = first["id"]
    if held:
        pending = await taken(carla, "hold", reference)
        assert (pending.json["status"], pending.json["participant"][-3:]) == ("pending", TOLD)
        reference = pending.json["id"]
    booked = (await taken(carla, "book", reference)).json["entry"][0]["resource"]
    get_fhir_model_class("Appointment").model_validate(booked)
    assert (booked["status"], booked["participant"][-3:]) == ("booked", TOLD)
    assert (await carla.get(f"/fhir/R4/Appointment/{booked['id']}")).json == booked
    listed = await carla.get("/fhir/R4/Appointment", params={"patient": BO.id})
    assert [each["resource"] for each in listed.json["entry"]] == [booked]


async def test_it_is_taken_with_all_of_it_or_not_at_all(hospital: Hospital) -> None:
    await furnish(hospital)
    async with hospital.units.writing() as uow:
        for rule in await uow.directory.hours(practitioner_id=AMARA.id):
            await uow.directory.add_hours(replace(rule, id=f"{rule.id}-cyd", practitioner_id=STRANGER.id))
        await uow.patients.add(replace(BO, id="pat-twin", organization_id=THERE[0].organization_id))
    carla = await hospital.staff(COORDINATOR)
    first = (await found(carla, *ALL))[0]
    twin = about("patient-reference", "Patient/pat-twin")
    others = (await found(carla, twin, DEVICE, about("practitioner", f"Practitioner/{STRANGER.id}")))[0]
    assert first["start"] == others["start"]
    assert (await taken(carla, "book", others["id"])).status == 200
    held = await taken(carla, "hold", first["id"])
    assert (held.status, held.json["resourceType"]) == (409, "OperationOutcome")
    lost = await taken(carla, "book", first["id"])
    (issue,) = lost.json["entry"][0]["resource"]["issue"]
    assert (lost.status, issue["code"]) == (409, "conflict")
    assert issue["diagnostics"].startswith("slot-taken")
    assert issue["details"]["text"].startswith("The device is taken")
    assert (await carla.get("/fhir/R4/Appointment", params={"patient": BO.id})).json["total"] == 0
    free = await found(carla, FOR_BO, ROOM, SWEDISH, about("practitioner", f"Practitioner/{AMARA.id}"))
    assert free[0]["start"] == first["start"], "room and interpreter were left alone"


NEEDS = {
    "room": (ROOM,),
    "any-room": (about("room", f"Location/{WARD.id}"),),
    "device": (DEVICE,),
    "interpreter": (SWEDISH,),
    "everything": ALL[1:],
}


@pytest.mark.parametrize("needs", NEEDS)
async def test_no_time_is_proposed_at_which_something_needed_is_busy(hospital: Hospital, needs: str) -> None:
    """The room wants ten minutes after every visit, so a visit before it must end as early."""
    await furnish(hospital)
    async with hospital.units.writing() as uow:
        for rule in await uow.directory.hours(practitioner_id=AMARA.id):
            await uow.directory.add_hours(replace(rule, id=f"{rule.id}-cyd", practitioner_id=STRANGER.id))
        await uow.patients.add(replace(BO, id="pat-twin", organization_id=THERE[0].organization_id))
    carla = await hospital.staff(COORDINATOR)
    cyds = about("practitioner", f"Practitioner/{STRANGER.id}")
    for place, one in ((0, ROOM), (3, DEVICE), (6, SWEDISH), (9, ROOM), (10, DEVICE), (11, SWEDISH)):
        free = await found(carla, about("patient-reference", "Patient/pat-twin"), cyds, one)
        assert (await taken(carla, "book", free[place]["id"])).status == 200
    claims = [each for those in hospital.units.tables.had.values() for each in those]
    kinds = {"any-room": {"room"}, "everything": {"room", "device", "interpreter"}}.get(needs, {needs})
    busy = [each for each in claims if each.kind.value in kinds]

    def met(start: str) -> bool:
        begins = datetime.fromisoformat(start)
        ends = begins + timedelta(minutes=CARDIOLOGY.minutes)
        after = {ResourceKind.ROOM: timedelta(minutes=10)}
        return any(
            each.start < ends + after.get(each.kind, timedelta(0)) and begins < each.end for each in busy
        )

    amaras = about("practitioner", f"Practitioner/{AMARA.id}")
    all_of = [each["start"] for each in await found(carla, amaras)]
    expected = [start for start in all_of if not met(start)]
    proposed = [each["start"] for each in await found(carla, amaras, *NEEDS[needs])]
    assert proposed == expected
    assert 0 < len(proposed) < len(all_of)


async def test_a_place_that_is_a_room_is_needed_and_another_is_where_the_specialist_is(
    hospital: Hospital,
) -> None:
    await furnish(hospital)
    carla = await hospital.staff(COORDINATOR)
    both = [about("location-reference", f"Location/{each}") for each in (WARD.id, "room-1")]
    assert await found(carla, FOR_BO, *both) == await found(carla, FOR_BO, ROOM)
    assert await found(carla, FOR_BO, both[1], about("location-reference", "Location/elsewhere")) == []


async def test_a_new_resource_says_what_it_needs(hospital: Hospital) -> None:
    await furnish(hospital)
    carla = await hospital.staff(COORDINATOR)
    start = (await found(carla, *ALL))[0]["start"]
    translator = {"type": SPEAKS_SWEDISH, "status": "accepted"}
    actors = (f"Location/{WARD.id}", "Location/room-1", "Device/scope")
    booked = await made(carla, actors=actors, participants=[translator], start=start)
    assert booked.status == 200, booked.text
    assert booked.json["entry"][0]["resource"]["participant"][-3:] == TOLD
    schedule = (await carla.get("/fhir/R4/Schedule", params={"actor": f"Practitioner/{AMARA.id}"})).json
    asked = {"schedule": schedule["entry"][0]["resource"]["id"], "status": "free"}
    slot = (await carla.get("/fhir/R4/Slot", params=asked)).json["entry"][-1]["resource"]["id"]
    at_a_slot = await made(carla, actors=actors, slot=[{"reference": f"Slot/{slot}"}])
    assert [each["actor"] for each in at_a_slot.json["entry"][0]["resource"]["participant"][-2:]] == [
        each["actor"] for each in TOLD[:2]
    ]


async def test_a_refusal_names_the_need_at_fault(hospital: Hospital) -> None:
    await furnish(hospital)
    carla = await hospital.staff(COORDINATOR)
    for given, element in (
        ((ROOM, ROOM), "room"),
        ((about("location-reference", "Location/room-1"), about("device", "Device/nothing")), "device"),
        ((("interpreter", "valueCode", "fi"),), "interpreter"),
        ((about("room", "Location/scope"),), "room"),
        ((about("device", "Location/room-1"),), "Parameters.parameter[2].valueReference.reference"),
    ):
        refused = await operate(carla, "find", *times(*given))
        assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [element]), refused.text
    nameless = {"type": SPEAKS_SWEDISH[:1], "status": "accepted"}
    refused = await made(carla, participants=[nameless], start="2026-11-24T09:00:00Z")
    assert refused.json["issue"][0]["expression"] == ["Parameters.parameter[0].resource.participant"]


def _bare(answer: Answer) -> dict[str, Any]:
    """What an outcome says but for the request's id."""
    (issue,) = answer.json["issue"]
    return issue | {"diagnostics": ""}


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    """What another house has is as unknown as what nobody has; its proposals and visits are not there."""
    await furnish(hospital)
    carla, noor = await hospital.staff(COORDINATOR), await hospital.staff(NOOR)
    first = (await found(carla, *ALL))[0]
    for real, random in ((ROOM, "room"), (DEVICE, "device")):
        made_up = about(random, f"{'Location' if random == 'room' else 'Device'}/nobodys")
        foreign, other = [await operate(noor, "find", *times(each)) for each in (real, made_up)]
        assert (foreign.status, other.status) == (422, 422)
        assert [_bare(each) for each in (foreign, other)] == [_bare(other)] * 2
    assert (await operate(noor, "find", *times(SWEDISH))).status == 422
    as_a_place = about("location-reference", "Location/room-1")
    assert (await operate(noor, "find", *times(as_a_place))).json["total"] == 0
    for operation in ("hold", "book"):
        assert (await taken(noor, operation, first["id"])).status == 404
    booked = (await taken(carla, "book", first["id"])).json["entry"][0]["resource"]
    hidden = await noor.get(f"/fhir/R4/Appointment/{booked['id']}")
    assert (hidden.status, "room-1" in hidden.text) == (404, False)


@pytest.mark.parametrize(
    "odd",
    [
        {"status": []},
        {"status": {}, "id": "x"},
        {"participants": [{"actor": "Location/room-1"}]},
        {"participants": [{"actor": None}]},
        *({"participants": [asking(code)]} for code in ("", "\ud800", "s\nv", "s" * 36)),
    ],
)
async def test_what_cannot_be_read_in_a_resource_is_named_and_nothing_is_booked(
    hospital: Hospital, odd: dict[str, Any]
) -> None:
    await furnish(hospital)
    carla = await hospital.staff(COORDINATOR)
    start = (await found(carla, FOR_BO))[0]["start"]
    refused = await made(carla, **{"start": start} | odd)
    (issue,) = (refused.json["entry"][0]["resource"] if "entry" in refused.json else refused.json)["issue"]
    assert (refused.status, issue["code"]) == (422, "invalid"), refused.text
    assert "resource." in issue["expression"][0]
    assert not hospital.units.tables.visits


async def test_who_takes_part_without_a_name_asks_for_nobody(hospital: Hospital) -> None:
    await furnish(hospital)
    carla = await hospital.staff(COORDINATOR)
    start = (await found(carla, FOR_BO))[0]["start"]
    anybody = {"type": [{"coding": [{"code": "ATND"}]}], "status": "needs-action"}
    assert (await made(carla, start=start, participants=[anybody])).status == 200
