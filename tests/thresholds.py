"""Fails a whole run whose tests leave too much of the product untried; `make test` without ARGS asks for it.

What decides about people, keys and rooms is tried in every line and branch; of all code together at least
the share that pyproject.toml names under `fail_under`.
"""

from io import StringIO
from typing import Final

import pytest
from coverage import Coverage

EVERY_BRANCH: Final = ("telehealth/domain/*", "telehealth/crypto/*", "signaling/room.py")


def untried(measured: Coverage) -> list[str]:
    """What the tests leave untried, a sentence each; no sentence when they do enough."""
    found = []
    table = StringIO()
    if measured.report(include=EVERY_BRANCH, file=table) < 100:
        names = ", ".join(EVERY_BRANCH)
        found.append(f"No test tries these lines and branches of {names}:\n{table.getvalue()}")
    least = float(str(measured.get_option("report:fail_under")))
    share = measured.report(file=StringIO())
    if share < least:
        found.append(f"The tests try {share:.1f} % of the product, less than {least:.0f} %.")
    return found


@pytest.hookimpl
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Add an error to the run's end when it went well and tried too little; broken tests come first."""
    if exitstatus != pytest.ExitCode.OK or hasattr(session.config, "workerinput"):
        return
    # What was measured is asked of pytest-cov itself: after long runs its file was seen to be gone.
    measuring = session.config.pluginmanager.getplugin("_cov")
    for sentence in untried(measuring.cov_controller.cov):
        place = ("coverage", None, "coverage")
        report = pytest.TestReport("coverage", place, {}, "failed", sentence, "teardown")
        reporter = session.config.pluginmanager.getplugin("terminalreporter")
        reporter.stats.setdefault("error", []).append(report)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
