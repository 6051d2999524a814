"""The command itself: its exit status, its one sentence, HTTPS with a certificate of one's own."""

import asyncio
import json
import ssl
import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from telehealth.crypto.certificates import issue, new_authority
from telehealth.opening import SystemClock
from telehealth.probe import command
from telehealth.probe.trouble import ProbeFailed
from tests.integration.probing import Running, demo_server, probe, seed, specialist


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("demo") / "var"
    seed(data)
    return data


@pytest.fixture
def tls(tmp_path: Path) -> dict[str, str]:
    """The settings of a server with a certificate that only our own authority vouches for."""
    now, hosts = SystemClock().now(), ["localhost", "127.0.0.1"]
    authority = new_authority(hosts, now)
    leaf = issue(authority, hosts, now)
    (tmp_path / "ca.pem").write_text(authority.certificate)
    (tmp_path / "leaf.pem").write_text(leaf.certificate)
    (tmp_path / "leaf.key").write_text(leaf.key)
    return {"tls_cert": str(tmp_path / "leaf.pem"), "tls_key": str(tmp_path / "leaf.key")}


async def run(server: Running, folder: Path, *options: str, **changes: str) -> tuple[int, str, str]:
    """Run the command as people do; return its exit status, stdout and stderr."""
    who = replace(await specialist(server), **changes)  # type: ignore[arg-type]
    told = {"email": who.email, "password": who.password, "totp_secret": who.totp_secret}
    phone = next(search["phone"] for search in who.searches)
    path = folder / "credentials.json"
    path.write_text(json.dumps(told | {"patient_phone": phone}))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "telehealth", "probe", server.url, "--credentials", str(path), *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_over_https_with_an_own_authority_it_ends_well(
    seeded: Path, tmp_path: Path, tls: dict[str, str]
) -> None:
    async with demo_server(seeded, tmp_path / "var", **tls) as server:
        assert server.url.startswith("https://")
        status, out, err = await run(server, tmp_path, "--ca", str(tmp_path / "ca.pem"))
    assert (status, err) == (0, "")
    assert out.splitlines()[0].startswith(f"Probing {server.url} as ")
    assert out.splitlines()[-1].endswith("ms  in all")


async def test_an_unknown_authority_is_named_with_what_helps(
    seeded: Path, tmp_path: Path, tls: dict[str, str]
) -> None:
    async with demo_server(seeded, tmp_path / "var", **tls) as server:
        with pytest.raises(
            ProbeFailed, match=r"'ready': the server's certificate is not trusted \(--ca FILE"
        ):
            await probe(server)
        timeline, _ = await probe(server, tls=ssl.create_default_context(cafile=str(tmp_path / "ca.pem")))
    assert timeline.done[-1] == "sign-out"


async def test_a_failure_is_one_sentence_on_stderr_and_status_1(seeded: Path, tmp_path: Path) -> None:
    async with demo_server(seeded, tmp_path / "var") as server:
        status, out, err = await run(server, tmp_path, password="something else entirely")
    assert status == 1
    assert err == (
        "The probe failed at 'sign-in': the server answered 401 "
        "(not-signed-in: The e-mail address or the password is not right).\n"
    )
    assert "something else" not in out


async def nothing() -> dict[str, Any]:
    return {"staff": [], "patients": []}


@pytest.mark.parametrize(
    "arguments,words",
    [
        (["ftp://example.org"], "is not the address of a service"),
        (["http://example.org/some/where"], "is not the address of a service"),
        (["http://127.0.0.1:9"], "There is no demo in DATA"),
        (["http://127.0.0.1:9", "--credentials", "nowhere.json"], "cannot be read"),
        (["http://127.0.0.1:9", "--ca", "nowhere.pem"], "The CA file nowhere.pem cannot be read"),
    ],
)
async def test_wrong_use_is_one_sentence_and_status_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = ArgumentParser()
    command.add_arguments(parser)
    assert await command.main(parser.parse_args(arguments), nothing) == 2
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1
