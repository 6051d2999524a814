"""`telehealth tzdata check` on a visit of a far winter in Vancouver, booked under the rules of 2025."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telehealth import cli
from telehealth.config import Config
from telehealth.domain.access import SYSTEM
from telehealth.services.parties import claims_of
from telehealth.storage.migrate import migrate
from tests.cast import CARDIOLOGY, HOSPITAL, house

OFFICE = replace(SYSTEM, organization_id=HOSPITAL)
"""No horizon binds it."""
START = datetime(2099, 1, 5, 16, 30, tzinfo=UTC)


async def book(data: Path) -> str:
    """Book at 08:30 of Vancouver as the rules were; returns the appointment's id."""
    await migrate(Config(data=data).database)
    async with house("", data) as here:
        booked = (await here.book(START, OFFICE)).appointment
        before = replace(
            booked,
            zone="America/Vancouver",
            local_start="2099-01-05T08:30",
            tzdata="2025.3",
            version=booked.version + 1,
        )
        async with here.assembled.opened.work.units.writing() as uow:
            service = await uow.directory.service(CARDIOLOGY)
            assert service is not None
            await uow.appointments.move(before, claims_of(before, service))
    return booked.id


def test_it_lists_what_has_to_move_and_moves_it_once_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("TELEHEALTH_DATA", str(data))
    visit = asyncio.run(book(data))
    line = f"{visit}  2099-01-05 08:30 America/Vancouver  2099-01-05 16:30Z -> 2099-01-05 15:30Z"
    assert cli.main(["tzdata", "check"]) == 1
    told = capfd.readouterr()
    assert line in told.out.splitlines()
    assert told.err == "telehealth: 1 to move; `telehealth tzdata check --rebook` moves them.\n"
    assert cli.main(["tzdata", "check", "--rebook"]) == 0
    assert f"{line}: moved" in capfd.readouterr().out.splitlines()
    assert cli.main(["tzdata", "check"]) == 0
    assert "Every visit ahead is still at its agreed time." in capfd.readouterr().out
