"""Somebody without a pointer: Tab, Enter, Space, and what the accessibility tree says of the focus."""

from dataclasses import dataclass
from typing import Self

from playwright.async_api import CDPSession, Page

STEPS = 120
"""More stops than any page has: whoever has not got there by then never will."""
WITHIN = "(part) => document.activeElement.closest(part) !== null"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a screen reader says of one node."""

    role: str
    name: str
    description: str = ""


@dataclass(slots=True)
class Reader:
    """One page, gone through without a pointer."""

    page: Page
    tree: CDPSession

    @classmethod
    async def on(cls, page: Page) -> Self:
        tree = await page.context.new_cdp_session(page)
        await tree.send("Accessibility.enable")
        return cls(page, tree)

    async def focus(self) -> Heard:
        """What has the focus, by the accessibility tree."""
        found = await self.tree.send("Runtime.evaluate", {"expression": "document.activeElement"})
        place = {"objectId": found["result"]["objectId"], "fetchRelatives": False}
        (node,) = (await self.tree.send("Accessibility.getPartialAXTree", place))["nodes"]
        said: dict[str, str] = {
            key: node.get(key, {}).get("value", "") for key in ("role", "name", "description")
        }
        return Heard(**said)

    async def reaches(self, role: str, name: str, *, within: str = "body", back: bool = False) -> None:
        """Go on by Tab until this has the focus; what is no button may have a name that goes on."""
        heard: list[str] = []
        for _ in range(STEPS):
            now = await self.focus()
            fits = now.name == name if role == "button" else now.name.startswith(name)
            if now.role == role and fits and await self.page.evaluate(WITHIN, within):
                return
            heard.append(f"{now.role} {now.name!r}")
            await self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"no way to {role} {name!r} by Tab; heard {', '.join(dict.fromkeys(heard))}")

    async def presses(self, name: str, *, within: str = "body", back: bool = False) -> None:
        """Reach a button and press Enter."""
        await self.reaches("button", name, within=within, back=back)
        await self.page.keyboard.press("Enter")

    async def types(self, name: str, words: str) -> None:
        """Reach a field and type into it, over what stands there."""
        await self.reaches("textbox", name)
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(words)

    async def ticks(self, name: str) -> None:
        """Reach a box and tick it."""
        await self.reaches("checkbox", name)
        await self.page.keyboard.press("Space")

    async def hears_heading(self, name: str) -> None:
        """A view has come, and its heading has the focus, so that a screen reader begins there."""
        await self.page.get_by_role("heading", name=name).wait_for()
        heard = await self.focus()
        assert heard == Heard("heading", name), heard
