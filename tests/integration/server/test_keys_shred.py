"""`telehealth keys shred`, `hold` and `release`: typed once more, refused in one sentence, final."""

import asyncio
import io
from pathlib import Path

import pytest

from tests.integration.server.test_commands import Command, command, one_sentence, watched
from tests.integration.storage import cast

__all__ = ["command"]

BORN = cast.BO.birth_date.isoformat()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    asyncio.run(watched(tmp_path / "data"))
    return tmp_path / "data"


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{text}\n"))


@pytest.mark.usefixtures("data")
def test_a_patient_is_erased_once_their_date_of_birth_is_typed(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in ("", "yes", "1901-01-01"):
        typed(monkeypatch, wrong)
        status, _, complaint = command("keys", "shred", cast.BO.id)
        assert (status, one_sentence(complaint), "date of birth" in complaint) == (1, True, True)
    typed(monkeypatch, BORN)
    status, told, _ = command("keys", "shred", cast.BO.id, "--because", "mistake")
    assert (status, "There is no way back" in told, f"nothing of {cast.BO.id}" in told) == (0, True, True)
    assert "destroyed: 1" in command("keys", "status")[1]
    assert command("keys", "verify")[0] == 0
    assert command("keys", "shred", cast.BO.id)[0] == 0, "what is done is done"
    status, _, complaint = command("keys", "hold", cast.BO.id, "--reason", "x")
    assert (status, one_sentence(complaint)) == (1, True)


@pytest.mark.usefixtures("data")
def test_a_hold_stands_until_it_is_taken_back(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("keys", "hold", cast.BO.id, "--reason", "a court asks for it")[0] == 0
    typed(monkeypatch, BORN)
    status, _, complaint = command("keys", "shred", cast.BO.id, "--because", "court")
    assert (status, one_sentence(complaint), "legal hold" in complaint) == (1, True, True)
    assert command("keys", "release", cast.BO.id)[0] == 0
    status, _, complaint = command("keys", "release", cast.BO.id)
    assert (status, one_sentence(complaint)) == (1, True)
    typed(monkeypatch, BORN)
    assert command("keys", "shred", cast.BO.id, "--because", "court")[0] == 0


@pytest.mark.usefixtures("data")
def test_nobody_is_erased_who_is_not_there(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, BORN)
    for words in (("shred", "nobody"), ("hold", "nobody", "--reason", "x"), ("release", "nobody")):
        status, _, complaint = command("keys", *words)
        assert (status, one_sentence(complaint)) == (1, True), words
    with pytest.raises(SystemExit) as ended:
        command("keys", "shred", cast.BO.id, "--because", "fun")
    assert ended.value.code == 2
