"""Whoever hangs up while a socket opens is no fault of ours; a connection that we lose ourselves is one."""

import logging
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from aiohttp.web import Request, StreamResponse

from web import errors


async def lost(_: Request) -> StreamResponse:
    raise ConnectionResetError("Connection lost")


async def answered(request: Request) -> StreamResponse:
    return await errors.refusals(request, lost)


async def test_who_has_hung_up_is_answered_without_an_alarm(caplog: pytest.LogCaptureFixture) -> None:
    request = make_mocked_request("GET", "/socket.io/")
    request.protocol.transport = None
    with caplog.at_level(logging.INFO):
        assert (await answered(request)).status == 400
    assert caplog.records == []


async def test_a_connection_lost_behind_us_is_an_alarm(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plain(*given: Any) -> StreamResponse:
        return StreamResponse(status=given[2])

    monkeypatch.setattr(errors, "_plain", plain)
    assert (await answered(make_mocked_request("GET", "/clinic"))).status == 500
    assert [record.message for record in caplog.records] == ["unexpected fault"]
