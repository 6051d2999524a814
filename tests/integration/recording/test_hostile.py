"""Strangers at the recorder's ports, and offers that mean harm: it records on, and it knocks nowhere."""

import asyncio
from pathlib import Path

from tests.integration.recording.taping import KEY, TAPE, Sender, recorder, written
from tests.services.strangers import bystander, doors_of, spray


async def test_junk_and_foreign_handshakes_at_its_ports_keep_it_from_nothing(tmp_path: Path) -> None:
    async with recorder(tmp_path) as one:
        sender = Sender()
        answer = await one.link.open(TAPE.id, KEY, await sender.offer(), sender.views)
        spray(doors_of(answer), 5)
        await sender.take(answer)
        async with asyncio.timeout(60):
            while await one.records() < 1:
                spray(doors_of(answer))
                await asyncio.sleep(0.02)
        await written(one, 2)
        await sender.connection.close()


async def test_it_knocks_at_no_address_that_is_offered(tmp_path: Path) -> None:
    async with recorder(tmp_path) as one:
        sender = Sender()
        with bystander() as somebody:
            offer = somebody.named_in(await sender.offer())
            await sender.take(await one.link.open(TAPE.id, KEY, offer, sender.views))
            await written(one, 2)
            assert somebody.heard == b""
        await sender.connection.close()
