"""Looks at one page as it stands: axe, live region, touch targets, reflow, the walk by Tab, pictures."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakSet

from playwright.async_api import BrowserContext, Page, expect

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "client" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ROOT / "test-results" / "screens"
KEPT = os.environ.get("KEEP_SCREENS") == "1"
"""Whether every page is painted in every width, to be looked at: that takes longer than axe."""
SIZES = ((360, 740), (768, 1024), (1366, 768))
STUCK = re.compile("call|consult-(note|refused)")
"""Pages with parts that stick to the window: a picture of all the page would put them anywhere."""
FIRST = {"en", "ar"}
"""The languages in which pages are looked at closely, one in each direction."""
NARROW = {"width": 320, "height": 640}
PATIENT, STAFF, CALL = 56, 48, 68
"""Least heights of what is touched, in CSS pixels."""

VIOLATIONS = """async () => {
  const { violations } = await axe.run(document, { preload: false, resultTypes: ["violations"] });
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ").slice(0, 300)}`);
}"""

STILL = """() => Promise.allSettled(
  document.getAnimations().filter((one) => one.effect.target.checkVisibility()).map((one) => one.finished))"""
"""Until nothing fades any more: half faded, a button has too little contrast. In a closed part things fade
for ever."""

FACTS = """({ least, call }) => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !one.closest(".unseen, .skip");
  const wrong = [];
  const regions = document.querySelectorAll("[aria-live=polite], [role=status]").length;
  if (regions !== 1) wrong.push(`${regions} polite live regions`);
  const titles = [...document.querySelectorAll("h1")].filter((one) => one.checkVisibility());
  if (titles.length !== 1) wrong.push(`${titles.length} first headings`);
  if (!document.title.trim()) wrong.push("no title");
  const touched = "button, a.button, select, textarea, input:not([type=hidden])";
  for (const one of document.querySelectorAll(touched)) {
    if (!seen(one)) continue;
    const place = ["checkbox", "radio"].includes(one.type) ? one.closest("label") : one;
    const { height } = place.getBoundingClientRect();
    const needed = one.matches(".control") ? call : least;
    const size = `${height.toFixed(0)} px instead of ${needed}`;
    if (height < needed - 0.5) wrong.push(`${size}: ${one.outerHTML.slice(0, 120)}`);
  }
  for (const place of document.querySelectorAll("[data-fill], [data-text]"))
    if (seen(place) && /\\{\\w+\\}/.test(place.textContent)) wrong.push(`unfilled: ${place.textContent}`);
  return wrong;
}"""

WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return "";
  const box = (one) => one.getBoundingClientRect();
  const out = (one) => box(one).right > clientWidth + 1 || box(one).left < -1;
  const worst = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility() && out(one));
  const first = worst.slice(0, 3).map((one) => one.outerHTML.slice(0, 90));
  return `${scrollWidth} px wide: ${first}`;
}"""
"""What stands out of the window. On a phone `innerWidth` grows with what is too wide, so it is no measure."""

CUT = """() => {
  document.body.style.overflowWrap = "normal";
  const written = "h1, h2, p, li, a, button, summary, label, legend, .control span";
  const cut = [...document.querySelectorAll(written)].filter((one) => one.checkVisibility() &&
    !one.closest(".unseen, .skip") && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1);
  document.body.style.overflowWrap = "";
  return cut.map((one) => `${one.scrollWidth} px in ${one.clientWidth}: ${one.textContent.trim()}`);
}"""
"""Words that are broken somewhere, or stand out of their box, because they are wider than it."""

FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const at = [...document.querySelectorAll("*")].indexOf(one);
  const hit = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const free = !!hit && (one.contains(hit) || hit.contains(one) || hit.closest("label")?.contains(one));
  const name = one.textContent.trim().slice(0, 40) || one.name || one.id || one.tagName;
  return { at, name, ring, free: !!free, last: one.matches("dialog *") };
}"""


EQUIPPED: WeakSet[BrowserContext] = WeakSet()
"""The windows whose next pages bring axe along."""


async def equip(page: Page) -> None:
    """Have axe in the page, and in those that come after it: half a megabyte is not sent to each of them."""
    if page.context not in EQUIPPED:
        EQUIPPED.add(page.context)
        await page.context.add_init_script(path=AXE)
    if not await page.evaluate("'axe' in globalThis"):
        await page.evaluate(AXE.read_text())


async def picture(page: Page, name: str) -> None:
    """Keep a picture for people to look at, where they have asked for it."""
    if KEPT:
        SCREENS.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=SCREENS / f"{name}.png", full_page=not STUCK.search(name))


@dataclass
class Inspection:
    """Goes along with a person, looks at every stop, and keeps what is wrong."""

    wrong: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    async def look(self, page: Page, name: str, *, least: int = STAFF) -> None:
        """Look at one page in every way; leave it at the size that it had."""
        self.seen.append(name)
        usual = page.viewport_size
        await expect(page.locator("[aria-busy=true], html[data-busy]")).to_have_count(0)
        await page.evaluate(STILL)
        await equip(page)
        found: list[str] = await page.evaluate(VIOLATIONS)
        found += await page.evaluate(FACTS, {"least": least, "call": CALL if least == PATIENT else STAFF})
        await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        found += [wide] if (wide := await page.evaluate(WIDE)) else []
        for width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            if wide := await page.evaluate(WIDE):
                found.append(f"at {width} px: {wide}")
            await picture(page, f"{name}-{width}")
        found += await self.at_twice_the_size(page, name)
        if usual:
            await page.set_viewport_size(usual)
        self.wrong += [f"{name}: {each}" for each in found]

    async def at_twice_the_size(self, page: Page, name: str) -> list[str]:
        """Look for what stands out of a phone's window when all letters are twice as large."""
        await page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = await page.evaluate(WIDE)
        await picture(page, f"{name}-twice")
        await page.evaluate("document.documentElement.style.fontSize = ''")
        return [f"at 200 %: {wide}"] if wide else []

    async def glance(self, page: Page, name: str, *, first: bool = True) -> None:
        """Look at texts alone: sideways scroll at 320 px, words that are too wide at 360 px.

        The `first` in its direction is seen by axe and in a picture; further languages change nothing there.
        """
        self.seen.append(name)
        await page.evaluate(STILL)
        found: list[str] = []
        if first:
            await equip(page)
            found += await page.evaluate(VIOLATIONS)
        await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        found += [wide] if (wide := await page.evaluate(WIDE)) else []
        await page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
        found += [f"cut: {each}" for each in await page.evaluate(CUT)]
        if first:
            await picture(page, f"text-{name}")
        self.wrong += [f"{name}: {each}" for each in found]

    async def walk(self, page: Page, name: str) -> list[str]:
        """Go through the page by Tab: each stop is seen, not covered, and after the one before."""
        await page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
        stops: list[dict[str, Any]] = []
        for _ in range(80):
            await page.keyboard.press("Tab")
            stop = await page.evaluate(FOCUSED)
            if stop is None or stop["at"] in {each["at"] for each in stops[:-1]}:
                break
            if stops and stop["at"] == stops[-1]["at"]:
                self.wrong.append(f"{name}: Tab stays on {stop['name']!r}")
                break
            if stops and stop["at"] < stops[-1]["at"]:
                self.wrong.append(f"{name}: Tab goes back from {stops[-1]['name']!r} to {stop['name']!r}")
            self.wrong += [f"{name}: no ring on {stop['name']!r}"] * (not stop["ring"])
            self.wrong += [f"{name}: {stop['name']!r} is covered"] * (not stop["free"])
            stops.append(stop)
        return [str(stop["name"]) for stop in stops]
