"""The keyring day by day: sealing, opening, new generations, derived secrets and destruction."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telehealth.crypto import keyring as keyrings
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import STORE, Custody, open_custody
from telehealth.crypto.errors import KeyProtected, KeyShredded, KeyUnknown, SealBroken, UnknownPurpose
from telehealth.crypto.keyring import Keyring, Sealed
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.signatures import verify
from telehealth.crypto.signers import Signers

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PLACE = ("hospital", "Composition", "c-1", "1")
NOTE = b"Bo coughs since Tuesday."


def opened(directory: Path) -> Custody:
    return open_custody(directory, SystemChance(), lambda: NOW, known_check=None)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def keyring(directory: Path) -> Iterator[Keyring]:
    custody = opened(directory)
    yield custody.keyring
    custody.close()


def read(keyring: Keyring, sealed: Sealed, owner: str = "bo") -> bytes:
    return keyring.open(owner, sealed.key_id, Purpose.NOTE, PLACE, sealed.blob)


def test_a_sealed_note_opens_again(keyring: Keyring) -> None:
    sealed = keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)
    assert read(keyring, sealed) == NOTE
    assert len(sealed.blob) == len(NOTE) + 93
    assert NOTE not in sealed.blob


def test_a_sealed_note_opens_after_a_restart(keyring: Keyring, directory: Path) -> None:
    sealed = keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)
    again = opened(directory)
    assert read(again.keyring, sealed) == NOTE
    again.close()


def test_sealing_the_same_twice_gives_nothing_to_compare(keyring: Keyring) -> None:
    one, other = (keyring.seal("bo", Purpose.NOTE, PLACE, NOTE).blob for _ in range(2))
    assert one[1:33] != other[1:33]
    assert one[65:] != other[65:]


def test_the_note_of_one_patient_does_not_open_for_another(keyring: Keyring) -> None:
    sealed = keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)
    keyring.key_for("cy")
    with pytest.raises(SealBroken, match="another owner"):
        read(keyring, sealed, "cy")


def test_a_value_under_the_key_of_another_patient_does_not_open(keyring: Keyring) -> None:
    """Row and key id both swapped: the blob itself is bound to its key."""
    sealed = keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)
    with pytest.raises(SealBroken):
        read(keyring, Sealed(keyring.key_for("cy").id, sealed.blob), "cy")


def test_a_swapped_row_in_the_key_store_is_noticed(keyring: Keyring, directory: Path) -> None:
    """Whoever can write keys.sqlite cannot give Bo's key to Cy: the wrapping is bound to id and owner."""
    sealed = keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)
    with sqlite3.connect(directory / STORE) as db:
        db.execute("UPDATE data_key SET owner = 'cy'")
    db.close()
    with pytest.raises(SealBroken):
        read(keyring, sealed, "cy")


def test_an_unknown_key_id_is_told_apart_from_a_broken_seal(keyring: Keyring) -> None:
    with pytest.raises(KeyUnknown):
        keyring.open("bo", "no-such-key", Purpose.NOTE, PLACE, b"")


def test_an_unknown_purpose_is_refused(keyring: Keyring) -> None:
    with pytest.raises(UnknownPurpose):
        keyring.seal("bo", "my notes", PLACE, NOTE)


def test_a_new_generation_seals_and_the_old_ones_stay_readable(keyring: Keyring) -> None:
    first = keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)
    renewed = keyring.renew("bo")
    second = keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)
    assert renewed.generation == 2
    assert second.key_id == renewed.id != first.key_id
    assert read(keyring, first) == read(keyring, second) == NOTE


def test_renewing_an_owner_without_a_key_makes_the_first(keyring: Keyring) -> None:
    assert keyring.renew("noor").generation == 1


def test_nothing_opens_after_shredding_and_nothing_new_is_sealed(keyring: Keyring) -> None:
    first = keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)
    keyring.renew("bo")
    other = keyring.seal("cy", Purpose.NOTE, PLACE, NOTE)
    assert keyring.shred("bo") == 2
    for attempt in (lambda: read(keyring, first), lambda: keyring.key_for("bo"), lambda: keyring.renew("bo")):
        with pytest.raises(KeyShredded):
            attempt()
    assert read(keyring, other, "cy") == NOTE


def test_shredding_twice_or_before_the_first_key_is_final_too(keyring: Keyring) -> None:
    assert keyring.shred("bo") == 1
    assert keyring.shred("bo") == 0
    assert keyring.shredded() == ["bo"]
    with pytest.raises(KeyShredded):
        keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)


def test_shredding_leaves_no_wrapped_key_in_the_file(keyring: Keyring, directory: Path) -> None:
    key = keyring.key_for("bo")
    with sqlite3.connect(directory / STORE) as db:
        wrapped = db.execute("SELECT wrapped FROM data_key WHERE id = ?", (key.id,)).fetchone()[0]
    assert wrapped in (directory / STORE).read_bytes()
    keyring.shred("bo")
    db.close()
    assert wrapped not in (directory / STORE).read_bytes()
    assert [path.name for path in directory.iterdir() if path.name.endswith("journal")] == []


def test_shredding_by_another_process_is_noticed_at_once(keyring: Keyring, directory: Path) -> None:
    """The server has the key opened when `telehealth keys` destroys it."""
    sealed = keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)
    assert read(keyring, sealed) == NOTE
    command = opened(directory)
    command.keyring.shred("bo")
    command.close()
    with pytest.raises(KeyShredded):
        read(keyring, sealed)
    with pytest.raises(KeyShredded):
        keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)


def test_a_key_that_was_destroyed_meanwhile_is_not_renewed(
    keyring: Keyring, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking for the newest generation and keeping the next one, another process destroys them."""
    keyring.key_for("bo")
    newest = keyring._store.newest

    def then_shred(owner: str) -> object:
        row = newest(owner)
        other = opened(directory)
        other.keyring.shred(owner)
        other.close()
        return row

    monkeypatch.setattr(keyring._store, "newest", then_shred)
    with pytest.raises(KeyShredded):
        keyring.renew("bo")


def test_the_systems_own_key_is_never_destroyed(keyring: Keyring) -> None:
    with pytest.raises(KeyProtected):
        keyring.shred("system")


def test_derived_secrets_stay_over_restarts_and_renewals(keyring: Keyring, directory: Path) -> None:
    secret = keyring.derived(Purpose.LINK_KEY)
    keyring.renew("system")
    again = opened(directory)
    assert keyring.derived(Purpose.LINK_KEY) == again.keyring.derived(Purpose.LINK_KEY) == secret
    again.close()


def test_derived_secrets_differ_by_purpose_and_installation(keyring: Keyring, tmp_path: Path) -> None:
    other = opened(tmp_path / "other")
    secrets = {
        keyring.derived(purpose) for purpose in (Purpose.LINK_KEY, Purpose.CSRF_KEY, Purpose.BLIND_INDEX)
    }
    secrets.add(other.keyring.derived(Purpose.LINK_KEY))
    other.close()
    assert len(secrets) == 4
    assert {len(secret) for secret in secrets} == {32}


def test_a_signer_keeps_the_same_key_over_restarts_renewals_and_rotations(directory: Path) -> None:
    custody = opened(directory)
    amara = Signers(custody.keyring)
    public, signature = amara.public("amara"), amara.sign("amara", b"digest")
    custody.keyring.renew("signer:amara")
    custody.rotate()
    assert amara.public("amara") == public
    custody.close()
    again = opened(directory)
    assert Signers(again.keyring).sign("amara", b"digest") == signature
    assert verify(public, signature, b"digest")
    again.close()


def test_each_signer_has_a_key_that_can_be_ended(keyring: Keyring) -> None:
    signers = Signers(keyring)
    public, signature = signers.public("amara"), signers.sign("amara", b"digest")
    assert signers.public("noor") != public
    keyring.shred("signer:amara")
    with pytest.raises(KeyShredded):
        signers.sign("amara", b"digest")
    assert verify(public, signature, b"digest")


def test_more_owners_than_are_remembered_stay_readable(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyrings, "REMEMBERED", 3)
    custody = opened(directory)
    sealed = {f"p{n}": custody.keyring.seal(f"p{n}", Purpose.NOTE, PLACE, NOTE) for n in range(8)}
    for owner, value in sealed.items():
        assert read(custody.keyring, value, owner) == NOTE
        assert custody.keyring.key_for(owner).id == value.key_id
    assert len(custody.keyring._opened._entries) == 3
    custody.close()


def test_many_threads_make_one_key_for_one_owner(keyring: Keyring) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: keyring.key_for("bo").id, range(64)))
    assert len(keys) == 1


def test_secrets_do_not_show_in_what_is_printed(keyring: Keyring) -> None:
    key = keyring.key_for("bo")
    sealed = keyring.seal("bo", Purpose.NOTE, PLACE, NOTE)
    assert "secret" not in repr(key)
    assert "blob" not in repr(sealed)
