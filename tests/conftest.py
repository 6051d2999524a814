"""The fixtures that every test may ask for: real databases, Redis, mail server, SMS gateway and browser."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from playwright.async_api import Browser, Playwright, async_playwright, expect
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from telehealth.domain.record import FROM_OUTSIDE
from telehealth.storage import engine as engines
from telehealth.storage.migrate import migrate
from telehealth.timezones import use_packaged_zones
from tests.cast import House
from tests.cast import house as furnished
from tests.services import chromium, examples, gateway, migrated, postgresql, programs, redis, smtp
from tests.services.chromium import lasting
from tests.services.statements import engine_that_remembers

use_packaged_zones()
# A busy machine is no defect of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
expect.set_options(timeout=10_000)

MEMORY, ENOUGH = Path("/dev/shm"), 2 * 1024**3
"""Where files are kept in memory, and the bytes that have to be free there for a run of all tests."""

# To wait for a disk proves nothing more: no test takes the current away. The benches, which measure, do wait.
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


DRIVING = ("tests/browser/", "tests/journeys/")
PAGES = "tests/journeys/pages/"
"""The journeys in which nobody calls anybody."""
CALLS, BESIDE_CALLS = "calls", 2
"""The row of the others, and how many processes may be at work as long as it lasts."""
WAITING = "tests/laboratory/"
"""What waits most of its time, so that a further process may go through it meanwhile."""
USING = "tests/integration/services/"
PATIENT = 10
"""How nice a process is in which nothing has to happen within seconds."""


class CallsInOneRow(LoadScopeScheduling):
    """Hands out tests one by one, those in which Chromium calls all together: two calls at once would starve.

    Journeys over pages are a row of their own, which may run beside it; the longest row is handed out first.
    Processes beyond those two go through what mostly waits, and then wait themselves until no call is left.
    The option --dist loadgroup does nothing with this pytest, whose tests' names it cannot change any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(PAGES):
            return "pages"
        if nodeid.startswith(WAITING):
            return WAITING
        return CALLS if nodeid.startswith(DRIVING) else nodeid

    def _assign_work_unit(self, node: WorkerController) -> None:
        if WAITING in self.workqueue:
            self.workqueue.move_to_end(WAITING, last=node in self.nodes[:BESIDE_CALLS])
        super()._assign_work_unit(node)

    def _reschedule(self, node: WorkerController) -> None:
        if node in self.nodes[:BESIDE_CALLS] or not self._calling():
            super()._reschedule(node)

    def _calling(self) -> bool:
        rows = [self.workqueue, *self.assigned_work.values()]
        return any(False in row.get(CALLS, {}).values() for row in rows)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        super().mark_test_complete(node, item_index, duration)
        nodeid = self.registered_collections[node][item_index]
        if self._split_scope(nodeid) == CALLS and not self._calling():
            for other in self.nodes[BESIDE_CALLS:]:
                self._reschedule(other)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all tests with a browser in one event loop, in which the browser lives; measure no line in vain.

    Of a server in a process of its own nothing is measured. To measure triples the time of a test over
    storage, so neither the same lines run again on another database are counted, nor what tests of services
    try beyond all others.
    """
    for item in items:
        driving = "driver" in getattr(item, "fixturenames", ())
        if driving and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        again = "[postgresql" in item.nodeid
        if driving or again or item.nodeid.startswith(USING):
            item.add_marker("no_cover")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let calls go first: beside them, a process that does all the rest takes what time is left."""
    calls = item.nodeid.startswith(DRIVING) and not item.nodeid.startswith(PAGES)
    if "PYTEST_XDIST_WORKER" in os.environ and not calls and os.getpriority(os.PRIO_PROCESS, 0) < PATIENT:
        os.setpriority(os.PRIO_PROCESS, 0, PATIENT)


def is_missing(component: str) -> NoReturn:
    """A component is not on this machine: a failure where CI must have it, a named skip elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{component} is not installed; make test installs it on Debian as root", pytrace=False)
    pytest.skip(f"{component} is not installed")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Where processes share the tests, let one hold all calls and another one all pages."""
    return CallsInOneRow(config, log)


@pytest.fixture(scope="session", autouse=True)
def statements() -> Iterator[None]:
    """Let no test compile again what an earlier one has compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "create_async_engine", engine_that_remembers)
        yield


@pytest.fixture(scope="session")
def official_examples() -> list[tuple[str, str]]:
    """HL7's examples of the types that are taken from outside: each file's name, and its text."""
    try:
        return list(examples.examples(FROM_OUTSIDE))
    except examples.NotFetched as trouble:
        is_missing(f"{examples.PACKAGE} ({trouble})")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.PostgreSQL]:
    folder = programs.postgresql()
    if folder is None:
        is_missing("PostgreSQL")
    with postgresql.postgresql_server(folder) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: postgresql.PostgreSQL) -> str:
    """The address of the server's own database `postgres`."""
    return postgresql_server.url()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, empty database for one test; every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite'}"
        return
    server: postgresql.PostgreSQL = request.getfixturevalue("postgresql_server")
    with server.database() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file to copy."""
    return migrated.migrated_sqlite(tmp_path_factory.mktemp("template") / "empty.sqlite")


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: postgresql.PostgreSQL) -> Iterator[str]:
    """A migrated PostgreSQL database that tests use one after the other, each empties it first."""
    with postgresql_server.database() as url:
        asyncio.run(migrate(url))
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty, migrated database; every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        return migrated.copied(request.getfixturevalue("migrated_file"), tmp_path)
    return migrated.emptied(request.getfixturevalue("migrated_postgresql"))


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = programs.redis()
    if program is None:
        is_missing("Redis")
    with redis.redis_server(program, tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def smtp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smtp.SmtpSink]:
    with smtp.smtp_server(tmp_path_factory.mktemp("smtp")) as server:
        yield server


@pytest.fixture
def smtp_sink(smtp_server: smtp.SmtpSink) -> smtp.SmtpSink:
    """The mail server, without any mail of earlier tests."""
    smtp_server.clear()
    return smtp_server


@pytest.fixture(scope="session")
def sms_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[gateway.SmsSink]:
    with gateway.sms_gateway(tmp_path_factory.mktemp("sms")) as server:
        yield server


@pytest.fixture
def sms_sink(sms_gateway: gateway.SmsSink) -> gateway.SmsSink:
    """The SMS gateway, without any message of earlier tests."""
    sms_gateway.clear()
    return sms_gateway


@pytest.fixture(scope="session")
def chromium_path() -> str:
    program = programs.headless_chromium()
    if program is None:
        is_missing("Chromium")
    return program


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def driver() -> AsyncIterator[Playwright]:
    """What drives browsers; a second of work to start."""
    async with async_playwright() as started:
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(driver: Playwright, chromium_path: str) -> AsyncIterator[Browser]:
    """The browser of one file's tests; some seconds of work to start."""
    async with chromium.launched(driver, chromium_path, devices=chromium.UNHURRIED) as started:
        yield started


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a test failed, for those who clear up after it."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@lasting
async def browser(running: Browser) -> AsyncIterator[Browser]:
    """A browser in which no window is open; those of the test are closed after it."""
    yield running
    for context in running.contexts:
        await context.close()


@pytest.fixture
async def house(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """The cast on an empty database of either kind; see tests/cast.py."""
    async with furnished(migrated_url, tmp_path / "data") as full:
        yield full
