"""What Janus is told: one plugin, one door on this machine, nothing recorded, nobody asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from telehealth.config import BadSetting, Config, from_environment, media_ports
from telehealth.sfu.beside import sfu_of
from telehealth.sfu.configuration import Settings, rendered
from tests.fakes import FakeChance

SETTINGS = Settings(
    folder=Path("/data/sfu"), port=8188, media=(40000, 44999), secret="5ec3e7", admin_key="ad317"
)


def test_the_files_say_what_is_loaded_and_who_may_come() -> None:
    files = rendered(SETTINGS)
    general, door, rooms = (
        files[name]
        for name in ("janus.jcfg", "janus.transport.websockets.jcfg", "janus.plugin.videoroom.jcfg")
    )
    for line in ('plugins_folder = "/data/sfu/plugins"', 'api_secret = "5ec3e7"', "ice_tcp = false"):
        assert f"\t{line}\n" in general
    assert '\trtp_port_range = "40000-44999"\n' in general
    assert '\tws_ip = "127.0.0.1"\n' in door
    assert door.count(" = true") == 1, "no second door"
    assert '\tadmin_key = "ad317"\n' in rooms
    assert "stun" not in "".join(files.values())
    assert "nat_1_1" not in general
    assert (
        '\tnat_1_1_mapping = "203.0.113.9"\n'
        in rendered(replace(SETTINGS, public="203.0.113.9"))["janus.jcfg"]
    )
    assert "5ec3e7" not in repr(SETTINGS)


@pytest.mark.parametrize("secret", ['a"b', "a\nb", "a\\b"])
def test_a_value_that_would_leave_its_quotes_is_refused(secret: str) -> None:
    with pytest.raises(BadSetting):
        rendered(replace(SETTINGS, secret=secret))


@pytest.mark.parametrize(
    "text", ["-", "40000", "40000-40098", "80-2000", "60000-70000", "44999-40000", "a-b"]
)
def test_ports_that_are_no_range_are_refused(text: str) -> None:
    with pytest.raises(BadSetting, match="SFU_MEDIA_PORTS"):
        from_environment({"TELEHEALTH_SFU_MEDIA_PORTS": text})
    assert media_ports("40000-40099") == (40000, 40099)


@pytest.mark.parametrize(
    "name, text",
    [
        ("SFU_PORT", "0"),
        ("SFU_ABOVE", "1"),
        ("SFU_ABOVE", "5"),
        ("SFU_ADDRESS", "clinic.example"),
        ("SFU", "perhaps"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=name):
        from_environment({f"TELEHEALTH_{name}": text})


def test_nobody_starts_one_that_is_not_wanted() -> None:
    assert sfu_of(Config(), FakeChance()) is None
