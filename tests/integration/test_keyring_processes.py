"""Several processes on one key directory, and SIGKILL at the worst moments."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import KEK, NEXT, STORE, open_custody
from telehealth.crypto.kek import FileKek
from telehealth.crypto.purposes import Purpose

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

HEAD = """
import json, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody
from telehealth.crypto.purposes import Purpose

def opened():
    now = lambda: datetime(2026, 11, 23, tzinfo=UTC)
    return open_custody(Path(sys.argv[1]), SystemChance(), now, known_check=None)
"""
SEAL_AND_DIE = """
keyring = opened().keyring
key = keyring.key_for("bo")
os.write(1, key.id.encode())
sealed = keyring.seal("bo", Purpose.NOTE, ("1",), b"acknowledged")
os.write(1, b" " + sealed.blob.hex().encode())
os.kill(os.getpid(), signal.SIGKILL)
"""
DIE_AFTER_CREATION = """
import telehealth.crypto.keyring as keyrings
keyring = opened().keyring
opened_row = keyrings.Keyring._opened_row
keyrings.Keyring._opened_row = lambda self, row: os.kill(os.getpid(), signal.SIGKILL)
keyring.key_for("bo")
"""
DIE_BEFORE_STORE = """
import telehealth.crypto.custody as custodies
custodies.KeyStore = lambda path: os.kill(os.getpid(), signal.SIGKILL)
opened()
"""
DIE_BEFORE_LINK = """
os.link = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)
opened()
"""
RACE = """
custody = opened()
os.write(1, b".")
sys.stdin.buffer.read(1)
keys = [custody.keyring.key_for(f"patient-{number}") for number in range(40)]
print(json.dumps([key.secret.hex() for key in keys] + [custody.keyring.derived(Purpose.LINK_KEY).hex()]))
"""
FIRST_START = """
sys.stdin.buffer.read(1)
print(opened().keyring.derived(Purpose.LINK_KEY).hex())
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def started(script: str, directory: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", HEAD + script, str(directory)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def killed(script: str, directory: Path) -> list[str]:
    """What a child said until it was killed by its own hand."""
    with started(script, directory) as child:
        said, _ = child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL
    return said.decode().split()


def test_what_a_killed_process_sealed_opens(directory: Path) -> None:
    for _ in range(5):
        key_id, blob = killed(SEAL_AND_DIE, directory)
        custody = open_custody(directory, SystemChance(), lambda: NOW, known_check=None)
        opened = custody.keyring.open("bo", key_id, Purpose.NOTE, ("1",), bytes.fromhex(blob))
        assert opened == b"acknowledged"
        custody.close()


def test_a_key_made_just_before_a_kill_is_the_one_used_afterwards(directory: Path) -> None:
    killed(DIE_AFTER_CREATION, directory)
    custody = open_custody(directory, SystemChance(), lambda: NOW, known_check=None)
    assert custody.store.counts().keys == 1
    row = custody.store.newest("bo")
    assert row is not None
    assert custody.keyring.key_for("bo").id == row.id
    custody.close()


@pytest.mark.parametrize("script", [DIE_BEFORE_STORE, DIE_BEFORE_LINK])
def test_a_first_start_that_was_killed_is_simply_repeated(directory: Path, script: str) -> None:
    killed(script, directory)
    custody = open_custody(directory, SystemChance(), lambda: NOW, known_check=None)
    custody.keyring.key_for("bo")
    check = custody.keyring.check
    custody.close()
    open_custody(directory, SystemChance(), lambda: NOW, known_check=check).close()
    assert (directory / KEK).exists()
    assert (directory / STORE).exists()


def test_a_key_that_another_process_made_meanwhile_is_the_one_used(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It makes the key after we have looked and before we write."""
    custody = open_custody(directory, SystemChance(), lambda: NOW, known_check=None)
    other = open_custody(directory, SystemChance(), lambda: NOW, known_check=None)
    monkeypatch.setattr(custody.store, "newest", lambda owner: None)
    theirs = other.keyring.key_for("bo")
    assert custody.keyring.key_for("bo") == theirs
    assert custody.store.counts().keys == 1
    custody.close()
    other.close()


def test_a_key_waits_for_a_writer_and_sees_what_he_wrote(directory: Path) -> None:
    """A transaction that asked for the lock after reading would use the former KEK, or deadlock."""
    custody = open_custody(directory, SystemChance(), lambda: NOW, known_check=None)
    coming, _ = FileKek.create(directory / NEXT, SystemChance())
    writer = sqlite3.connect(directory / STORE, timeout=1, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE kek SET current = 0")
    writer.execute("INSERT INTO kek VALUES (?, ?, 1)", (coming.current, NOW.isoformat()))
    with ThreadPoolExecutor(1) as thread:
        key = thread.submit(custody.keyring.key_for, "bo")
        time.sleep(0.2)
        assert not key.done()
        writer.execute("COMMIT")
        assert key.result(10).generation == 1
    writer.close()
    row = custody.store.newest("bo")
    assert row is not None
    assert row.kek_id == coming.current
    custody.close()


def test_commits_are_on_disk_and_deleted_bytes_are_overwritten(directory: Path) -> None:
    custody = open_custody(directory, SystemChance(), lambda: NOW, known_check=None)
    settings = {
        name: custody.store._db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "secure_delete", "journal_mode")
    }
    assert settings == {"synchronous": 3, "secure_delete": 1, "journal_mode": "delete"}
    custody.close()


def test_processes_that_make_the_same_owners_keys_at_once_get_the_same_keys(directory: Path) -> None:
    children = [started(RACE, directory) for _ in range(3)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.read(1) == b"."
    results = [json.loads(child.communicate(b"!", timeout=60)[0]) for child in children]
    assert results[0] == results[1] == results[2]
    assert len(set(results[0])) == 41


def test_first_starts_at_once_end_with_one_key(directory: Path) -> None:
    children = [started(FIRST_START, directory) for _ in range(3)]
    for child in children:
        assert child.stdin is not None
        child.stdin.write(b"!")
        child.stdin.flush()
    secrets = {child.communicate(timeout=60)[0] for child in children}
    assert len(secrets) == 1
    assert sorted(path.name for path in directory.iterdir()) == [KEK, STORE]
