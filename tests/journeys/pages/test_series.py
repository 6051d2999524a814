"""A visit that comes back is booked, moved and cancelled by the coordinator, each one seen before."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from telehealth.domain.scheduling import Interval, clock_changes
from tests.journeys.inspecting import Inspection
from tests.journeys.people import Staff
from tests.services.chromium import lasting

pytestmark = [pytest.mark.journey]
WEEK = timedelta(days=7)


def wall(start: str, zone: str) -> str:
    return f"{datetime.fromisoformat(start).astimezone(ZoneInfo(zone)):%a %H:%M}"


async def first_start(carla: Staff, wanted: dict[str, str], zone: str) -> str:
    """A free time some weeks before clocks at the site are changed next."""
    now = datetime.now(UTC)
    change = next(clock_changes(Interval(now + 4 * WEEK, now + 50 * WEEK), ZoneInfo(zone)))
    day = (change - 3 * WEEK + timedelta(days=1)).astimezone(ZoneInfo(zone)).date()
    noon = datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)
    span = f"start={noon:%Y-%m-%dT%H:%M:%SZ}&end={noon + timedelta(hours=6):%Y-%m-%dT%H:%M:%SZ}"
    asked = f"service={wanted['service_id']}&practitioner={wanted['practitioner_id']}&{span}"
    found = await carla.asks("GET", f"/api/v1/slots?{asked}")
    return str(found["slots"][0]["start"])


@lasting
async def begun(coordinator: Staff, manifest: dict[str, Any]) -> AsyncIterator[tuple[dict[str, str], str]]:
    """What the first visit is, and the zone of its site; somebody else has the time of the third."""
    catalogue = await coordinator.asks("GET", "/api/v1/catalogue")
    amara = next(each for each in manifest["staff"] if each["role"] == "specialist")["id"]
    person = next(each for each in catalogue["practitioners"] if each["id"] == amara)
    zone = next(each["zone"] for each in catalogue["locations"] if each["id"] == person["location"])
    service = next(each["id"] for each in catalogue["services"] if amara in each["practitioners"])
    patient, other = (each["id"] for each in manifest["patients"][:2])
    wanted = {"patient_id": patient, "service_id": service, "practitioner_id": amara}
    start = await first_start(coordinator, wanted, zone)
    third = await coordinator.asks("POST", "/api/v1/series/preview", wanted | series(start))
    at = third["visits"][2]["start"]
    taken = await coordinator.asks(
        "POST", "/api/v1/appointments", wanted | {"patient_id": other, "start": at}
    )
    yield wanted | {"start": start}, zone
    await coordinator.frees(taken["visit"], taken["id"])


def series(start: str) -> dict[str, Any]:
    return {"start": start, "frequency": "weekly", "count": 6}


class Coordinator:
    """Carla before the pages of a series, and what stands of it."""

    def __init__(self, carla: Staff, zone: str) -> None:
        self.carla, self.page, self.zone = carla, carla.page, zone
        self.inspection = Inspection()
        self.series = ""

    async def books(self, wanted: dict[str, str]) -> None:
        """From the time that is checked to six of them, one of which is at another time."""
        ids = "&".join(f"{name.removesuffix('_id')}={value}" for name, value in wanted.items())
        await self.page.goto(f"/book?{ids}")
        await self.page.get_by_role("link", name="Repeat this visit").click()
        await self.inspection.look(self.page, "staff-series-ask")
        await self.carla.presses("Show the visits")
        await expect(self.page.get_by_text("1 visit cannot be at its time.")).to_be_visible()
        await self.inspection.look(self.page, "staff-series-seen")
        await self.carla.presses("Book these visits")
        await expect(self.page.get_by_role("heading", name="Series of visits")).to_be_visible()
        await self.inspection.look(self.page, "staff-series")
        self.series = self.page.url.partition("?")[0]

    async def stands(self) -> list[dict[str, Any]]:
        return list(
            (await self.carla.asks("GET", f"/api/v1/series/{self.series.rpartition('/')[2]}"))["visits"]
        )

    async def walls(self) -> list[str]:
        """Weekday and time of each visit at its site."""
        return [wall(each["start"], self.zone) for each in await self.stands()]

    async def moves_on(self, at: int) -> None:
        """Take the first free time of the day after one visit, for it and the following."""
        day = datetime.fromisoformat((await self.stands())[at]["start"]) + timedelta(days=1)
        await self.page.get_by_role("link", name="Move the visit").nth(at).click()
        await self.page.get_by_label("From").fill(f"{day:%Y-%m-%d}")
        await self.carla.presses("Show free times")
        await self.page.locator(".slots a").first.click()
        await self.inspection.look(self.page, "staff-series-reach")
        await self.page.get_by_label("This and the following visits").check()
        await self.carla.presses("Go on")
        await self.inspection.look(self.page, "staff-series-move")
        await self.carla.presses("Move these visits")
        await expect(self.page.get_by_text("The visits are moved.")).to_be_visible()

    async def cancels(self, at: int, reach: str) -> None:
        """Cancel one visit, as far as is said."""
        await self.page.goto(self.series)
        await self.page.get_by_role("link", name="Cancel the visit").nth(at).click()
        await self.page.get_by_label(reach).check()
        await self.carla.presses("Go on")


async def test_six_weekly_visits_over_the_clock_change_are_booked_moved_and_cancelled(
    coordinator: Staff, begun: tuple[dict[str, str], str]
) -> None:
    wanted, zone = begun
    carla, usual = Coordinator(coordinator, zone), wall(wanted["start"], zone)
    await carla.books(wanted)
    booked = await carla.stands()
    assert [each == usual for each in await carla.walls()] == [True, True, False, True, True, True]
    instants = [datetime.fromisoformat(each["start"]) for each in booked if not each["apart"]]
    assert {after - before for before, after in pairwise(instants)} - {WEEK, 2 * WEEK}  # clocks were changed
    await carla.moves_on(3)
    moved = await carla.walls()
    assert moved[:3] == [wall(each["start"], zone) for each in booked[:3]]
    assert len({*moved[3:]}) == 1
    assert usual not in moved[3:]
    await carla.cancels(4, "Only this visit")
    await coordinator.presses("Cancel this visit")
    assert [each["status"] == "cancelled" for each in await carla.stands()] == [False] * 4 + [True, False]
    await carla.cancels(0, "All visits of the series that are ahead")
    await expect(coordinator.page.get_by_role("heading", name="Cancel 5 visits?")).to_be_visible()
    await carla.inspection.look(coordinator.page, "staff-series-cancel")
    await coordinator.presses("Cancel these visits")
    await expect(coordinator.page.get_by_role("heading", name="Series of visits")).to_be_visible()
    assert {each["status"] for each in await carla.stands()} == {"cancelled"}
    assert carla.inspection.wrong == []
    assert coordinator.troubles == []
