"""Visits that come back, on pages without scripts: asked how often, seen one by one, moved and cancelled."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, NOOR
from tests.integration.web.hospital import ADA, COORDINATOR, Answer, Hospital, Person
from tests.integration.web.test_booking_api import APPOINTMENTS, wish

FIRST = "2027-03-22T09:05:00Z"
IDS = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id}
ASKED = IDS | {"start": FIRST, "every": "week", "count": "3", "until": ""}


def hidden(page: Answer, action: str) -> dict[str, Any]:
    form = page.text.partition(f'action="{action}"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found if name != "csrf"}


def proposed(page: Answer) -> list[str]:
    """The first choice for each visit."""
    return re.findall(r'<select [^>]*name="answer"[^>]*>\s*<option value="([^"]+)"', page.text)


async def taken(hospital: Hospital, start: str) -> None:
    noor = await hospital.staff(NOOR)
    assert (await noor.post(APPOINTMENTS, wish(start, patient_id=CY.id))).status == 201


async def booked(kai: Person, **changes: Any) -> str:
    """Book as proposed; the address of the series."""
    seen = await kai.form("/book/series/look", ASKED | changes)
    assert seen.status == 200, seen.text
    chosen = {"weekday": changes.get("weekday", []), "answer": proposed(seen)}
    done = await kai.form("/book/series", hidden(seen, "/book/series") | chosen)
    assert done.status == 303, done.text
    return str(done.headers["Location"]).partition("?")[0]


def visits_of(page: Answer) -> list[str]:
    return re.findall(r'href="/messages/([^"]+)"', page.text)


def times_of(page: Answer) -> list[str]:
    return [each[5:16] for each in re.findall(r'<strong><time datetime="([^"]+)"', page.text)]


async def test_a_visit_that_is_checked_can_be_repeated(hospital: Hospital) -> None:
    kai = await hospital.staff(COORDINATOR)
    asked = {"patient": BO.id, "service": CARDIOLOGY.id, "practitioner": AMARA.id, "start": FIRST}
    check = await kai.get("/book", params=asked)
    (link,) = re.findall(r'href="(/book/series\?[^"]+)"', check.text)
    page = await kai.get(unescape(link))
    assert (page.status, hidden(page, "/book/series/look")["patient_id"]) == (200, BO.id)
    assert 'name="count" type="number" value="6"' in page.text


async def test_what_is_in_the_way_is_seen_and_one_press_books_the_proposal(hospital: Hospital) -> None:
    await taken(hospital, "2027-03-29T08:05:00Z")
    kai = await hospital.staff(COORDINATOR)
    seen = await kai.form("/book/series/look", ASKED)
    assert "1 visit cannot be at its time." in seen.text
    assert "The specialist has another visit at this time." in seen.text
    assert proposed(seen) == [
        "2027-03-22T10:05 yes",
        "2027-03-29T10:05 2027-03-29T07:40:00Z",
        "2027-04-05T10:05 yes",
    ]
    fields = hidden(seen, "/book/series") | {"answer": proposed(seen)}
    first, second = await kai.form("/book/series", fields), await kai.form("/book/series", fields)
    assert first.headers["Location"] == second.headers["Location"]
    page = await kai.get(first.headers["Location"])
    assert "One message with all links is on its way to the patient." in page.text
    assert times_of(page) == ["03-22T09:05", "03-29T07:40", "04-05T08:05"]
    assert page.text.count("Its own time") == 1


async def test_a_visit_can_be_left_out(hospital: Hospital) -> None:
    kai = await hospital.staff(COORDINATOR)
    seen = await kai.form("/book/series/look", ASKED)
    answers = [proposed(seen)[0], "2027-03-29T10:05 no", proposed(seen)[2]]
    done = await kai.form("/book/series", hidden(seen, "/book/series") | {"answer": answers})
    assert times_of(await kai.get(done.headers["Location"])) == ["03-22T09:05", "04-05T08:05"]


async def test_a_time_taken_meanwhile_shows_all_visits_again(hospital: Hospital) -> None:
    kai = await hospital.staff(COORDINATOR)
    seen = await kai.form("/book/series/look", ASKED)
    await taken(hospital, "2027-04-05T08:05:00Z")
    refused = await kai.form("/book/series", hidden(seen, "/book/series") | {"answer": proposed(seen)})
    assert refused.status == 409
    assert "has just been taken" in refused.text
    assert proposed(refused)[2] == "2027-04-05T10:05 2027-04-05T07:40:00Z"


@pytest.mark.parametrize(
    "every, days",
    [
        ("day", ["03-22", "03-23"]),
        ("two-weeks", ["03-22", "04-05"]),
        ("four-weeks", ["03-22", "04-19"]),
        ("month-day", ["03-22", "04-22"]),
        ("month-weekday", ["03-22", "04-26"]),
    ],
)
async def test_how_often_is_said_in_words(hospital: Hospital, every: str, days: list[str]) -> None:
    kai = await hospital.staff(COORDINATOR)
    page = await kai.get(await booked(kai, every=every, count="2"))
    assert [each[:5] for each in times_of(page)] == days


async def test_yearly_visits_are_booked_where_the_service_can_be_booked_so_far_ahead(
    hospital: Hospital,
) -> None:
    hospital.units.tables.services[CARDIOLOGY.id] = replace(CARDIOLOGY, horizon_days=1000)
    kai = await hospital.staff(COORDINATOR)
    page = await kai.get(await booked(kai, every="year", count="2"))
    assert re.findall(r'<strong><time datetime="(\d{4}-\d{2}-\d{2})', page.text) == [
        "2027-03-22",
        "2028-03-22",
    ]


async def test_several_days_of_the_week_are_ticked_and_the_first_visits_is_one_of_them(
    hospital: Hospital,
) -> None:
    kai = await hospital.staff(COORDINATOR)
    asked = ASKED | {"weekday": ["4", "5"], "count": "5"}
    seen = await kai.form("/book/series/look", asked)
    assert [f'name="weekday" value="{each}" checked' in seen.text for each in range(1, 8)] == [
        *(False, False, False, True, True, False, False)
    ]
    assert re.findall('type="hidden" name="weekday" value="(.)"', seen.text) == ["4", "5"]
    page = await kai.get(await booked(kai, weekday=["4", "5"], count="5"))
    assert [each[:5] for each in times_of(page)] == ["03-22", "03-25", "03-26", "03-29", "04-01"]
    refused = await kai.form("/book/series/look", asked | {"every": "month-day"})
    assert refused.status == 422
    assert "Further days of the week go with weekly visits only." in refused.text
    assert 'name="weekday" value="5" checked' in refused.text


async def test_the_fifth_of_a_weekday_is_meant_as_the_last_and_a_day_ends_it(hospital: Hospital) -> None:
    kai = await hospital.staff(COORDINATOR)
    last = {"start": "2027-03-29T08:05:00Z", "every": "month-weekday", "until": "2027-05-31"}
    page = await kai.get(await booked(kai, **last))
    assert [each[:5] for each in times_of(page)] == ["03-29", "04-26", "05-31"]


async def test_a_mistake_comes_back_as_it_was_typed(hospital: Hospital) -> None:
    kai = await hospital.staff(COORDINATOR)
    refused = await kai.form("/book/series/look", ASKED | {"count": "61", "every": "day"})
    assert refused.status == 422
    assert 'value="61"' in refused.text
    assert "It must be between 2 and 60." in refused.text
    assert '<option value="day" selected>' in refused.text


async def test_only_this_or_the_following_or_all_is_asked_before_a_move(hospital: Hospital) -> None:
    kai = await hospital.staff(COORDINATOR)
    series = await booked(kai)
    _, second, _ = visits_of(await kai.get(series))
    start = {"start": "2027-03-30T08:30:00Z"}
    asked = await kai.get(f"/move/{second}", params=start)
    assert re.findall(r'name="reach" value="(\w+)"', asked.text) == ["this", "following", "all"]
    assert "Check and move" in (await kai.get(f"/move/{second}", params=start | {"reach": "this"})).text
    seen = await kai.get(f"/move/{second}", params=start | {"reach": "following"})
    assert times_of(seen) == ["03-30T08:30", "04-06T08:30"]
    fields = hidden(seen, f"/move/{second}/series") | {"answer": proposed(seen)}
    for _ in range(2):
        done = await kai.form(f"/move/{second}/series", fields)
        assert (done.status, done.headers["Location"]) == (303, f"{series}?done=moved")
    assert times_of(await kai.get(series)) == ["03-22T09:05", "03-30T08:30", "04-06T08:30"]
    assert hospital.actions().count("series:move") == 1


async def test_a_move_that_was_refused_shows_the_visits_again(hospital: Hospital) -> None:
    kai = await hospital.staff(COORDINATOR)
    _, second, _ = visits_of(await kai.get(await booked(kai)))
    wanted = {"start": "2027-03-30T08:30:00Z", "reach": "following"}
    seen = await kai.get(f"/move/{second}", params=wanted)
    await taken(hospital, "2027-04-06T08:30:00Z")
    fields = hidden(seen, f"/move/{second}/series") | {"answer": proposed(seen)}
    refused = await kai.form(f"/move/{second}/series", fields)
    assert refused.status == 409
    assert "1 visit cannot be at its time." in refused.text


async def test_this_and_the_following_are_cancelled_by_one_press(hospital: Hospital) -> None:
    kai = await hospital.staff(COORDINATOR)
    series = await booked(kai)
    _, second, third = visits_of(await kai.get(series))
    assert "Which visits?" in (await kai.get(f"/cancel/{second}")).text
    assert "Cancel this visit?" in (await kai.get(f"/cancel/{second}?reach=this")).text
    seen = await kai.get(f"/cancel/{second}?reach=following")
    assert "Cancel 2 visits?" in seen.text
    for _ in range(2):
        done = await kai.form(f"/cancel/{second}/series", hidden(seen, f"/cancel/{second}/series"))
        assert (done.status, done.headers["Location"]) == (303, f"{series}?done=cancelled")
    assert (await kai.get(series)).text.count('<span class="tag bad">Cancelled</span>') == 2
    told = (await kai.get(f"/messages/{third}")).text
    assert "No message went out" not in told
    assert f'href="{series}"' in told


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    kai, noor, ada = [await hospital.staff(each) for each in (COORDINATOR, NOOR, ADA)]
    series = await booked(kai)
    (visit, *_) = visits_of(await kai.get(series))
    for path in (series, f"/move/{visit}", f"/cancel/{visit}"):
        assert ((await noor.get(path)).status, (await ada.get(path)).status) == (404, 403)
    for path in ("/book/series/look", "/book/series"):
        assert ((await noor.form(path, ASKED)).status, (await ada.form(path, ASKED)).status) == (404, 403)
    wanted = {"version": "0", "reach": "all", "start": FIRST}
    for path in (f"/move/{visit}/series", f"/cancel/{visit}/series"):
        assert ((await noor.form(path, wanted)).status, (await ada.form(path, wanted)).status) == (404, 403)
