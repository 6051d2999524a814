"""A PostgreSQL server of the tests' own: a fresh cluster in a temporary folder, durable as in earnest.

The cluster that a distribution's package may have set up is left alone.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.services import programs

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
}


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A running server; its user `postgres` is superuser and needs no password."""

    port: int
    folder: Path
    numbers: "count[int]"

    def url(self, database: str = "postgres") -> str:
        """The address of one database, as SQLAlchemy writes it."""
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> str:
        """Carry out one statement in the database `postgres`; what it printed."""
        connection = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        options = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", connection, "-c", statement)
        command = (str(self.folder / "psql"), *options)
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new, empty database; it is dropped at the end, whoever is still connected."""
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def unprivileged_user() -> str | None:
    """Who runs the server: we ourselves, or `postgres` (else `nobody`) for root, which initdb refuses."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def initialise(folder: Path, data: Path, user: str | None) -> None:
    """Make an empty cluster in `data`."""
    options = ("--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    command = (str(folder / "initdb"), *options, "--pgdata", str(data))
    done = subprocess.run(
        command,
        user=user,
        extra_groups=[] if user else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise programs.NotStarted(done.stdout + done.stderr)


@contextmanager
def postgresql_server(folder: Path) -> Iterator[PostgreSQL]:
    """A server from the programs in `folder`, for as long as the block lasts."""
    user = unprivileged_user()
    # Not below pytest's own temporary folder: that one is closed to other users.
    home = Path(tempfile.mkdtemp(prefix="telehealth-postgresql-"))
    try:
        if user is not None:
            shutil.chown(home, user)
        data, port = home / "data", programs.free_port()
        initialise(folder, data, user)
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = (str(folder / "postgres"), "-D", str(data), "-p", str(port), *settings)
        server = PostgreSQL(port, folder, count())

        def ready() -> bool:
            check = (str(folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port))
            return subprocess.run(check, check=False).returncode == 0

        # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        with programs.running(command, log=home / "log", ready=ready, user=user, end_with=signal.SIGINT):
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)
