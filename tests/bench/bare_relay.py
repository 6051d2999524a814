"""The relay's floor: python-socketio on aiohttp and uvloop that passes signals on and checks nothing."""

import sys
from typing import Any

import socketio
import uvloop
from aiohttp.web import Application, run_app


def application() -> Application:
    """Return a server whose pairs meet in the room that their address names."""
    server = socketio.AsyncServer(
        async_mode="aiohttp", transports=["websocket"], logger=False, engineio_logger=False
    )
    rooms: dict[str, str] = {}

    async def connect(sid: str, environ: dict[str, Any], _auth: object) -> None:
        rooms[sid] = environ["aiohttp.request"].query["visit"]
        await server.enter_room(sid, rooms[sid])

    async def signal(sid: str, body: dict[str, Any]) -> dict[str, Any]:
        await server.emit("signal", body, room=rooms[sid], skip_sid=sid)
        return {"ok": True, "seq": body["seq"]}

    server.on("connect", connect)
    server.on("signal", signal)
    app = Application()
    server.attach(app)
    return app


if __name__ == "__main__":
    run_app(
        application(),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop=uvloop.new_event_loop(),
        access_log=None,
        print=None,
    )
