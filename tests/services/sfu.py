"""A real Janus with the configuration that the product writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from telehealth.commands.certs import addresses
from telehealth.config import Config
from telehealth.crypto.chance import SystemChance
from telehealth.sfu.beside import Sfu, sfu_of
from telehealth.sfu.configuration import HERE
from tests.services.programs import answers, free_port, running


def sfu_in(folder: Path) -> Sfu | None:
    """Return one beside a server, on a free port and with its configuration written; None: not installed."""
    made = sfu_of(Config(data=folder, sfu=True, sfu_port=free_port()), SystemChance())
    if made is not None:
        made.write()
        _stays(made)
    return made


def _stays(sfu: Sfu) -> None:
    """Leave it the one network that stays: those of the laboratory come and go while other tests run."""
    file = sfu.settings.folder / "janus.jcfg"
    own = next(iter(addresses()), HERE)
    file.write_text(file.read_text().replace("nat: {\n", f'nat: {{\n\tice_enforce_list = "{own}"\n'))


@contextmanager
def running_sfu(sfu: Sfu) -> Iterator[None]:
    """Run it."""
    folder, port = sfu.settings.folder, sfu.settings.port
    command = (str(sfu.binary), "-F", str(folder), "-C", str(folder / "janus.jcfg"))
    with running(command, log=folder / "log", ready=lambda: answers(port)):
        yield
