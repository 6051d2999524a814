"""The inspection itself: it finds each fault of a page that has them all."""

import pytest
from playwright.async_api import Browser

from tests.journeys.inspecting import PATIENT, Inspection

pytestmark = [pytest.mark.journey]
FAULTY = """<!doctype html><html lang="en"><title></title><main>
<h1>One</h1><h1>Two</h1><p role="status"></p><p aria-live="polite"></p>
<img src="data:,"><p style="color: #999">Pale words</p>
<button style="height: 20px">Small</button>
<button class="control" style="height: 60px">Low</button>
<p style="width: 700px">Wide</p><p data-fill="x">Hello {name}</p>
<button style="outline: none">No ring</button>
<button tabindex="1">First by force</button>
<div style="position: relative"><button>Hidden away</button>
<div style="position: absolute; inset: 0; background: white"></div></div>
</main></html>"""
FOUND = (
    "image-alt",
    "color-contrast",
    "2 polite live regions",
    "2 first headings",
    "no title",
    "20 px instead of 56",
    "60 px instead of 68",
    "px wide",
    "unfilled: Hello {name}",
    "no ring on 'No ring'",
    "'Hidden away' is covered",
)


async def test_an_inspection_finds_every_fault(browser: Browser) -> None:
    page = await browser.new_page(viewport={"width": 360, "height": 740})
    await page.set_content(FAULTY)
    inspection = Inspection()
    await inspection.look(page, "faulty", least=PATIENT)
    await inspection.walk(page, "faulty")
    assert [each for each in FOUND if each not in " ".join(inspection.wrong)] == []
