"""What is not theirs does not exist: real and made-up ids get the same answer, whatever the role."""

import re

import pytest

from telehealth.domain.people import Practitioner
from tests.integration.storage.cast import AMARA, BO, CY, NOOR
from tests.integration.web.hospital import ADA, PIA, STRANGER, Hospital
from tests.integration.web.journeys import CONFIRMED, in_call
from tests.pictures import PNG
from web.route import Access, Route
from web.routes import routes

NOBODYS_ID = "019a0000-0000-7000-8000-000000000000"
NAMED = {"visit", "appointment", "patient", "id"}
SERIES_MOVE = {"start": "2026-11-23T12:00:00Z", "version": 0, "reach": "all"}
BODIES: dict[str, object] = {
    "/api/v1/visits/{visit}/confirmation": CONFIRMED,
    "/api/v1/appointments/{appointment}/move": {"start": "2026-11-23T12:00:00Z", "version": 0},
    "/api/v1/appointments/{appointment}/series/cancel": {"version": 0, "reach": "all"},
    "/api/v1/appointments/{appointment}/series/move": SERIES_MOVE,
    "/api/v1/appointments/{appointment}/series/move/preview": SERIES_MOVE,
    "/api/v1/visits/{visit}/note": {"version": 1, "history": "Not mine."},
    "/api/v1/visits/{visit}/note/signature": {"version": 1},
    "/api/v1/visits/{visit}/note/addenda": {"text": "Not mine."},
    "/api/v1/visits/{visit}/messages": {"prepared": "nearly"},
    "/api/v1/visits/{visit}/priority": {"priority": "urgent"},
    "/api/v1/visits/{visit}/allergies": {"substance": "Not mine."},
    "/api/v1/visits/{visit}/allergies/{allergy}/end": {"why": "resolved"},
    "/api/v1/visits/{visit}/guests": {"name": "Not mine."},
    "/api/v1/visits/{visit}/files": PNG,
    "/api/v1/visits/{visit}/presence": {"presence": "attended", "because": "phone", "version": 0},
}
ABOUT_IDS = [
    route
    for route in routes()
    if route.access is Access.STAFF and NAMED & set(re.findall(r"{(\w+)}", route.path))
]
OF_THE_ORGANIZATION = re.compile(r"{appointment}|^/messages/|/invitation$|^/(move|cancel)/")
STRANGERS = (STRANGER, NOOR, ADA, PIA)


def bare(text: str) -> str:
    """Leave out what differs from answer to answer anyway: ids and tokens."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|nonce=\"[^\"]+\"|(content|value)=\"[^\"]{60,}\"", "", text)


async def real(hospital: Hospital, asking: Practitioner) -> dict[str, str]:
    """Everything of a signed visit of Dr Amara's with a guest, and a patient of another house's."""
    visit, amara, _ = await in_call(hospital)
    await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "history": "Palpitations."})
    signed = await amara.post(f"/api/v1/visits/{visit}/note/signature", {"version": 1})
    composition = (
        signed.json["record"]["composition"].partition("/")[2] or signed.json["record"]["composition"]
    )
    appointment = (await amara.get(f"/api/v1/visits/{visit}")).json["visit"]["appointment_id"]
    guest = (await amara.post(f"/api/v1/visits/{visit}/guests", {"name": "Lina"})).json["guest"]["id"]
    patient = BO.id if asking is NOOR else CY.id
    return {"visit": visit, "appointment": appointment, "patient": patient, "id": composition, "guest": guest}


def path_of(route: Route, parts: dict[str, str]) -> str:
    known = {"type": "Composition", "version": "1"} | parts
    return re.sub(r"{(\w+)}", lambda part: known.get(part[1], NOBODYS_ID), route.path)


def body_of(route: Route) -> dict[str, object]:
    body = BODIES.get(route.path, {})
    if route.method == "GET":
        return {}
    return {"data": body, "headers": {"Content-Type": "image/png"}} if body is PNG else {"json": body}


@pytest.mark.parametrize("asking", STRANGERS, ids=lambda each: each.id)
async def test_a_foreign_id_is_answered_as_a_random_one(hospital: Hospital, asking: Practitioner) -> None:
    parts = await real(hospital, asking)
    person = await hospital.staff(asking)
    for route in ABOUT_IDS:
        if asking is STRANGER and OF_THE_ORGANIZATION.search(route.path):
            continue  # appointments and messages about them belong to the organization, and so does this one
        options = body_of(route)
        foreign = await person.send(route.method, path_of(route, parts), **options)
        random = await person.send(route.method, path_of(route, {}), **options)
        assert foreign.status == random.status, route.key
        assert foreign.status in {403, 404}, route.key
        assert bare(foreign.text) == bare(random.text), route.key


async def test_the_shared_record_is_not_there_for_those_who_do_not_treat(hospital: Hospital) -> None:
    parts = await real(hospital, STRANGER)
    for asking in STRANGERS:
        person = await hospital.staff(asking)
        answer = await person.get(f"/fhir/R4/Composition/{parts['id']}")
        assert answer.status == 404, asking.id
    amara = await hospital.staff(AMARA)
    assert (await amara.get(f"/fhir/R4/Composition/{parts['id']}")).status == 200
