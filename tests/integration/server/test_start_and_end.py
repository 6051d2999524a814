"""Starting and ending the real server: keys that do not fit, a second one, SIGTERM, a second start."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from signaling.client import SignalSocket
from telehealth.probe.http import Caller
from tests.integration.server.acting import signed_in, specialist, visits_of
from tests.services.server import Server


@pytest.fixture
def stopped(tmp_path: Path) -> Server:
    """A server that has run once and left its data."""
    server = Server(tmp_path / "data")
    server.start()
    server.stop()
    return server


SPOKEN = r"the code ([\w-]{9}) and the date of birth (\d{4})-(\d\d)-(\d\d)"


def welcome(server: Server) -> str:
    """Return what the server prints for people, once it has said all; it answers a moment earlier."""
    until = time.monotonic() + 10
    while "Stop with Ctrl-C" not in (printed := server.log.read_text()):
        assert time.monotonic() < until, printed
        time.sleep(0.05)
    return printed


def serve(server: Server) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "telehealth", "serve", "--demo"],
        env=server.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_wrong_key_stops_the_start_and_changes_nothing(stopped: Server) -> None:
    before = stopped.manifest()
    key = stopped.data / "keys" / "kek"
    right = key.read_text()
    write(key, "ab" * 32)
    ended = serve(stopped)
    assert ended.returncode == 1
    assert ended.stderr.strip().splitlines()[-1].startswith("telehealth: ")
    assert "key" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert key.read_text() == "ab" * 32
    write(key, right)
    assert stopped.manifest() == before


def write(key: Path, text: str) -> None:
    key.chmod(0o600)
    key.write_text(text)
    key.chmod(0o400)


def test_a_missing_key_is_never_made_anew_over_data(stopped: Server) -> None:
    (stopped.data / "keys" / "kek").unlink()
    ended = serve(stopped)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert not (stopped.data / "keys" / "kek").exists()


def test_a_lost_key_directory_stops_the_start(stopped: Server) -> None:
    (stopped.data / "keys").rename(stopped.data.parent / "elsewhere")
    ended = serve(stopped)
    assert ended.returncode == 1
    assert "missing" in ended.stderr
    assert not (stopped.data / "keys" / "kek").exists()


def test_a_second_server_on_the_same_data_is_refused(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    try:
        ended = serve(server)
        assert ended.returncode == 1
        assert ended.stderr.splitlines()[-1] == (
            f"telehealth: another server is already using {server.data}: "
            "stop it, or choose another folder with DATA"
        )
    finally:
        server.stop()


def test_a_taken_port_is_told_in_one_sentence_with_a_way_out(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    with socket.create_server(("localhost", server.port)):
        ended = serve(server)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        f"telehealth: port {server.port} on localhost is already taken: stop the program that uses it, "
        f"or choose another port, such as PORT={server.port + 1}"
    )
    assert "Traceback" not in ended.stderr


def test_a_start_prints_a_code_and_a_birth_date_that_open_a_visit(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    try:
        told = re.search(SPOKEN, welcome(server))
        assert told
        typed = dict(zip(("code", "year", "month", "day"), told.groups(), strict=True))
        asked = urllib.request.Request(f"{server.url}/v/code", urllib.parse.urlencode(typed).encode())
        with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(asked) as answer:
            assert "The clinic knows that you are here" in answer.read().decode()
        visits = server.manifest()["visits"]
        assert (typed["code"], "-".join(told.groups()[1:])) in {(v["code"], v["birth_date"]) for v in visits}
    finally:
        server.stop()


def test_a_second_start_keeps_people_links_and_keys(stopped: Server) -> None:
    before = stopped.manifest()
    stopped.start()
    try:
        after = stopped.manifest()
    finally:
        stopped.stop()
    assert after["staff"] == before["staff"]
    assert {each["join_url"] for each in before["visits"]} <= {each["join_url"] for each in after["visits"]}
    assert sum(each["joinable"] for each in after["visits"]) >= 3


async def test_sigterm_tells_everyone_and_ends_within_ten_seconds(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    manifest = server.manifest()
    known = specialist(manifest)
    async with signed_in(server, known) as desk, Caller(server.url) as patient:
        visit = await desk.start_visit(visits_of(manifest, known)[0], patient)
        socket = await SignalSocket.open(desk.caller.session, server.url)
        other = await SignalSocket.open(patient.session, server.url, visit=visit)
        took = await asyncio.to_thread(server.stop)
        assert took < 10
        await socket.close()
        await other.close()
    assert "Traceback" not in server.log.read_text()


def readiness(server: Server) -> int:
    """Return the status of /health/ready, 0 when nobody answers."""
    try:
        with urllib.request.urlopen(f"{server.url}/health/ready", timeout=2) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def test_a_server_that_ends_says_first_that_it_is_no_longer_ready(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    assert server.process is not None
    while "Stop with" not in server.log.read_text():
        time.sleep(0.05)
    server.process.send_signal(signal.SIGTERM)
    until, seen = time.monotonic() + 5, [200]
    while seen[-1] and time.monotonic() < until:
        seen.append(readiness(server))
        time.sleep(0.05)
    assert server.stop() < 9
    assert set(seen) == {200, 503, 0}
    assert seen.count(503) > 3


@pytest.mark.parametrize("arguments", [["serve", "--what"], ["nonsense"], []])
def test_wrong_use_exits_with_two(arguments: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "telehealth", *arguments], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2


def test_a_setting_that_cannot_be_used_is_named() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "telehealth", "serve"],
        env=os.environ | {"TELEHEALTH_PORT": "eighty"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "TELEHEALTH_PORT" in ended.stderr
