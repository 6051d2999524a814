"""The whole server killed in the middle of saves: nothing that was acknowledged is lost."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import ClientError

from telehealth.probe.http import Caller
from telehealth.probe.trouble import Trouble
from tests.integration.server.acting import Desk, signed_in, specialist, visits_of
from tests.services.server import Server

KILLS = 3


@pytest.mark.timeout(180)
async def test_no_acknowledged_save_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    manifest = server.manifest()
    known = specialist(manifest)
    async with signed_in(server, known) as desk, Caller(server.url) as patient:
        visit = await desk.start_visit(visits_of(manifest, known)[0], patient)
        acknowledged = 0
        for round_ in range(KILLS):
            saving = asyncio.ensure_future(save_until_cut(desk, visit, acknowledged))
            await asyncio.sleep(0.4 + 0.17 * round_)
            await asyncio.to_thread(server.kill)
            acknowledged = await saving
            await asyncio.to_thread(server.start)
            kept = (await desk.caller.get(f"/api/v1/visits/{visit}/note")).value
            assert kept["version"] in {acknowledged, acknowledged + 1}
            assert kept["content"]["history"] == f"save {kept['version']}"
            acknowledged = kept["version"]
        assert acknowledged > KILLS
    await asyncio.to_thread(server.stop)


async def save_until_cut(desk: Desk, visit: str, version: int) -> int:
    """Save again and again until the line is cut; returns the last version that was acknowledged."""
    with suppress(ClientError, OSError, Trouble, TimeoutError):
        while True:
            version = await desk.save(visit, version, history=f"save {version + 1}")
    return version
