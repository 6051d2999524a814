"""Visits and saves at random, seeded: what is typed for a patient stands with them and nowhere else."""

import asyncio
import random
import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Write
from tests.journeys.people import IN_CALL, SOON, Specialist

pytestmark = [pytest.mark.journey]
STEPS = 40
LOST = 0.2
TAGS = ("amy", "ben", "cai")
FIELDS = ("History", "Findings", "Plan")


class Window:
    """One window on the clinic: which visit it shows, and what a person does in it."""

    def __init__(self, page: Page, visits: dict[str, Booked]) -> None:
        self.page, self.visits, self.tag = page, visits, ""

    def field(self, name: str) -> Locator:
        return self.page.get_by_label(name, exact=True)

    async def turns_to(self, tag: str) -> None:
        visit = self.visits[tag].visit
        if not self.tag:
            await self.page.goto(f"/clinic/{visit}")
        elif tag != self.tag:
            await self.page.locator("#consult [data-do=clinic]").click()
            row = self.page.locator(f"tr[data-visit='{visit}']")
            await row.get_by_role("link", name="Open").click()
        shown = self.page.locator(f"#consult[data-visit='{visit}']")
        await expect(shown).to_be_visible(timeout=IN_CALL)
        self.tag = tag

    async def is_right(self, typed: dict[tuple[str, str], str]) -> None:
        """All of the visit's own text stands here, and no word of another one anywhere on the page."""
        for name in FIELDS:
            await expect(self.field(name)).to_have_value(typed.get((self.tag, name), ""), timeout=SOON)
        values = [await self.field(name).input_value() for name in FIELDS]
        others = "|".join(f"{tag}\\d+" for tag in TAGS if tag != self.tag)
        assert not re.search(others, " ".join([await self.page.content(), *values]))


class Line:
    """Saves fail while the line is broken, and one in five gets there and its answer is lost."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.broken = chance, False

    async def carries(self, route: Route) -> None:
        if route.request.method != "PUT":
            return await route.continue_()
        if self.broken:
            return await route.abort()
        if self.chance.random() < LOST:
            await route.fetch()
            return await route.abort()
        return await route.continue_()


async def does_anything(window: Window, line: Line, typed: dict[tuple[str, str], str], words: str) -> None:
    """Turn to a visit, type into a field, break or mend the line, or wait a little."""
    [what] = line.chance.choices(["turn", "type", "line", "wait"], [35, 45, 10, 10])
    if what == "turn":
        await window.turns_to(line.chance.choice(TAGS))
    elif what == "type":
        name = line.chance.choice(FIELDS)
        text = f"{typed.get((window.tag, name), '')} {window.tag}{words}"
        await window.field(name).fill(text)
        typed[window.tag, name] = text
    elif what == "line":
        line.broken = not line.broken
    else:
        await window.page.wait_for_timeout(line.chance.random() * 2500)


@pytest.mark.parametrize("seed", [3, 14])
async def test_whatever_is_switched_and_lost_no_text_appears_under_another_patient(
    doctor: Specialist, writable: Write, seed: int
) -> None:
    line, typed = Line(random.Random(seed)), dict[tuple[str, str], str]()
    visits = {tag: await writable(at) for at, tag in enumerate(TAGS)}
    window = Window(doctor.page, visits)
    await doctor.page.route("**/note", line.carries)
    await window.turns_to(TAGS[0])
    for step in range(STEPS):
        await does_anything(window, line, typed, str(step))
        await window.is_right(typed)
    line.broken = False
    for tag in TAGS:
        await window.turns_to(tag)
        await window.is_right(typed)
        await expect(doctor.page.locator("#conflict")).to_be_hidden()
    async with asyncio.timeout(30):
        while await stored(doctor, visits) != typed:  # noqa: ASYNC110 (no page says it)
            await asyncio.sleep(0.5)


async def test_who_goes_back_to_the_list_while_a_visit_loads_stays_there(
    doctor: Specialist, writable: Write
) -> None:
    visit, pressed = (await writable(0)).visit, asyncio.Event()

    async def slowly(route: Route) -> None:
        await pressed.wait()
        await route.continue_()

    await doctor.page.route(f"**/api/v1/visits/{visit}", slowly)
    await doctor.page.goto(f"/clinic/{visit}")
    await doctor.page.locator("#consult [data-do=clinic]").click()
    pressed.set()
    await expect(doctor.page.locator("html[data-busy]")).to_have_count(0)
    await expect(doctor.page).to_have_url(re.compile("/clinic$"))
    await doctor.row(visit).get_by_role("link", name="Open").click()
    await expect(doctor.page).to_have_url(re.compile(f"/clinic/{visit}$"))
    await expect(doctor.page.locator(f"#consult[data-visit='{visit}']")).to_be_visible()


async def stored(doctor: Specialist, visits: dict[str, Booked]) -> dict[tuple[str, str], str]:
    """What the server has of every visit's fields that are not empty."""
    found: dict[tuple[str, str], str] = {}
    for tag, visit in visits.items():
        note = await doctor.asks("GET", f"/api/v1/visits/{visit.visit}/note")
        found |= {(tag, name): note["content"][name.lower()] for name in FIELDS}
    return {place: words for place, words in found.items() if words}
