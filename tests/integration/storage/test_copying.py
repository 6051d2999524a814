"""Copying all rows: page by page, of an earlier schema too, and all of it or nothing."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from telehealth.services.backup_ports import BackupRefused, Row, TableShape
from telehealth.storage import copying
from telehealth.storage.copying import CopiedDatabase, FilledDatabase
from telehealth.storage.engine import database_url as parsed
from telehealth.storage.engine import writing_engine
from telehealth.storage.migrate import newest, revision
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast

OLD = TableShape(
    "organization", tuple((each, "text") for each in ("id", "name", "kind", "phone", "language"))
)
HILL: Row = (b"o", b"Hill", b"clinic", b"+15550100", b"en")


async def copied(storage: Storage) -> dict[str, Sequence[Row]]:
    found: dict[str, Sequence[Row]] = {}
    async with CopiedDatabase(storage.engines[1]).snapshot() as snapshot:
        for table in snapshot.tables:
            found[table.name] = [row async for some in snapshot.rows(table) for row in some]
    return found


async def test_a_table_is_read_to_its_end_whatever_its_pages(
    cluster: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with cluster.writing() as unit:
        for number in range(3):
            booked = cast.appointment(str(number), cast.NOW.replace(hour=9 + number))
            await unit.appointments.book(booked, cast.claims(booked))
    whole = await copied(cluster)
    assert len(whole["appointment_resource"]) > 4
    for size in (1, 2, len(whole["appointment_resource"])):
        monkeypatch.setattr(copying, "PAGE", size)
        assert await copied(cluster) == whole


async def test_what_an_earlier_schema_held_is_brought_up_to_date(database_url: str) -> None:
    target = FilledDatabase(database_url)
    assert await target.is_empty()
    async with target.loading("0001") as load:
        await load.put(OLD, [HILL])
    assert not await target.is_empty()
    assert await revision(database_url) == newest()
    engine = writing_engine(parsed(database_url))
    async with engine.connect() as connection:
        row = (await connection.execute(text("SELECT name, prepares FROM organization"))).one()
    await engine.dispose()
    assert tuple(row) == ("Hill", True)
    with pytest.raises(BackupRefused, match="meanwhile"):
        async with target.loading("0001"):
            pytest.fail("it is full")


async def test_a_load_that_fails_leaves_no_table(tmp_path: Path) -> None:
    target = FilledDatabase(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 (it is raised within the block)
        async with target.loading("0001") as load:
            await load.put(OLD, [HILL])
            raise ZeroDivisionError
    assert await target.is_empty()
