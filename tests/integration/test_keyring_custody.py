"""The key directory: files, modes, the first start, and every reason to refuse a start."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import KEK, STORE, Custody, open_custody
from telehealth.crypto.errors import (
    EscrowBroken,
    KeyExists,
    KeyFileBroken,
    KeyFileTooOpen,
    KeyMissing,
    KeyStoreBroken,
    SealBroken,
    WrongKey,
)
from telehealth.crypto.kek import EnvironmentKek, FileKek
from telehealth.crypto.purposes import Purpose

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHANCE = SystemChance()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys"


def opened(directory: Path, check: str | None = None, environment: str | None = None) -> Custody:
    return open_custody(directory, CHANCE, lambda: NOW, known_check=check, environment=environment)


def made(directory: Path) -> tuple[str, str]:
    """The check value and the escrow text of a new key directory with one patient's key."""
    custody = opened(directory)
    custody.keyring.key_for("bo")
    custody.close()
    assert custody.escrow
    return check_of(directory), custody.escrow


def check_of(directory: Path) -> str:
    return FileKek.open(directory / KEK, CHANCE).current


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_a_key_that_only_its_owner_reads(directory: Path) -> None:
    made(directory)
    assert mode(directory) == 0o700
    assert mode(directory / KEK) == 0o400
    assert mode(directory / STORE) == 0o600
    assert len(bytes.fromhex((directory / KEK).read_text())) == 32
    assert sorted(path.name for path in directory.iterdir()) == [KEK, STORE]


def test_the_escrow_text_is_given_once(directory: Path) -> None:
    made(directory)
    again = opened(directory)
    assert again.escrow is None
    again.close()


def test_the_keeper_of_the_key_can_print_its_text_again(directory: Path) -> None:
    _, escrow = made(directory)
    again = opened(directory)
    assert again.escrow_copy() == escrow
    again.close()


def test_the_key_store_remembers_one_text_under_a_name(directory: Path) -> None:
    custody = opened(directory)
    assert custody.store.recall("head") == ""
    custody.store.remember("head", "one")
    custody.store.remember("head", "two")
    assert custody.store.recall("head") == "two"
    custody.close()


def test_neither_key_nor_escrow_show_in_what_is_printed(directory: Path) -> None:
    custody = opened(directory)
    kek = FileKek.open(directory / KEK, CHANCE)
    custody.close()
    assert custody.escrow
    assert custody.escrow not in repr(custody)
    assert "secret" not in repr(kek)


def test_the_key_is_restored_from_its_escrow_text(directory: Path) -> None:
    check, escrow = made(directory)
    (directory / KEK).unlink()
    typed = escrow.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert FileKek.restore(directory / KEK, typed, CHANCE).current == check
    custody = opened(directory, check)
    assert custody.keyring.key_for("bo").generation == 1
    custody.close()


def test_every_mistyped_character_of_an_escrow_text_is_noticed(directory: Path) -> None:
    """One in a million passes the check group; the check value then still refuses the key."""
    _, escrow = made(directory)
    for at, sign in enumerate(escrow):
        if sign != "-":
            wrong = escrow[:at] + ("7" if sign != "7" else "8") + escrow[at + 1 :]
            with pytest.raises(EscrowBroken):
                FileKek.restore(directory / "copy", wrong, CHANCE)
    for text in ("", escrow[:-1], escrow + "0", "U" + escrow[1:]):
        with pytest.raises(EscrowBroken):
            FileKek.restore(directory / "copy", text, CHANCE)
    assert not (directory / "copy").exists()


def test_a_missing_kek_beside_wrapped_keys_stops_the_start_and_makes_no_new_one(directory: Path) -> None:
    check, _ = made(directory)
    (directory / KEK).unlink()
    for known in (None, check):
        with pytest.raises(KeyMissing, match="escrow"):
            opened(directory, known)
    assert sorted(path.name for path in directory.iterdir()) == [STORE]


def test_data_without_any_key_directory_stop_the_start_and_make_none(directory: Path) -> None:
    with pytest.raises(KeyMissing, match="data exist"):
        opened(directory, "0123456789abcdef")
    assert not directory.exists()


def test_data_without_their_wrapped_keys_stop_the_start(directory: Path) -> None:
    check, _ = made(directory)
    (directory / STORE).unlink()
    with pytest.raises(KeyMissing, match=STORE):
        opened(directory, check)
    assert not (directory / STORE).exists()


def test_another_installations_key_is_refused(directory: Path, tmp_path: Path) -> None:
    check, _ = made(directory)
    (directory / KEK).unlink()
    FileKek.create(directory / KEK, CHANCE)
    with pytest.raises(WrongKey, match=check):
        opened(directory, check)


def test_a_key_directory_of_another_installation_is_refused(directory: Path, tmp_path: Path) -> None:
    made(directory)
    other, _ = made(tmp_path / "other")
    with pytest.raises(WrongKey, match=other):
        opened(directory, other)


def test_a_key_file_is_opened_with_its_check_value_only(directory: Path) -> None:
    check, _ = made(directory)
    assert FileKek.open(directory / KEK, CHANCE, check).current == check
    with pytest.raises(WrongKey):
        FileKek.open(directory / KEK, CHANCE, "0123456789abcdef")


@pytest.mark.parametrize("bits", [0o440, 0o404, 0o620, 0o644, 0o602, 0o410])
def test_a_key_file_that_others_may_use_is_refused_with_the_remedy(directory: Path, bits: int) -> None:
    made(directory)
    (directory / KEK).chmod(bits)
    with pytest.raises(KeyFileTooOpen, match="chmod 400"):
        opened(directory)
    (directory / KEK).chmod(0o600)
    opened(directory).close()


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"ab" * 31, b"ab" * 33, b"zz" * 32, b"\xff" * 64, b"ab " * 32, b"a" * 5000]
)
def test_a_damaged_key_file_is_refused(directory: Path, content: bytes) -> None:
    made(directory)
    (directory / KEK).chmod(0o600)
    (directory / KEK).write_bytes(content)
    with pytest.raises(KeyFileBroken, match="64 hexadecimal"):
        opened(directory)


def test_a_damaged_key_store_is_refused(directory: Path) -> None:
    made(directory)
    (directory / STORE).write_bytes(b"this is no database" * 100)
    with pytest.raises(KeyStoreBroken, match="backup"):
        opened(directory)


def test_an_existing_key_is_never_overwritten(directory: Path) -> None:
    check, escrow = made(directory)
    with pytest.raises(KeyExists):
        FileKek.create(directory / KEK, CHANCE)
    with pytest.raises(KeyExists):
        FileKek.restore(directory / KEK, escrow, CHANCE)
    assert check_of(directory) == check
    assert sorted(path.name for path in directory.iterdir()) == [KEK, STORE]


def test_of_two_first_starts_at_once_both_get_the_same_key(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process makes its key after we have looked and before we write."""
    create = FileKek.create

    def late(path: Path, chance: SystemChance) -> object:
        create(path, chance)
        return create(path, chance)

    monkeypatch.setattr(FileKek, "create", late)
    custody = opened(directory)
    assert custody.escrow is None
    assert custody.keyring.check == check_of(directory)
    custody.close()


def test_a_start_killed_before_its_store_was_made_is_taken_up(directory: Path) -> None:
    FileKek.create(directory / KEK, CHANCE)
    (directory / STORE).touch()
    custody = opened(directory)
    assert custody.keyring.check == check_of(directory)
    custody.close()


def test_key_file_and_directory_are_on_disk_before_the_first_use(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def recording(handle: int) -> None:
        directory_or_file = "directory" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        synced.append(f"{directory_or_file} {(directory / KEK).exists()}")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", recording)
    FileKek.create(directory / KEK, CHANCE)
    assert synced == ["file False", "directory True"]


def test_a_full_disk_leaves_no_half_a_key(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        opened(directory)
    assert list(directory.iterdir()) == []


def test_the_key_may_come_from_the_environment(directory: Path) -> None:
    text = "5a" * 32
    custody = opened(directory, environment=f" {text}\n")
    sealed = custody.keyring.seal("bo", Purpose.NOTE, (), b"note")
    check = custody.keyring.check
    custody.close()
    assert custody.escrow is None
    assert not (directory / KEK).exists()
    again = opened(directory, check, environment=text)
    assert again.keyring.open("bo", sealed.key_id, Purpose.NOTE, (), sealed.blob) == b"note"
    again.close()
    with pytest.raises(WrongKey):
        opened(directory, check, environment="6b" * 32)


@pytest.mark.parametrize("text", ["secret", "5a" * 31, "5a" * 33, "5z" * 32])
def test_a_damaged_key_in_the_environment_is_refused(directory: Path, text: str) -> None:
    with pytest.raises(KeyFileBroken, match="environment"):
        opened(directory, environment=text)
    assert not directory.exists()


def test_a_kek_unwraps_what_it_wrapped_and_nothing_else() -> None:
    kek = EnvironmentKek.parse("5a" * 32, CHANCE)
    wrapped = kek.wrap(b"data key", ("id", "bo"))
    assert kek.unwrap(kek.current, wrapped, ("id", "bo")) == b"data key"
    with pytest.raises(WrongKey):
        kek.unwrap("0123456789abcdef", wrapped, ("id", "bo"))
    with pytest.raises(SealBroken):
        kek.unwrap(kek.current, wrapped, ("id", "cy"))
