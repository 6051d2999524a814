"""After a restart the clinic's list shows as away who was here and has not come back."""

import asyncio
from pathlib import Path

from signaling.client import SignalSocket
from telehealth.probe.http import Caller
from tests.integration.server.acting import Desk, signed_in, specialist, visits_of
from tests.services.server import Server


async def word_for(desk: Desk, visit_id: str) -> str:
    answer = await desk.caller.get(f"/api/v1/visits/{visit_id}")
    return str(answer.value["visit"]["connection"])


async def test_who_does_not_come_back_is_away(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    await asyncio.to_thread(server.start)
    manifest = server.manifest()
    known = specialist(manifest)
    try:
        async with signed_in(server, known) as desk, Caller(server.url) as patient:
            visit = visits_of(manifest, known)[0]
            token = visit["join_url"].partition("#")[2]
            await patient.post("/api/v1/visit-links/open", {"token": token})
            socket = await SignalSocket.open(patient.session, server.url, visit=visit["id"])
            for _ in range(100):
                if await word_for(desk, visit["id"]) == "good":
                    break
                await asyncio.sleep(0.1)
            assert await word_for(desk, visit["id"]) == "good"
            await asyncio.to_thread(server.kill)
            await socket.close()
            await asyncio.to_thread(server.start)
            assert await word_for(desk, visit["id"]) == "away"
    finally:
        await asyncio.to_thread(server.stop)
