"""People at their devices: what a specialist and a patient do in the pages, by the names they read."""

import re
from dataclasses import dataclass, field
from typing import Any, Self

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.journeys.elsewhere import AGAIN, from_elsewhere
from tests.journeys.sessions import Session, begun, renewed, rested
from tests.journeys.watching import WRAPPED, Watch, moving
from tests.services.server import Server, fresh_code

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}
MEDIA = ["camera", "microphone"]
IN_CALL = 20_000
"""Milliseconds that a call may take to show a picture on two busy cores."""
SOON = 10_000
LIVE = 3000
"""Milliseconds within which the clinic's page shows what a patient does."""
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")

LAST_CODE: dict[str, str] = {}


@dataclass
class Person:
    """Somebody with a browser, and what their page was seen doing."""

    context: BrowserContext
    page: Page
    watch: Watch

    @property
    def troubles(self) -> list[str]:
        """What the page complained about."""
        return self.watch.complaints

    async def looks_at(self, name: str) -> int:
        """Wait until the picture named so moves; return the frames that it has shown."""
        return await moving(self.page, name)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def presses(self, name: str) -> None:
        await self.button(name).click(timeout=IN_CALL)

    async def reads(self, words: str, timeout: int = SOON) -> None:
        """Wait until words stand somewhere in sight."""
        await expect(self.words(words).first).to_be_visible(timeout=timeout)

    def words(self, words: str) -> Locator:
        """Words that can be seen: not those for screen readers alone."""
        seen = self.page.locator(":not(.unseen, .unseen *)")
        return self.page.get_by_text(words).and_(seen).filter(visible=True)

    async def is_told(self, words: str, timeout: int = SOON) -> None:
        """Wait until the page announces this."""
        await expect(self.page.locator("#live")).to_contain_text(words, timeout=timeout)


async def own_window(browser: Browser, server: Server, **options: Any) -> tuple[BrowserContext, Page, Watch]:
    """A browser window that nobody else has used, and what watches it."""
    context = await browser.new_context(base_url=server.url, extra_http_headers=from_elsewhere(), **options)
    await context.add_init_script(WRAPPED)
    page = await context.new_page()
    watch = Watch(server.url)
    watch.on(context, page)
    return context, page, watch


@dataclass
class Staff(Person):
    """A member of staff at a desk."""

    known: dict[str, Any] = field(default_factory=dict)
    csrf: str = ""
    session: Session | None = None

    @classmethod
    async def at_desk(cls, browser: Browser, server: Server, known: dict[str, Any], **options: Any) -> Self:
        """Somebody who is signed in: through the pages the first time, by their living session later."""
        options = {"viewport": DESK, "permissions": MEDIA} | options
        session = rested(server.url, known["email"])
        state = session and session.state
        person = cls(*await own_window(browser, server, storage_state=state, **options), known=known)
        if session is None or not await renewed(session, person.context):
            await person.page.goto("/")
            await person.signs_in()
            session = begun(server.url, known["email"], await person.context.storage_state())
        session.windows.append(person.watch)
        person.session = session
        return person

    async def signs_in(self, page: Page | None = None) -> None:
        """E-mail, password, code; in the own window or another one."""
        page = page or self.page
        await page.get_by_label("E-mail").fill(self.known["email"])
        await page.get_by_label("Password").fill(self.known["password"])
        await page.get_by_role("button", name="Sign in").click()
        secret = self.known["totp_secret"]
        await expect(page.get_by_label("Code")).to_be_visible()
        LAST_CODE[secret] = await fresh_code(secret, LAST_CODE.get(secret, ""))
        await page.get_by_label("Code").fill(LAST_CODE[secret])
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url(lambda url: "/sign-in" not in url)

    async def asks(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Use the JSON API in the own session."""
        if not self.csrf:
            answer = await self.context.request.get("/api/v1/session", max_retries=AGAIN)
            self.csrf = (await answer.json())["csrf"]
        answer = await self.context.request.fetch(
            path, method=method, data=body, headers=self.headers, max_retries=AGAIN
        )
        assert answer.ok, f"{method} {path}: {answer.status} {await answer.text()}"
        return await answer.json()

    async def frees(self, visit: str, appointment: str) -> None:
        """Leave no visit behind that waits or takes a time: end it where its call is on, else cancel it."""
        for path in (f"/api/v1/visits/{visit}/end", f"/api/v1/appointments/{appointment}/cancel"):
            await self.context.request.post(path, data={}, headers=self.headers, max_retries=AGAIN)

    @property
    def headers(self) -> dict[str, str]:
        """What a write by the API carries."""
        return {"X-CSRF-Token": self.csrf, "Origin": self.watch.home}


@dataclass
class Specialist(Staff):
    """A specialist at a desk."""

    def row(self, visit: str) -> Locator:
        """A visit in the day's list."""
        return self.page.locator(f"tr[data-visit='{visit}']")

    async def finds(self, visit: str) -> None:
        """The visit is in the list, which takes new ones in while nobody points at it."""
        await self.page.mouse.move(0, 0)
        await expect(self.row(visit)).to_be_visible(timeout=LIVE)

    async def opens_clinic(self) -> None:
        await self.page.goto("/clinic")

    async def opens_visit(self, visit: str) -> None:
        await self.page.goto(f"/clinic/{visit}")

    async def turns_to(self, visit: str) -> None:
        """Go to another visit by the list, in the same document."""
        await self.page.locator("#consult [data-do=clinic]").click()
        await self.row(visit).get_by_role("link", name="Open").click()
        await expect(self.page.locator(f"#consult[data-visit='{visit}']")).to_be_visible(timeout=SOON)

    async def admits(self) -> None:
        """Admit the patient of the visit on show."""
        await self.page.locator("#consult").get_by_role("button", name="Admit").click(timeout=IN_CALL)

    async def confirms(self) -> None:
        """Who and where: two identifiers, the present place, a number to call back."""
        await self.page.get_by_label("Full name").check()
        await self.page.get_by_label("Date of birth").check()
        await self.page.get_by_label("Where is the patient now?").fill("At home, Linden street 4")
        await self.page.get_by_label("Call-back number").fill("+493005550201")
        await self.presses("Confirm and open the note")

    async def writes(self, **fields: str) -> None:
        """Type into the note's fields."""
        for name, words in fields.items():
            await self.page.get_by_label(name.capitalize(), exact=True).fill(words)

    async def sees_saved(self) -> None:
        """Read "Saved 10:41:07"."""
        saved = self.page.locator("#saved")
        await expect(saved).to_have_text(SAVED, timeout=SOON)


@dataclass
class Patient(Person):
    """A patient with a phone and a link."""

    link: str = ""

    @classmethod
    async def with_phone(cls, browser: Browser, server: Server, link: str, **options: Any) -> Self:
        options = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "permissions": MEDIA} | options
        return cls(*await own_window(browser, server, **options), link=link)

    async def another_window(self) -> Page:
        """The same visit once more, beside the first window."""
        return await self.context.new_page()

    async def opens_link(self, language: str = "en") -> None:
        address, _, token = self.link.partition("#")
        await self.page.goto(f"{address.partition('?')[0]}?lang={language}#{token}")

    async def checks(self, *, picture: bool = True) -> None:
        """Open the link and press one button."""
        await self.opens_link()
        await self.presses("Use microphone and camera" if picture else "Use sound only")
        await expect(self.button("Go to the waiting room")).to_be_visible(timeout=IN_CALL)

    async def waits(self, *, picture: bool = True) -> None:
        """Go to the waiting room."""
        await self.checks(picture=picture)
        await self.presses("Go to the waiting room")
        await self.page.get_by_role("heading", name="You are in the waiting room").wait_for()


async def meet(specialist: Specialist, patient: Patient, visit: str, *, picture: bool = True) -> None:
    """Both at their devices, until they see each other; the patient without a camera if so wished."""
    await specialist.opens_visit(visit)
    await patient.waits(picture=picture)
    await specialist.admits()
    await patient.looks_at(f"Picture of {specialist.known['name']}")
    if picture:
        await specialist.looks_at("Picture of ")
