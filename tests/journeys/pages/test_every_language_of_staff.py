"""The pages that staff work with all day, in every language that is offered to them.

What each step of them shows is inspected in English elsewhere (test_staff_pages.py); here it is their texts.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from telehealth.config import Config
from tests.journeys.conftest import known
from tests.journeys.inspecting import Inspection
from tests.journeys.people import Staff
from tests.services.server import Server
from web.language import direction
from web.translations import Catalogues

LOCALE = Path(__file__).parents[3] / "web" / "locale"
PAGES = {
    "specialist": ("clinic", "summary", "notes", "settings", "account", "messages", "sessions", "feedback"),
    "coordinator": ("book", "patients/new", "closures", "board", "availability"),
    "administrator": ("people", "hours", "sites", "organization", "texts", "feedback/counts"),
    "clinic_staff": ("line",),
    "privacy_officer": ("audit",),
}


pytestmark = [pytest.mark.journey]


@pytest.mark.parametrize("language", Catalogues(LOCALE, Config().spoken).staff_languages)
async def test_no_page_of_staff_breaks_in_any_language(
    language: str, browser: Browser, server: Server, manifest: dict[str, Any]
) -> None:
    inspection = Inspection()
    for role, paths in PAGES.items():
        person = await Staff.at_desk(browser, server, known(manifest, role))
        for path in paths:
            answer = await person.page.goto(f"/{path}?lang={language}")
            assert answer is not None
            assert answer.ok, path
            assert await person.page.evaluate("document.dir") == direction(language)
            assert await person.page.evaluate("document.documentElement.lang") == language
            await inspection.glance(person.page, f"staff-{path.replace('/', '-')}-{language}")
            for width, height in ((768, 1024), (1366, 768)):
                await person.page.set_viewport_size({"width": width, "height": height})
                await inspection.picture(person.page, f"staff-{path.replace('/', '-')}-{language}-{width}")
        await person.context.close()
    assert inspection.wrong == []
