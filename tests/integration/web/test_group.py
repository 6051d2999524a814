"""Group sessions: several patients book one time, and each is a visit of their own that nobody else sees."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, HOSPITAL
from tests.integration.web.hospital import ADA, Answer, Hospital, Person

EIGHT = datetime(2026, 11, 24, 7, tzinfo=UTC)
"""By Berlin's clocks."""
NEXT = EIGHT + timedelta(minutes=25)
SEATS = 3
WANTED = {"service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id, "start": EIGHT.isoformat()}


async def grouped(hospital: Hospital, seats: int = SEATS) -> Person:
    """Let the service see patients together, of whom there are five; Dr Amara, signed in."""
    hospital.units.tables.services[CARDIOLOGY.id] = replace(CARDIOLOGY, capacity=seats)
    async with hospital.units.writing() as uow:
        for number in range(5):
            one = replace(
                BO, id=f"pat-{number}", organization_id=HOSPITAL.id, email=f"p{number}@mail.example"
            )
            await uow.patients.add(one)
    return await hospital.staff(AMARA)


async def book(amara: Person, number: int, **changes: Any) -> Answer:
    return await amara.post("/api/v1/appointments", {"patient_id": f"pat-{number}"} | WANTED | changes)


async def times(person: Person, **more: str) -> list[str]:
    """Free times around the session, in UTC."""
    span = {"start": EIGHT.isoformat(), "end": (EIGHT + timedelta(minutes=50)).isoformat()}
    found = await person.get("/api/v1/slots", params=span | {"service": CARDIOLOGY.id} | more)
    assert found.status == 200, found.text
    return [each["start"][11:16] for each in found.json["slots"]]


async def left(person: Person) -> list[int]:
    """How many places are left in the first sessions of that day."""
    span = {"start": EIGHT.isoformat(), "end": (EIGHT + timedelta(minutes=50)).isoformat()}
    found = await person.get("/api/v1/slots", params=span | {"service": CARDIOLOGY.id})
    return [each["places_left"] for each in found.json["slots"]]


async def test_so_many_book_one_time_as_it_has_seats(hospital: Hospital) -> None:
    amara = await grouped(hospital)
    made = [await book(amara, number) for number in range(SEATS)]
    assert [each.status for each in made] == [201] * SEATS
    assert len({each.json["visit"] for each in made}) == SEATS
    assert len({each.json["join_url"] for each in made}) == SEATS
    full = await book(amara, SEATS)
    assert (full.status, full.json["code"]) == (409, "slot-taken")


async def test_a_session_is_found_until_it_is_full(hospital: Hospital) -> None:
    amara = await grouped(hospital)
    for number in range(SEATS):
        assert await times(amara) == ["07:00", "07:25"]
        assert await times(amara, each_once="1") == ["07:00", "07:25"]
        assert await left(amara) == [SEATS - number, SEATS]
        assert (await book(amara, number)).status == 201
    assert await times(amara) == ["07:25"]
    assert await times(amara, each_once="1") == ["07:25"]


async def test_who_sits_in_it_is_not_offered_it_again(hospital: Hospital) -> None:
    amara = await grouped(hospital)
    await book(amara, 0)
    assert await times(amara, patient="pat-0") == ["07:25"]
    assert await times(amara, patient="pat-1") == ["07:00", "07:25"]
    again = await book(amara, 0)
    assert (again.status, again.json["code"]) == (409, "slot-taken")


async def test_one_who_leaves_leaves_the_others_and_frees_a_seat(hospital: Hospital) -> None:
    amara = await grouped(hospital, 2)
    first, second = [(await book(amara, number)).json for number in range(2)]
    gone = await amara.post(f"/api/v1/appointments/{first['id']}/cancel", {})
    assert gone.status == 200
    assert (await amara.get(f"/api/v1/appointments/{second['id']}")).json["status"] == "booked"
    assert (await book(amara, 2)).status == 201
    assert (await book(amara, 3)).status == 409


async def test_the_last_to_leave_frees_the_time(hospital: Hospital) -> None:
    amara = await grouped(hospital)
    made = [(await book(amara, number)).json for number in range(2)]
    wish = {"start": NEXT.isoformat(), "version": 0}
    assert (await amara.post(f"/api/v1/appointments/{made[0]['id']}/move", wish)).status == 200
    assert (await amara.post(f"/api/v1/appointments/{made[1]['id']}/cancel", {})).status == 200
    hospital.units.tables.services[CARDIOLOGY.id] = CARDIOLOGY
    assert await times(amara) == ["07:00"], "alone again; the other moved to the next time"


async def test_a_held_seat_counts_until_it_runs_out(hospital: Hospital) -> None:
    amara = await grouped(hospital, 2)
    await book(amara, 0)
    held = await amara.post("/api/v1/holds", {"patient_id": "pat-1"} | WANTED)
    assert held.status == 201
    assert await times(amara) == ["07:25"]
    assert (await book(amara, 2)).status == 409
    hospital.clock.move(minutes=11)
    assert await times(amara) == ["07:00", "07:25"]
    assert (await book(amara, 2)).status == 201


async def test_anybody_joins_a_session_before_another_begins(hospital: Hospital) -> None:
    amara = await grouped(hospital)
    other = replace(AMARA, id="prac-a-other", email="other@hospital.example")
    async with hospital.units.writing() as uow:
        await uow.directory.add_practitioner(other)
        for each in await uow.directory.hours(practitioner_id=AMARA.id):
            await uow.directory.add_hours(replace(each, id=f"other-{each.id}", practitioner_id=other.id))
    met = [(await book(amara, number, practitioner_id="")).json for number in range(4)]
    whom = [each["practitioner"] for each in met]
    assert whom == [whom[0]] * SEATS + [({AMARA.id, other.id} - {whom[0]}).pop()]


async def test_what_was_booked_alone_is_not_joined(hospital: Hospital) -> None:
    amara = await grouped(hospital, 1)
    await book(amara, 0)
    hospital.units.tables.services[CARDIOLOGY.id] = replace(CARDIOLOGY, capacity=SEATS)
    assert await times(amara) == ["07:25"]
    assert (await book(amara, 1)).status == 409


async def test_fewer_seats_leave_who_has_one(hospital: Hospital) -> None:
    amara = await grouped(hospital)
    for number in range(SEATS):
        await book(amara, number)
    hospital.units.tables.services[CARDIOLOGY.id] = replace(CARDIOLOGY, capacity=2)
    assert await times(amara) == ["07:25"]
    assert (await book(amara, 3)).status == 409


async def test_administrators_say_how_many_are_seen_together(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    where = f"/api/v1/services/{CARDIOLOGY.id}/terms"
    before = (await ada.get(where)).json
    assert before["capacity"] == 1
    wanted = {
        key: before[key] for key in ("before_minutes", "buffer_minutes", "notice_minutes", "horizon_days")
    }
    kept = await ada.put(where, wanted | {"version": before["version"], "capacity": 8})
    assert (kept.status, kept.json["capacity"]) == (200, 8)
    silent = await ada.put(where, wanted | {"version": kept.json["version"]})
    assert silent.json["capacity"] == 8, "who does not know of it changes nothing"
    for wrong in (0, 31):
        refused = await ada.put(where, wanted | {"version": silent.json["version"], "capacity": wrong})
        assert refused.status == 422
        assert [each["field"] for each in refused.json["errors"]] == ["capacity"]
