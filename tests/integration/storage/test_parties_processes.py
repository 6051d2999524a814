"""Two hundred in several processes want a room, a device and an interpreter: who misses one is told which."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select, text

from telehealth.storage.rows.appointments import appointment_resource, appointments
from telehealth.storage.unit_of_work import Storage
from tests.integration.racing import raced
from tests.integration.storage.party_racer import POOLS

RACERS = 200
DEADLOCKS = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


async def race(url: str, keys: Path) -> Counter[str]:
    """Let all processes start at one moment; how often each word was said."""
    ends = await raced("tests.integration.storage.party_racer", RACERS, url, str(keys))
    return Counter(ends.values())


async def deadlocks(storage: Storage) -> int:
    """How many PostgreSQL has counted; SQLite's writers come one after the other."""
    if storage.engines[0].dialect.name == "sqlite":
        return 0
    async with storage.engines[0].connect() as connection:
        return int((await connection.execute(DEADLOCKS)).scalar_one())


@pytest.mark.timeout(180)
async def test_every_room_has_one_visit_and_all_others_hear_that_no_room_is_left(
    cluster: Storage, migrated_url: str, tmp_path: Path
) -> None:
    before = await deadlocks(cluster)
    ends = await race(migrated_url, tmp_path / "keys")
    assert ends == {"won": 3, "room": RACERS - 3}
    claim = appointment_resource.c
    async with cluster.engines[0].connect() as connection:
        taken = (await connection.execute(select(claim.appointment_id, claim.resource_id))).all()
        kept = (await connection.execute(select(appointments.c.id))).scalars().all()
    assert Counter(row.appointment_id for row in taken) == dict.fromkeys(kept, 5), "all five parties or none"
    shared = [row.resource_id for row in taken if any(row.resource_id in pool for pool in POOLS.values())]
    assert len(set(shared)) == len(shared) == 3 * len(POOLS)
    assert await deadlocks(cluster) == before
