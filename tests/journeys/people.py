"""People at their devices: what a specialist and a patient do in the pages, by the names they read."""

from dataclasses import dataclass, field
from typing import Any, Self

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.services.server import Server, fresh_code

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}
IN_CALL = 20_000
"""Milliseconds that a call may take to show a picture on two busy cores."""

DECODED = """async (label) => {
  const video = [...document.querySelectorAll('video')].find(v => v.getAttribute('aria-label')?.startsWith(label));
  const before = video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
  await new Promise(done => setTimeout(done, 1000));
  return (video?.getVideoPlaybackQuality().totalVideoFrames ?? 0) - before;
}"""

LAST_CODE: dict[str, str] = {}


@dataclass
class Person:
    """Somebody with a browser; `troubles` are what their page complained about."""

    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on(
            "console", lambda line: self.troubles.append(line.text) if line.type == "error" else None
        )

    async def sees(self, label: str) -> int:
        """Frames of the picture with this label that were shown within a second."""
        return int(await self.page.evaluate(DECODED, label))

    async def looks_at(self, name: str) -> None:
        """Wait until the picture named so moves."""
        await expect(self.page.get_by_label(name, exact=False).first).to_be_visible(timeout=IN_CALL)
        for _ in range(20):
            if await self.sees(name) > 0:
                return
        raise AssertionError(f"the picture {name!r} never moved")


@dataclass
class Specialist(Person):
    """A specialist at a desk."""

    known: dict[str, Any] = field(default_factory=dict)
    url: str = ""

    @classmethod
    async def sign_in(cls, browser: Browser, server: Server, manifest: dict[str, Any], at: int = 0) -> Self:
        known = [each for each in manifest["staff"] if each["role"] == "specialist"][at]
        context = await browser.new_context(viewport=DESK, permissions=["camera", "microphone"])  # type: ignore[arg-type]
        page = await context.new_page()
        person = cls(context, page, known=known, url=server.url)
        person.listen()
        await page.goto(server.url)
        await page.get_by_label("E-mail").fill(known["email"])
        await page.get_by_label("Password").fill(known["password"])
        await page.get_by_role("button", name="Sign in").click()
        secret = known["totp_secret"]
        LAST_CODE[secret] = await fresh_code(secret, LAST_CODE.get(secret, ""))
        await page.get_by_label("Code").fill(LAST_CODE[secret])
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url("**/clinic")
        return person

    def next_visit(self, manifest: dict[str, Any]) -> dict[str, Any]:
        """The first visit of this specialist that can still be joined."""
        return next(
            dict(each)
            for each in manifest["visits"]
            if each["specialist_id"] == self.known["id"] and each["joinable"]
        )

    async def admit(self, visit: dict[str, Any]) -> None:
        row = self.page.locator(f"tr[data-visit='{visit['id']}']")
        await row.get_by_role("button", name="Admit").click(timeout=IN_CALL)

    async def confirm(self) -> None:
        """Who and where: two identifiers, the present place, a number to call back."""
        await self.page.get_by_label("Full name").check()
        await self.page.get_by_label("Date of birth").check()
        await self.page.get_by_label("Where is the patient now?").fill("At home, Linden street 4")
        await self.page.get_by_label("Call-back number").fill("+493005550201")
        await self.page.get_by_role("button", name="Confirm and open the note").click()


@dataclass
class Patient(Person):
    """A patient with a phone."""

    visit: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def with_link(cls, browser: Browser, server: Server, visit: dict[str, Any]) -> Self:
        del server
        context = await browser.new_context(
            viewport=PHONE, permissions=["camera", "microphone"], is_mobile=True, has_touch=True  # type: ignore[arg-type]
        )
        page = await context.new_page()
        person = cls(context, page, visit=visit)
        person.listen()
        return person

    async def opens_link(self, language: str = "en") -> None:
        url = self.visit["join_url"].replace("lang=es", f"lang={language}").replace("lang=ar", f"lang={language}")
        await self.page.goto(url)

    async def goes_to_the_waiting_room(self) -> None:
        await self.opens_link()
        await self.page.get_by_role("button", name="Use microphone and camera").click()
        await self.page.get_by_role("button", name="Go to the waiting room").click(timeout=IN_CALL)
        await expect(self.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
