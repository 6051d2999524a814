"""A copy of the wrapped keys is a key store again, and a broken one is not taken for it."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import KEK, STORE, Custody, open_custody
from telehealth.crypto.errors import KeyShredded, KeyStoreBroken
from telehealth.crypto.keystore import KeyStore
from telehealth.crypto.purposes import Purpose

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def opened(directory: Path) -> Custody:
    return open_custody(directory, SystemChance(), lambda: NOW, known_check=None)


def test_a_copy_opens_what_the_store_opened_and_nothing_that_was_destroyed(tmp_path: Path) -> None:
    custody = opened(tmp_path / "keys")
    assert custody.keyring.root() == ""
    secret = custody.keyring.derived(Purpose.BACKUP_KEY)
    bo, cy = custody.keyring.key_for("bo"), custody.keyring.key_for("cy")
    custody.keyring.shred("cy")
    assert custody.keyring.missing([cy.id, bo.id, "none", "another"]) == ["another", "none"]
    again = tmp_path / "again"
    again.mkdir()
    custody.store.copy_to(again / STORE)
    (tmp_path / "keys" / KEK).rename(again / KEK)
    copy = opened(again)
    assert copy.keyring.open_key(bo.id) == bo
    assert (copy.keyring.root(), copy.keyring.derived(Purpose.BACKUP_KEY)) == (custody.keyring.root(), secret)
    with pytest.raises(KeyShredded):
        copy.keyring.open_key(cy.id)
    copy.close()
    custody.close()


def test_a_copy_of_a_broken_store_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / STORE) as raw:
        raw.execute("CREATE TABLE memory (name TEXT PRIMARY KEY, text TEXT)")
        raw.execute("INSERT INTO memory VALUES ('one', NULL)")
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("UPDATE sqlite_master SET sql = replace(sql, 'text TEXT', 'text TEXT NOT NULL')")
    raw.close()
    store = KeyStore(tmp_path / STORE)
    with pytest.raises(KeyStoreBroken, match="not whole"):
        store.copy_to(tmp_path / "copy")
    store.close()
