"""The relay beside the server: started, watched, started again, and gone with the server."""

import asyncio
import os
import signal
import socket
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from signaling.media import allocation
from telehealth.commands import doctor
from telehealth.config import Config
from telehealth.metrics import Meter
from telehealth.opening import SystemClock, open_data
from telehealth.relay import asking, program
from telehealth.relay.asking import Watch
from telehealth.relay.beside import Beside, relaying
from telehealth.relay.program import Program, RelayEnded, RelayPortTaken
from tests.conftest import is_missing
from tests.fakes import FakeChance
from tests.fakes.units import FakeUnits
from tests.services import programs
from tests.services.relay import SECRET, relay_in

DOWN = ["the relay beside the server is not running"]


@pytest.fixture
def beside(tmp_path: Path) -> Beside:
    if programs.coturn() is None:
        is_missing("coturn")
    return relay_in(tmp_path)


@asynccontextmanager
async def watched(beside: Beside) -> AsyncIterator[Watch]:
    watch = Watch(beside.from_here, SystemClock(), FakeChance(), beside.trust())
    async with relaying(watch, beside):
        yield watch


async def until(truth: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not truth():  # noqa: ASYNC110 (another program does it)
            await asyncio.sleep(0.02)


def number_of(beside: Beside) -> int:
    return int(Path(beside.settings.pidfile).read_text())


def has_number(beside: Beside) -> bool:
    return Path(beside.settings.pidfile).exists()


def command_of(number: int) -> bytes:
    return Path(f"/proc/{number}/cmdline").read_bytes()


def user_of(number: int) -> int:
    return Path(f"/proc/{number}").stat().st_uid


def runs(number: int) -> bool:
    return Path(f"/proc/{number}").exists()


async def test_a_relay_that_dies_is_started_again_and_the_monitors_are_told(beside: Beside) -> None:
    async with watched(beside) as watch:
        first = number_of(beside)
        assert await watch.ask() == []
        os.kill(first, signal.SIGKILL)
        await until(lambda: watch.restarts == 1)
        assert await watch.ask() == []
        second = number_of(beside)
        assert second != first
        assert "\ntelehealth_relay_restarts 1\n" in "".join(Meter(FakeUnits(), watch)._of_process())
    assert not runs(second)
    assert not has_number(beside)


async def test_whoever_looks_at_the_installation_reads_how_the_relay_is(
    beside: Beside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(allocation, "PATIENCE", 0.5)
    data, port = beside.folder.parent, beside.settings.port
    config = Config(data=data, relay=True, relay_port=port)
    async with open_data(config, make=True):
        pass
    async with watched(beside):
        await doctor.run(config, Namespace())
    assert "turn" not in capsys.readouterr().out
    await doctor.run(config, Namespace())
    assert f"Note: turn:127.0.0.1:{port}?transport=tcp cannot be reached.\n" in capsys.readouterr().out


async def test_its_secret_stands_on_no_command_line(beside: Beside) -> None:
    async with watched(beside):
        line = command_of(number_of(beside))
    assert str(beside.file).encode() in line
    assert SECRET.encode() not in line


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
async def test_what_root_has_started_is_root_no_more(beside: Beside) -> None:
    async with watched(beside) as watch:
        await until(lambda: user_of(number_of(beside)) != 0)
        assert await watch.ask() == []


async def test_the_relay_of_a_server_that_was_killed_is_replaced(beside: Beside) -> None:
    forgotten = await asyncio.create_subprocess_exec(
        *beside.program()._command, stdout=asyncio.subprocess.DEVNULL, start_new_session=True
    )
    await until(lambda: has_number(beside) and programs.answers(beside.settings.port))
    async with watched(beside) as watch:
        assert await asyncio.wait_for(forgotten.wait(), 5) == -signal.SIGTERM
        assert await watch.ask() == []
        assert number_of(beside) != forgotten.pid


async def test_a_number_that_is_somebody_elses_by_now_is_left_alone(beside: Beside) -> None:
    beside.folder.joinpath("turnserver.pid").write_text(str(os.getpid()))
    async with watched(beside) as watch:
        assert await watch.ask() == []


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
async def test_a_port_that_somebody_has_is_not_shared(beside: Beside, kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", beside.settings.port))
        if kind is socket.SOCK_STREAM:
            other.listen()
        with pytest.raises(RelayPortTaken):
            await beside.program().run()
        async with watched(beside) as watch:
            await until(lambda: watch.troubles == DOWN)
            assert "\ntelehealth_relay_troubles 1\n" in "".join(Meter(FakeUnits(), watch)._of_process())


async def test_a_program_that_ends_at_once_or_does_not_listen_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "PATIENCE", 0.2)
    address = ("127.0.0.1", programs.free_port())
    for command in (("false",), ("sh", "-c", "trap '' TERM; while :; do sleep 0.05; done")):
        one = Program(command, tmp_path / "pid", address)
        with pytest.raises(RelayEnded):
            await one.run()
        assert (one.up, one.starts, one.changed.is_set()) == (False, 0, True)


async def test_an_option_that_it_does_not_know_is_logged_and_nothing_else_that_it_says(
    beside: Beside, caplog: pytest.LogCaptureFixture
) -> None:
    with beside.file.open("a") as file:
        file.write("an-option-of-later\n")
    with caplog.at_level("DEBUG"):
        async with watched(beside) as watch:
            assert await watch.ask() == []
    told = [record for record in caplog.records if record.name == program.__name__]
    assert [getattr(record, "reason", None) for record in told].count("an-option-of-later") == 1
    assert {record.getMessage() for record in told} == {
        "the relay is up",
        "the relay does not know an option",
    }


async def test_after_trouble_it_is_asked_sooner(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocation, "PATIENCE", 0.3)
    watch = Watch(beside.from_here, SystemClock(), FakeChance(), None)
    assert 540 <= watch._pause() <= 600
    watch.troubles = DOWN
    assert watch._pause() == asking.AGAIN
    async with relaying(watch, None):
        await until(lambda: watch.troubles != DOWN)
    assert "cannot be reached" in "".join(watch.troubles) or "does not answer" in "".join(watch.troubles)
