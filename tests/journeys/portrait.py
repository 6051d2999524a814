"""Drawn people in place of Chromium's test picture, for the screenshot that the README shows."""

import json

from tests.journeys.people import Person

DRAWN = """((look) => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const paint = (g, t) => {
    const fill = (colour, draw) => { g.fillStyle = colour; g.beginPath(); draw(); g.fill(); };
    const oval = (x, y, rx, ry) => g.ellipse(x, y, rx, ry, 0, 0, 7);
    const sway = 3 * Math.sin(t / 900);
    fill(look.wall, () => g.rect(0, 0, 640, 480));
    fill(look.frame, () => g.rect(...look.window));
    g.translate(sway, 0);
    fill(look.coat, () => g.roundRect(150, 370, 340, 200, 90));
    fill(look.shirt, () => { g.moveTo(280, 372); g.lineTo(360, 372); g.lineTo(320, 450); });
    fill(look.skin, () => g.roundRect(290, 310, 60, 85, 26));
    fill(look.hair, () => oval(320, 208, look.wide, 122));
    fill(look.skin, () => oval(320, 235, 82, 106));
    fill(look.hair, () => g.ellipse(320, 168, 84, 52, 0, Math.PI, 0));
    for (const x of [288, 352]) {
      fill("#22303a", () => oval(x, 228, 7, 8));
      fill(look.hair, () => g.roundRect(x - 17, 202, 34, 6, 3));
    }
    fill(look.shade, () => oval(320, 258, 9, 14));
    fill("#9c4a45", () => g.ellipse(320, 294, 26, 10, 0, 0, Math.PI));
    if (look.glasses) {
      g.strokeStyle = "#39454b"; g.lineWidth = 4; g.beginPath();
      for (const x of [288, 352]) { g.moveTo(x + 25, 229); oval(x, 229, 25, 22); }
      g.moveTo(313, 227); g.lineTo(327, 227); g.stroke();
    }
    g.setTransform(1, 0, 0, 1, 0, 0);
  };
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    for (const track of stream.getVideoTracks()) {
      const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
      const g = canvas.getContext("2d");
      const draw = () => paint(g, performance.now());
      draw();
      setInterval(draw, 66);
      track.stop();
      stream.removeTrack(track);
      stream.addTrack(canvas.captureStream(15).getVideoTracks()[0]);
    }
    return stream;
  };
})"""

BO = {
    "wall": "#dfe3da",
    "frame": "#b9cfd8",
    "window": [60, 50, 120, 170],
    "coat": "#5b6f86",
    "shirt": "#e9e4d8",
    "skin": "#e8bd9c",
    "shade": "#d6a684",
    "hair": "#b8b4ac",
    "wide": 92,
    "glasses": True,
}
DOCTOR = {
    "wall": "#e7ecec",
    "frame": "#c5d6d3",
    "window": [470, 60, 110, 220],
    "coat": "#fafafa",
    "shirt": "#0b5c63",
    "skin": "#8d5a3b",
    "shade": "#7a4a2f",
    "hair": "#241c1a",
    "wide": 112,
    "glasses": False,
}


async def is_drawn(person: Person, look: dict[str, object]) -> None:
    """Send a drawn portrait instead of the camera's picture, from the next page on."""
    await person.context.add_init_script(f"{DRAWN}({json.dumps(look)})")
