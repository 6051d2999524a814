"""The pages that staff work with all day, in every language that is offered to them.

What each step of them shows is inspected in English elsewhere (test_staff_pages.py); here it is their texts.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from telehealth.config import Config
from tests.journeys.booking import Booked
from tests.journeys.conftest import known
from tests.journeys.every_page import ANYBODY, STAFF
from tests.journeys.inspecting import FIRST, Inspection, picture
from tests.journeys.people import DESK, Staff, own_window
from tests.services.chromium import lasting
from tests.services.server import Server
from web.language import direction
from web.translations import Catalogues

LOCALE = Path(__file__).parents[3] / "web" / "locale"
WIDE = ((768, 1024), (1366, 768))

pytestmark = [pytest.mark.journey]


@lasting
async def places(
    browser: Browser, server: Server, manifest: dict[str, Any], coordinator: Staff, booked: Booked
) -> dict[str, str]:
    """What stands in the addresses: a visit, whose it is, and one of everything else that has a page."""
    person, ada = known(manifest, "specialist")["id"], known(manifest, "administrator")
    office = await Staff.at_desk(browser, server, ada)
    [hours, *_] = (await office.asks("GET", f"/api/v1/staff/{person}/hours"))["hours"]
    room = await a_room(office)
    await office.context.close()
    waits = await walks_in(coordinator.page, booked.patient)
    whose = {"visit": booked.visit, "patient": booked.patient, "person": person, "walk_in": waits}
    times = {"hours": hours["id"], "site": hours["site"], "service": hours["service"]}
    return whose | times | {"resource": room, "kind": "visit-invitation", "language": "en"}


async def a_room(office: Staff) -> str:
    """Return an interpreter's id, added once: that page asks for the most."""
    found = (await office.asks("GET", "/api/v1/resources"))["resources"]
    if not found:
        [site, *_] = (await office.asks("GET", "/api/v1/sites"))["sites"]
        said = {"name": "Lina Benz", "languages": ["es", "ar"], "after_minutes": 10}
        body = said | {"kind": "interpreter", "site": site["id"]}
        found = [await office.asks("POST", "/api/v1/resources", body)]
    return str(found[0]["id"])


async def walks_in(page: Page, patient: str) -> str:
    """Somebody is there without an appointment, added once; return who they are in the queue."""
    onward = page.locator("a[href$='/send']")
    await page.goto("/queue")
    if await onward.count() == 0:
        await page.goto(f"/queue/add?patient={patient}")
        await page.get_by_label("Reason for coming").fill("Chest pain since this morning")
        await page.get_by_role("button", name="Add to the queue").click()
    await expect(onward).to_have_count(1)
    return str(await onward.get_attribute("href")).split("/")[-2]


@pytest.mark.parametrize("language", Catalogues(LOCALE, Config().spoken).staff_languages)
async def test_no_page_of_staff_breaks_in_any_language(
    language: str, browser: Browser, server: Server, manifest: dict[str, Any], places: dict[str, str]
) -> None:
    inspection = Inspection()
    for role, paths in STAFF.items():
        person = await Staff.at_desk(browser, server, known(manifest, role))
        await looks(person.page, paths, language, places, inspection)
        await person.context.close()
    context, page, _ = await own_window(browser, server, viewport=DESK)
    await looks(page, ANYBODY, language, places, inspection)
    await context.close()
    assert inspection.wrong == []


async def looks(
    page: Page, paths: tuple[str, ...], language: str, places: dict[str, str], inspection: Inspection
) -> None:
    """Go from page to page in one language."""
    for path in paths:
        name = f"staff{re.sub('[{}]', '', path).replace('/', '-')}-{language}"
        whom = (
            f"&patient={places['patient']}" if path in {"/queue/add", "/waitlist/add", "/choices/add"} else ""
        )
        answer = await page.goto(f"{path.format_map(places)}?lang={language}{whom}")
        assert answer is not None
        assert answer.ok, path
        assert await page.evaluate("document.dir") == direction(language)
        assert await page.evaluate("document.documentElement.lang") == language
        await inspection.glance(page, name, first=language in FIRST)
        for width, height in WIDE if language in FIRST else ():
            await page.set_viewport_size({"width": width, "height": height})
            await picture(page, f"{name}-{width}")
