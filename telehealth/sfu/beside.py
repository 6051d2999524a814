"""Janus beside the server: where it is installed, its files, and what runs it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from signaling.sfu.forwarder import Access, Forwarder
from telehealth.config import Config, media_ports
from telehealth.crypto.chance import Chance
from telehealth.relay.program import Program
from telehealth.services.carrying import MESH
from telehealth.sfu.configuration import HERE, PLUGIN, TRANSPORT, Settings, rendered
from telehealth.workers.loops import running

SECRET_BYTES = 32
FOLDERS = ("usr/lib/*/janus", "usr/lib/janus", "usr/local/lib/janus", "opt/janus/lib/janus")
"""Where packages and its own build put what it loads."""


@dataclass(frozen=True, slots=True)
class Sfu:
    """One Janus beside the server."""

    settings: Settings
    binary: Path
    libraries: Path
    direct: int = MESH
    """Calls of more people than this go through it."""

    def write(self) -> None:
        """Write its files, for our eyes and root's only."""
        folder = self.settings.folder
        shutil.rmtree(folder / "plugins", ignore_errors=True)
        shutil.rmtree(folder / "transports", ignore_errors=True)
        for name, library in (("plugins", PLUGIN), ("transports", TRANSPORT)):
            (folder / name).mkdir(parents=True, mode=0o700)
            (folder / name / library).symlink_to(self.libraries / name / library)
        folder.chmod(0o700)
        for name, text in rendered(self.settings).items():
            (folder / name).unlink(missing_ok=True)
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(text)

    def program(self) -> Program:
        """Return what runs it."""
        folder = self.settings.folder
        command = (str(self.binary), "-F", str(folder), "-C", str(folder / "janus.jcfg"))
        return Program(command, self.settings.pidfile, (HERE, self.settings.port), "SFU")

    def forwarder(self, chance: Chance) -> Forwarder:
        """Return what rooms know of it."""
        access = Access(f"ws://{HERE}:{self.settings.port}", self.settings.secret, self.settings.admin_key)
        return Forwarder(access, chance, self.direct)


def installed() -> tuple[Path, Path] | None:
    """Return Janus' program and the folder of its libraries, if it is installed."""
    program = shutil.which("janus")
    found = (path for pattern in FOLDERS for path in sorted(Path("/").glob(pattern)))
    libraries = next((path for path in found if (path / "plugins" / PLUGIN).exists()), None)
    return (Path(program), libraries) if program and libraries else None


def sfu_of(config: Config, chance: Chance) -> Sfu | None:
    """Return the one beside a server with these settings, where it is wanted and installed."""
    found = installed() if config.sfu else None
    if found is None:
        return None
    settings = Settings(
        folder=(config.data / "sfu").resolve(),
        port=config.sfu_port,
        media=media_ports(config.sfu_media_ports),
        public=config.sfu_address,
        secret=chance.token(SECRET_BYTES).hex(),
        admin_key=chance.token(SECRET_BYTES).hex(),
    )
    return Sfu(settings, *found, config.sfu_above)


@asynccontextmanager
async def forwarding(sfu: Sfu | None) -> AsyncIterator[None]:
    """Run it beside the server, if there is one."""
    if sfu is None:
        yield
        return
    async with running([sfu.program().loop()]):
        yield
