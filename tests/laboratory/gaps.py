"""How long a fault has taken the sound away, from what a page saw come in."""

from collections.abc import Sequence

from playwright.async_api import Page

NOTICED = 500.0
"""Milliseconds without a packet that count as a gap: what is shorter, a busy machine makes by itself."""
FLOWS = 1500.0
"""Milliseconds before the end within which something must have come in: else the sound is not back."""
LISTENS = """() => {
  clearInterval(window.__listening);
  const samples = (window.__heard = []);
  window.__listening = setInterval(async () => {
    let packets = 0;
    for (const peer of window.__peers.filter((one) => one.signalingState !== "closed"))
      for (const stat of (await peer.getStats()).values())
        if (stat.type === "inbound-rtp" && stat.kind === "audio") packets += stat.packetsReceived;
    samples.push([Date.now(), packets]);
  }, 50);
}"""
SAMPLES = "window.__heard ?? []"


async def listens(page: Page) -> None:
    """Begin (again) to note how many packets of sound have come in; the page must have been WRAPPED."""
    await page.evaluate(LISTENS)


async def heard_again(page: Page, fault: float, end: float) -> float | None:
    """Return how long after the fault this page heard the other one again, as `back_after` does."""
    return back_after(await page.evaluate(SAMPLES), fault, end)


def back_after(samples: Sequence[Sequence[float]], fault: float, end: float) -> float | None:
    """Return milliseconds from `fault` until sound came in for good; 0 without a gap, None when it never did.

    Samples are [time, packets received so far]. A silence lasts from the first to the last look that saw the
    same number: a look that came late on a busy machine makes none up.
    """
    back, begin, seen, before = 0.0, fault, fault, 0.0
    for at, packets in samples:
        if fault < at <= end:
            if packets > before and seen - begin >= NOTICED:
                back = at - fault
            if packets > before:
                begin = at
            seen = at
        before = packets
    return None if seen - begin > FLOWS or end - seen > FLOWS else back
