"""Rotation of the key-encryption key: online, resumable, and readable at every moment."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import KEK, NEXT, STORE, Custody, open_custody
from telehealth.crypto.errors import SealBroken, WrongKey
from telehealth.crypto.kek import EnvironmentKek, FileKek, LocalKek
from telehealth.crypto.keyring import Keyring, Sealed
from telehealth.crypto.keystore import KeyStore
from telehealth.crypto.purposes import Purpose

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHANCE = SystemChance()
PATIENTS = [f"patient-{number}" for number in range(10)]
Notes = dict[str, Sealed]


class PowerCut(Exception):
    """The machine stops here."""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def opened(directory: Path, check: str | None = None, environment: str | None = None) -> Custody:
    return open_custody(directory, CHANCE, lambda: NOW, known_check=check, environment=environment)


def sealed_notes(keyring: Keyring) -> Notes:
    return {patient: keyring.seal(patient, Purpose.NOTE, (), patient.encode()) for patient in PATIENTS}


def assert_readable(keyring: Keyring, notes: Notes) -> None:
    for patient, note in notes.items():
        assert keyring.open(patient, note.key_id, Purpose.NOTE, (), note.blob) == patient.encode()


def cut_after(keys: int) -> object:
    def report(moved: int) -> None:
        if moved == keys:
            raise PowerCut

    return report


def test_after_a_rotation_everything_is_readable_and_under_the_new_kek(directory: Path) -> None:
    custody = opened(directory)
    notes, link = sealed_notes(custody.keyring), custody.keyring.derived(Purpose.LINK_KEY)
    before, heard = custody.keyring.check, list[int]()
    escrow = custody.rotate(heard.append)
    custody.close()
    assert heard == list(range(1, 12))
    again = opened(directory, before)
    assert again.keyring.check != before
    assert again.store.counts().waiting == 0
    assert_readable(again.keyring, notes)
    assert again.keyring.derived(Purpose.LINK_KEY) == link
    assert escrow == FileKek.open(directory / KEK, CHANCE).escrow()
    assert sorted(path.name for path in directory.iterdir()) == [KEK, STORE]
    again.close()


def test_the_old_kek_opens_nothing_after_a_rotation(directory: Path) -> None:
    custody = opened(directory)
    sealed_notes(custody.keyring)
    old = (directory / KEK).read_text()
    custody.rotate()
    custody.close()
    (directory / KEK).unlink()
    with pytest.raises(WrongKey):
        opened(directory, environment=old)


@pytest.mark.parametrize("keys", [1, 5, 10])
def test_an_interrupted_rotation_stays_readable_and_is_resumed(directory: Path, keys: int) -> None:
    custody = opened(directory)
    notes, before = sealed_notes(custody.keyring), custody.keyring.check
    with pytest.raises(PowerCut):
        custody.rotate(cut_after(keys))  # type: ignore[arg-type]
    assert_readable(custody.keyring, notes)
    custody.close()

    again = opened(directory, before)
    assert again.store.counts().waiting == len(PATIENTS) - keys
    assert_readable(again.keyring, notes)
    moved: list[int] = []
    again.rotate(moved.append)
    again.close()
    assert len(moved) == len(PATIENTS) - keys

    last = opened(directory, before)
    assert_readable(last.keyring, notes)
    assert not (directory / NEXT).exists()
    last.close()


def test_a_rotation_cut_before_its_first_step_is_resumed(directory: Path) -> None:
    custody = opened(directory)
    notes = sealed_notes(custody.keyring)
    custody.close()
    coming, _ = FileKek.create(directory / NEXT, CHANCE)
    again = opened(directory)
    assert_readable(again.keyring, notes)
    again.rotate()
    assert again.keyring.check == coming.current
    again.close()


def test_a_server_beside_the_rotating_command_reads_and_seals_on(directory: Path) -> None:
    server = opened(directory)
    notes = sealed_notes(server.keyring)
    command = opened(directory)

    def meanwhile(moved: int) -> None:
        assert_readable(server.keyring, notes)
        new = f"new-{moved}"
        notes[new] = server.keyring.seal(new, Purpose.NOTE, (), new.encode())

    command.rotate(meanwhile)
    notes["late"] = server.keyring.seal("late", Purpose.NOTE, (), b"late")
    command.close()
    server.close()
    again = opened(directory)
    assert again.store.counts().waiting == 0
    assert_readable(again.keyring, notes)
    again.close()


def test_a_server_that_missed_the_whole_rotation_finds_the_new_kek(directory: Path) -> None:
    server = opened(directory)
    notes = sealed_notes(server.keyring)
    command = opened(directory)
    command.rotate()
    command.close()
    assert_readable(server.keyring, notes)
    server.keyring.key_for("late")
    assert server.store.counts().waiting == 0
    server.close()


def test_a_key_wrapped_while_the_kek_changes_is_wrapped_again(directory: Path) -> None:
    """The store refuses a row under the former KEK, else a key could come after the last row was moved."""
    custody = opened(directory)
    coming, _ = FileKek.create(directory / NEXT, CHANCE)
    insert = custody.store.insert
    tries: list[str] = []

    def change_first(row: object) -> object:
        if not tries:
            custody.store.change_kek(coming.current, NOW)
        tries.append(row.kek_id)  # type: ignore[attr-defined]
        return insert(row)  # type: ignore[arg-type]

    custody.store.insert = change_first  # type: ignore[method-assign,assignment]
    before = custody.keyring.check
    custody.keyring.key_for("bo")
    assert tries == [before, coming.current]
    custody.close()


def test_a_key_destroyed_while_it_is_rewrapped_stays_destroyed(directory: Path) -> None:
    custody = opened(directory)
    custody.keyring.key_for("bo")

    class Shredding(LocalKek):
        __slots__ = ()

        def wrap(self, data: bytes, context: Sequence[str]) -> bytes:
            custody.keyring.shred("bo")
            return super().wrap(data, context)

    assert custody.keyring.rewrap(Shredding(b"n" * 32, CHANCE)) == 1
    row = custody.store.newest("bo")
    assert row is not None
    assert not any(row.wrapped)
    custody.close()


def test_shredded_keys_do_not_wait_for_a_rotation(directory: Path) -> None:
    custody = opened(directory)
    sealed_notes(custody.keyring)
    custody.keyring.shred(PATIENTS[0])
    moved: list[int] = []
    custody.rotate(moved.append)
    counts = custody.store.counts()
    assert (counts.owners, counts.keys, counts.shredded, counts.waiting) == (10, 10, 1, 0)
    assert len(moved) == 9
    custody.close()


def test_a_damaged_row_stops_the_rotation_and_the_others_stay_readable(directory: Path) -> None:
    custody = opened(directory)
    notes = sealed_notes(custody.keyring)
    custody.store._db.execute("UPDATE data_key SET wrapped = zeroblob(125) WHERE owner = ?", (PATIENTS[5],))
    custody.keyring._forget()
    with pytest.raises(SealBroken):
        custody.rotate()
    assert_readable(custody.keyring, {name: note for name, note in notes.items() if name != PATIENTS[5]})
    custody.close()


def test_rotating_from_the_file_to_the_environment_and_on_to_another_key(directory: Path) -> None:
    custody = opened(directory)
    notes = sealed_notes(custody.keyring)
    custody.close()
    first, second = "5a" * 32, "6b" * 32
    moving = opened(directory, environment=first)
    assert_readable(moving.keyring, notes)
    assert moving.rotate() == EnvironmentKek.parse(first, CHANCE).escrow()
    moving.close()
    (directory / KEK).unlink()
    changing = opened(directory, environment=f"{second},{first}")
    assert_readable(changing.keyring, notes)
    changing.rotate()
    changing.close()
    last = opened(directory, environment=second)
    assert_readable(last.keyring, notes)
    last.close()


def test_a_keyring_alone_refuses_a_store_of_another_kek(directory: Path) -> None:
    opened(directory).close()
    store = KeyStore(directory / STORE)
    with pytest.raises(WrongKey):
        Keyring(EnvironmentKek.parse("5a" * 32, CHANCE), store, CHANCE, lambda: NOW)
    store.close()


ROTATE = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody

def report(moved):
    if moved == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

now = lambda: datetime(2026, 11, 23, tzinfo=UTC)
open_custody(Path(sys.argv[1]), SystemChance(), now, known_check=None).rotate(report)
"""


def test_a_killed_rotation_leaves_everything_readable_and_is_resumed(directory: Path) -> None:
    custody = opened(directory)
    notes = sealed_notes(custody.keyring)
    for keys in (1, 3, 2):
        child = subprocess.run([sys.executable, "-c", ROTATE, str(directory), str(keys)], check=False)
        assert child.returncode == -9
        assert_readable(custody.keyring, notes)
    assert custody.store.counts().waiting == 4
    custody.rotate()
    assert custody.store.counts().waiting == 0
    assert_readable(custody.keyring, notes)
    custody.close()
