"""An SMS gateway in a process of its own: it takes messages, or behaves as the number's last digits say.

`…0200` takes its time · `…0302` redirects · `…0400` refuses the number · `…0401` refuses us · `…0409` had it
before · `…0429` is busy · `…0500` fails · `…0503` is closed · `…0555` never stops talking · `…0666` answers
with a page · `…0777` drips · `…0888` hangs · `…0999` hangs up. It writes down every message that it may have
sent on, as a line of JSON: that is what a telephone may have shown.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp.web import Application, AppRunner, Request, Response, StreamResponse, TCPSite, json_response

from tests.services import programs

TOKEN = "the gateway's token"
NOTHING_DONE = {"0302", "0400", "0401", "0429", "0503"}
STATUS = {"0400": 400, "0401": 401, "0409": 409, "0429": 429, "0500": 500, "0503": 503}


@dataclass(frozen=True, slots=True)
class SmsSink:
    """A running gateway and what it was given."""

    url: str
    file: Path

    def messages(self) -> list[dict[str, Any]]:
        """The messages so far, in order; `key` and `authorization` are those of the headers."""
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    async def wait_for(self, number: int, seconds: float = 10) -> list[dict[str, Any]]:
        """The messages, as soon as there are so many; TimeoutError with their number otherwise."""
        deadline = time.monotonic() + seconds
        while len(found := self.messages()) < number:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(found)} SMS came instead of {number}")
            await asyncio.sleep(0.02)
        return found

    def clear(self) -> None:
        """Forget the messages so far."""
        self.file.write_text("")


@contextmanager
def sms_gateway(folder: Path) -> Iterator[SmsSink]:
    """A gateway that lasts as long as the block."""
    port, file = programs.free_port(), folder / "messages"
    file.touch()
    command = (sys.executable, "-m", "tests.services.gateway", str(port), str(file))
    with programs.running(command, log=folder / "log", ready=lambda: programs.answers(port)):
        yield SmsSink(f"http://127.0.0.1:{port}/messages", file)


class Gateway:
    """What the process does with a request."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def take(self, request: Request) -> StreamResponse:
        sent = json.loads(await request.text())
        manner = sent["to"][-4:]
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Response(status=401)
        if manner not in NOTHING_DONE:
            self._write(request, sent)
        if manner in STATUS:
            return Response(status=STATUS[manner])
        if manner == "0302":
            return Response(status=302, headers={"Location": str(request.url)})
        if manner == "0666":
            return Response(text="<html>Please sign in to the hospital's network</html>")
        return await self._answer(request, sent, manner)

    def _write(self, request: Request, sent: dict[str, Any]) -> None:
        headers = {
            "key": request.headers["Idempotency-Key"],
            "authorization": request.headers["Authorization"],
        }
        line = json.dumps(sent | headers) + "\n"
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND)
        os.write(handle, line.encode())
        os.close(handle)

    async def _answer(self, request: Request, sent: dict[str, Any], manner: str) -> StreamResponse:
        if manner == "0200":
            await asyncio.sleep(0.05)
        if manner == "0888":
            await asyncio.sleep(3600)
        if manner == "0999" and request.transport is not None:
            request.transport.abort()
        if manner not in {"0555", "0777"}:
            return json_response({"id": f"gateway-{sent['reference']}"}, status=202)
        answer = StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b" " * (8192 if manner == "0555" else 1))
            await asyncio.sleep(0 if manner == "0555" else 0.05)


async def serve(port: int, file: str) -> None:
    """Take messages until the process is ended."""
    application = Application()
    application.router.add_post("/messages", Gateway(Path(file)).take)
    runner = AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


def main(arguments: list[str]) -> None:
    """Serve on the given port, writing into the given file."""
    asyncio.run(serve(int(arguments[0]), arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
