"""A process that saves notes is killed again and again: nothing that it said was saved is ever lost."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select, text

from telehealth.domain.note import Note, NoteContent
from telehealth.storage.rows.audit import audit_entry
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import NOW, appointment, claims, note, visit
from tests.integration.storage.writer import WRITERS

KILLS = {"sqlite": 120, "postgresql": 30}
LONGEST_LIFE = 0.15
ROOT = Path(__file__).parents[3]
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
"""How many are connected beside us; this process uses one connection at a time, so its pool holds one."""


async def open_notes(storage: Storage) -> None:
    async with storage.writing() as unit:
        for number in range(WRITERS):
            booked = appointment(str(number), NOW.replace(hour=9 + number))
            await unit.appointments.book(booked, claims(booked))
            await unit.visits.add(visit(booked, str(number)))
            draft = replace(note(), id=f"note-{number}", visit_id=f"visit-{number}")
            await unit.notes.add(replace(draft, content=NoteContent(history=f"{number} at version 1")))


def lives(url: str, keys: Path, count: int) -> Iterator[list[str]]:
    """Let `count` writers live for a random moment each, one after the other; yield what each one said.

    Every other one is let live until its first acknowledged save, however slow the machine is. The next is
    born only when the caller asks for it, so that nobody writes while the caller reads.
    """
    command = (sys.executable, "-m", "tests.integration.storage.writer", url, str(keys))
    chance = Random(2026)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        for life in range(count):
            print("live", file=nursery.stdin, flush=True)
            word, pid = nursery.stdout.readline().split()
            assert word == "ready"
            first = [nursery.stdout.readline()] if life % 2 else []
            time.sleep(chance.uniform(0.0, LONGEST_LIFE))
            os.kill(int(pid), signal.SIGKILL)
            yield first + list(iter(nursery.stdout.readline, "dead\n"))


async def nobody_else_writes(storage: Storage) -> None:
    """Wait until PostgreSQL is done with the dead: a COMMIT that they had sent may land after their death.

    On SQLite the dead did their own writing and took it with them.
    """
    engine = storage.engines[0]
    if engine.dialect.name != "postgresql":
        return
    while True:
        async with engine.connect() as connection:
            if not await connection.scalar(OTHERS):
                return
        await asyncio.sleep(0.01)


@pytest.mark.timeout(240)
async def test_no_acknowledged_save_is_lost(cluster: Storage, migrated_url: str, tmp_path: Path) -> None:
    await open_notes(cluster)
    acknowledged = dict.fromkeys(range(WRITERS), 1)
    saves = 0
    for said in lives(migrated_url, tmp_path / "keys", KILLS[cluster.engines[0].dialect.name]):
        for line in said:
            number, version = map(int, line.split())
            acknowledged[number] = max(acknowledged[number], version)
            saves += 1
        await nobody_else_writes(cluster)
        async with cluster.reading() as unit:
            found = {number: await unit.notes.get(f"note-{number}") for number in range(WRITERS)}
        async with cluster.engines[0].connect() as connection:
            entered = set(await connection.scalars(select(audit_entry.c.id)))
        for number, kept in found.items():
            assert kept is not None
            assert_whole(number, kept, acknowledged[number], entered)
            acknowledged[number] = kept.version  # seen after a restart is as good as acknowledged
    assert saves >= KILLS[cluster.engines[0].dialect.name] // 2


def assert_whole(number: int, kept: Note, acknowledged: int, entered: set[str]) -> None:
    """At most the save that was under way is there without having been acknowledged, and then whole.

    A note's next save begins only after the one before was said, so one life leaves at most one unsaid.
    """
    assert acknowledged <= kept.version <= acknowledged + 1
    assert kept.content == NoteContent(history=f"{number} at version {kept.version}")
    assert {f"entry-{number}-{version}" for version in range(2, kept.version + 1)} <= entered
    assert f"entry-{number}-{kept.version + 1}" not in entered
