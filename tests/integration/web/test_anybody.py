"""A visit that may be anybody's goes to whoever is free and has least booked, at every door."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, NOOR
from tests.integration.web.hospital import COORDINATOR, STRANGER, Answer, Hospital, Person

WEEK = {"start": "2026-11-23T09:00:00+00:00", "end": "2026-11-28T00:00:00+00:00"}
BOTH = (AMARA.id, STRANGER.id)
EVE = "pat-eve"


async def two_specialists(hospital: Hospital) -> Person:
    """Cyd has Dr Amara's hours, and Dr Amara has a visit on Tuesday; Carla books."""
    async with hospital.units.writing() as uow:
        for rule in await uow.directory.hours(practitioner_id=AMARA.id):
            await uow.directory.add_hours(replace(rule, id=f"{rule.id}-cyd", practitioner_id=STRANGER.id))
        patient = await uow.patients.get(BO.id)
        assert patient is not None
        await uow.patients.add(replace(patient, id=EVE, identifiers=(), phone="", email="eve@mail.example"))
    carla = await hospital.staff(COORDINATOR)
    assert (await book(carla, "2026-11-24T09:05:00Z", practitioner_id=AMARA.id)).status == 201
    return carla


async def book(person: Person, start: str, door: str = "appointments", **more: Any) -> Answer:
    wish = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "start": start}
    return await person.post(f"/api/v1/{door}", wish | more)


async def slots(person: Person, **more: str) -> list[tuple[str, str]]:
    found = await person.get("/api/v1/slots", params=WEEK | {"service": CARDIOLOGY.id, **more})
    assert found.status == 200, found.text
    return [(each["start"], each["practitioner"]["id"]) for each in found.json["slots"]]


async def test_whoever_has_least_booked_that_day_gets_the_visit(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    tuesday = ("2026-11-24T10:20:00Z", "2026-11-24T10:45:00Z", "2026-11-24T11:10:00Z")
    got = [(await book(carla, each)).json["practitioner"] for each in tuesday]
    assert got == [STRANGER.id, AMARA.id, STRANGER.id], "one each, then in turn"
    thursday = (await book(carla, "2026-11-26T09:05:00Z")).json["practitioner"]
    assert thursday == AMARA.id, "both have none that day and two that week: it goes by id"


async def test_when_all_are_taken_or_the_patient_is_busy_the_time_is_taken(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    start = "2026-11-24T10:20:00Z"
    first = await book(carla, start, patient_id=EVE)
    busy = await book(carla, start, patient_id=EVE)
    second = await book(carla, start)
    assert [each.status for each in (first, busy, second)] == [201, 409, 201]
    assert {each.json["practitioner"] for each in (first, second)} == set(BOTH)
    last = await book(carla, start, patient_id=EVE)
    assert (last.status, last.json["code"]) == (409, "slot-taken")
    assert busy.json["missing"] == last.json["missing"] == ["patient"]


async def test_a_time_that_nobody_offers_is_told_so(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    for start, code in (("2026-11-24T10:21:00Z", "not-offered"), ("2026-11-20T10:20:00Z", "in-the-past")):
        refused = await book(carla, start)
        assert (refused.status, refused.json["errors"][0]["code"]) == (422, code)
    assert (await book(carla, "2026-11-24T10:20:00Z", service_id="svc-nothing")).status == 404


async def test_what_was_held_with_anybody_is_booked_with_who_holds_it(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    start = "2026-11-24T10:20:00Z"
    held = (await book(carla, start, "holds")).json
    booked = await book(carla, start, hold_id=held["id"])
    assert (booked.status, booked.json["practitioner"]) == (201, held["practitioner"])
    assert (await book(carla, start, hold_id="nothing-is-held")).status == 404


async def test_each_time_is_shown_once_with_who_would_get_it(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    everything = await slots(carla, count="500")
    once = await slots(carla, each_once="true", count="500")
    assert [start for start, _ in once] == sorted({start for start, _ in everything})
    assert {who for start, who in once if start.startswith("2026-11-24")} == {STRANGER.id}, "by the day"
    assert {who for start, who in once if start.startswith("2026-11-26")} == {STRANGER.id}, "by the week"
    assert {who for start, who in await slots(carla, each_once="true", practitioner=AMARA.id)} == {AMARA.id}


async def test_pages_of_times_shown_once_follow_each_other(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    asked = WEEK | {"service": CARDIOLOGY.id, "each_once": "true"}
    whole = await slots(carla, each_once="true", count="20")
    first = (await carla.get("/api/v1/slots", params=asked | {"count": "10"})).json
    rest = (await carla.get("/api/v1/slots", params=asked | {"count": "10", "cursor": first["next"]})).json
    pages = [each["start"] for page in (first, rest) for each in page["slots"]]
    assert pages == [start for start, _ in whole]


async def test_times_for_a_patient_leave_out_those_of_other_visits(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    taken = "2026-11-24T09:05:00Z"
    assert (taken, STRANGER.id) in await slots(carla, count="500")
    assert taken not in dict(await slots(carla, count="500", patient=BO.id))
    assert taken in dict(await slots(carla, count="500", patient=EVE))


async def test_a_stranger_learns_nothing_of_a_patients_visits(hospital: Hospital) -> None:
    await two_specialists(hospital)
    noor = await hospital.staff(NOOR)
    asked = WEEK | {"service": CARDIOLOGY.id}
    assert (await noor.get("/api/v1/slots", params=asked | {"patient": CY.id})).status == 200
    assert (await noor.get("/api/v1/slots", params=asked | {"patient": BO.id})).status == 404
    assert (await book(noor, "2026-11-24T09:05:00Z")).status == 404


async def test_the_page_books_with_anybody_and_says_who_it_was(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    shown = await carla.get(f"/book?patient={BO.id}&service={CARDIOLOGY.id}&practitioner=&day=2026-11-24")
    links = [unescape(each) for each in re.findall(r'href="(/book\?[^"]+start=[^"]+)"', shown.text)]
    assert len(links) == len(set(links)) > 0
    assert not [each for each in links if "2026-11-24T09:05" in each], "Bo is in a visit then"
    checked = await carla.get(next(each for each in links if "2026-11-24T10:20" in each))
    assert "the one with the least booked" in checked.text
    form = checked.text.partition('action="/book"')[2]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    done = await carla.form("/book", {name: unescape(value) for name, value in fields.items()})
    assert done.status == 200
    assert STRANGER.display in done.text


async def test_find_proposes_each_time_once_where_nobody_is_named(hospital: Hospital) -> None:
    carla = await two_specialists(hospital)
    given = [{"name": name, "valueDateTime": value} for name, value in WEEK.items()]
    given.append({"name": "_count", "valueInteger": 200})
    found = await carla.post("/fhir/R4/Appointment/$find", {"resourceType": "Parameters", "parameter": given})
    starts = [each["resource"]["start"] for each in found.json["entry"]]
    assert len(starts) == len(set(starts))
