"""Three people in real Chromium: over to Janus in mid-call, Janus killed, and nobody is silent for long."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from telehealth.crypto.chance import SystemChance
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.guests import GuestKind
from telehealth.domain.seating import Seat
from telehealth.sfu.beside import forwarding
from tests.browser.client import bundle, eventually
from tests.browser.serving import serving
from tests.conftest import is_missing
from tests.integration.signaling.house import VISIT, House
from tests.services import programs
from tests.services.chromium import chromium, lasting
from tests.services.sfu import sfu_in

GUESTS = ("g1",)
COOKIES = {"s": ("staff", "amara"), "p": ("visit", "bo")} | {each: ("guest", each) for each in GUESTS}
MAKE = {"s": f"staff('{VISIT}')", "p": f"patient('{VISIT}')"} | {each: f"guest('{each}')" for each in GUESTS}
PICTURED = {"p"}
"""One shows themselves: to encode more pictures is beyond two cores that do other work besides."""
PATIENCE = 45.0
UNNOTICED = 2000
"""Milliseconds of silence, on two cores that do much else; with one of them to itself it is less than 160."""
HEALED = 10_000
"""Milliseconds within which everybody hears everybody after the forwarding server has died."""


@dataclass
class FullHouse(House):
    """The house with room for a guest who is carried as further ones are."""

    def __post_init__(self) -> None:
        for each in GUESTS:
            self.people[each] = Actor(ActorKind.GUEST, each, None, "hospital", each, each, visit_id=VISIT)
            self.admitted.add(each)

    def _seat(self, actor: Actor) -> Seat:
        if actor.kind is not ActorKind.GUEST:
            return super()._seat(actor)
        return Seat(
            VISIT, actor.id, "guest", actor.name, polite=True, relay_only=False, part=GuestKind.RELATIVE
        )


@dataclass
class Call:
    """A server with Janus beside it, and pages of people."""

    browser: Browser
    script: str
    seal: str
    port: int
    pidfile: Path
    stack: AsyncExitStack
    pages: dict[str, Page] = field(default_factory=dict)

    async def joins(self, who: str, before: str = "") -> None:
        """Let somebody come, in whose page this has been run before."""
        context = await self.browser.new_context()
        self.stack.push_async_callback(context.close)
        name, value = COOKIES[who]
        address = f"http://localhost:{self.port}"
        await context.add_cookies([{"name": name, "value": value, "url": address}])
        page = self.pages[who] = await context.new_page()
        await page.goto(address)
        await page.evaluate("(text) => { globalThis.SEAL = text; }", self.seal)
        await page.evaluate(before)
        await page.add_script_tag(content=self.script)
        picture = str(who in PICTURED).lower()
        await page.evaluate(f"(globalThis.me = {MAKE[who]}).enter({picture})")

    async def all_hear_all(self, seconds: float = PATIENCE) -> None:
        for page in self.pages.values():
            told = "[me.now, me.states.slice(-3), me.errors, me.present]"
            await eventually(page, f"Object.keys(me.now).length === {len(self.pages) - 1}", told, seconds)

    async def all_say(self, *, unsealed: bool) -> None:
        for page in self.pages.values():
            await eventually(page, f"me.unsealed === {str(unsealed).lower()}", TOLD, PATIENCE)

    async def carried(self, *, yes: bool) -> None:
        """Wait until everybody's media go up once (`yes`), or to each other."""
        ways = 1 if yes else len(self.pages) - 1
        for page in self.pages.values():
            await eventually(page, SENDING.format(ways=ways), TOLD, PATIENCE)


SENDING = """(async () => {{
  const before = await me.sent();
  await new Promise((go) => setTimeout(go, 300));
  const after = await me.sent();
  return after.filter((bytes, at) => bytes > (before[at] ?? 0)).length === {ways};
}})()"""


TOLD = """(async () => [
  await me.sent(), me.states.slice(-3), me.errors,
  me.connections.filter((one) => one.connectionState !== "closed")
    .map((one) => [one.iceConnectionState, one.connectionState, one.signalingState]),
])()"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    return bundle("browser-forwarding", tmp_path_factory.mktemp("forwarding"))


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> str:
    return bundle("browser-seal", tmp_path_factory.mktemp("seal"))


@lasting
async def steady() -> AsyncIterator[Browser]:
    """A browser that uses the one network that stays: those of the laboratory come and go meanwhile."""
    program = programs.headless_chromium()
    if program is None:
        is_missing("Chromium")
    async with chromium(
        program, "--force-webrtc-ip-handling-policy=default_public_and_private_interfaces"
    ) as one:
        yield one


@lasting
async def call(steady: Browser, script: str, seal: str, tmp_path: Path) -> AsyncIterator[Call]:
    sfu = sfu_in(tmp_path)
    if sfu is None:
        is_missing("Janus")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(forwarding(sfu))
        served = serving(FullHouse(), carrier=replace(sfu, direct=2).forwarder(SystemChance()))
        _, port = await stack.enter_async_context(served)
        yield Call(steady, script, seal, port, sfu.settings.pidfile, stack)


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.timeout(240)
async def test_all_go_over_to_the_forwarding_server_and_survive_its_death(call: Call) -> None:
    for who in ("p", "s"):
        await call.joins(who)
    await call.all_hear_all()
    await call.carried(yes=False)
    for page in call.pages.values():
        await page.evaluate("me.listen()")
    talking = dict(call.pages)
    await call.joins("g1")
    await call.all_hear_all()
    await call.carried(yes=True)
    for who, page in talking.items():
        gaps = await page.evaluate("me.now")
        assert max(gaps.values()) < UNNOTICED, f"{who} {gaps}"
    made = {who: await page.evaluate("me.connections.length") for who, page in call.pages.items()}
    os.kill(int(call.pidfile.read_text()), signal.SIGKILL)
    for page in call.pages.values():
        await page.evaluate("me.listen()")
    for who, page in call.pages.items():
        await eventually(page, f"me.connections.length >= {made[who] + 2}", TOLD, PATIENCE)
    await call.all_hear_all()
    await call.carried(yes=True)
    for who, page in call.pages.items():
        gaps = await page.evaluate("me.now")
        assert max(gaps.values()) < HEALED, f"{who} {gaps}"
        assert await page.evaluate("me.errors") == []


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.timeout(240)
async def test_the_forwarding_server_has_nothing_that_it_could_hear_or_see(call: Call) -> None:
    for who in ("p", "s", "g1"):
        await call.joins(who)
    await call.all_hear_all()
    await call.carried(yes=True)
    await call.all_say(unsealed=False)
    amara, lina = call.pages["s"], call.pages["g1"]
    await eventually(amara, f"(async () => {GROWS})()", TOLD, PATIENCE)
    await lina.evaluate("me.takeAsItIs()")
    await eventually(lina, f"(async () => !(await {GROWS}))()", TOLD, PATIENCE)  # some is opened yet
    assert not await lina.evaluate(GROWS), "what Janus sends can be seen without a key"
    await lina.evaluate("me.room.leave()")
    keys = await lina.evaluate("me.keys")
    await eventually(amara, "me.present.length === 2", TOLD)
    await eventually(amara, f"me.keys.some((one) => one.who === 'p' && one.id > {latest(keys, 'p')})", TOLD)
    await amara.evaluate("me.tap()")
    await eventually(amara, f"me.opened([]).then((it) => (it.p ?? [0])[0] > {ENOUGH})", TOLD)
    frames, sealed, opened = (await amara.evaluate("me.opened(me.keys)"))["p"]
    assert (sealed, opened) == (frames, frames)
    assert (await amara.evaluate("(keys) => me.opened(keys)", keys))["p"][2] == 0, (
        "a guest who left could listen"
    )


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.timeout(240)
async def test_with_an_old_browser_all_are_heard_and_all_pages_know_that_it_is_not_sealed(
    call: Call,
) -> None:
    for who in ("p", "s"):
        await call.joins(who)
    await call.joins("g1", before="delete globalThis.RTCRtpScriptTransform")
    await call.all_hear_all()
    await call.carried(yes=True)
    await call.all_say(unsealed=True)
    await call.all_hear_all()


def latest(keys: list[dict[str, Any]], who: str) -> int:
    return max(each["id"] for each in keys if each["who"] == who)


ENOUGH = 60


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("given_up", [False, True], ids=["a moment late", "after all have given up"])
async def test_who_learns_late_how_frames_are_sealed_sends_none_that_is_not_and_reads_all(
    call: Call, given_up: bool
) -> None:
    for who in ("p", "s"):
        await call.joins(who)
    await call.all_hear_all()
    await call.joins("g1", "globalThis.LATE = true")
    await call.all_hear_all()
    if given_up:
        await call.all_say(unsealed=True)
    await call.pages["g1"].evaluate("learn()")
    await call.all_say(unsealed=False)
    await call.all_hear_all()
    await call.carried(yes=True)
    amara = call.pages["s"]
    await amara.evaluate("me.tap()")
    await eventually(amara, f"me.opened([]).then((it) => (it.g1 ?? [0])[0] > {ENOUGH})", TOLD)
    frames, sealed, opened = (await amara.evaluate("me.opened(me.keys)"))["g1"]
    assert (sealed, opened) == (frames, frames)


GROWS = """(async () => {
  const before = await me.pictures();
  await new Promise((go) => setTimeout(go, 3000));
  return (await me.pictures()) > before;
})()"""
"""Whether pictures from the forwarding server are shown."""
