"""A run that tries too little of the product fails, and says which lines."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUN = ("-m", "pytest", "-p", "tests.thresholds", "--cov", "--cov-report=", "--cov-fail-under=0")

SETTINGS = """
[tool.pytest.ini_options]
pythonpath = ["."]
[tool.coverage.run]
branch = true
source = ["telehealth", "signaling"]
[tool.coverage.report]
fail_under = 90
show_missing = true
skip_covered = true
"""
DECIDED = """
def allowed(age: int) -> bool:
    if age < 18:
        return False
    return True
"""


def run(project: Path, test: str, *more: str) -> subprocess.CompletedProcess[str]:
    """A run over a product with one decision in its domain and a room without any."""
    for name, text in (
        ("pyproject.toml", SETTINGS),
        ("telehealth/__init__.py", ""),
        ("telehealth/domain/__init__.py", ""),
        ("telehealth/domain/ages.py", DECIDED),
        ("signaling/__init__.py", ""),
        ("signaling/room.py", "SEATS = 2\n"),
        ("test_ages.py", f"import signaling.room\nfrom telehealth.domain.ages import allowed\n{test}"),
    ):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    environment = {"PYTHONPATH": f"{project}:{ROOT}", "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        (sys.executable, *RUN, *more),
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_run_that_tries_everything_is_green(tmp_path: Path) -> None:
    done = run(tmp_path, "def test_ages():\n    assert allowed(18) and not allowed(17)\n")
    assert done.returncode == 0, done.stdout
    assert "1 passed in" in done.stdout.splitlines()[-1]


def test_two_processes_try_what_they_try_together(tmp_path: Path) -> None:
    half = "def test_child():\n    assert not allowed(17)\n"
    other = "def test_adult():\n    assert allowed(18)\n"
    done = run(tmp_path, half + other, "-n", "2")
    assert done.returncode == 0, done.stdout
    assert "2 passed in" in done.stdout.splitlines()[-1]
    done = run(tmp_path, half, "-n", "2")
    assert done.returncode == 1
    assert "1 passed, 2 errors in" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("age, missing", [(18, "4"), (17, "5")])
def test_a_branch_of_the_domain_that_no_test_takes_fails_the_run(
    tmp_path: Path, age: int, missing: str
) -> None:
    done = run(tmp_path, f"def test_ages():\n    allowed({age})\n")
    assert done.returncode == 1
    assert "No test tries these lines" in done.stdout
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("telehealth/domain/ages.py")]
    assert row.split()[-1] == missing
    assert "1 passed, 2 errors in" in done.stdout.splitlines()[-1]
    assert "The tests try 7" in done.stdout


def test_a_broken_test_is_all_that_a_run_tells(tmp_path: Path) -> None:
    done = run(tmp_path, "def test_ages():\n    assert allowed(17)\n")
    assert done.returncode == 1
    assert "No test tries" not in done.stdout
    assert "1 failed in" in done.stdout.splitlines()[-1]
