"""A specialist is away: the coordinator's page, complete without scripts, and the same by the JSON API."""

import re
from dataclasses import replace
from typing import Any

from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import ADA, COORDINATOR, HOURS, STRANGER, Answer, Hospital
from tests.integration.web.journeys import booked

DAY = "2026-11-25"
DAYS = {"practitioner": AMARA.id, "first": DAY, "last": DAY}


async def cyd_offers(hospital: Hospital) -> None:
    """Dr Cyd has the hours of Dr Amara."""
    async with hospital.units.writing() as uow:
        for rule in HOURS:
            await uow.directory.add_hours(replace(rule, id=f"cyd-{rule.id}", practitioner_id=STRANGER.id))


def fields(page: Answer) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def choices(page: Answer) -> list[str]:
    return re.findall(r'<option value="([^ "]+ \d+ [^"]*)"', page.text)


async def planned(hospital: Hospital) -> tuple[dict[str, Any], Any, Answer]:
    """Bo's visit of the day after tomorrow, Kai the coordinator, and the page with the proposals."""
    await cyd_offers(hospital)
    appointment, kai = await booked(hospital, 49), await hospital.staff(COORDINATOR)
    return appointment, kai, await kai.get("/absence", params=DAYS)


async def test_a_day_is_arranged_by_one_press_and_once_for_two(hospital: Hospital) -> None:
    appointment, kai, page = await planned(hospital)
    assert "1 visit to arrange" in page.text
    assert choices(page)[0].split()[2:4] == ["stand-in", STRANGER.id]
    for _ in range(2):
        done = await kai.form("/absence", fields(page) | {"change": choices(page)[0]})
        assert done.status == 200
        assert "Everything was carried out." in done.text
    assert hospital.actions().count("appointment:move") == 1
    found = (await kai.get(f"/api/v1/appointments/{appointment['id']}")).json
    assert (found["practitioner"], found["start"]) == (STRANGER.id, appointment["start"])
    assert "Nobody is booked on these days." in (await kai.get("/absence", params=DAYS)).text


async def test_nothing_more_is_booked_on_days_that_are_closed_with_the_press(hospital: Hospital) -> None:
    appointment, kai, page = await planned(hospital)
    assert '<input type="checkbox" name="close" value="true" checked>' in page.text
    span = {"start": f"{DAY}T00:00:00Z", "end": f"{DAY}T23:00:00Z", "service": appointment["service"]}
    hers = {"params": span | {"practitioner": AMARA.id}}
    await kai.form("/absence", fields(page) | {"change": choices(page)[0]})
    assert (await kai.get("/api/v1/slots", **hers)).json["slots"]
    for _ in range(2):
        closed = await kai.form("/absence", fields(page) | {"close": "true"})
        assert "Nothing more can be booked on these days." in closed.text
    assert (await kai.get("/api/v1/slots", **hers)).json["slots"] == []
    assert hospital.actions().count("hours:exception:add") == 1
    amara, whole = await hospital.staff(AMARA), {"first": DAY, "last": DAY}
    (kept,) = (await amara.get(f"/api/v1/staff/{AMARA.id}/exceptions", params=whole)).json["exceptions"]
    assert (kept["kind"], kept["first"], kept["last"]) == ("away", DAY, DAY)


async def test_a_visit_changed_meanwhile_is_left_and_the_page_says_why(hospital: Hospital) -> None:
    appointment, kai, page = await planned(hospital)
    later = next(each for each in choices(page) if each.split()[2] == "later")
    move = {"start": later.split()[-1], "version": appointment["version"]}
    assert (await kai.post(f"/api/v1/appointments/{appointment['id']}/move", move)).status == 200
    done = await kai.form("/absence", fields(page) | {"change": choices(page)[0]})
    assert "1 visit could not be changed" in done.text
    assert "This was changed in the meantime." in done.text


async def test_what_cannot_be_read_changes_nothing(hospital: Hospital) -> None:
    _, kai, page = await planned(hospital)
    for change in ("", "x", f"{choices(page)[0]}x", "a 1 dance", "a -1 cancel"):
        assert (await kai.form("/absence", fields(page) | {"change": change})).status == 422
    upside_down = await kai.get("/absence", params=DAYS | {"last": "2026-11-24"})
    assert upside_down.status == 422
    assert 'id="last-error"' in upside_down.text
    assert 'name="first" type="date" value="2026-11-25"' in upside_down.text
    assert hospital.actions().count("appointment:move") == 0


async def test_programs_see_the_same_and_say_what_becomes_of_each(hospital: Hospital) -> None:
    appointment, kai, _ = await planned(hospital)
    found = (await kai.get("/api/v1/absences", params=DAYS)).json
    (visit,) = found["visits"]
    assert [each["answer"] for each in visit["ways"]] == [
        "stand-in",
        "later",
        "later",
        "later",
        "cancel",
        "keep",
    ]
    way = visit["ways"][0]
    change = {
        "appointment": visit["appointment"],
        "version": visit["version"],
        "answer": way["answer"],
        "practitioner": way["practitioner"]["id"],
        "start": way["start"],
    }
    foreign = change | {"appointment": "nobodys"}
    done = (await kai.post("/api/v1/absences", {"changes": [change, foreign]})).json["outcomes"]
    assert [(each["code"], each["practitioner"]) for each in done] == [("", STRANGER.id), ("not-found", "")]
    assert done[0]["start"] == appointment["start"]
    wrong = await kai.post("/api/v1/absences", {"changes": [{"appointment": "a", "version": 0}]})
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (422, "changes[0].answer")
    assert (await kai.post("/api/v1/absences", {"changes": ["a"]})).status == 422


async def test_programs_close_the_days_with_the_same_request(hospital: Hospital) -> None:
    appointment, kai, _ = await planned(hospital)
    span = {"start": f"{DAY}T00:00:00Z", "end": f"{DAY}T23:00:00Z", "service": appointment["service"]}
    hers = {"params": span | {"practitioner": AMARA.id}}
    assert (await kai.get("/api/v1/slots", **hers)).json["slots"]
    for _ in range(2):
        assert (await kai.post("/api/v1/absences", {"changes": [], "close": DAYS})).status == 200
    assert (await kai.get("/api/v1/slots", **hers)).json["slots"] == []
    assert hospital.actions().count("hours:exception:add") == 1
    wrong = await kai.post("/api/v1/absences", {"changes": [], "close": {"first": DAY, "last": DAY}})
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (422, "close.practitioner")
    foreign = {"changes": [], "close": DAYS | {"practitioner": NOOR.id}}
    assert (await kai.post("/api/v1/absences", foreign)).status == 404


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    body = {"changes": [{"appointment": appointment["id"], "version": 0, "answer": "cancel"}]}
    for who in (AMARA, ADA, NOOR):
        person = await hospital.staff(who)
        assert (await person.get("/absence")).status == 403
        assert (await person.get("/api/v1/absences", params=DAYS)).status == 403
        assert (await person.post("/api/v1/absences", body | {"close": DAYS})).status == 403
    assert hospital.actions().count("hours:exception:add") == 0
    assert "Specialist away" not in (await (await hospital.staff(AMARA)).get("/book")).text
