"""The note under trouble, in Chromium: tab, session, line or a second window fail, and the text is there."""

import asyncio
import re
import time

import pytest
from playwright.async_api import Page, Route, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Write
from tests.journeys.people import IN_CALL, SAVED, SOON, Specialist

pytestmark = [pytest.mark.journey]
AN_HOUR = 3_600_000


async def history(doctor: Specialist, visit: Booked) -> str:
    """What the server has."""
    note = await doctor.asks("GET", f"/api/v1/visits/{visit.visit}/note")
    return str(note["content"]["history"])


async def opens(page: Page, visit: Booked) -> None:
    await page.goto(f"/clinic/{visit.visit}")
    await expect(page.locator("html")).to_have_attribute("data-at", "consult", timeout=IN_CALL)


async def fails(route: Route) -> None:
    """No save gets through."""
    await (route.abort() if route.request.method == "PUT" else route.continue_())


async def test_a_tab_that_dies_in_mid_word_loses_at_most_two_seconds(
    doctor: Specialist, writable: Write
) -> None:
    visit = await writable(0)
    await opens(doctor.page, visit)
    field = doctor.page.get_by_label("History", exact=True)
    typed: list[tuple[float, str]] = []
    text = ""
    end = time.monotonic() + 8
    while time.monotonic() < end:
        text += "abcdefghij"[len(text) % 10]
        await field.press(text[-1])
        typed.append((time.monotonic(), text))
        await asyncio.sleep(0.05)  # somebody who types without a pause
    died = time.monotonic()
    session = await doctor.context.new_cdp_session(doctor.page)
    async with doctor.page.expect_event("crash"):
        crash = asyncio.ensure_future(session.send("Page.crash"))
    crash.cancel()
    kept = await history(doctor, visit)
    assert text.startswith(kept)
    lost = [at for at, what in typed if len(what) > len(kept)]
    print(f"{len(text)} letters typed, {len(lost)} lost, {died - min(lost, default=died):.2f} s of typing")
    assert died - min(lost, default=died) <= 2


async def test_a_lock_in_mid_word_keeps_the_text_until_the_password_comes(
    doctor: Specialist, writable: Write
) -> None:
    visit = await writable(0)
    page = doctor.page
    await opens(page, visit)
    await page.route("**/note", fails)
    await doctor.writes(history="Typed as the screen was locked.")
    await doctor.reads("Not saved – trying again")
    other = await doctor.context.new_page()
    await other.goto("/account")
    await other.get_by_role("button", name="Lock").click()
    await expect(page.locator("#consult h1")).to_be_hidden()
    await page.unroute("**/note")
    await other.get_by_label("Password").fill(doctor.known["password"])
    await other.get_by_role("button", name="Unlock").click()
    await expect(page.locator("#consult h1")).to_be_visible()
    await expect(page.locator("#saved")).to_have_text(SAVED, timeout=IN_CALL)
    assert await history(doctor, visit) == "Typed as the screen was locked."


async def test_who_was_signed_out_elsewhere_signs_in_and_the_text_is_saved(
    doctor: Specialist, writable: Write
) -> None:
    visit = await writable(0)
    page = doctor.page
    await opens(page, visit)
    await page.route("**/note", fails)
    await doctor.writes(history="Typed as the session ended.")
    await doctor.reads("Not saved – trying again")
    doctor.watch.forgives("401|WebSocket")
    await doctor.context.request.delete("/api/v1/session", headers=doctor.headers)
    await page.unroute("**/note")
    await doctor.reads("Your text is kept in this window", timeout=IN_CALL)
    async with doctor.context.expect_page() as opened:
        await page.get_by_role("link", name="Unlock").click()
    await doctor.signs_in(await opened.value)
    await expect(page.locator("#saved")).to_have_text(SAVED, timeout=IN_CALL)
    doctor.csrf = ""
    assert await history(doctor, visit) == "Typed as the session ended."


async def test_an_hour_without_a_line_loses_nothing(doctor: Specialist, writable: Write) -> None:
    visit = await writable(0)
    page = doctor.page
    await page.clock.install()
    await opens(page, visit)
    doctor.watch.forgives("ERR_INTERNET_DISCONNECTED|WebSocket")
    await doctor.context.set_offline(offline=True)
    await doctor.writes(history="Before the hour.")
    await doctor.reads("Not saved – trying again")
    await page.clock.fast_forward(AN_HOUR)
    await doctor.writes(history="Before the hour. After it.")
    await doctor.context.set_offline(offline=False)
    await expect(page.locator("#saved")).to_have_text(SAVED, timeout=IN_CALL)
    assert await history(doctor, visit) == "Before the hour. After it."


@pytest.mark.parametrize("choice", ["Keep my text", "Take the other text"])
async def test_two_windows_that_part_show_both_texts_and_overwrite_nothing(
    doctor: Specialist, writable: Write, choice: str
) -> None:
    visit = await writable(0)
    page, other = doctor.page, await doctor.context.new_page()
    for each in (page, other):
        await opens(each, visit)
    await other.get_by_label("History", exact=True).fill("The other window's.")
    await expect(other.locator("#saved")).to_have_text(SAVED, timeout=SOON)
    doctor.watch.forgives("409")
    await doctor.writes(history="This window's.")
    await doctor.reads("This note was changed in another window.")
    await expect(page.locator('[data-their="history"]')).to_have_text("The other window's.")
    await expect(page.get_by_label("History", exact=True)).to_have_value("This window's.")
    assert await history(doctor, visit) == "The other window's."
    await doctor.presses(choice)
    await doctor.sees_saved()
    expected = "This window's." if choice == "Keep my text" else "The other window's."
    assert await history(doctor, visit) == expected


async def test_unsaved_text_stays_with_its_patient_while_another_one_is_looked_at(
    doctor: Specialist, writable: Write
) -> None:
    visits = [await writable(at) for at in (0, 1)]
    page = doctor.page
    field = page.get_by_label("History", exact=True)
    await opens(page, visits[0])
    await page.route(f"**/visits/{visits[0].visit}/note", fails)
    await doctor.writes(history="Of the first alone.")
    await doctor.reads("Not saved – trying again")
    await doctor.turns_to(visits[1].visit)
    await expect(field).to_have_value("")
    await doctor.turns_to(visits[0].visit)
    await expect(field).to_have_value("Of the first alone.")
    await doctor.turns_to(visits[1].visit)
    await page.unroute(f"**/visits/{visits[0].visit}/note")
    await expect(field).to_have_value("")
    async with asyncio.timeout(20):
        while await history(doctor, visits[0]) != "Of the first alone.":  # noqa: ASYNC110 (no page says it)
            await asyncio.sleep(0.2)
    assert await history(doctor, visits[1]) == ""
    assert re.search("first alone", await page.content()) is None
