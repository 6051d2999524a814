"""What server and pages hold at one moment, to be compared with what they held before."""

import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.async_api import Page

from tests.bench.stage import Stage

ASKS = "import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())"
FIGURE = re.compile(r"^telehealth_(\w+) ([\d.e+-]+)$", re.MULTILINE)
FORGET = "window.__peers = window.__peers.filter((one) => one.signalingState !== 'closed')"
LIVE = """() => [
  window.__peers.length,
  ...["getSenders", "getReceivers"].map((which) =>
    window.__peers.flatMap((one) => one[which]()).filter(({ track }) => track?.readyState === "live").length),
]"""


@dataclass(frozen=True, slots=True)
class Server:
    """Of the server's process; memory in MiB."""

    sockets: int
    rooms: int
    tasks: int
    files: int
    memory: int


@dataclass(frozen=True, slots=True)
class Held:
    """Of one page; heap in MiB after everything unused is gone."""

    connections: int
    sent: int
    received: int
    alive: int
    heap: float


def of_server(stage: Stage, port: int) -> Server:
    """Ask the server's metrics, from its own host, and the kernel about its process."""
    asking = stage.lab.run("server", sys.executable, "-c", ASKS, f"http://127.0.0.1:{port}/metrics")
    told = dict(FIGURE.findall(subprocess.run(asking, check=True, capture_output=True, text=True).stdout))
    assert stage.server.process is not None
    process = Path("/proc", str(stage.server.process.pid))
    resident = int(process.joinpath("statm").read_text().split()[1]) * 4096
    return Server(
        sockets=int(float(told["sockets"])),
        rooms=int(float(told["rooms"])),
        tasks=int(float(told["tasks"])),
        files=len(list(process.joinpath("fd").iterdir())),
        memory=resident >> 20,
    )


async def of_page(page: Page) -> Held:
    """Ask the page and its browser; `alive` are connections that nobody has let go."""
    await page.evaluate(FORGET)
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    await session.send("Performance.enable")
    told = (await session.send("Performance.getMetrics"))["metrics"]
    await session.detach()
    found = {each["name"]: each["value"] for each in told}
    connections, sent, received = await page.evaluate(LIVE)
    return Held(
        connections, sent, received, int(found["RTCPeerConnections"]), found["JSHeapUsedSize"] / 2**20
    )


def grown(before: Server | Held, after: Server | Held, allowed: dict[str, float]) -> list[str]:
    """Return each figure that has grown by more than is allowed (nothing, where nothing is said)."""
    old, new = asdict(before), asdict(after)
    return [
        f"{name}: {old[name]:.4g} before, {new[name]:.4g} after"
        for name in old
        if new[name] > old[name] + allowed.get(name, 0)
    ]
