"""With whom: the same as last time, or somebody who speaks the patient's language."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from telehealth.domain.appointment import AppointmentStatus
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, NOOR
from tests.integration.web.hospital import ADA, STRANGER, Hospital, Person
from tests.integration.web.test_anybody import book, slots, two_specialists

FUTURE = "2026-11-26T10:20:00Z"


async def after_a_visit(hospital: Hospital, **changes: Any) -> Person:
    """Bo's visit with Dr Amara took place; Cyd has the same hours. Carla books."""
    carla = await two_specialists(hospital)
    tables = hospital.units.tables
    (visit,) = tables.appointments.values()
    tables.appointments[visit.id] = replace(visit, **{"status": AppointmentStatus.FULFILLED} | changes)
    return carla


async def speaks(hospital: Hospital, *languages: str) -> Person:
    """Dr Amara says which languages she speaks."""
    amara = await hospital.staff(AMARA)
    kept = await amara.form("/account/spoken", {"languages": list(languages)})
    assert kept.headers["Location"] == "/account?done=spoken"
    return amara


async def test_the_same_as_last_time_is_who_was_seen_last(hospital: Hospital) -> None:
    carla = await after_a_visit(hospital)
    found = await slots(carla, patient=BO.id, same_as_last="true")
    assert {who for _, who in found} == {AMARA.id}
    assert await slots(carla, patient="pat-eve", same_as_last="true") == [], "Eve has seen nobody"
    refused = await carla.get(
        "/api/v1/slots",
        params={"service": CARDIOLOGY.id, "start": FUTURE, "end": FUTURE, "same_as_last": "true"},
    )
    assert refused.json["errors"][0]["field"] == "patient"


@pytest.mark.parametrize(
    "changes",
    [
        {"status": AppointmentStatus.NOSHOW},
        {"status": AppointmentStatus.BOOKED},
        {"test": True},
        {"service_id": "svc-skin"},
    ],
)
async def test_what_took_place_for_another_reason_or_not_at_all_is_no_last_time(
    hospital: Hospital, changes: dict[str, Any]
) -> None:
    async with hospital.units.writing() as uow:
        await uow.directory.add_service(replace(CARDIOLOGY, id="svc-skin", specialty="dermatology"))
    carla = await after_a_visit(hospital, **changes)
    assert await slots(carla, patient=BO.id, same_as_last="true") == []
    page = await carla.get(f"/book?patient={BO.id}&service={CARDIOLOGY.id}")
    assert "The same as last time" not in page.text


async def test_another_service_of_the_specialty_is_a_last_time_too(hospital: Hospital) -> None:
    async with hospital.units.writing() as uow:
        await uow.directory.add_service(replace(CARDIOLOGY, id="svc-brief", minutes=10))
    carla = await after_a_visit(hospital, service_id="svc-brief")
    assert {who for _, who in await slots(carla, patient=BO.id, same_as_last="true")} == {AMARA.id}


async def test_the_page_offers_the_same_as_last_time_first(hospital: Hospital) -> None:
    carla = await after_a_visit(hospital)
    page = (await carla.get(f"/book?patient={BO.id}&service={CARDIOLOGY.id}")).text
    offered = re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)', page.partition('name="practitioner"')[2])
    assert offered[1][0] == AMARA.id
    assert "The same as last time" in offered[1][1]
    assert [each for each, _ in offered].count(AMARA.id) == 1


async def test_who_speaks_a_language_is_found_by_it(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    await speaks(hospital, "ar", "es")
    assert hospital.actions()[-1] == "account:languages-spoken:change"
    assert {who for _, who in await slots(carla, language="ar")} == {AMARA.id}
    assert await slots(carla, language="hi") == []
    listed = (await carla.get("/api/v1/catalogue")).json["practitioners"]
    assert {each["id"]: each["languages"] for each in listed}[AMARA.id] == ["ar", "es"]
    shown = (await (await hospital.staff(AMARA)).get("/account")).text
    ticked = re.findall(r'name="languages" value="(\w+)" checked', shown)
    assert set(ticked) <= {"ar", "es"}


async def test_anybody_who_speaks_it_is_nobody_else(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    await speaks(hospital, "ar")
    assert (await book(carla, FUTURE)).json["practitioner"] == STRANGER.id, "Cyd has less booked"
    later = "2026-11-26T10:45:00Z"
    assert (await book(carla, later, language="ar")).json["practitioner"] == AMARA.id
    refused = await book(carla, "2026-11-26T11:10:00Z", language="hi")
    assert (refused.status, refused.json["errors"][0]["code"]) == (422, "not-offered")


async def test_the_page_keeps_the_language_until_the_visit_is_booked(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    await speaks(hospital, "ar")
    asked = f"/book?patient={BO.id}&service={CARDIOLOGY.id}&practitioner=&language=ar&day=2026-11-26"
    links = re.findall(r'href="(/book\?[^"]+start=[^"]+)"', (await carla.get(asked)).text)
    checked = (await carla.get(unescape(links[0]))).text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', checked.partition('action="/book"')[2]))
    assert fields["language"] == "ar"
    done = await carla.form("/book", {name: unescape(value) for name, value in fields.items()})
    assert AMARA.display in done.text


async def test_what_is_no_language_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert (await amara.form("/account/spoken", {"languages": ["not a language"]})).status == 422
    assert (await amara.form("/account/spoken", {"languages": ["en"] * 21})).status == 422


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    await after_a_visit(hospital)
    noor, ada = await hospital.staff(NOOR), await hospital.staff(ADA)
    asked = {"service": CARDIOLOGY.id, "start": FUTURE, "end": "2026-11-27T00:00:00Z", "patient": BO.id}
    assert (await noor.get("/api/v1/slots", params=asked | {"same_as_last": "true"})).status == 404
    assert (await ada.get("/api/v1/slots", params=asked)).status == 403
