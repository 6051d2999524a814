"""/summary and /notes: how a day went and which notes want a signature; the own ones only."""

import re
from datetime import datetime, timedelta

from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import ADA, STRANGER, Answer, Hospital, Person
from tests.integration.web.journeys import booked, in_call, opened


def figures(page: str) -> dict[str, str]:
    found = re.findall(r'<dt>([^<]+)</dt><dd class="figures">([^<]+)</dd>', page)
    return {name: value.strip() for name, value in found}


def to_sign_beside(clinic: Answer) -> list[str]:
    """The visits in the list beside the day's, which says so when there is none."""
    listed = re.search(r'<ul id="unsigned".*?</ul>', clinic.text, re.DOTALL)
    assert listed
    found = re.findall(r'data-visit="([^"]+)"', listed[0])
    assert ('<li id="none-unsigned" hidden>' in listed[0]) == bool(found)
    return found


async def summary(person: Person, day: str = "") -> str:
    shown = await person.get("/summary", params={"day": day} if day else {})
    assert shown.status == 200
    return shown.text


async def test_the_day_counts_who_was_seen_who_stayed_away_and_what_is_to_sign(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    missed, cancelled = await booked(hospital, 3), await booked(hospital, 4)
    assert (await amara.post(f"/api/v1/appointments/{cancelled['id']}/cancel")).status == 200
    assert (await amara.post(f"/api/v1/visits/{visit}/end")).status == 200
    hospital.clock.move(hours=4)
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/visits/{missed['visit']}/miss")).status == 200
    page = await summary(amara)
    assert figures(page) == {
        "seen": "1 / 3",
        "clinic began late": "0",
        "patient came late": "0",
        "did not attend": "1",
        "waited, not seen": "0",
        "cancelled": "1",
        "notes to sign": "1",
        "messages that reached nobody": "0",
    }
    assert f'<a href="/clinic/{visit}">Sign the note' in page
    assert "clinic:read" in hospital.actions()
    other = await summary(amara, "2026-11-24")
    assert "There are no visits on this day." in other


async def test_a_visit_that_began_late_says_by_how_much(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo, visit = await opened(hospital, appointment), appointment["visit"]
    for step in ("consent", "wait"):
        await bo.post(f"/api/v1/my/{visit}/{step}")
    hospital.clock.at = datetime.fromisoformat(appointment["start"]) + timedelta(minutes=17)
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/visits/{visit}/admit")).status == 200
    page = await summary(amara)
    assert (figures(page)["clinic began late"], figures(page)["patient came late"]) == ("1", "0")
    assert "The clinic began 17 minutes late" in page
    assert "The patient came" not in page


async def test_a_patient_who_came_late_is_told_apart_from_a_clinic_that_began_late(
    hospital: Hospital,
) -> None:
    appointment = await booked(hospital)
    bo, visit = await opened(hospital, appointment), appointment["visit"]
    hospital.clock.at = datetime.fromisoformat(appointment["start"]) + timedelta(minutes=12)
    for step in ("consent", "wait"):
        await bo.post(f"/api/v1/my/{visit}/{step}")
    hospital.clock.move(seconds=8 * 60)
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/visits/{visit}/admit")).status == 200
    page = await summary(amara)
    assert (figures(page)["clinic began late"], figures(page)["patient came late"]) == ("1", "1")
    assert "The patient came 12 minutes late" in page
    assert "The clinic began 8 minutes late" in page


async def test_a_note_that_nobody_began_stands_among_those_to_sign_until_it_is_signed(
    hospital: Hospital,
) -> None:
    visit, amara, _ = await in_call(hospital)
    assert "Nothing waits for you." in (await amara.get("/notes")).text
    await amara.post(f"/api/v1/visits/{visit}/end")
    assert "Not begun" in (await amara.get("/notes")).text
    assert to_sign_beside(await amara.get("/clinic")) == [visit]
    await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "history": "Palpitations."})
    assert "Draft" in (await amara.get("/notes")).text
    await amara.post(f"/api/v1/visits/{visit}/note/signature", {"version": 1})
    assert "Nothing waits for you." in (await amara.get("/notes")).text
    assert to_sign_beside(await amara.get("/clinic")) == []
    assert figures(await summary(amara))["notes to sign"] == "0"


async def test_a_stranger_sees_only_a_day_of_their_own_and_other_roles_none(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    await amara.post(f"/api/v1/visits/{visit}/end")
    stranger = await hospital.staff(STRANGER)
    assert figures(await summary(stranger))["seen"] == "0 / 0"
    assert visit not in (await stranger.get("/notes")).text
    for who in (NOOR, ADA):
        person = await hospital.staff(who)
        assert [(await person.get(path)).status for path in ("/summary", "/notes")] == [403, 403]
