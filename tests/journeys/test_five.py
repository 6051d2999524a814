"""Five on pages of their own, over the forwarding server: who is said to be there is seen and heard."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Playwright

from tests.conftest import is_missing
from tests.journeys.booking import Booked, book
from tests.journeys.conftest import known
from tests.journeys.elsewhere import PROXIES
from tests.journeys.people import Patient, Person, Specialist, meet
from tests.services.chromium import DEVICES, lasting, launched
from tests.services.programs import free_port
from tests.services.server import Server
from tests.services.sfu import sfu_in

pytestmark = [pytest.mark.journey]
OVER = 90_000
"""Milliseconds within which all five have gone over, on two cores that do much else."""
GUESTS = {"Lina": "relative", "Noor": "interpreter", "Dr. Imani": "clinician"}

FRUGAL = """(() => {
  const media = navigator.mediaDevices;
  const ask = media.getUserMedia.bind(media);
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const small = { width: 160, height: 120 };
  media.getUserMedia = ({ audio, video }) =>
    ask({ audio: audio && { ...audio, ...plain }, video: video && { ...video, ...small } });
})()"""
"""Cameras with few pixels, and sound that is taken as it is: all five are on this one machine."""
PICTURED = {"s", "p"}
"""Guests come by sound only: with five pictures, twenty are decoded here, and calls starve on two cores."""

COMES_IN = """async () => {
  const owners = (sdp) => new Map(sdp.split(/^m=/m).slice(1).flatMap((section) => {
    const [mid] = section.match(/(?<=^a=mid:)\\S+/m) ?? [];
    const [who] = section.match(/(?<=^a=msid:)\\w+(?=\\.\\d+\\s)/m) ?? [];
    return [[mid, who]];
  }));
  const look = async () => {
    const found = new Map();
    for (const [at, peer] of window.__peers.entries()) {
      if (peer.connectionState !== "connected") continue;
      const named = owners(peer.remoteDescription?.sdp ?? "");
      for (const { mid, receiver } of peer.getTransceivers())
        for (const stat of (await receiver.getStats()).values()) {
          if (stat.type !== "inbound-rtp") continue;
          const who = named.get(mid) ?? "somebody directly";
          const came = stat.kind === "video" ? stat.framesDecoded : stat.packetsReceived;
          found.set(`${at} ${mid} ${stat.ssrc}`, [who, stat.kind, came]);
        }
    }
    return found;
  };
  const before = await look();
  await new Promise((go) => setTimeout(go, 2500));
  const grown = [...(await look())].filter(([key, [, , came]]) => came > (before.get(key)?.[2] ?? 0));
  return grown.map(([, [who, kind]]) => `${who} ${kind}`).sort();
}"""
"""Whose sound comes in and whose picture is shown just now, each by the member's id."""

DIRECTLY = "somebody directly video"

ROSTER = """() =>
  [...document.querySelectorAll("[data-people] li bdi")].map((one) => one.textContent)"""


@pytest.fixture(scope="module")
def forwarding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with Janus beside it, which carries all calls of more than two."""
    if sfu_in(tmp_path_factory.mktemp("sfu")) is None:
        is_missing("Janus")
    data = tmp_path_factory.mktemp("five") / "data"
    server = Server(data, trusted_proxies=PROXIES, sfu="1", sfu_above="2", sfu_port=str(free_port()))
    server.start()
    yield server
    server.stop()


@lasting
async def browser(driver: Playwright, chromium_path: str) -> AsyncIterator[Browser]:
    """Cameras that give five pictures a second."""
    async with launched(driver, chromium_path, devices=f"{DEVICES}=fps=5") as started:
        yield started


@dataclass
class Five:
    """Dr Amara and Bo, with a relative, an interpreter and a second clinician."""

    specialist: Specialist
    patient: Patient
    guests: dict[str, Patient]
    booked: Booked

    @property
    def people(self) -> dict[str, Person]:
        """Each by their id in the room."""
        return {"s": self.specialist, "p": self.patient} | {
            f"g{at}": one for at, one in enumerate(self.guests.values(), start=1)
        }


async def comes(five: Five, browser: Browser, server: Server, stack: AsyncExitStack, name: str) -> None:
    """A guest opens a link of their own and is let in."""
    guests = f"/api/v1/visits/{five.booked.visit}/guests"
    made = await five.specialist.asks("POST", guests, {"name": name, "kind": GUESTS[name]})
    guest = five.guests[name] = await Patient.with_phone(browser, server, made["url"])
    stack.push_async_callback(guest.context.close)
    await guest.context.add_init_script(FRUGAL)
    await guest.waits(picture=False)
    await five.specialist.asks("POST", f"{guests}/{made['guest']['id']}/let-in", {})


@lasting
async def five(browser: Browser, forwarding: Server, stack: AsyncExitStack) -> AsyncIterator[Five]:
    manifest = forwarding.manifest()
    specialist = await Specialist.at_desk(browser, forwarding, known(manifest, "specialist"))
    stack.push_async_callback(specialist.context.close)
    await specialist.context.add_init_script(FRUGAL)
    booked = await book(specialist, manifest["patients"][0]["id"], specialist.known["id"])
    patient = await Patient.with_phone(browser, forwarding, booked.link)
    stack.push_async_callback(patient.context.close)
    await patient.context.add_init_script(FRUGAL)
    await meet(specialist, patient, booked.visit)
    made = Five(specialist, patient, {}, booked)
    for name in GUESTS:
        await comes(made, browser, forwarding, stack, name)
    yield made
    await specialist.frees(booked.visit, booked.appointment)


def named(five: Five, reader: str) -> set[str]:
    """What the five are called on a page: guests read the patient's given name and an initial."""
    patient = "Bo L." if reader.startswith("g") else "Bo Lindqvist"
    return {five.specialist.known["name"], patient, *five.guests}


async def roster(person: Person) -> set[str]:
    """Who is in the call, as the page lists it in words; it may stand in a closed dialog."""
    return set(await person.page.evaluate(ROSTER))


async def sees_and_hears(person: Person, who: set[str], patience: float = OVER) -> None:
    """All of these are heard over the forwarding server and nobody else in any way, and pictures shown.

    A picture may rest meanwhile: where five pages share two cores, answers come late, which is taken for a
    narrow line, and then the sound goes first for a while.
    """
    sounds = sorted(f"{one} audio" for one in who)
    pictures: set[str] = set()
    came: list[str] = []
    until = time.monotonic() + patience / 1000
    while time.monotonic() < until:
        came = await person.page.evaluate(COMES_IN)
        pictures |= {each for each in came if each.endswith("video")} - {DIRECTLY}
        heard = [each for each in came if each.endswith("audio") or each == DIRECTLY]
        if heard == sounds and pictures == {f"{one} video" for one in who & PICTURED}:
            return
    pytest.fail(f"{came} came in, and the pictures {pictures}")


@pytest.mark.timeout(400)
async def test_who_is_said_to_be_in_the_call_is_who_is_seen_and_heard_on_every_page(five: Five) -> None:
    people = five.people
    for who, person in people.items():
        await sees_and_hears(person, people.keys() - {who})
        assert await roster(person) == named(five, who)
    told = await five.specialist.asks("GET", f"/api/v1/visits/{five.booked.visit}/guests")
    assert {one["name"] for one in told["guests"] if one["state"] == "admitted"} == set(five.guests)

    left = people.pop("g1")
    await left.presses("Leave")
    await left.presses("Yes, leave the visit")
    del five.guests["Lina"]
    for who, person in people.items():
        await sees_and_hears(person, people.keys() - {who})
        assert await roster(person) == named(five, who)
    assert await left.page.evaluate(COMES_IN) == []
    assert [one.troubles for one in (*people.values(), left)] == [[]] * 5
