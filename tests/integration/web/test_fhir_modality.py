"""How a visit takes place, for other systems: found, held, booked, told and searched by serviceType."""

from dataclasses import replace
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from telehealth.domain.modality import Modality
from tests.integration.storage.cast import BO, CARDIOLOGY, WARD
from tests.integration.web.hospital import COORDINATOR, Hospital, Person
from tests.integration.web.test_fhir_scheduling import FOR_BO, about, operate, taken, times
from tests.integration.web.test_modality import offered

OURS, THEIRS = "urn:telehealth:modality", "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
ALL = tuple(Modality)
ROOM = about("room", f"Location/{WARD.id}")


def way(code: str) -> tuple[str, str, str]:
    return ("service-type", "valueString", code)


def said(resource: dict[str, Any]) -> list[tuple[str, str]]:
    [kind] = resource["serviceType"]
    return [(each["system"], each["code"]) for each in kind["coding"]]


async def found(person: Person, *more: tuple[str, str, Any]) -> list[dict[str, Any]]:
    answer = await operate(person, "find", *times(FOR_BO, *more))
    assert answer.status == 200, answer.text
    return [each["resource"] for each in answer.json.get("entry", [])]


@pytest.mark.parametrize(
    "asked, ours, theirs",
    [
        ((), "video", "VIDEOCONF"),
        ((way("video"),), "video", "VIDEOCONF"),
        ((way(f"{THEIRS}|VIDEOCONF"),), "video", "VIDEOCONF"),
        ((way(f"{OURS}|phone"),), "phone", "PHONE"),
        ((way(f"{THEIRS}|PHONE"),), "phone", "PHONE"),
        ((way("assisted"), ROOM), "assisted", "VIDEOCONF"),
    ],
)
async def test_what_is_found_in_a_way_is_held_and_booked_in_it(
    hospital: Hospital, asked: tuple[tuple[str, str, Any], ...], ours: str, theirs: str
) -> None:
    await offered(hospital, *ALL)
    carla = await hospital.staff(COORDINATOR)
    proposal = (await found(carla, *asked))[0]
    get_fhir_model_class("Appointment").model_validate(proposal)
    assert said(proposal) == [(OURS, ours), (THEIRS, theirs)]
    held = (await taken(carla, "hold", proposal["id"])).json
    assert said(held) == [(OURS, ours), (THEIRS, theirs)]
    booked = (await taken(carla, "book", held["id"])).json["entry"][0]["resource"]
    assert said(booked) == [(OURS, ours), (THEIRS, theirs)]
    shown = (await carla.get(f"/fhir/R4/Appointment/{booked['id']}")).json
    get_fhir_model_class("Appointment").model_validate(shown)
    assert said(shown) == said(booked)


async def test_a_service_that_is_not_offered_in_a_way_has_no_time_in_it(hospital: Hospital) -> None:
    await offered(hospital, Modality.PHONE)
    carla = await hospital.staff(COORDINATOR)
    assert await found(carla, way("video")) == []
    assert await found(carla, way("phone"))
    assert said((await found(carla))[0])[0] == (OURS, "phone"), "its first way, where none is asked for"


async def test_what_makes_no_sense_is_refused_by_its_element(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    carla = await hospital.staff(COORDINATOR)
    for given in ((way("pigeon"),), (way("assisted"),), (way("phone"), way("video"))):
        assert (await operate(carla, "find", *times(FOR_BO, *given))).status == 422


async def test_a_new_appointment_says_how_it_is_to_take_place(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    carla = await hospital.staff(COORDINATOR)
    resource = {
        "resourceType": "Appointment",
        "status": "proposed",
        "start": "2026-11-24T08:40:00Z",
        "serviceType": [{"coding": [{"system": THEIRS, "code": "PHONE"}]}],
        "participant": [
            {"actor": {"reference": f"Patient/{BO.id}"}},
            {"actor": {"reference": f"HealthcareService/{CARDIOLOGY.id}"}},
        ],
    }
    body = {
        "resourceType": "Parameters",
        "parameter": [{"name": "appointment-resource", "resource": resource}],
    }
    booked = await carla.post("/fhir/R4/Appointment/$book", body)
    assert booked.status == 200, booked.text
    assert said(booked.json["entry"][0]["resource"])[0] == (OURS, "phone")


async def test_visits_are_searched_by_how_they_take_place(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    carla = await hospital.staff(COORDINATOR)
    phone = (await found(carla, way("phone")))[0]
    assert (await taken(carla, "book", phone["id"])).status == 200
    for asked, total in (("phone", 1), (f"{OURS}|phone", 1), ("PHONE", 1), ("video", 0)):
        query = {"patient": f"Patient/{BO.id}", "service-type": asked}
        answer = await carla.get("/fhir/R4/Appointment", params=query)
        assert (answer.status, answer.json["total"]) == (200, total), asked
    wrong = {"patient": f"Patient/{BO.id}", "service-type": "pigeon"}
    assert (await carla.get("/fhir/R4/Appointment", params=wrong)).status == 422


async def test_a_number_is_needed_also_here(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    mute = replace(hospital.units.tables.patients[BO.id], phone="")
    hospital.units.tables.patients[BO.id] = mute
    carla = await hospital.staff(COORDINATOR)
    phone = (await found(carla, way("phone")))[0]
    assert (await taken(carla, "book", phone["id"])).status == 422
