"""Three people whose media go through the forwarding server (Janus), on the stage of two."""

import os
import signal
import time
from contextlib import AsyncExitStack

from playwright.async_api import Page

from tests.bench.stage import TRUSTING, Stage
from tests.journeys.booking import Booked, book
from tests.journeys.people import IN_CALL, Patient, Specialist, meet

CARRIED = {"sfu": "1", "sfu_above": "2"}
"""Settings of a server from whose third person on calls go through it."""
PEERS = 4
"""Connections of each: one to each of two others, and two to the forwarding server."""
ONLY_ONCE = """async (peers) => {
  const open = () => window.__peers.filter(({ connectionState }) => connectionState === "connected");
  const packets = async (peer, kind) => {
    let found = 0;
    for (const stat of (await peer.getStats()).values())
      if (stat.type === `${kind}bound-rtp`) found += stat.packetsSent ?? stat.packetsReceived;
    return found;
  };
  const all = (kind) => Promise.all(open().map((peer) => packets(peer, kind)));
  const before = [await all("out"), await all("in")];
  await new Promise((go) => setTimeout(go, 500));
  const after = [await all("out"), await all("in")];
  const busy = after.map((each, way) => each.filter((count, at) => count > before[way][at]).length);
  return open().length === peers && busy.every((ways) => ways === 1);
}"""
"""Whether everything goes out on one connection and comes in on one, while all four are there."""


async def of_three(stage: Stage, stack: AsyncExitStack, *, picture: bool) -> tuple[Specialist, list[Page]]:
    """Dr Amara, Bo and an interpreter are in a call that the forwarding server carries."""
    doctor, patient, booked = await of_two(stage, stack, picture=picture)
    noor, guest = await waiting(stage, stack, doctor, booked, picture=picture)
    await doctor.asks("POST", f"/api/v1/visits/{booked.visit}/guests/{guest}/let-in", {})
    pages = [doctor.page, patient.page, noor.page]
    await carried(pages)
    return doctor, pages


async def of_two(stage: Stage, stack: AsyncExitStack, *, picture: bool) -> tuple[Specialist, Patient, Booked]:
    """Dr Amara and Bo are in a call."""
    known = next(each for each in stage.manifest["staff"] if each["role"] == "specialist")
    doctor = await Specialist.at_desk(stage.doctors, stage.server, known, **TRUSTING)
    stack.push_async_callback(doctor.context.close)
    booked = await book(doctor, stage.manifest["patients"][0]["id"], known["id"])
    patient = await Patient.with_phone(stage.patients, stage.server, booked.link, **TRUSTING)
    stack.push_async_callback(patient.context.close)
    await meet(doctor, patient, booked.visit, picture=picture)
    return doctor, patient, booked


async def waiting(
    stage: Stage,
    stack: AsyncExitStack,
    doctor: Specialist,
    booked: Booked,
    *,
    picture: bool = True,
    marks: str = "",
) -> tuple[Patient, str]:
    """An interpreter with `marks` in their page waits beside Bo; returns who, and their invitation."""
    body = {"name": "Noor", "kind": "interpreter"}
    made = await doctor.asks("POST", f"/api/v1/visits/{booked.visit}/guests", body)
    noor = await Patient.with_phone(stage.patients, stage.server, made["url"], **TRUSTING)
    stack.push_async_callback(noor.context.close)
    await noor.context.add_init_script(marks)
    await noor.waits(picture=picture)
    return noor, made["guest"]["id"]


async def carried(pages: list[Page]) -> None:
    """Wait until the forwarding server carries everybody."""
    for page in pages:
        await page.wait_for_function(ONLY_ONCE, arg=PEERS, timeout=IN_CALL)


async def killed(stage: Stage) -> float:
    """The forwarding server is killed; the service starts it again."""
    since = time.time() * 1000
    os.kill(int((stage.server.data / "sfu" / "janus.pid").read_text()), signal.SIGKILL)
    return since
