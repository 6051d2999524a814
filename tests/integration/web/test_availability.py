"""/availability: who books sees how many hours of each week are free, never whose the others are."""

import re
from dataclasses import replace
from datetime import date, timedelta

from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.scheduling import MIDNIGHT
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, HOSPITAL, NOOR, RURAL, VILLAGE, WARD
from tests.integration.web.hospital import ADA, COORDINATOR, PIA, STRANGER, Answer, Hospital
from tests.integration.web.journeys import booked

PAGE = "/availability"


def weeks(page: Answer) -> list[list[str]]:
    """What stands in the weeks of each specialist."""
    assert page.status == 200, page.text
    rows = page.text.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")[:-1]
    return [re.findall(r'<td class="[a-z]+">([^<]+)</td>', row) for row in rows]


async def test_a_coordinator_sees_53_weeks_of_everybody_from_this_monday_on(hospital: Hospital) -> None:
    page = await (await hospital.staff(COORDINATOR)).get(PAGE)
    (hers,) = weeks(page)
    # Monday, 10:01 in Berlin: what is over of this week is not free, and no week has more than seventy hours.
    assert hers == ["67", *["70"] * 52]
    mondays = re.findall(
        r'<time datetime="([^"]+)">', page.text.partition("<thead>")[2].partition("</thead>")[0]
    )
    assert mondays == [str(date(2026, 11, 23) + timedelta(weeks=number)) for number in range(53)]
    assert AMARA.name.family in page.text
    assert STRANGER.name.family not in page.text


async def test_a_booking_and_its_cancelling_are_seen_at_once(hospital: Hospital) -> None:
    carla, week = await hospital.staff(COORDINATOR), {"day": "2026-11-24"}
    appointment = await booked(hospital, 24, by=AMARA)
    page = await carla.get(PAGE, params=week)
    assert weeks(page)[0][0] == "67"
    before = hospital.clock.at
    for hours in (25, 26, 27):
        await booked(hospital, hours, by=AMARA)
    # Four visits of 20 minutes with a pause of 5 are an hour and forty minutes.
    assert weeks(await carla.get(PAGE, params=week))[0][0] == "66"
    assert hospital.clock.at - before < timedelta(minutes=5)
    assert BO.name.family not in page.text
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/appointments/{appointment['id']}/cancel")).status == 200
    assert weeks(await carla.get(PAGE, params=week))[0][0] == "66"


async def test_a_week_without_hours_has_a_dash_and_a_full_one_a_zero(hospital: Hospital) -> None:
    away = (date(2026, 12, 7), MIDNIGHT, date(2026, 12, 13), MIDNIGHT)
    async with hospital.units.writing() as uow:
        await uow.schedules.add_exception(
            HoursException("x-1", HOSPITAL.id, AMARA.id, WARD.id, "", ExceptionKind.AWAY, *away)
        )
    carla = await hospital.staff(COORDINATOR)
    assert weeks(await carla.get(PAGE, params={"day": "2026-12-01"}))[0][:3] == ["70", "–", "70"]


async def test_weeks_are_narrowed_by_language_and_site_and_begin_where_asked(hospital: Hospital) -> None:
    async with hospital.units.writing() as uow:
        await uow.directory.add_location(replace(WARD, id="loc-north", name="North"))
        await uow.directory.save_practitioner(replace(AMARA, languages=("sv",)))
    carla = await hospital.staff(COORDINATOR)
    for params, known in (
        ({"language": "sv"}, True),
        ({"language": "am"}, False),
        ({"site": WARD.id}, True),
        ({"site": "loc-north"}, False),
        ({"day": "2024-03-05"}, False),
    ):
        page = await carla.get(PAGE, params=params)
        assert ("Nobody offers this in these weeks." in page.text) is not known, params


async def test_a_name_leads_to_booking_where_the_choice_is_kept_until_the_patient_is_found(
    hospital: Hospital,
) -> None:
    carla = await hospital.staff(COORDINATOR)
    page = await carla.get(PAGE, params={"day": "2026-12-09"})
    (path,) = re.findall(r'href="(/book\?service=[^"]+)"', page.text)
    chosen = f"service={CARDIOLOGY.id}&amp;practitioner={AMARA.id}&amp;day=2026-12-07"
    assert path == f"/book?{chosen}"
    asked = await carla.get(path.replace("&amp;", "&"))
    assert f'action="/book/search?{chosen}"' in asked.text
    sought = {"family": BO.name.family, "birth_date": str(BO.birth_date)}
    found = await carla.form(f"/book/search?{chosen}".replace("&amp;", "&"), sought)
    assert f'href="/book?patient={BO.id}&amp;{chosen}"' in found.text
    times = await carla.get(f"/book?patient={BO.id}&{chosen}".replace("&amp;", "&"))
    assert "2026-12-07" in times.text


async def test_whoever_books_may_look_and_the_others_are_refused(hospital: Hospital) -> None:
    for who in (NOOR, AMARA, STRANGER):
        assert (await (await hospital.staff(who)).get(PAGE)).status == 200
    for who in (ADA, PIA):
        assert (await (await hospital.staff(who)).get(PAGE)).status == 403


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    answer = await (await hospital.visitor()).get(PAGE)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/sign-in")


async def test_what_does_not_exist_is_not_found_and_an_own_service_comes_first(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    assert [(await noor.get(PAGE, params={each: "nothing"})).status for each in ("service", "site")] == [
        404,
        404,
    ]
    async with hospital.units.writing() as uow:
        own = replace(CARDIOLOGY, id="svc-wounds", organization_id=RURAL.id, name="Wounds")
        await uow.directory.add_service(own)
    page = await noor.get(PAGE)
    assert '<option value="svc-wounds" selected>' in page.text
    assert f'<option value="{VILLAGE.id}">' in page.text
    assert "Nobody offers this in these weeks." in page.text
    assert weeks(await noor.get(PAGE, params={"service": CARDIOLOGY.id}))[0][1] == "70"


async def test_where_nothing_can_be_booked_the_page_says_so(hospital: Hospital) -> None:
    hospital.units.tables.services.clear()
    page = await (await hospital.staff(NOOR)).get(PAGE)
    assert "There is no service to book yet" in page.text
