"""Whoever is admitted out of turn was not prepared; seat and offer come with the news all the same."""

from playwright.async_api import Page, WebSocket, expect

from tests.journeys.booking import Booked
from tests.journeys.people import Patient, Specialist
from tests.journeys.test_prepared_call import is_ready


def frames(page: Page) -> list[str]:
    """What passes over the page's socket from now on, in order: `<` what came, `>` what left."""
    passed: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: passed.append(f"<{frame}"))
        socket.on("framesent", lambda frame: passed.append(f">{frame}"))

    page.on("websocket", listen)
    return passed


async def test_who_is_not_next_has_seat_and_offer_with_the_news_and_nobody_else_has(
    two: list[tuple[Booked, Patient]], specialist: Specialist
) -> None:
    (_, bo), (second, maria) = two
    doctors, bos, marias = [frames(each.page) for each in (specialist, bo, maria)]
    await specialist.opens_clinic()
    await bo.waits()
    await is_ready(specialist.page, bo.page)
    await maria.waits()
    await specialist.row(second.visit).get_by_role("button", name="Admit").click()
    await specialist.looks_at("Picture of ")
    await maria.looks_at(f"Picture of {specialist.known['name']}")
    await expect(bo.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()

    asked = [each for each in doctors if each.startswith(">42") and second.visit in each]
    assert sum('"offer"' in each for each in asked if '"enter"' in each) == 1
    seated = next(at for at, each in enumerate(marias) if '"seat"' in each)
    assert '"in-progress"' in marias[seated]
    first = next(each for each in marias[seated:] if '"signal"' in each)
    assert first.startswith("<42")
    assert '"offer"' in first
    mine = [each for each in marias[:seated] if each.startswith(">42")]
    assert not any('"enter"' in each for each in mine)
    assert not any('"seat"' in each for each in bos)
    assert await maria.page.evaluate("() => window.__peers.length") == 1
    assert specialist.troubles == maria.troubles == []
