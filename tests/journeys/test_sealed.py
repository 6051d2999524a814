"""Three in a call over the forwarding server: sealed for them where all can, and said in words where not."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, WebSocketRoute, expect

from tests.conftest import is_missing
from tests.journeys.calls import in_call
from tests.journeys.elsewhere import PROXIES
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import Patient, Person, Specialist
from tests.services.chromium import lasting
from tests.services.programs import free_port
from tests.services.server import Server
from tests.services.sfu import sfu_in

pytestmark = [pytest.mark.journey]
OVER = 60_000
"""Milliseconds within which three pictures have gone over, on two cores that do much else."""
OLD = "delete globalThis.RTCRtpScriptTransform"
SEALED = re.compile("^Encrypted from end to end: only those in the call")
UNSEALED = "Not encrypted from end to end"

FORWARDED = """async ({ others, sealed }) => {
  const sum = async (ends, key) => {
    let total = 0;
    for (const one of ends)
      for (const stat of (await one.getStats()).values()) total += Number(stat[key] ?? 0);
    return total;
  };
  const open = window.__peers.filter((one) => one.connectionState === "connected");
  const up = open.find((one) => one.getTransceivers().every(({ direction }) => direction === "sendonly"));
  const down = open.find((one) => one.getTransceivers().every(({ direction }) => direction === "recvonly"));
  if (!up || !down) return false;
  const pictures = down.getReceivers().filter(({ track }) => track.kind === "video");
  const look = async () => [
    await sum(up.getSenders(), "bytesSent"),
    ...(await Promise.all(pictures.map((one) => sum([one], "framesDecoded")))),
  ];
  const before = await look();
  await new Promise((go) => setTimeout(go, 1500));
  const moved = (await look()).filter((number, at) => number > before[at]).length;
  const dressed = [...up.getSenders(), ...down.getReceivers()].filter((one) => one.transform).length;
  return moved === 1 + others && dressed === (sealed ? 2 + 2 * others : 0);
}"""
"""Whether the own media go up, and pictures of others come from the forwarding server and are shown."""


def weak(route: WebSocketRoute) -> None:
    """Let a page say of its line that it is poor."""
    server = route.connect_to_server()
    route.on_message(lambda text: server.send(re.sub(r'("quality",\{"state":)"\w+"', r'\1"poor"', str(text))))


@pytest.fixture(scope="module")
def forwarding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with Janus beside it."""
    if sfu_in(tmp_path_factory.mktemp("sfu")) is None:
        is_missing("Janus")
    data = tmp_path_factory.mktemp("forwarded") / "data"
    server = Server(data, trusted_proxies=PROXIES, sfu="1", sfu_port=str(free_port()))
    server.start()
    yield server
    server.stop()


@dataclass
class Three:
    """Dr Amara, Bo, and Noor whose line is weak."""

    specialist: Specialist
    patient: Patient
    noor: Patient

    @property
    def people(self) -> tuple[Person, ...]:
        return self.specialist, self.patient, self.noor

    async def forwarded(self, *, sealed: bool = True) -> None:
        for one in self.people:
            told = {"others": 2, "sealed": sealed}
            await one.page.wait_for_function(FORWARDED, arg=told, timeout=OVER, polling=500)


@lasting
async def three(browser: Browser, forwarding: Server, stack: AsyncExitStack) -> AsyncIterator[Three]:
    specialist, patient, booked = await in_call(browser, forwarding, stack)
    guests = f"/api/v1/visits/{booked.visit}/guests"
    made = await specialist.asks("POST", guests, {"name": "Noor", "kind": "relative"})
    noor = await Patient.with_phone(browser, forwarding, made["url"])
    stack.push_async_callback(noor.context.close)
    await noor.page.route_web_socket(re.compile("/socket.io/"), weak)
    await noor.waits()
    await specialist.asks("POST", f"{guests}/{made['guest']['id']}/let-in", {})
    yield Three(specialist, patient, noor)
    await specialist.frees(booked.visit, booked.appointment)


@pytest.mark.timeout(300)
async def test_three_are_sealed_and_all_pages_say_it_once_a_browser_cannot(three: Three) -> None:
    specialist, patient, noor = three.people
    await three.forwarded()
    for one in three.people:
        await expect(one.words(UNSEALED)).to_have_count(0)
    await patient.presses("More")
    await expect(patient.words(SEALED)).to_be_visible()
    await patient.presses("Back to the call")

    await noor.context.add_init_script(OLD)
    await noor.page.reload()
    for one in three.people:
        await expect(one.words(UNSEALED).first).to_be_visible(timeout=OVER)
    await specialist.is_told(UNSEALED)
    inspection = Inspection()
    await inspection.look(patient.page, "patient-call-unsealed", least=PATIENT)
    await inspection.look(specialist.page, "consult-call-unsealed", least=STAFF)
    assert inspection.wrong == []
