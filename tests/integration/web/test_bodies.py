"""What strangers send that is no form and no JSON: refused in words, no fault of ours, and never for long."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp.web import Request

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import ORIGIN, Hospital
from web import body

DOORS = ("/v/code", "/forgotten", "/sign-in", "/invitation/look", "/invitation", "/reports")
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=abc"
PART = b'--abc\r\nContent-Disposition: form-data; name="code"'
ODD: dict[str, tuple[str, bytes]] = {
    "bytes that are no text": (FORM, b"code=\xff\xfe&email=\xff&token=\xff"),
    "a charset that nobody knows": (f"{FORM}; charset=bogus", b"code=x&email=abc"),
    "a charset of two bytes": (f"{FORM}; charset=utf-16", b"code=x"),
    "a charset that is no charset": (f"{FORM}; charset=hex", b"code=x"),
    "a charset of names": (f"{FORM}; charset=idna", b"code=" + b"x" * 100),
    "thousands of fields": (FORM, b"&".join(b"a%d=1" % number for number in range(30_000))),
    "parts without a boundary": ("multipart/form-data", b"xx"),
    "parts that are none": (PARTS, b"xx"),
    "a part with a broken header": (PARTS, PART.replace(b":", b"") + b"\r\n\r\nx\r\n--abc--\r\n"),
    "a part without a name": (PARTS, PART.replace(b'; name="code"', b"") + b"\r\n\r\nx\r\n--abc--\r\n"),
    "a part in no encoding": (
        PARTS,
        PART + b"\r\nContent-Transfer-Encoding: bogus\r\n\r\nx\r\n--abc--\r\n",
    ),
    "a part of bytes": (PARTS, PART + b"\r\n\r\n\xff\r\n--abc--\r\n"),
    "a part that does not end": (PARTS, PART + b"\r\n\r\nx"),
    "no type": ("", b"code=x"),
    "a type that is none": ('a/b/c;;;=;"', b"code=x"),
}


@pytest.mark.parametrize("odd", ODD)
async def test_no_body_of_a_stranger_is_a_fault_of_ours(
    hospital: Hospital, odd: str, caplog: pytest.LogCaptureFixture
) -> None:
    kind, sent = ODD[odd]
    nobody = await hospital.visitor()
    for door in DOORS:
        answer = await nobody.send("POST", door, data=sent, headers={"Content-Type": kind})
        assert answer.status in {204, 400, 413, 415, 422}, (door, answer.status)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("odd", ODD)
async def test_neither_is_one_of_a_member_of_staff(hospital: Hospital, odd: str) -> None:
    kind, sent = ODD[odd]
    amara = await hospital.staff(AMARA)
    for csrf in (amara.csrf, ""):
        amara.csrf = csrf
        for door in ("/book", "/patients/new", "/unlock", "/api/v1/appointments"):
            answer = await amara.send("POST", door, data=sent, headers={"Content-Type": kind})
            assert 400 <= answer.status < 500, (door, answer.status)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "bogus"])
async def test_a_packed_body_is_refused_before_it_is_unpacked(
    hospital: Hospital, coding: str, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = await hospital.visitor()
    bomb = gzip.compress(b'{"token":"' + b"a" * 2_000_000 + b'"}')
    for door, kind in (("/api/v1/visit-links/look", "application/json"), ("/v/code", FORM)):
        answer = await nobody.send(
            "POST", door, data=bomb, headers={"Content-Type": kind, "Content-Encoding": coding}
        )
        assert answer.status == 415
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


ENDLESS = (b"code=" + b"%41" * 30_000, b"a&" * 30_000, b"&".join([b"code=x"] * 501))


@pytest.mark.parametrize("sent", ENDLESS, ids=["bytes", "nameless", "fields"])
async def test_a_form_without_end_is_not_taken_apart(
    hospital: Hospital, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def post(_: Request) -> None:
        raise AssertionError

    monkeypatch.setattr(Request, "post", post)
    nobody = await hospital.visitor()

    async def parts() -> AsyncIterator[bytes]:
        yield sent

    for door in ("/v/code", "/sign-in", "/v/calendar"):
        for data in (sent, parts()):  # with a length told beforehand, and in chunks
            answer = await nobody.send("POST", door, data=data, headers={"Content-Type": FORM})
            assert answer.status == 413


@asynccontextmanager
async def stalled(
    hospital: Hospital, door: str
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A line on which half a form has been sent."""
    reader, writer = await asyncio.open_connection(hospital.server.host, hospital.server.port)
    head = f"POST {door} HTTP/1.1\r\nHost: x\r\nOrigin: {ORIGIN}\r\nContent-Type: {FORM}\r\n"
    writer.write(f"{head}Content-Length: 1000\r\n\r\ncode=x".encode())
    try:
        yield reader, writer
    finally:
        writer.close()


async def test_a_body_that_stalls_is_given_up(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "WITHIN", 0.2)
    for door in DOORS:
        async with stalled(hospital, door) as (reader, _):
            line = await asyncio.wait_for(reader.readline(), 5)
            assert line.startswith(b"HTTP/1.1 408 "), (door, line)


async def test_whoever_hangs_up_leaves_no_alarm(hospital: Hospital, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="web")
    assert hospital.server.runner is not None
    assert hospital.server.runner.server is not None
    hospital.server.runner.server.handler_cancellation = False  # as in the real server
    for door in DOORS:
        async with stalled(hospital, door) as (_, writer):
            await asyncio.sleep(0.1)
            writer.transport.abort()
    await asyncio.sleep(0.2)
    heard = [record for record in caplog.records if record.getMessage() == "hung up while sending"]
    assert len(heard) == len(DOORS)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
