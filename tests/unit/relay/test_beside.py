"""Where the relay beside the server listens and what people are handed, by the server's settings."""

import os
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from telehealth.app import relay_of
from telehealth.commands import relay as command
from telehealth.commands.relay import as_served, with_relay
from telehealth.commands.serve import missing
from telehealth.config import BadSetting, Config, from_environment
from telehealth.relay import beside
from telehealth.relay.beside import beside_of
from telehealth.relay.configuration import secret_of

BY_PROXY = {"base_url": "https://clinic.example"}
OWN = "10.0.0.5"


@pytest.mark.parametrize(
    "settings, host, listen, relay",
    [
        ({}, "127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ({"host": "127.0.0.1"}, "127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ({"host": "::1", "base_url": "http://[::1]:8080"}, "127.0.0.1", "127.0.0.1", "127.0.0.1"),
        (BY_PROXY, "clinic.example", "", OWN),
        (BY_PROXY | {"relay_host": "turn.clinic.example"}, "turn.clinic.example", "", OWN),
        ({"host": "0.0.0.0", "base_url": f"https://{OWN}:8080"}, OWN, "", OWN),
        ({"host": "192.168.1.7"}, "192.168.1.7", "192.168.1.7", "192.168.1.7"),
        (BY_PROXY | {"host": "fd00::7"}, "clinic.example", "fd00::7", OWN),
    ],
)
def test_it_listens_where_people_reach_it(
    settings: dict[str, Any], host: str, listen: str, relay: str
) -> None:
    made = beside_of(Config(**settings), OWN, "5ec3e7")
    assert (made.host, made.settings.listen, made.settings.relay) == (host, listen, relay)
    assert made.settings.this_machine is (listen == "127.0.0.1")
    assert made.handed_out.urls == (f"turn:{host}:3478?transport=udp", f"turn:{host}:3478?transport=tcp")
    assert made.handed_out.secret == made.from_here.secret == b"5ec3e7"


def test_with_a_certificate_tls_is_handed_out_too() -> None:
    made = beside_of(Config(tls_cert="c.pem", relay_port=4000, relay_host="2001:db8::7"), OWN, "5ec3e7")
    assert made.handed_out.urls[-1] == "turns:[2001:db8::7]:4000?transport=tcp"
    assert made.settings.certificate == (str(Path("c.pem").resolve()),) * 2, "the key may stand with it"
    assert made.from_here.urls[0] == "turn:127.0.0.1:4000?transport=udp"


def test_behind_a_nat_the_address_that_the_world_knows_is_told() -> None:
    made = beside_of(Config(relay_address="203.0.113.9", **BY_PROXY), OWN, "5ec3e7")
    assert (made.settings.public, made.settings.relay) == ("203.0.113.9", OWN)


def test_root_is_not_who_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    user, group = beside_of(Config(), OWN, "x").settings.run_as
    assert {user, group} & {"root", ""} == set()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert beside_of(Config(), OWN, "x").settings.run_as == ("", "")


def test_the_secret_is_fresh_and_lies_in_data_for_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "installed", lambda: "/usr/bin/turnserver")
    config = Config(data=tmp_path, relay=True)
    assert as_served(config) == (config, None), "no server has started one yet"
    secrets = set()
    for _ in range(2):
        served, made = with_relay(config)
        assert made is not None
        assert made.file.stat().st_mode & 0o777 == 0o600
        assert made.folder.stat().st_mode & 0o777 == 0o700
        secrets.add(secret_of(made.file.read_text()))
        assert relay_of(served).secret.decode() in secrets
        assert as_served(config)[0] == served
    assert len(secrets) == 2
    assert {len(each) for each in secrets} == {64}
    assert not any(each in repr(served) for each in secrets)


def test_without_the_program_the_service_starts_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "installed", lambda: None)
    config = Config(data=tmp_path, relay=True)
    assert with_relay(config) == as_served(config) == (config, None)
    assert any("apt-get install coturn" in line for line in missing(config))
    assert list(tmp_path.iterdir()) == []


def test_it_is_not_started_unasked(tmp_path: Path) -> None:
    assert with_relay(Config(data=tmp_path)) == (Config(data=tmp_path), None)
    assert not any("coturn" in line for line in missing(Config()))


@pytest.mark.parametrize(
    "name, text, word",
    [
        ("RELAY_PORT", "0", "between 1 and"),
        ("RELAY_HOST", "turn:host", "a name or an address"),
        ("RELAY_ADDRESS", "clinic.example", "an IPv4 address"),
        ("TURN_URLS", "turn:other.example", "set one"),
    ],
)
def test_settings_of_a_relay_that_cannot_be_are_named(name: str, text: str, word: str) -> None:
    with pytest.raises(BadSetting, match=f"TELEHEALTH_{name}.*{word}"):
        from_environment({"TELEHEALTH_RELAY": "1", f"TELEHEALTH_{name}": text})


async def test_the_command_prints_a_file_for_a_host_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"address": OWN, "public": "203.0.113.9", "certificate": "/c.pem", "key": "/k.pem"}
    assert await command.run(Config(), Namespace(host="turn.clinic.example", **asked)) == 0
    out, told = capsys.readouterr()
    assert f"external-ip=203.0.113.9/{OWN}\n" in out
    assert len(secret_of(out)) == 64
    assert "TELEHEALTH_TURN_URLS=turn:turn.clinic.example:3478?transport=udp,turn:" in told
    assert ",turns:turn.clinic.example:5349?transport=tcp\n" in told
    assert secret_of(out) not in told


async def test_the_command_refuses_what_is_no_address_and_keeps_a_secret_that_is_set(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = {"address": "", "public": "", "certificate": "", "key": ""}
    assert await command.run(Config(turn_secret="of before"), Namespace(host="x", **asked)) == 0
    assert "static-auth-secret=of before\n" in capsys.readouterr().out
    with pytest.raises(BadSetting, match="no address"):
        await command.run(Config(), Namespace(host="x", **asked | {"address": "near"}))


@pytest.mark.parametrize("host, word", [("https://x/", "no address"), ("x/y", "no name"), ("a b", "no name")])
async def test_the_command_refuses_an_address_of_a_page_for_a_host(host: str, word: str) -> None:
    asked = {"address": "", "public": "", "certificate": "", "key": ""}
    with pytest.raises(BadSetting, match=word):
        await command.run(Config(), Namespace(host=host, **asked))


def test_where_no_user_for_it_is_known_it_stays_who_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(beside, "USERS", ("nobody of that name",))
    assert beside_of(Config(), OWN, "x").settings.run_as == ("", "")
