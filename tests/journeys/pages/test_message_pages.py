"""The pages about messages in a real browser: what became of them, sending again, words of one's own."""

from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.conftest import known
from tests.journeys.inspecting import Inspection
from tests.journeys.people import Staff
from tests.services.server import Server

pytestmark = pytest.mark.journey


async def test_the_link_is_sent_again_from_a_visits_messages(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> None:
    amara = await Staff.at_desk(browser, server, known(manifest, "specialist"))
    stack.push_async_callback(amara.context.close)
    inspection = Inspection()
    visit = next(each for each in manifest["visits"] if each["specialist_id"] == amara.known["id"])
    await amara.page.goto("/messages")
    await inspection.look(amara.page, "staff-messages")
    await amara.page.goto(f"/messages/{visit['id']}")
    await amara.presses("Send the link again")
    await expect(amara.page.get_by_text("The link is on its way to the patient.")).to_be_visible()
    await expect(amara.page.get_by_role("row", name="Invitation E-mail")).to_be_visible()
    await inspection.look(amara.page, "staff-visit-messages")
    assert inspection.wrong == []
    assert amara.troubles == []


async def test_an_administrator_words_a_message(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> None:
    ada = await Staff.at_desk(browser, server, known(manifest, "administrator"))
    stack.push_async_callback(ada.context.close)
    inspection, page = Inspection(), ada.page
    await page.goto("/texts")
    await inspection.look(page, "staff-texts")
    await page.get_by_role("link", name="English", exact=True).click()
    await page.get_by_role("link", name="Invitation", exact=True).click()
    await page.get_by_label("SMS").fill("{clinic} says: {nothing} {link}")
    await ada.presses("Preview")
    await expect(page.get_by_text("{nothing} is not known here.").first).to_be_visible()
    await inspection.look(page, "staff-text-refused")
    await page.get_by_label("SMS").fill("{clinic} says: come {when} {link}")
    await ada.presses("Preview")
    await expect(page.get_by_text("says: come on")).to_be_visible()
    await inspection.look(page, "staff-text")
    await ada.presses("Save these words")
    await expect(page.get_by_text("Saved. The next messages use these words.")).to_be_visible()
    assert inspection.wrong == []
