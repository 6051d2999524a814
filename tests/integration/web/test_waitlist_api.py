"""/api/v1/waitlist and Appointment in the state `waitlist`: lists for programs, by either door."""

from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, NOOR
from tests.integration.web.hospital import ADA, COORDINATOR, PIA, Hospital, Person
from tests.integration.web.hospital import AMARA as DOCTOR
from tests.integration.web.test_fhir_scheduling import operate
from tests.integration.web.test_waitlist import offered

WAITLIST = "/api/v1/waitlist"
DAY = timedelta(days=1)


def wish(hospital: Hospital, **changes: Any) -> dict[str, Any]:
    """Cy waits for the heart consultation, for two weeks."""
    today = hospital.clock.at.date()
    asked = {"patient_id": CY.id, "service_id": CARDIOLOGY.id, "first": today.isoformat()}
    return asked | {"last": (today + 14 * DAY).isoformat(), "weekdays": [1, 2], "notice_hours": 2} | changes


def resource(hospital: Hospital, **changes: Any) -> tuple[str, str, Any]:
    """The same as a resource."""
    asked = wish(hospital)
    actors = (f"Patient/{CY.id}", f"HealthcareService/{CARDIOLOGY.id}", f"Practitioner/{AMARA.id}")
    sent = {
        "resourceType": "Appointment",
        "status": "waitlist",
        "requestedPeriod": [{"start": asked["first"], "end": asked["last"]}],
        "participant": [{"actor": {"reference": each}, "status": "needs-action"} for each in actors],
    }
    return ("appointment-resource", "resource", sent | changes)


async def test_programs_put_somebody_on_the_list_and_take_them_off(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    key = {"Idempotency-Key": "cy-waits-once"}
    made, again = [await noor.post(WAITLIST, wish(hospital), headers=key) for _ in range(2)]
    assert (made.status, made.json) == (201, again.json), made.text
    assert made.headers["Location"] == f"{WAITLIST}/{made.json['id']}"
    asked = wish(hospital)
    assert {name: made.json[name] for name in ("patient", "service", "practitioner")} == {
        "patient": CY.id,
        "service": CARDIOLOGY.id,
        "practitioner": "",
    }
    assert [made.json[name] for name in ("first", "last", "weekdays", "notice_hours")] == [
        asked[name] for name in ("first", "last", "weekdays", "notice_hours")
    ]
    one = f"{WAITLIST}/{made.json['id']}"
    assert (await noor.get(one)).json == made.json
    assert (await noor.get(WAITLIST)).json == {"wishes": [made.json], "next": None}
    twice = await noor.post(WAITLIST, wish(hospital))
    assert (twice.status, twice.json["errors"][0]["code"]) == (422, "twice")
    assert [(await noor.send("DELETE", one)).status for _ in range(2)] == [204, 204]
    assert (await noor.get(one)).status == 404
    assert {"waitlist:add", "waitlist:read", "waitlist:leave"} <= set(hospital.actions())


async def test_what_was_offered_is_told_without_its_link(hospital: Hospital) -> None:
    _, token = await offered(hospital)
    noor = await hospital.staff(NOOR)
    (found,) = (await noor.get(WAITLIST)).json["wishes"]
    (offer,) = found["offers"]
    assert (offer["state"], offer["practitioner"], offer["reached"]) == ("open", AMARA.id, True)
    assert token not in (await noor.get(WAITLIST)).text
    carla = await hospital.staff(COORDINATOR)
    assert (await carla.get(WAITLIST)).json["wishes"] == [found], "the house that offers the service"


async def test_lists_go_on_by_a_cursor_and_are_narrowed_to_a_patient(hospital: Hospital) -> None:
    noor, carla = await hospital.staff(NOOR), await hospital.staff(COORDINATOR)
    await noor.post(WAITLIST, wish(hospital))
    hospital.clock.move(minutes=1)
    await carla.post(WAITLIST, wish(hospital, patient_id=BO.id))
    first = (await carla.get(WAITLIST, params={"count": "1"})).json
    second = (await carla.get(WAITLIST, params={"count": "1", "cursor": first["next"]})).json
    assert [each["patient"] for each in (*first["wishes"], *second["wishes"])] == [CY.id, BO.id]
    assert second["next"] is None
    only = (await carla.get(WAITLIST, params={"patient": BO.id})).json["wishes"]
    assert only == second["wishes"]
    assert (await carla.get(WAITLIST, params={"cursor": "nowhere"})).status == 422


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"last": "2020-01-01"}, "last"),
        ({"weekdays": [8]}, "weekdays[0]"),
        ({"notice_hours": 1000}, "notice_hours"),
        ({"patient_id": ""}, "patient_id"),
    ],
)
async def test_a_wish_that_cannot_come_true_is_refused(
    hospital: Hospital, changes: dict[str, Any], field: str
) -> None:
    noor = await hospital.staff(NOOR)
    refused = await noor.post(WAITLIST, wish(hospital, **changes))
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, field), refused.text


async def test_by_fhir_who_waits_is_an_appointment_in_that_state(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    made = await operate(noor, "book", resource(hospital))
    assert made.status == 200, made.text
    waits = made.json["entry"][0]["resource"]
    get_fhir_model_class("Appointment").model_validate(waits)
    asked = wish(hospital)
    assert waits["requestedPeriod"] == [{"start": asked["first"], "end": asked["last"]}]
    assert [each["actor"]["reference"] for each in waits["participant"]] == [
        f"Patient/{CY.id}",
        f"HealthcareService/{CARDIOLOGY.id}",
        f"Practitioner/{AMARA.id}",
    ]
    where = f"/fhir/R4/Appointment/{waits['id']}"
    assert (await noor.get(where)).json == waits
    for sought in ({"patient": CY.id}, {"practitioner": AMARA.id}, {"patient": CY.id, "status": "waitlist"}):
        listed = (await noor.get("/fhir/R4/Appointment", params=sought)).json
        assert ([each["resource"] for each in listed["entry"]], listed["total"]) == ([waits], 1)
    none = (await noor.get("/fhir/R4/Appointment", params={"patient": CY.id, "_count": "0"})).json
    assert (none.get("entry", []), none["total"]) == ([], 1)
    for sought in ({"status": "booked"}, {"date": "ge2026-01-01"}):
        listed = await noor.get("/fhir/R4/Appointment", params={"patient": CY.id} | sought)
        assert listed.json["total"] == 0
    assert (await noor.get(f"{WAITLIST}/{waits['id']}")).json["patient"] == CY.id
    off = await operate(noor, "book", ("appointment-resource", "resource", waits | {"status": "cancelled"}))
    assert off.json["entry"][0]["resource"]["status"] == "cancelled"
    assert (await noor.get(where)).status == 404


async def test_by_fhir_a_refusal_names_the_element_at_fault(hospital: Hospital) -> None:
    noor, place = await hospital.staff(NOOR), "Parameters.parameter[0].resource"
    for changes, element in (
        ({"requestedPeriod": []}, f"{place}.requestedPeriod"),
        ({"requestedPeriod": [{"start": "2026-11-23"}]}, f"{place}.requestedPeriod[0].end"),
        ({"participant": []}, f"{place}.participant"),
    ):
        refused = await operate(noor, "book", resource(hospital, **changes))
        assert (refused.status, refused.json["issue"][0]["expression"]) == (
            422,
            [element],
        )


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    carla, noor = await hospital.staff(COORDINATOR), await hospital.staff(NOOR)
    bos = (await carla.post(WAITLIST, wish(hospital, patient_id=BO.id))).json["id"]

    async def answers(person: Person, waiting: str) -> list[int]:
        one, fhir = f"{WAITLIST}/{waiting}", f"/fhir/R4/Appointment/{waiting}"
        off = ("appointment-resource", "resource", {"resourceType": "Appointment", "id": waiting} | OFF)
        return [
            (await person.get(one)).status,
            (await person.send("DELETE", one)).status,
            (await person.get(fhir)).status,
            (await operate(person, "book", off)).status,
        ]

    assert await answers(noor, bos) == await answers(noor, "nobody") == [404] * 4
    assert (await noor.post(WAITLIST, wish(hospital, patient_id=BO.id))).status == 404
    assert (await noor.get(WAITLIST, params={"patient": BO.id})).json["wishes"] == []
    for role in (ADA, PIA):
        assert await answers(await hospital.staff(role), bos) == [403] * 4
    assert await answers(await hospital.visitor(), bos) == [401] * 4
    assert (await (await hospital.staff(DOCTOR)).get(f"{WAITLIST}/{bos}")).status == 200


OFF = {"status": "cancelled"}
