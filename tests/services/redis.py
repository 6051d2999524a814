"""A Redis server of the tests' own, which keeps nothing on disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import programs


@contextmanager
def redis_server(program: str, folder: Path) -> Iterator[str]:
    """The address of a server that lasts as long as the block."""
    port = programs.free_port()
    options = (
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    )
    with programs.running((program, *options), log=folder / "log", ready=lambda: programs.answers(port)):
        yield f"redis://127.0.0.1:{port}/0"
