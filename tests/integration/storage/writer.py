"""The child processes of test_kill.py: each saves notes and says so, a line per safe save, until killed.

Arguments: the database's URL, the key directory. The imports are done once: this process forks one child for
each line that comes in. A child says `ready <pid>`, then `<note number> <version>` after each committed save;
this process says `dead` after each child, and nothing is written until the next line comes in.
"""

import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody
from telehealth.crypto.purposes import Purpose
from telehealth.domain.note import NoteContent
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import entry

WRITERS = 4


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


async def write(storage: Storage, number: int) -> None:
    """Autosave one note for ever, as the note desk does: the note and its audit entry in one unit."""
    while True:
        async with storage.writing() as unit:
            note = await unit.notes.get(f"note-{number}")
            assert note is not None
            version = note.version + 1
            content = NoteContent(history=f"{number} at version {version}")
            await unit.notes.save(replace(note, version=version, content=content))
            await unit.audit.enter(entry(f"{number}-{version}", note.patient_id))
        say(f"{number} {version}")


async def main(url: str, keys: Path) -> None:
    custody = open_custody(keys, SystemChance(), lambda: datetime.now(UTC), known_check=None)
    storage = Storage(url, custody.keyring, BlindIndex(custody.keyring.derived(Purpose.BLIND_INDEX)))
    say(f"ready {os.getpid()}")
    await asyncio.gather(*(write(storage, number) for number in range(WRITERS)))


if __name__ == "__main__":
    while sys.stdin.readline():
        if child := os.fork():
            os.waitpid(child, 0)
            say("dead")
        else:
            asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
