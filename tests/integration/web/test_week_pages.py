"""/hours: the week of a specialist, what differs from it, and weekly hours changed with visits in view."""

import re
from dataclasses import replace

import pytest

from tests.integration.storage.cast import AMARA, CARDIOLOGY, NOOR, RURAL, WARD
from tests.integration.web.hospital import ADA, COORDINATOR, PIA, STRANGER, Answer, Hospital
from tests.integration.web.journeys import booked

HERS = f"/hours/{AMARA.id}"
TUESDAY = f"{HERS}/weekly/hours-2"
FORM = {"weekday": "2", "start": "08:00", "end": "18:00", "service": CARDIOLOGY.id, "site": WARD.id}
SEEN = {"version": "0", "seen": "0"}
AWAY = {"kind": "away", "first": "2026-11-24", "site": WARD.id, "week": "2026-11-23"}


def card(page: Answer, day: str) -> str:
    """What the page says of one day, in words."""
    (found,) = re.findall(
        rf'<section class="card stack" aria-labelledby="day-{day}">(.*?)</section>', page.text, re.DOTALL
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found))


async def test_the_own_week_stands_with_what_can_be_booked(hospital: Hospital) -> None:
    page = await (await hospital.staff(AMARA)).get("/hours")
    assert page.status == 200
    assert page.text.count('<section class="card stack" aria-labelledby="day-') == 7
    assert "Can be booked: 08:00–18:00" in card(page, "2026-11-24")
    assert "data-week" not in page.text
    assert "Specialist</label>" not in page.text


@pytest.mark.parametrize(
    "week, day, said, count",
    [
        ("2027-03-22", "2027-03-28", "Clocks are put forward: the day has 23 hours.", 92),
        ("2027-10-31", "2027-10-31", "Clocks are put back: the day has 25 hours.", 100),
    ],
)
async def test_a_day_on_which_clocks_change_has_its_true_hours(
    hospital: Hospital, week: str, day: str, said: str, count: int
) -> None:
    page = await (await hospital.staff(ADA)).get("/hours", params={"person": AMARA.id, "week": week})
    assert said in card(page, day)
    assert page.text.count("Clocks are put") == 1
    columns = re.findall(r'data-quarters="([^"]+)"', page.text)
    assert [len(each.split()) for each in columns] == [96] * 6 + [count]


async def test_another_site_is_told_in_its_own_time(hospital: Hospital) -> None:
    async with hospital.units.writing() as uow:
        await uow.directory.add_location(
            replace(WARD, id="loc-azores", name="Azores", zone="Atlantic/Azores")
        )
        for rule in await uow.directory.hours(practitioner_id=AMARA.id):
            if rule.weekday == 2:
                await uow.directory.save_hours(replace(rule, location_id="loc-azores", version=1))
    page = await (await hospital.staff(AMARA)).get("/hours")
    assert "08:00–18:00 Heart consultation, Azores (Azores)" in card(page, "2026-11-24")
    assert "Can be booked: 08:00–18:00 (Azores)" in card(page, "2026-11-24")


async def test_an_absence_is_kept_on_the_page_and_taken_back(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    kept = await amara.form(f"{HERS}/exceptions", AWAY | {"start": "12:00"})
    assert (
        kept.headers["Location"]
        == f"/hours?person={AMARA.id}&week=2026-11-24&done=kept&booked=0&away=2026-11-24"
    )
    page = await amara.get("/hours")
    assert "Can be booked: 08:00–12:00" in card(page, "2026-11-24")
    (path,) = re.findall(rf'action="({HERS}/exceptions/[^"]+/remove)"', page.text)
    gone = {"version": "0", "week": "2026-11-23"}
    assert (await amara.form(path, gone | {"version": "1"})).status == 412
    assert (await amara.form(path, gone)).status == 303
    assert "Can be booked: 08:00–18:00" in card(await amara.get("/hours"), "2026-11-24")


async def test_an_absence_of_a_year_is_seen_in_the_grid_and_asks_before_it_is_forgotten(
    hospital: Hospital,
) -> None:
    ada = await hospital.staff(ADA)
    await ada.form(f"{HERS}/exceptions", AWAY | {"last": "2027-11-20"})
    page = await ada.get("/hours", params={"person": AMARA.id, "week": "2026-11-23"})
    columns = page.text.split('<div class="week-day"')[1:]
    assert ['<span class="tag bad">Away</span>' in each for each in columns[:2]] == [False, True]
    assert ['<ul class="week-hours shut"' in each for each in columns[:2]] == [False, True]
    said = card(page, "2026-11-24")
    assert "24 Nov 2026 – 20 Nov 2027" in said
    assert "It holds for several days: 24 Nov 2026 – 20 Nov 2027. All of them are removed." in said
    day = page.text.partition('aria-labelledby="day-2026-11-24"')[2].partition("</section>")[0]
    closed = day.partition("<details")[2].partition("</details>")[0]
    assert "Yes, remove all these days" in closed
    assert day.count("/remove") == closed.count("/remove") == 1


async def test_visits_outside_of_the_hours_are_a_press_away_for_who_may_move_them(hospital: Hospital) -> None:
    await booked(hospital, 24)
    carla = await hospital.staff(COORDINATOR)
    kept = await carla.form(f"{HERS}/exceptions", AWAY | {"last": "2027-11-20"})
    shown = (await carla.get(kept.headers["Location"])).text
    assert "Visits booked outside of the hours: 1." in shown
    link = f"/absence?practitioner={AMARA.id}&amp;first=2026-11-24&amp;last=2026-12-07"
    assert f'href="{link}">See these visits' in shown
    assert "1 visit to arrange" in (await carla.get(link.replace("&amp;", "&"))).text
    ada = await hospital.staff(ADA)
    told = (await ada.get(kept.headers["Location"])).text
    assert "See these visits" not in told
    assert "A coordinator can, under “Specialist away”." in told


async def test_mistakes_come_back_beside_the_form_of_the_same_week(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    refused = await amara.form(f"{HERS}/exceptions", AWAY | {"last": "2026-11-20", "week": "2027-03-22"})
    assert refused.status == 422
    assert 'id="end-error"' in refused.text
    assert 'id="day-2027-03-28"' in refused.text
    for week in ("", "yesterday"):
        assert (await amara.form(f"{HERS}/exceptions", AWAY | {"week": week})).status == 422


async def test_hours_are_added_from_a_place_in_the_week(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    drawn = f"/hours/{STRANGER.id}/weekly?weekday=3&start=09:00&end=12:00"
    form = await ada.get(drawn)
    assert 'name="start" type="time" value="09:00"' in form.text
    assert '<option value="3" selected>' in form.text
    new = FORM | {"weekday": "3", "start": "09:00", "end": "12:00", "breaks": "10:00 – 10:30, 11:00-11:10"}
    wrong = await ada.form(f"/hours/{STRANGER.id}/weekly", new | {"breaks": "at noon"})
    assert (wrong.status, 'value="at noon"' in wrong.text) == (422, True)
    assert (await ada.form(f"/hours/{STRANGER.id}/weekly", new)).status == 303
    page = await ada.get("/hours", params={"person": STRANGER.id})
    assert "Can be booked: 09:00–10:00, 10:30–11:00, 11:10–12:00" in card(page, "2026-11-25")


async def test_visits_that_would_lie_outside_are_seen_before_hours_change(hospital: Hospital) -> None:
    ada, _ = await hospital.staff(ADA), await booked(hospital, 24)
    seen = await ada.form(TUESDAY, FORM | SEEN | {"start": "12:00"})
    assert (seen.status, "1 booked visit would lie outside of the hours" in seen.text) == (200, True)
    assert "Tuesday 24 November, 10:05" in seen.text
    assert "hours:change" not in hospital.actions()
    kept = await ada.form(TUESDAY, FORM | SEEN | {"start": "12:00", "seen": "1", "week": "2026-11-23"})
    assert kept.headers["Location"].endswith("week=2026-11-23&done=kept&booked=1")
    assert "Can be booked: 12:00–18:00" in card(
        await ada.get("/hours", params={"person": AMARA.id}), "2026-11-24"
    )


async def test_visits_in_hours_are_seen_before_these_are_removed(hospital: Hospital) -> None:
    ada, _ = await hospital.staff(ADA), await booked(hospital, 24)
    assert "1 booked visit would lie outside" in (await ada.form(f"{TUESDAY}/remove", SEEN)).text
    assert (await ada.form(f"{TUESDAY}/remove", SEEN | {"seen": "1"})).status == 303
    page = await ada.get("/hours", params={"person": AMARA.id})
    assert "Nothing can be booked on this day." in card(page, "2026-11-24")


async def test_hours_for_any_service_are_not_narrowed_unseen(hospital: Hospital) -> None:
    async with hospital.units.writing() as uow:
        rule = next(each for each in await uow.directory.hours() if each.id == "hours-2")
        await uow.directory.save_hours(replace(rule, service_id="", version=1))
    ada = await hospital.staff(ADA)
    assert '<option value="" selected>Any service</option>' in (await ada.get(TUESDAY)).text
    refused = await ada.form(TUESDAY, FORM | SEEN | {"service": "", "version": "1"})
    assert (refused.status, 'id="service-error"' in refused.text) == (422, True)


async def test_a_change_that_loses_nothing_is_kept_at_once(hospital: Hospital) -> None:
    ada, _ = await hospital.staff(ADA), await booked(hospital, 24)
    assert (await ada.form(TUESDAY, FORM | SEEN | {"end": "16:00"})).status == 303


async def test_whoever_comes_second_sees_both(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    assert (await ada.form(TUESDAY, FORM | SEEN | {"end": "16:00"})).status == 303
    second = await ada.form(TUESDAY, FORM | SEEN | {"end": "17:00"})
    assert second.status == 412
    assert "08:00–16:00" in second.text
    assert 'name="end" type="time" value="17:00"' in second.text
    assert (await ada.form(TUESDAY, FORM | SEEN | {"end": "17:00", "version": "1"})).status == 303


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    for who in (PIA, NOOR):
        person = await hospital.staff(who)
        assert (await person.get("/hours")).status == 403
        assert (await person.form(f"{HERS}/exceptions", AWAY)).status == 403
    cyd, kai, ada = [await hospital.staff(each) for each in (STRANGER, COORDINATOR, ADA)]
    assert (await cyd.get("/hours", params={"person": AMARA.id})).status == 404
    assert (await cyd.form(f"{HERS}/exceptions", AWAY)).status == 404
    assert (await kai.get("/hours", params={"person": AMARA.id})).status == 200
    for person in (cyd, kai):
        assert (await person.get(TUESDAY)).status == 403
        assert (await person.get(f"{HERS}/weekly")).status == 403
        for path in (TUESDAY, f"{TUESDAY}/remove", f"{HERS}/weekly"):
            assert (await person.form(path, FORM | SEEN)).status == 403
    assert (await ada.get(f"{HERS}/weekly/nowhere")).status == 404
    async with hospital.units.writing() as uow:
        await uow.directory.save_practitioner(replace(AMARA, organization_id=RURAL.id))
    for path in (TUESDAY, f"{TUESDAY}/remove", f"{HERS}/weekly"):
        assert (await ada.form(path, FORM | SEEN)).status == 404
    assert (await ada.get(TUESDAY)).status == 404
    assert (await ada.get("/hours", params={"person": AMARA.id})).status == 404
