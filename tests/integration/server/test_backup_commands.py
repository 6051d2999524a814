"""Backups by command: what is refused leaves nothing behind, and what was killed is no backup."""

import asyncio
import shutil
import subprocess
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from telehealth.commands import backup, keys, restore
from telehealth.commands.archive_files import appearing, chosen
from telehealth.config import Config
from telehealth.crypto.archive import ArchiveWriter
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import KEK, STORE
from telehealth.crypto.errors import ArchiveBroken, KeyMissing, KeyUnknown, WrongKey
from telehealth.crypto.purposes import Purpose
from telehealth.domain.access import SYSTEM
from telehealth.domain.organizations import Organization, OrganizationKind
from telehealth.opening import AlreadyServing, HalfRestored, only_server, open_data, open_keys
from telehealth.services.backup_ports import BackupRefused, TableShape
from telehealth.services.backup_stream import Opening, StreamWriter
from telehealth.services.desk import Desk
from telehealth.storage.migrate import revisions
from telehealth.storage.trouble import DatabaseTrouble
from tests.cast import MONDAY, StillClock, a_patient
from tests.integration.server.test_commands import Command, command, one_sentence

__all__ = ["command"]

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Clinic:
    """DATA with two patients, its backups, and a copy of its keys from when there was one patient."""

    config: Config
    backups: Path
    early_keys: Path
    patients: list[str]

    def elsewhere(self, folder: Path, **changes: object) -> Config:
        """An empty DATA beside the same keys."""
        new = replace(self.config, data=folder / "elsewhere", key_dir=str(self.config.keys_at))
        return replace(new, **changes)  # type: ignore[arg-type]


async def furnish(config: Config, folder: Path) -> list[str]:
    """Two patients come; after the first the keys are copied; two backups, a day apart."""
    clock, known = StillClock(), []
    for number, at in (("01", MONDAY), ("02", MONDAY + timedelta(days=1))):
        clock.at = at
        async with open_data(config, clock, make=True) as opened:
            if not known:
                async with opened.storage.writing() as uow:
                    place = Organization("o", "Hill Hospital", OrganizationKind.CLINIC, "+15550100")
                    await uow.directory.add_organization(place)
            actor = replace(SYSTEM, organization_id="o")
            new = a_patient("Bo", "Lindqvist", number)
            known.append((await Desk(work=opened.work).register(actor, new)).id)
        if len(known) == 1:
            await keys.run_backup(config, Namespace(file=folder / "keys.copy"))
        await backup.make(config, folder / "backups", clock)
    return known


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Clinic:
    folder = tmp_path_factory.mktemp("clinic")
    (folder / "backups").mkdir()
    config = Config(data=folder / "data")
    patients = asyncio.run(furnish(config, folder))
    return Clinic(config, folder / "backups", folder / "keys.copy", patients)


def put_back(config: Config, where: Path, **options: object) -> None:
    given = {"where": where, "at": None, "send": False, "despite_missing_keys": False} | options
    asyncio.run(restore.put_back(config, Namespace(**given), StillClock()))


def damaged(clinic: Clinic, folder: Path, how: str) -> Path:
    content = chosen(clinic.backups).path.read_bytes()
    middle = len(content) // 2
    turned = bytes([content[middle] ^ 1])
    worse = {
        "changed": content[:middle] + turned + content[middle + 1 :],
        "cut": content[:-1],
        "no backup": b"SQLite format 3\0" + content,
    }
    path = folder / "worse.backup"
    path.write_bytes(worse[how])
    return path


@pytest.mark.parametrize("how", ["changed", "cut", "no backup"])
def test_a_damaged_backup_is_refused(clinic: Clinic, tmp_path: Path, how: str) -> None:
    path = damaged(clinic, tmp_path, how)
    with pytest.raises(ArchiveBroken, match=str(path)):  # among a folder's backups it says which one
        backup.verify(clinic.config, path)
    with pytest.raises(ArchiveBroken):
        put_back(clinic.elsewhere(tmp_path), path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_backup_of_somebody_elses_keys_is_refused(clinic: Clinic, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"

    async def make() -> None:
        async with open_data(Config(data=foreign), make=True):
            pass

    asyncio.run(make())
    with pytest.raises(WrongKey, match=f"{clinic.backups}.*sealed with the key"):
        put_back(clinic.elsewhere(tmp_path, key_dir=str(foreign / "keys")), clinic.backups)
    with pytest.raises(KeyMissing, match="the keys are missing"):
        put_back(clinic.elsewhere(tmp_path, key_dir=str(tmp_path / "none")), clinic.backups)
    assert list(tmp_path.iterdir()) == [foreign]


@contextmanager
def sealed(clinic: Clinic, path: Path, revision: str) -> Iterator[StreamWriter]:
    """A backup of the clinic's keys that holds what the block writes."""
    with open_keys(clinic.config) as custody, path.open("wb") as file:
        secret, key = custody.keyring.derived(Purpose.BACKUP_KEY), custody.keyring.root()
        archive = ArchiveWriter(file, secret, made=MONDAY, key=key, salt=bytes(32))
        stream = StreamWriter(archive.write, Opening(revision))
        yield stream
        stream.end()
        archive.finish()


def test_rows_that_cannot_be_put_back_leave_no_log_that_stands_in_the_way(
    clinic: Clinic, tmp_path: Path
) -> None:
    path, config = tmp_path / "odd.backup", clinic.elsewhere(tmp_path)
    with sealed(clinic, path, max(revisions())) as stream:
        stream.anchor("{}")
        stream.table(TableShape("nowhere", (("id", "text"),)))
        stream.row((b"1",))
    with pytest.raises(DatabaseTrouble):
        put_back(config, path)
    put_back(config, clinic.backups)


def test_a_newer_schema_is_refused(clinic: Clinic, tmp_path: Path) -> None:
    path = tmp_path / "newer.backup"
    with sealed(clinic, path, "9999"):
        pass
    for refusing in (backup.verify, put_back):
        with pytest.raises(BackupRefused, match="schema 9999"):
            refusing(clinic.elsewhere(tmp_path), path)
    assert list(tmp_path.iterdir()) == [path]


def test_what_has_no_key_any_more_is_left_out_when_somebody_says_so(clinic: Clinic, tmp_path: Path) -> None:
    old = tmp_path / "keys"
    old.mkdir()
    shutil.copy(clinic.early_keys, old / STORE)
    shutil.copy(clinic.config.keys_at / KEK, old / KEK)
    config = clinic.elsewhere(tmp_path, key_dir=str(old))
    with pytest.raises(BackupRefused, match="1 of 2 keys"):
        put_back(config, clinic.backups)
    assert list(tmp_path.iterdir()) == [old]
    put_back(config, clinic.backups, despite_missing_keys=True)

    async def look() -> None:
        async with open_data(config) as opened, opened.storage.reading() as uow:
            assert await uow.patients.get(clinic.patients[0])
            with pytest.raises(KeyUnknown):
                await uow.patients.get(clinic.patients[1])

    asyncio.run(look())


def test_only_what_is_empty_is_filled(clinic: Clinic, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in clinic.config.data.glob("*") if path.is_file()}
    with pytest.raises(BackupRefused, match="the database is not empty"):
        put_back(clinic.config, clinic.backups)
    assert {path: path.read_bytes() for path in before} == before
    config = clinic.elsewhere(tmp_path)
    config.data.mkdir()
    with only_server(config), pytest.raises(AlreadyServing):
        put_back(config, clinic.backups)
    log = config.data / "audit-anchors.jsonl"
    log.write_text("{}\n")
    with pytest.raises(BackupRefused, match="audit log"):
        put_back(config, clinic.backups)
    assert sorted(path.name for path in config.data.iterdir()) == [log.name, "serve.lock"]


def test_the_newest_that_was_made_by_then_is_taken(clinic: Clinic, tmp_path: Path) -> None:
    later = MONDAY + timedelta(days=1)
    assert chosen(clinic.backups).head.made == later
    assert chosen(clinic.backups, later - timedelta(seconds=1)).head.made == MONDAY
    assert chosen(clinic.backups, later).head.made == later
    for where, at in ((clinic.backups, MONDAY - timedelta(seconds=1)), (tmp_path, None)):
        with pytest.raises(BackupRefused, match="there is no backup in"):
            chosen(where, at)
    assert restore.instant("2026-11-23T10:30+01:00") == MONDAY
    for text in ("2026-11-23T10:30", "yesterday"):
        with pytest.raises(ArgumentTypeError, match="offset"):
            restore.instant(text)


def test_a_restore_that_was_cut_short_is_not_served_from(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*arguments: object, **named: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(restore, "_settle", cut)
    config = clinic.elsewhere(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        put_back(config, clinic.backups)

    async def serve() -> None:
        async with open_data(config, make=True):
            pass

    with pytest.raises(HalfRestored, match="restore the backup again"):
        asyncio.run(serve())


def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(clinic: Clinic, tmp_path: Path) -> None:
    line = (
        sys.executable,
        "-m",
        "tests.integration.server.killed_backup",
        str(clinic.config.data),
        str(tmp_path),
    )
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline()
        child.kill()
    (left,) = tmp_path.iterdir()
    assert left.name.endswith(".partial")
    with pytest.raises(BackupRefused):
        chosen(tmp_path)
    with pytest.raises(ArchiveBroken):
        backup.verify(clinic.config, left)


def test_what_is_interrupted_or_was_named_by_somebody_else_meanwhile_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "one.backup"
    with pytest.raises(KeyboardInterrupt), appearing(path, SystemChance()):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BackupRefused, match="nothing is overwritten"), appearing(path, SystemChance()):
        path.write_text("somebody else's")
    assert [each.read_text() for each in tmp_path.iterdir()] == ["somebody else's"]


def test_the_commands_say_what_they_did_and_refuse_in_one_sentence(command: Command, tmp_path: Path) -> None:
    command("migrate")
    path, other = str(tmp_path / "one.backup"), str(tmp_path / "other")
    status, out, _ = command("backup", path)
    assert (status, "Read back: it is whole" in out) == (0, True)
    assert (tmp_path / "one.backup").stat().st_mode & 0o777 == 0o600
    status, out, _ = command("backup", "--verify", path)
    assert (status, "Its keys are here" in out) == (0, True)
    copy = str(tmp_path / "keys.copy")
    status, out, _ = command("keys", "backup", copy)
    assert (status, "put it back as" in out) == (0, True)
    keys_at = str(tmp_path / "data" / "keys")
    status, out, complaint = command("restore", path, DATA=other, KEY_DIR=keys_at)
    assert (status, "Restored" in out, complaint) == (0, True, "")
    status, out, _ = command("audit", "verify", DATA=other, KEY_DIR=keys_at)
    assert (status, "The audit log holds" in out) == (0, True)
    gone = ["backup", "--verify", path + "s"]
    again = (["backup", path], ["keys", "backup", copy], ["restore", path], ["restore", path + "s"])
    for refused in (gone, *again):
        status, out, complaint = command(*refused)
        assert (status, out, one_sentence(complaint), "Errno" in complaint) == (1, "", True, False), refused
