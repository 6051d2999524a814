"""A program takes the records of its house's patients as files: within scopes and consent, for a day."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import ClientPayloadError

from telehealth.crypto.errors import SealBroken
from telehealth.domain.access import SYSTEM
from telehealth.domain.consent import Consent, Sharing
from telehealth.domain.exports import MOST_TRIES, ExportState
from telehealth.services.export_run import ExportRun
from telehealth.services.trail import Work
from telehealth.storage.spools import PIECE
from tests.arrivals import ALLERGY, WEIGHT, changed
from tests.fakes import FakeChance
from tests.integration.storage.cast import AMARA, BO, CY, HOSPITAL
from tests.integration.web.hospital import ORIGIN, Answer, Hospital
from tests.integration.web.programs import Client, let_in
from tests.integration.web.test_fhir_subscriptions import client_of
from tests.integration.web.test_fhir_writing import sent, treating
from web.keys import SERVICES

BASE = "/fhir/R4"
ASYNC = {"Prefer": "respond-async"}


def running(hospital: Hospital) -> ExportRun:
    exporting = hospital.server.app[SERVICES].record.exporting
    work = Work(hospital.units, hospital.clock, FakeChance(f"exporting {len(hospital.actions())}"))
    return ExportRun(work=work, spools=exporting._spools)


async def written(hospital: Hospital) -> None:
    run = running(hospital)
    while await run.step():
        pass


async def begun(client: Client, path: str = "$export") -> str:
    answer = await client.send("GET", f"{BASE}/{path}", **ASYNC)
    assert answer.status == 202, answer.text
    return answer.headers["Content-Location"].removeprefix(ORIGIN)


async def lines(client: Client, manifest: Answer) -> list[dict[str, Any]]:
    found = []
    for each in manifest.json["output"]:
        answer = await client.send("GET", each["url"].removeprefix(ORIGIN))
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/fhir+ndjson")
        several = [json.loads(line) for line in answer.text.splitlines()]
        assert {one["resourceType"] for one in several} == {each["type"]}
        assert len(several) == each["count"]
        found += several
    return found


async def test_all_that_the_scopes_open_is_written_to_the_letter(hospital: Hospital) -> None:
    amara = await treating(hospital)
    weight = await sent(amara, WEIGHT)
    await sent(amara, ALLERGY)
    client = await let_in(hospital, "system/Observation.rs", "system/Patient.rs")
    place = await begun(client)
    waiting = await client.send("GET", place)
    assert (waiting.status, waiting.headers["X-Progress"]) == (202, "0 of 1 patients")
    await written(hospital)
    ready = await client.send("GET", place)
    assert (ready.status, ready.json["request"]) == (200, f"{ORIGIN}{BASE}/$export")
    assert (ready.json["requiresAccessToken"], ready.json["error"]) == (True, [])
    assert [each["type"] for each in ready.json["output"]] == ["Observation"]
    answer = await client.send("GET", ready.json["output"][0]["url"].removeprefix(ORIGIN))
    assert answer.text == weight.text.replace("\n", " ") + "\n"
    entries = [each for each in hospital.units.tables.entries.values() if "export" in each.action]
    assert [(each.action, each.patient_ids) for each in entries] == [
        ("record:export:ask", ()),
        ("record:export", (BO.id,)),
        ("record:export:fetch", ()),
    ]


async def test_who_denies_it_and_who_is_of_another_house_is_not_in_it(hospital: Hospital) -> None:
    amara = await treating(hospital)
    await sent(amara, WEIGHT)
    async with hospital.units.writing() as uow:
        theirs = replace(BO, id="pat-zoe", identifiers=())
        await uow.patients.add(replace(theirs, organization_id=HOSPITAL.id))
        word = Consent("c1", BO.id, "other", hospital.clock.at, Sharing.HOUSE, version=1)
        await uow.consents.put(word)
        for patient in ("pat-zoe", CY.id):
            known = next(each for each in hospital.units.tables.resources.values())
            text = known.text.replace(BO.id, patient)
            await uow.record.put(replace(known, id=f"o-{patient}", patient_id=patient, text=text))
    client = await let_in(hospital, "system/*.rs")
    place = await begun(client, "Patient/$export?_type=Observation")
    await written(hospital)
    found = await lines(client, await client.send("GET", place))
    assert [each["subject"]["reference"] for each in found] == ["Patient/pat-zoe"]
    (entry,) = [each for each in hospital.units.tables.entries.values() if each.action == "record:export"]
    assert entry.patient_ids == ("pat-zoe",)


async def test_what_changed_since_is_enough(hospital: Hospital) -> None:
    amara = await treating(hospital)
    await sent(amara, WEIGHT)
    hospital.clock.move(minutes=1)
    since = hospital.clock.at.isoformat().replace("+00:00", "Z")
    later = (await sent(amara, changed(WEIGHT, identifier=None))).json["id"]
    client = await let_in(hospital, "system/Observation.rs")
    place = await begun(client, f"$export?_since={since}&_outputFormat=ndjson")
    await written(hospital)
    assert [each["id"] for each in await lines(client, await client.send("GET", place))] == [later]


async def test_of_whom_nothing_is_taken_nobody_is_told_that_it_was(hospital: Hospital) -> None:
    await sent(await treating(hospital), WEIGHT)
    hospital.clock.move(minutes=1)
    since = hospital.clock.at.isoformat().replace("+00:00", "Z")
    client = await let_in(hospital, "system/*.rs")
    place = await begun(client, f"$export?_since={since}")
    await written(hospital)
    assert (await client.send("GET", place)).json["output"] == []
    assert "record:export" not in hospital.actions()


async def test_a_program_has_one_at_a_time_until_it_deletes_it_or_it_is_over(hospital: Hospital) -> None:
    client = await let_in(hospital, "system/Observation.rs")
    await sent(await treating(hospital), WEIGHT)
    place = await begun(client)
    again = await client.send("GET", f"{BASE}/$export", **ASYNC)
    assert (again.status, "Retry-After" in again.headers) == (429, True)
    assert (await client.send("DELETE", place)).status == 202
    await written(hospital)
    assert (await client.send("GET", place)).status == (await client.send("DELETE", place)).status == 404
    place = await begun(client)
    await written(hospital)
    url = (await client.send("GET", place)).json["output"][0]["url"].removeprefix(ORIGIN)
    hospital.clock.move(hours=24)
    client = client_of(hospital, client)
    assert (await client.send("GET", place)).status == (await client.send("GET", url)).status == 404
    await running(hospital).sweep()
    assert (hospital.units.tables.exports, running(hospital)._spools.exports) == ({}, {})  # type: ignore[attr-defined]
    assert await begun(client)


async def test_with_the_program_its_export_ends_wherever_it_is(hospital: Hospital) -> None:
    client, programs = await let_in(hospital, "system/Observation.rs"), hospital.server.app[SERVICES].record
    await begun(client)
    (export,) = hospital.units.tables.exports.values()
    await programs.programs.end(SYSTEM, export.program_id)
    assert not await running(hospital).step()
    await running(hospital).sweep()
    assert running(hospital)._spools.exports == {}  # type: ignore[attr-defined]


async def test_one_that_cannot_be_written_is_tried_again_and_given_up(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await let_in(hospital, "system/Observation.rs")
    place, run, tries = await begun(client), running(hospital), list[datetime]()

    async def broken(_export: object) -> None:
        tries.append(hospital.clock.at)
        raise OSError("no space left")

    monkeypatch.setattr(run._spools, "open", broken)
    assert not await run.step()
    assert (await client.send("GET", place)).status == 202
    while [each.state for each in hospital.units.tables.exports.values()] == [ExportState.RUNNING]:
        hospital.clock.move(seconds=15)
        await run.step()
    waits = [(after - before).total_seconds() for before, after in pairwise(tries)]
    assert waits == [30 * 2**count for count in range(MOST_TRIES - 1)]
    answer = await client_of(hospital, client).send("GET", place)
    assert (answer.status, answer.json["resourceType"]) == (500, "OperationOutcome")
    assert (answer.json["issue"][0]["code"], "Retry-After" in answer.headers) == ("exception", False)


async def test_one_that_is_cancelled_while_it_is_written_is_no_failure(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = await let_in(hospital, "system/Observation.rs")
    place, run = await begun(client), running(hospital)

    async def cancelled(_export: object) -> None:
        assert (await client.send("DELETE", place)).status == 202
        raise FileNotFoundError

    monkeypatch.setattr(run._spools, "open", cancelled)
    assert await run.step()
    assert not await run.step(), "there is none any more"
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


async def test_one_whose_files_are_gone_begins_anew(hospital: Hospital) -> None:
    made = (await sent(await treating(hospital), WEIGHT)).json["id"]
    client = await let_in(hospital, "system/Observation.rs")
    place, run = await begun(client), running(hospital)
    assert await run.step()
    assert await run._spools.erase_all_but([]) == 1
    assert not await run.step()
    assert (await client.send("GET", place)).headers["X-Progress"] == "0 of 1 patients"
    hospital.clock.move(seconds=30)
    await written(hospital)
    assert [each["id"] for each in await lines(client, await client.send("GET", place))] == [made]


async def test_what_is_not_whole_is_never_taken_for_the_whole(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sent(await treating(hospital), WEIGHT)
    client = await let_in(hospital, "system/Observation.rs")
    place = await begun(client)
    await written(hospital)
    url = (await client.send("GET", place)).json["output"][0]["url"].removeprefix(ORIGIN)
    pieces = [b"first\n"]

    async def broken(_export: object, _file: object) -> AsyncGenerator[bytes]:
        for each in pieces:
            yield each
        raise SealBroken

    monkeypatch.setattr(running(hospital)._spools, "read", broken)
    with pytest.raises(ClientPayloadError):
        await client.send("GET", url)
    pieces.clear()
    answer = await client.send("GET", url)
    assert (answer.status, answer.json["resourceType"]) == (500, "OperationOutcome")


async def test_whoever_hangs_up_leaves_no_file_open(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await sent(await treating(hospital), WEIGHT)
    client, closed = await let_in(hospital, "system/Observation.rs"), asyncio.Event()
    place = await begun(client)
    await written(hospital)
    url = (await client.send("GET", place)).json["output"][0]["url"].removeprefix(ORIGIN)

    async def endless(_export: object, _file: object) -> AsyncGenerator[bytes]:
        try:
            while True:
                yield b"x" * PIECE
        finally:
            closed.set()

    monkeypatch.setattr(running(hospital)._spools, "read", endless)
    headers = {"Authorization": f"Bearer {client.token}"}
    async with client.person.client.get(url, headers=headers) as answer:
        assert len(await answer.content.readexactly(PIECE)) == PIECE
        answer.close()
    await asyncio.wait_for(closed.wait(), 5)
    assert (await client.send("GET", place)).status == 200
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    client, other = await let_in(hospital, "system/*.rs"), await let_in(hospital, "system/*.rs")
    amara, place = await hospital.staff(AMARA), await begun(client)
    file = place.replace("export-status", "export-file") + "/Observation.ndjson"
    for path in (place, file, f"{BASE}/export-status/none", f"{file}x"):
        assert (await other.send("GET", path)).status == 404, path
        assert (await amara.get(path)).status in {403, 404}, path
    assert (await other.send("DELETE", place)).status == 404
    assert (await client.send("GET", file)).status == 404, "not before it is ready"
    assert (await amara.get(f"{BASE}/$export", headers=ASYNC)).status == 403
    some = await let_in(hospital, "system/Observation.rs")
    assert (await some.send("GET", f"{BASE}/$export?_type=Patient", **ASYNC)).status == 403
    writer = await let_in(hospital, "system/Observation.cu")
    assert (await writer.send("GET", f"{BASE}/$export", **ASYNC)).status == 403


@pytest.mark.parametrize(
    "query,headers,element",
    [
        ("", {}, "Prefer"),
        ("", {"Prefer": "return=minimal"}, "Prefer"),
        ("?_type=Medication", ASYNC, "_type"),
        ("?_since=never", ASYNC, "_since"),
        ("?_outputFormat=csv", ASYNC, "_outputFormat"),
        ("?patient=1", ASYNC, "patient"),
    ],
)
async def test_what_cannot_be_asked_is_named(
    hospital: Hospital, query: str, headers: dict[str, str], element: str
) -> None:
    client = await let_in(hospital, "system/*.rs")
    answer = await client.send("GET", f"{BASE}/$export{query}", **headers)
    assert (answer.status, answer.json["issue"][0]["expression"]) == (422, [element]), answer.text
