"""Long before the visit, late, over and cancelled: in words by link, code and cookie; the calendar."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from telehealth.crypto.tokens import LinkTokens
from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import LINK_SECRET, Answer, Hospital, Person, hospital_at
from tests.integration.web.journeys import booked, opened, waiting

BORN = {"day": "17", "month": "4", "year": "1961"}


def token_of(appointment: dict[str, Any]) -> str:
    return str(appointment["join_url"].rpartition("#")[2])


def typed(appointment: dict[str, Any], **other: str) -> dict[str, str]:
    """What Bo types at the door."""
    code = LinkTokens(LINK_SECRET).spoken(appointment["visit"], BO.id, 1)
    return {"code": code, **BORN, **other}


async def looked(hospital: Hospital, appointment: dict[str, Any], language: str = "en") -> dict[str, Any]:
    nobody = await hospital.visitor()
    path = f"/api/v1/visit-links/look?lang={language}"
    return (await nobody.post(path, {"token": token_of(appointment)})).json


def heading(page: Answer) -> str:
    """The page's heading, of what a browser without scripts shows."""
    return re.findall(r"<h1[^>]*>(.*?)</h1>", page.text)[0]


def event(answer: Answer) -> Any:
    assert answer.headers["Content-Type"].startswith("text/calendar")
    (found,) = Calendar.from_ical(answer.text).walk("VEVENT")
    return found


@pytest.mark.parametrize(
    "hours,language,sentence",
    [
        (1, "en", "Your visit is today at 11:20."),
        (25, "en", "Your visit is tomorrow at 11:20."),
        (49, "en", "Your visit is on Wednesday, 25 November at 11:20."),
        (25, "es", "Su visita es mañana a las 11:20."),
        (49, "es", "Su visita es el miércoles, 25 de noviembre a las 11:20."),
        (49, "ar", "زيارتك يوم الأربعاء، 25 نوفمبر الساعة 11:20."),
    ],
)
async def test_a_link_says_in_words_when_the_visit_is(
    built: Path, hours: int, language: str, sentence: str
) -> None:
    async with hospital_at(built, languages=("en", "es", "ar")) as hospital:
        screen = await looked(hospital, await booked(hospital, hours), language)
    assert screen["early"] is True
    assert (screen["state"], screen["sentence"]) == ("open" if hours == 1 else "early", sentence)


async def test_half_an_hour_before_a_link_says_nothing_of_the_kind(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    hospital.clock.move(minutes=51)
    screen = await looked(hospital, appointment)
    assert (screen["early"], screen["when"], screen["place"]) == (False, "Today, 11:20", "Stockholm")


async def test_before_its_day_a_code_tells_the_day_the_test_and_the_calendar(hospital: Hospital) -> None:
    appointment, bo = await booked(hospital, 49), await hospital.visitor()
    page = await bo.form("/v/code", typed(appointment))
    assert heading(page) == "Your visit is on Wednesday, 25 November at 11:20."
    assert 'href="/test?lang=en"' in page.text
    assert "<script type=" not in page.text
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    assert event(await bo.form("/v/calendar", sent))["UID"]
    wrong = await bo.form("/v/code", typed(appointment, day="18"))
    assert "Wednesday" not in wrong.text


async def test_whoever_comes_early_on_the_day_may_come_in_and_is_told_when(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    page = await (await opened(hospital, appointment)).get(f"/v/{appointment['visit']}")
    assert heading(page) == "The clinic knows that you are here"
    assert page.text.count("Your visit is today at 11:20.") == 2  # with and without scripts
    assert f'href="/v/{appointment["visit"]}/calendar"' in page.text
    assert page.text.count('/test?lang=en"') == 1, "to try a phone takes a script"


async def test_whoever_is_late_hears_that_the_clinic_knows(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    hospital.clock.move(minutes=90)
    page = await (await opened(hospital, appointment)).get(f"/v/{appointment['visit']}")
    plain = page.text.partition('class="plain"')[2].partition("</section>")[0]
    assert "You can still join. We told the clinic." in plain


async def test_after_the_visit_a_code_says_that_it_is_over(hospital: Hospital) -> None:
    appointment, bo = await booked(hospital), await hospital.visitor()
    hospital.clock.move(minutes=4 * 60)
    page = await bo.form("/v/code", typed(appointment))
    assert heading(page) == "This visit is over."
    assert "Add to my calendar" not in page.text


async def cancelled(hospital: Hospital, appointment: dict[str, Any]) -> None:
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/appointments/{appointment['id']}/cancel")).status == 200


async def test_a_cancelled_visit_says_so_to_link_code_and_open_page(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    came, late = await opened(hospital, appointment), await hospital.visitor()
    await cancelled(hospital, appointment)
    assert (await looked(hospital, appointment))["state"] == "cancelled"
    refused = await late.post("/api/v1/visit-links/open", {"token": token_of(appointment)})
    assert (refused.status, refused.json["code"]) == (409, "visit-closed")
    assert heading(await late.form("/v/code", typed(appointment))) == "This visit was cancelled"
    assert heading(await came.get(f"/v/{appointment['visit']}")) == "This visit was cancelled"
    hospital.clock.move(minutes=31)
    assert (await came.get(f"/v/{appointment['visit']}")).status == 401


async def test_the_calendar_file_is_the_same_by_link_code_and_cookie(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo, nobody = await opened(hospital, appointment), await hospital.visitor()
    files = [
        await nobody.form("/v/calendar", {"token": token_of(appointment)}),
        await nobody.form("/v/calendar", typed(appointment)),
        await bo.get(f"/v/{appointment['visit']}/calendar"),
    ]
    assert len({each.text for each in files}) == 1
    found = event(files[0])
    assert found["DTSTART"].dt == datetime(2026, 11, 23, 10, 20, tzinfo=UTC)
    assert found["DTEND"].dt - found["DTSTART"].dt == timedelta(minutes=20)
    assert (found["SEQUENCE"], found["SUMMARY"], found["STATUS"]) == (0, "Video visit", "CONFIRMED")
    unfolded = files[0].text.replace("\r\n ", "")
    for secret in (
        token_of(appointment),
        typed(appointment)["code"],
        "ardiolog",
        AMARA.name.family,
        BO.name.given,
    ):
        assert secret not in unfolded


async def test_cancelling_raises_the_sequence_and_keeps_the_uid(hospital: Hospital) -> None:
    appointment, bo = await booked(hospital), await hospital.visitor()
    before = event(await bo.form("/v/calendar", {"token": token_of(appointment)}))
    await cancelled(hospital, appointment)
    after = event(await bo.form("/v/calendar", {"token": token_of(appointment)}))
    assert (after["UID"], after["SEQUENCE"], after["STATUS"]) == (before["UID"], 1, "CANCELLED")


async def test_wrong_dates_at_the_calendar_end_the_code_like_those_at_the_door(hospital: Hospital) -> None:
    appointment, stranger = await booked(hospital), await hospital.visitor()
    for day in range(1, 6):
        wrong = await stranger.form("/v/calendar", typed(appointment, day=str(day)))
        assert wrong.status == 404
    assert hospital.actions().count("link:refused") == 5
    assert (await stranger.form("/v/calendar", typed(appointment))).status == 404
    assert (await stranger.form("/v/code", typed(appointment))).status == 404


async def test_a_stranger_gets_no_calendar_file(hospital: Hospital) -> None:
    appointment, stranger = await booked(hospital), await hospital.visitor()
    for sent in ({"token": "x" * 43}, typed(appointment, code="AAAAAAAA"), typed(appointment, year="1962")):
        answer = await stranger.form("/v/calendar", sent)
        assert answer.status == 404
        assert "BEGIN:VCALENDAR" not in answer.text
    visit, _, _ = await waiting(hospital)
    other: Person = await opened(hospital, appointment)
    assert (await other.get(f"/v/{visit}/calendar")).status == 401
