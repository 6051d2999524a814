"""Transactions of several processes at once, on both databases: each whole or not at all, nothing twice."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from telehealth.domain.errors import BadInput, Refused
from telehealth.fhir.posted import requests_of
from telehealth.fhir.received import received
from telehealth.services.shared_record import SharedRecord
from telehealth.services.sifting import RecordQuery
from tests.fakes.exports import FakeSpools
from tests.integration.racing import raced
from tests.integration.services.conftest import Office
from tests.integration.services.record_racer import AMARA, BASE, GROUPS, transaction
from tests.integration.storage import cast

RACERS = 4 * GROUPS
DEADLOCKS = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


async def record_of(office: Office) -> SharedRecord:
    async with office.storage.writing() as uow:
        await cast.arrive(uow)
    return SharedRecord(work=office.work, url=BASE, spools=FakeSpools())


async def found(record: SharedRecord, type_: str) -> list[str]:
    page = await record.search(AMARA, RecordQuery(type_, cast.BO.id, count=100))
    return [each.text for each in page.found]


async def deadlocks(office: Office) -> int:
    if office.storage.engines[0].dialect.name == "sqlite":
        return 0
    async with office.storage.engines[0].connect() as connection:
        return int((await connection.execute(DEADLOCKS)).scalar_one())


@pytest.mark.timeout(180)
async def test_of_all_who_send_the_same_at_once_it_is_made_once(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    record, before = await record_of(office), await deadlocks(office)
    ends = await raced(
        "tests.integration.services.record_racer", RACERS, migrated_url, str(tmp_path / "keys")
    )
    assert set(ends.values()) == {"done"}
    measured = {f"Observation/{json.loads(each)['id']}" for each in await found(record, "Observation")}
    assert len(measured) == 2 * GROUPS
    reports = [json.loads(each) for each in await found(record, "DiagnosticReport")]
    assert len(reports) == 3 * GROUPS
    for each in reports:
        named = [part["reference"] for part in each["result"]]
        assert len(set(named) & measured) == 2
    assert await deadlocks(office) == before


async def test_what_fails_at_its_end_leaves_nothing(office: Office) -> None:
    record = await record_of(office)
    bundle = json.loads(transaction(1))
    late = bundle["entry"][2]
    late["request"] = {"method": "PUT", "url": "DiagnosticReport/gone", "ifMatch": 'W/"1"'}
    late["resource"]["id"] = "gone"
    for end in (
        bundle,
        bundle | {"entry": [*bundle["entry"][:2], {"request": {"method": "POST", "url": "x"}}]},
    ):
        _, entries = requests_of(received(json.dumps(end).encode()))
        with pytest.raises(Refused) as refused:
            await record.transactions.carry_out(AMARA, entries, BASE)
        assert refused.value.where == "Bundle.entry[2]"
        assert not isinstance(refused.value, BadInput)
    assert await found(record, "Observation") == []
    _, entries = requests_of(received(transaction(1)))
    saved = await record.transactions.carry_out(AMARA, entries, BASE)
    assert all(each.new for each in saved), "the identifiers are free again"
