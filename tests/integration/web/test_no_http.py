"""What is no HTTP at all: answered with every header, repeating nothing, and no alarm in the log."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp.web import Application, Request, Response, TCPSite

from web.line import HANDLING, PlainRunner

SECRET = "staff=cookie-of-amara"
HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "cache-control",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
)
ODD = {
    "garbage": f"GARBAGE {SECRET}\r\n\r\n",
    "a version that is none": f"GET /{SECRET} HTTP/9.9\r\nHost: x\r\n\r\n",
    "a header without a colon": f"GET / HTTP/1.1\r\nHost: x\r\nCookie {SECRET}\r\n\r\n",
    "a header too long": f"GET / HTTP/1.1\r\nHost: x\r\nCookie: {SECRET}{'a' * 9000}\r\n\r\n",
    "an address too long": f"GET /{SECRET}{'a' * 9000} HTTP/1.1\r\nHost: x\r\n\r\n",
    "two lengths": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
}


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async def broken(_: Request) -> Response:
        raise ValueError(SECRET)

    application = Application(handler_args=HANDLING)
    application.router.add_get("/broken", broken)
    runner = PlainRunner(application)
    await runner.setup()
    await TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def answer(port: int, sent: str) -> str:
    """Return all that comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent.encode())
    text = (await asyncio.wait_for(reader.read(), 5)).decode()
    writer.close()
    return text


@pytest.mark.parametrize("odd", ODD)
async def test_what_is_no_request_learns_nothing(
    port: int, odd: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    head, _, body = (await answer(port, ODD[odd])).partition("\r\n\r\n")
    assert head.startswith(("HTTP/1.0 400 ", "HTTP/1.1 400 "))
    assert body == "Bad Request\n"
    names = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in head.splitlines()[1:]}
    assert [name for name in HEADERS if name not in names] == []
    assert names["server"] == "telehealth"
    assert [record.levelname for record in caplog.records if record.name == "web"] == ["INFO"]
    assert SECRET not in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_fault_below_the_application_is_an_alarm_and_tells_strangers_nothing(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    text = await answer(port, "GET /broken HTTP/1.1\r\nHost: x\r\n\r\n")
    assert text.startswith("HTTP/1.1 500 ")
    assert SECRET not in text
    assert "Server: telehealth" in text
    assert "unexpected fault" in [record.getMessage() for record in caplog.records]
