"""The commands beside the server: they make nothing, tell trouble in one sentence, and know its URL."""

import asyncio
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from telehealth import cli
from telehealth.commands import keys
from telehealth.config import Config
from telehealth.crypto.custody import STORE
from telehealth.domain.organizations import Location, Organization, OrganizationKind, SiteKind
from telehealth.opening import BASE_URL, open_data
from tests.integration.storage import cast
from tests.services.postgresql import PostgreSQL
from tests.signing import CURVE, key_set

READERS = [
    ["doctor"],
    ["demo"],
    ["demo", "--json"],
    ["staff", "list"],
    ["programs", "list"],
    ["programs", "end", "x"],
    [
        "staff",
        "add",
        "--email",
        "a@b.example",
        "--role",
        "administrator",
        "--organization",
        "x",
        "--family",
        "B",
    ],
    ["keys", "status"],
    ["keys", "verify"],
    ["keys", "rotate"],
    ["keys", "backup", "x"],
    ["audit", "verify"],
    ["audit", "seen", "somebody"],
    ["backup", "x"],
    ["tzdata", "check"],
]
Command = Callable[..., tuple[int, str, str]]
ESCROW = re.compile(r"([0-9A-Z]{4}-){13}[0-9A-Z]{2,4}")


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run `telehealth …` over DATA in this process; gives status, output and complaints."""
    for name in [name for name in os.environ if name.startswith("TELEHEALTH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TELEHEALTH_DATA", str(tmp_path / "data"))

    def run(*arguments: str, **settings: str) -> tuple[int, str, str]:
        with monkeypatch.context() as here:
            for name, value in settings.items():
                here.setenv(f"TELEHEALTH_{name}", value)
            status = cli.main(arguments)
        told = capfd.readouterr()
        return status, told.out, told.err

    return run


def one_sentence(complaint: str) -> bool:
    return complaint.startswith("telehealth: ") and len(complaint.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", READERS, ids=" ".join)
def test_where_there_is_nothing_a_command_says_so_and_makes_nothing(
    command: Command, tmp_path: Path, arguments: list[str]
) -> None:
    status, out, complaint = command(*arguments)
    assert (status, out) == (1, "")
    assert one_sentence(complaint)
    assert "start it with make run" in complaint
    assert list(tmp_path.iterdir()) == []


def test_migrating_makes_data_and_shows_the_escrow_copy_once(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "on_terminal", lambda: True)
    status, out, _ = command("migrate")
    assert status == 0
    assert ESCROW.search(out)
    assert "escrow copy" not in command("migrate")[1]
    assert command("doctor")[0] == 0


@pytest.mark.parametrize("arguments", [["serve"], ["doctor"]], ids=" ".join)
def test_what_keeps_the_service_from_starting_is_what_the_doctor_finds(
    command: Command, tmp_path: Path, arguments: list[str]
) -> None:
    command("migrate")
    for setting, value in (("LANGUAGES", "en,xx"), ("TLS_CERT", str(tmp_path / "none.pem"))):
        status, out, complaint = command(*arguments, **{setting: value})
        said = complaint.splitlines()[-1]
        assert (status, one_sentence(said), "Everything needed" in out) == (1, True, False)
        assert f"TELEHEALTH_{setting}" in said


def test_the_escrow_copy_is_for_a_person_at_a_terminal_and_for_no_log(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for arguments in (["migrate"], ["keys", "rotate"]):
        status, out, complaint = command(*arguments)
        assert (status, "telehealth keys escrow" in out) == (0, True)
        assert not ESCROW.search(out + complaint)
    status, out, complaint = command("keys", "escrow")
    assert (status, out, one_sentence(complaint)) == (1, "", True)
    monkeypatch.setattr(keys, "on_terminal", lambda: True)
    rotated = ESCROW.search(command("keys", "rotate")[1])
    shown = ESCROW.search(command("keys", "escrow")[1])
    assert rotated is not None
    assert shown is not None
    assert shown[0] == rotated[0]


def test_keys_that_open_no_more_are_found_and_those_destroyed_on_purpose_are_none_of_them(
    command: Command, tmp_path: Path
) -> None:
    command("migrate")
    store = tmp_path / "data" / "keys" / STORE
    with sqlite3.connect(store) as keys_file:
        (known,) = keys_file.execute("SELECT count(*) FROM data_key").fetchone()
        copy = (
            "INSERT INTO data_key SELECT ?, ?, generation, kek_id, wrapped, created, ? FROM data_key LIMIT 1"
        )
        keys_file.execute(copy, ("gone", "patient-1", "2026-11-23T12:00:00+00:00"))
    assert command("keys", "verify")[:2] == (0, f"{known} data keys open with the key {kek_of(store)}.\n")
    with sqlite3.connect(store) as keys_file:
        keys_file.execute(copy, ("moved", "patient-2", None))
    status, out, complaint = command("keys", "verify")
    assert (status, out.startswith(f"{known} data keys open"), one_sentence(complaint)) == (1, True, True)
    assert "1 data keys open no more (moved)" in complaint


def kek_of(store: Path) -> str:
    with sqlite3.connect(store) as keys_file:
        (found,) = keys_file.execute("SELECT id FROM kek WHERE current = 1").fetchone()
    return str(found)


def test_a_lost_key_is_restored_from_its_escrow_copy(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "on_terminal", lambda: True)
    first = command("migrate")[1].splitlines()[1].strip()
    escrow = command("keys", "rotate")[1].splitlines()[1].strip()
    check = command("keys", "status")[1]
    (tmp_path / "data" / "keys" / "kek").unlink()
    assert "is missing" in command("keys", "status")[2]
    for text, wrong in ((first, "check value"), ("0000 1111", "mistake"), ("", "mistake")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        status, _, complaint = command("keys", "restore")
        assert (status, wrong in complaint, one_sentence(complaint)) == (1, True, True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{escrow.lower()}\n"))
    assert command("keys", "restore")[0] == 0
    assert command("keys", "status")[1] == check
    monkeypatch.setattr(sys, "stdin", io.StringIO(escrow))
    assert "never overwritten" in command("keys", "restore")[2]


@pytest.mark.parametrize("arguments", [["serve"], ["migrate"], ["doctor"]], ids=" ".join)
def test_a_database_that_does_not_answer_is_one_sentence(command: Command, arguments: list[str]) -> None:
    status, _, complaint = command(*arguments, DATABASE_URL="postgresql://user:hush@127.0.0.1:1/telehealth")
    assert (status, one_sentence(complaint), "hush" in complaint) == (1, True, False)


def test_a_database_that_lets_nobody_in_is_one_sentence(
    command: Command, postgresql_server: PostgreSQL
) -> None:
    url = postgresql_server.url().rpartition("/")[0]
    status, _, complaint = command("migrate", DATABASE_URL=f"{url}/there_is_none")
    assert (status, one_sentence(complaint)) == (1, True)
    assert "there_is_none" in complaint


def test_a_file_that_is_no_database_is_one_sentence(command: Command, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "telehealth.sqlite").write_text("no database at all\n" * 200)
    status, _, complaint = command("migrate")
    assert (status, one_sentence(complaint)) == (1, True)


@pytest.mark.parametrize("arguments", [["--help"], ["doctor"]], ids=" ".join)
def test_nobody_reading_the_output_ends_it_quietly(
    command: Command, tmp_path: Path, arguments: list[str]
) -> None:
    command("migrate")
    run = f"{sys.executable} -m telehealth {' '.join(arguments)} | exec sleep 0"
    ended = subprocess.run(run, shell=True, capture_output=True, text=True, check=False, timeout=30)
    assert ended.stderr == ""


async def watched(data: Path) -> None:
    """Make a note of Bo's that Dr Amara read."""
    async with open_data(Config(data=data), make=True) as opened, opened.storage.writing() as uow:
        await cast.move_in(uow)
        await uow.accounts.add(cast.account())
        await uow.audit.enter(cast.entry("1", cast.BO.id))
        await uow.audit.enter(cast.entry("2", cast.BO.id))


def test_it_is_asked_who_saw_somebody_and_what_somebody_saw(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telehealth.services.breach_questions.BATCH", 1)
    asyncio.run(watched(tmp_path / "data"))
    status, out, _ = command("audit", "seen-by", cast.AMARA.email, "--from", "2026-11-23")
    head, line, again = out.splitlines()
    assert again == line
    assert (status, head.split()[:2], cast.AMARA.display in line, cast.BO.id in line) == (
        0,
        ["at", "who"],
        True,
        True,
    )
    told = json.loads(command("audit", "seen", cast.BO.id, "--json")[1])
    assert [(each["action"], each["who_id"]) for each in told] == [("note:read", cast.AMARA.id)] * 2
    nothing = ("audit", "seen-by", cast.AMARA.id, "--until", "2026-11-22")
    assert command(*nothing, "--json")[1] == "[]\n"
    assert len(command(*nothing)[1].splitlines()) == 1
    turned = ["seen", cast.BO.id, "--from", "2026-11-24", "--until", "2026-11-23"]
    for wrong in (["seen-by", "nobody"], ["seen", "nobody"], turned):
        status, out, complaint = command("audit", *wrong)
        assert (status, out, one_sentence(complaint)) == (1, "", True)
    for wrong in (["--from", "yesterday"], ["--until", "9999-12-31"]):
        with pytest.raises(SystemExit) as ended:
            command("audit", "seen", cast.BO.id, *wrong)
        assert ended.value.code == 2


async def remembering(data: Path, url: str) -> None:
    """Make what a server at `url` and an administrator would have left."""
    async with open_data(Config(data=data), make=True) as opened, opened.storage.writing() as uow:
        await uow.meta.put(BASE_URL, url)
        await uow.directory.add_organization(Organization("o", "Hill", OrganizationKind.CLINIC, "+15550100"))
        await uow.directory.add_location(Location("l", "o", "Hill", SiteKind.CLINIC, "Africa/Nairobi"))


def test_links_lead_to_where_the_server_was_last_started(command: Command, tmp_path: Path) -> None:
    asyncio.run(remembering(tmp_path / "data", "https://clinic.example:8443"))
    add = ["staff", "add", "--role", "administrator", "--organization", "Hill", "--family", "B", "--email"]
    assert "https://clinic.example:8443/invitation#" in command(*add, "a@b.example")[1]
    assert json.loads(command("demo", "--json")[1])["base_url"] == "https://clinic.example:8443"
    told = command(*add, "b@b.example", BASE_URL="https://other.example")[1]
    assert "https://other.example/invitation#" in told
    told = command("demo", "--json", BASE_URL="https://other.example")[1]
    assert json.loads(told)["base_url"] == "https://other.example"


def test_a_program_is_added_listed_and_ended(command: Command, tmp_path: Path) -> None:
    asyncio.run(remembering(tmp_path / "data", "https://clinic.example:8443"))
    keys_file = tmp_path / "lab.jwks.json"
    keys_file.write_text(key_set(CURVE))
    add = ["programs", "add", "--name", "Lab", "--organization", "Hill", "--keys", str(keys_file), "--scope"]
    status, told, _ = command(*add, "system/Observation.cu")
    client = re.findall(r"Client id: (\S+)", told)[0]
    assert (status, "https://clinic.example:8443/fhir/R4/auth/token" in told) == (0, True)
    assert f"{client}  let in  Hill" in command("programs", "list")[1]
    for wrong in (["system/Everything.rs"], ["system/*.rs", "--keys", "none"], ["x", "--organization", "y"]):
        assert command(*add, *wrong)[0] == 1, wrong
    keys_file.write_text("{}")
    status, _, complaint = command(*add, "system/Observation.cu")
    assert (status, one_sentence(complaint)) == (1, True)
    assert command("programs", "end", client)[:2] == (0, "Ended: Lab\n")
    assert "ended" in command("programs", "list")[1]
    assert [command("programs", "end", each)[0] for each in (client, "none")] == [1, 1]
