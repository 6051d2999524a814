"""Nothing personal or clinical can be read in the database, and nothing sealed opens in another place."""

import base64
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from telehealth.crypto.errors import SealBroken
from telehealth.crypto.keyring import Keyring
from telehealth.domain.errors import Erased
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast
from tests.integration.storage.cast import AMARA, BO
from tests.integration.storage.sealed_day import live_a_day

SECRETS = (
    *("Lindqvist", "Ødegaard", "Okonkwo", "Vestergaard", "Benabdallah"),
    *("1961-04-17", "19610417-2384", "+46701740605", "46701740605", "+46701740699", "Kungsgatan"),
    *("bo.lindqvist@mail.example", "mail.example", "amara.okonkwo@hospital.example", "noor@rural.example"),
    *("Palpitations", "Irregular pulse", "fibrillation", "Holter", "anticoagulation", "2 weeks"),
    *("JBSWY3DPEHPK3PXP", "argon2id", "aGFzaGhhc2g", "recovery-one", "Europe/Stockholm"),
    *("Bo Lindqvist", "palpitations", "550 refused", "Bring your inhaler", "ankles swell"),
    "+498955577",
)


def disguises(secret: str) -> Iterator[bytes]:
    """The ways in which a text may stand in a file."""
    for encoded in (secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be")):
        yield encoded
        yield encoded.hex().encode()
        yield encoded.hex().upper().encode()
        # Base64 has three alignments; the middle of each is the same whatever stands around it.
        for shift in range(3):
            yield base64.b64encode(bytes(shift) + encoded)[4 if shift else 0 :].rstrip(b"=")[:-2]
    yield secret.encode("ascii", "backslashreplace")
    yield secret[::-1].encode()


def files(storage: Storage, folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


async def test_no_secret_stands_in_any_file(storage: Storage, tmp_path: Path) -> None:
    if storage.engines[0].dialect.name != "sqlite":
        pytest.skip("PostgreSQL's files belong to its own user; its rows are looked at below")
    await live_a_day(storage)
    found = files(storage, tmp_path)
    assert {"test.sqlite", "test.sqlite-wal"} <= set(found)
    assert b"org-hospital" in found["test.sqlite-wal"]
    for name, content in found.items():
        for secret in SECRETS:
            assert not [each for each in disguises(secret) if each in content], (name, secret)


async def test_no_secret_stands_in_any_row(storage: Storage) -> None:
    await live_a_day(storage)
    async with storage.engines[0].connect() as connection:
        if storage.engines[0].dialect.name == "sqlite":
            names = text("SELECT name FROM sqlite_master WHERE type = 'table'")
        else:
            names = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in await connection.execute(names)]
        assert len(tables) > 20
        content = b""
        for table in tables:
            for row in await connection.execute(text(f'SELECT * FROM "{table}"')):
                content += b"|".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
    for secret in SECRETS:
        assert not [each for each in disguises(secret) if each in content], secret


async def test_what_is_sealed_does_not_shrink(storage: Storage) -> None:
    """Ciphertext is noise: if it could be compressed, something readable would be in it."""
    await live_a_day(storage)
    async with storage.engines[0].connect() as connection:
        blobs = [bytes(row[0]) for row in await connection.execute(text("SELECT sealed FROM note"))]
    assert all(len(gzip.compress(blob)) >= len(blob) for blob in blobs)


@pytest.mark.parametrize(
    "swap",
    [
        "UPDATE patient SET sealed = (SELECT sealed FROM patient WHERE id = 'pat-cy') WHERE id = 'pat-bo'",
        "UPDATE patient SET organization_id = 'org-hospital' WHERE id = 'pat-bo'",
        "UPDATE patient SET key_id = (SELECT key_id FROM patient WHERE id = 'pat-cy') WHERE id = 'pat-bo'",
    ],
)
async def test_a_patient_does_not_open_in_another_place(storage: Storage, swap: str) -> None:
    await live_a_day(storage)
    async with storage.engines[0].begin() as connection:
        await connection.execute(text(swap))
    async with storage.reading() as unit:
        with pytest.raises(SealBroken):
            await unit.patients.get(BO.id)


@pytest.mark.parametrize(
    "swap",
    [
        "UPDATE note SET patient_id = 'pat-cy'",
        "UPDATE note SET author_id = 'prac-noor'",
        "UPDATE note SET version = 1",
        "UPDATE note SET organization_id = 'org-rural'",
        "UPDATE note SET state = 'signed'",
        "UPDATE note SET sealed = (SELECT sealed FROM addendum), key_id = (SELECT key_id FROM addendum)",
    ],
)
async def test_a_note_does_not_open_in_another_place(storage: Storage, swap: str) -> None:
    await live_a_day(storage)
    async with storage.engines[0].begin() as connection:
        await connection.execute(text(swap))
    async with storage.reading() as unit:
        with pytest.raises(SealBroken):
            await unit.notes.get("note-1")


@pytest.mark.parametrize(
    "swap",
    [
        "UPDATE utterance SET patient_id = 'pat-cy'",
        "UPDATE utterance SET author_id = 'pat-bo'",
        "UPDATE utterance SET seq = 2",
    ],
)
async def test_what_was_said_does_not_open_in_another_place(storage: Storage, swap: str) -> None:
    await live_a_day(storage)
    async with storage.engines[0].begin() as connection:
        await connection.execute(text(swap))
    async with storage.reading() as unit:
        with pytest.raises(SealBroken):
            await unit.conversations.since("visit-1", 0, 10)


async def test_a_confirmation_does_not_open_at_another_version(storage: Storage) -> None:
    await live_a_day(storage)
    async with storage.reading() as unit:
        confirmed = await unit.visits.get("visit-1")
        assert confirmed is not None
        assert confirmed.confirmation == cast.CONFIRMATION
    async with storage.engines[0].begin() as connection:
        await connection.execute(text("UPDATE visit SET version = version + 1"))
    async with storage.reading() as unit:
        with pytest.raises(SealBroken):
            await unit.visits.get("visit-1")


async def test_a_shredded_patient_is_gone_and_nobody_else(storage: Storage, keyring: Keyring) -> None:
    await live_a_day(storage)
    keyring.shred(BO.id)
    async with storage.reading() as unit:
        for look in (unit.patients.get(BO.id), unit.notes.get("note-1"), unit.record.of_patient(BO.id)):
            with pytest.raises(Erased):
                await look
        assert await unit.patients.get("pat-cy") == cast.CY
        assert await unit.directory.practitioner(AMARA.id) == AMARA
