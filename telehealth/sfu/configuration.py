"""Janus' configuration files, written by us: one plugin, one door, and that on this machine only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from telehealth.config import BadSetting

HERE = "127.0.0.1"
PLUGIN, TRANSPORT = "libjanus_videoroom.so", "libjanus_websockets.so"
ANSWERED_WITHIN = 30
"""Seconds until a peer connection that was not answered is given up."""
SILENT_SESSION = 20
"""Seconds without a pulse until what a killed server has left is given up."""
LARGEST_PACKET = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What differs from one to another.

    Attributes:
        folder: where the files, the folders of what is loaded and the pidfile are.
        port: of its door on this machine.
        media: lowest and highest UDP port of media.
        public: the IPv4 address that the world knows this machine by, where that is another one.
        secret: what every request must hold.
        admin_key: what opening a room takes beside it.
    """

    folder: Path
    port: int
    media: tuple[int, int]
    public: str = ""
    secret: str = field(repr=False)
    admin_key: str = field(repr=False)

    @property
    def pidfile(self) -> Path:
        """Where it writes its number."""
        return self.folder / "janus.pid"


def rendered(settings: Settings) -> Mapping[str, str]:
    """Return the files by name; raises BadSetting for a value that would not stay in its quotes."""
    return {
        "janus.jcfg": _general(settings) + _media(settings) + _network(settings),
        "janus.transport.websockets.jcfg": _door(settings),
        "janus.plugin.videoroom.jcfg": _rooms(settings),
    }


def _general(settings: Settings) -> str:
    folder = settings.folder
    return _section(
        "general",
        "Nothing is loaded but what these folders hold: one plugin and one transport.",
        configs_folder=str(folder),
        plugins_folder=str(folder / "plugins"),
        transports_folder=str(folder / "transports"),
        events_folder=str(folder / "none"),
        loggers_folder=str(folder / "none"),
        pid_file=str(settings.pidfile),
        api_secret=settings.secret,
        admin_secret=settings.admin_key,
        session_timeout=SILENT_SESSION,
        candidates_timeout=ANSWERED_WITHIN,
        server_name="telehealth",
        hide_dependencies=True,
        debug_level=2,
        debug_colors=False,
    )


def _media(settings: Settings) -> str:
    low, high = settings.media
    return _section(
        "media",
        "Ports that a firewall must let in by UDP.",
        rtp_port_range=f"{low}-{high}",
        dtls_mtu=LARGEST_PACKET,
        no_media_timer=2,
    )


def _network(settings: Settings) -> str:
    told = {"nat_1_1_mapping": settings.public} if settings.public else {}
    return _section(
        "nat",
        "Nobody outside is asked for our address, and all of them are in the first description.",
        full_trickle=False,
        ice_tcp=False,
        nice_debug=False,
        **told,
    )


def _door(settings: Settings) -> str:
    general = _section(
        "general",
        "The one door, which only programs on this machine reach; browsers never see it.",
        json="compact",
        ws=True,
        ws_port=settings.port,
        ws_ip=HERE,
        wss=False,
    )
    return general + _section("admin", "No door for administrators.", admin_ws=False, admin_wss=False)


def _rooms(settings: Settings) -> str:
    return _section(
        "general",
        "Rooms are made by the service, live in memory and have names that nobody guesses.",
        admin_key=settings.admin_key,
        lock_rtp_forward=True,
        string_ids=True,
        events=False,
    )


def _section(name: str, why: str, **values: str | int) -> str:
    lines = (f"\t{key} = {_value(key, value)}" for key, value in values.items())
    return "\n".join((f"# {why}", f"{name}: {{", *lines, "}", "", ""))


def _value(key: str, value: str | int) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if not value.isprintable() or '"' in value or "\\" in value:
        raise BadSetting(f"The SFU's {key} cannot be written into its configuration.")
    return f'"{value}"'
