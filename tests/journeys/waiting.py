"""A patient who waits without a window of their own: by the JSON API, where others are watched."""

from playwright.async_api import Browser

from tests.journeys.booking import Booked
from tests.journeys.elsewhere import AGAIN, from_elsewhere
from tests.services.server import Server


async def waits_by_api(browser: Browser, server: Server, visit: Booked) -> None:
    """Open the link, agree, and enter the waiting room."""
    context = await browser.new_context(base_url=server.url, extra_http_headers=from_elsewhere())
    headers = {"Origin": server.url}
    link = {"token": visit.link.partition("#")[2], "consent": True}
    answer = await context.request.post(
        "/api/v1/visit-links/open", data=link, headers=headers, max_retries=AGAIN
    )
    assert answer.ok, await answer.text()
    headers["X-CSRF-Token"] = (await answer.json())["csrf"]
    answer = await context.request.post(f"/api/v1/my/{visit.visit}/wait", headers=headers, max_retries=AGAIN)
    assert answer.ok, await answer.text()
    await context.close()
