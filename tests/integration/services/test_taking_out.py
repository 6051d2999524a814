"""A whole record is taken out piece by piece: what it weighs is never all in memory."""

import base64
import json
import tracemalloc
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from telehealth.domain.access import SYSTEM
from telehealth.papers.sheet import Sheet
from telehealth.services.taking_out import TakingOut
from tests.cast import HOSPITAL, House
from tests.integration.storage import cast

DOCUMENTS, SIZE = 12, 400_000
NOTE: dict[str, Any] = {
    "resourceType": "Composition",
    "language": "en",
    "title": "Virtual consultation note",
    "date": "2026-11-23T09:00:00Z",
}


async def recorded(house: House) -> None:
    """Large pictures, and a note for each."""
    whose = {"patient_id": house.bo.id, "organization_id": HOSPITAL}
    async with house.assembled.opened.storage.writing() as uow:
        for number in range(DOCUMENTS):
            data = base64.b64encode(bytes([number]) * SIZE).decode()
            picture: dict[str, Any] = {
                "content": [{"attachment": {"contentType": "image/png", "data": data}}]
            }
            for resource in (NOTE, {"resourceType": "DocumentReference"} | picture):
                known = replace(cast.resource(type_=resource["resourceType"]), id=f"r-{number}")
                text = json.dumps(resource | {"id": known.id})
                await uow.record.put(replace(known, **whose, text=text))


async def test_files_are_made_when_their_turn_has_come_and_not_all_kept(house: House) -> None:
    await recorded(house)
    made: list[int] = []
    names: dict[str, int] = {}

    async def paper(sheet: Sheet) -> bytes:
        made.append(len(names))
        return sheet.blocks[0].kind.encode()

    taking = TakingOut(work=house.assembled.opened.work, paper=paper)
    tracemalloc.start()
    held = []
    async with aclosing(taking.pieces(SYSTEM, house.bo.id)) as pieces:
        async for each in pieces:
            if each.name not in names and not each.name.startswith("record"):
                held.append(tracemalloc.get_traced_memory()[0])
            names[each.name] = names.get(each.name, 0) + len(each.content)
    tracemalloc.stop()
    assert sorted(made) == list(range(1, DOCUMENTS + 1)), "one after the other, behind the record"
    assert [size for name, size in names.items() if name.startswith("documents/")] == [SIZE] * DOCUMENTS
    assert max(held) < DOCUMENTS * SIZE / 2
