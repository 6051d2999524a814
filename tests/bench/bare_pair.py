"""The floor of `admit` and `join`: two bare pages and a relay that forwards every message to the other one.

`python -m tests.bench.bare_pair ADDRESS PORT` serves it, by TLS where the address is not this machine's own:
cameras open on no other page. They are open and sockets connected beforehand; the offer is made at the click.
The page's fragment may say `sound` for no picture, and by which relay alone the call goes (`ice`).
"""

import asyncio
import ssl
import sys
import tempfile
from contextlib import suppress

from aiohttp import WSMsgType
from aiohttp.web import Application, Request, Response, WebSocketResponse, run_app

from telehealth.crypto.certificates import issue, new_authority
from telehealth.opening import SystemClock

PAGE = """<!doctype html><title>bare</title><video id="far" autoplay playsinline muted width="320"></video>
<video id="own" autoplay playsinline muted width="160"></video>
<button id="go">Go</button><script type="module">
const told = location.hash ? JSON.parse(decodeURIComponent(location.hash.slice(1))) : {};
const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`);
const video = !told.sound && { width: 640, height: 480 };
const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
const own = document.getElementById("own");
own.requestVideoFrameCallback(() => (window.__own = performance.now()));
own.srcObject = stream;
const far = document.getElementById("far");
far.requestVideoFrameCallback(() => (window.__frame = Date.now()));
let pc;
function connect() {
  const relayed = told.ice ? { iceServers: told.ice, iceTransportPolicy: "relay" } : {};
  pc = new RTCPeerConnection({ bundlePolicy: "max-bundle", ...relayed });
  pc.onicecandidate = ({ candidate }) => candidate && socket.send(JSON.stringify({ candidate }));
  pc.ontrack = ({ streams: [one] }) => (far.srcObject = one);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
}
socket.onmessage = async ({ data }) => {
  const { description, candidate } = JSON.parse(data);
  if (candidate) return void pc.addIceCandidate(candidate);
  if (!pc) connect();
  await pc.setRemoteDescription(description);
  if (description.type !== "offer") return;
  await pc.setLocalDescription();
  socket.send(JSON.stringify({ description: pc.localDescription }));
};
document.getElementById("go").onclick = async () => {
  window.__click = Date.now();
  connect();
  await pc.setLocalDescription();
  socket.send(JSON.stringify({ description: pc.localDescription }));
};
if (socket.readyState !== WebSocket.OPEN) await new Promise((done) => (socket.onopen = done));
window.__ready = performance.now();
</script>"""

SOCKETS: set[WebSocketResponse] = set()


async def page(_: Request) -> Response:
    """Serve the one page."""
    return Response(text=PAGE, content_type="text/html")


async def relay(request: Request) -> WebSocketResponse:
    """Forward what comes to everybody else."""
    socket = WebSocketResponse(compress=False)
    await socket.prepare(request)
    SOCKETS.add(socket)
    try:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await asyncio.gather(*(_send(other, message.data) for other in SOCKETS - {socket}))
    finally:
        SOCKETS.discard(socket)
    return socket


async def _send(other: WebSocketResponse, words: str) -> None:
    """Send to somebody who may have gone on a bad line without a word."""
    with suppress(ConnectionResetError):
        await other.send_str(words)


def main(address: str, port: int) -> None:
    """Serve until the process is ended."""
    app = Application()
    app.router.add_get("/", page)
    app.router.add_get("/ws", relay)
    tls = None if address == "localhost" else certified(address)
    run_app(app, host=address, port=port, print=None, access_log=None, ssl_context=tls)


def certified(address: str) -> ssl.SSLContext:
    """Return TLS with a certificate that nobody trusts."""
    now = SystemClock().now()
    identity = issue(new_authority([address], now), [address], now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(f"{identity.key}{identity.certificate}".encode())
        file.flush()
        context.load_cert_chain(file.name)
    return context


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
