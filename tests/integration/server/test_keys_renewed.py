"""`telehealth keys rotate --data`: each owner gets one new key, also when it was cut short."""

import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from telehealth import cli
from telehealth.commands.keys import RENEWING, renew_data
from telehealth.config import Config
from telehealth.crypto.custody import STORE
from telehealth.domain.audit import AuditAction
from telehealth.opening import open_data
from tests.integration.storage.cast import BO
from tests.integration.storage.sealed_day import live_a_day


class Killed(Exception):
    """The command ends here."""


def generations(data: Path) -> Counter[str]:
    """Return how many data keys each owner has."""
    with sqlite3.connect(data / "keys" / STORE) as store:
        return Counter(owner for (owner,) in store.execute("SELECT owner FROM data_key"))


async def entries(config: Config) -> list[AuditAction]:
    async with open_data(config) as opened, opened.storage.reading() as uow:
        return [entry.action for entry in await uow.audit.unlinked(1000)]


async def test_a_renewal_that_was_killed_is_gone_on_with(tmp_path: Path) -> None:
    config = Config(data=tmp_path)
    async with open_data(config, make=True) as opened:
        await live_a_day(opened.storage)
    owners = generations(tmp_path)
    assert set(owners.values()) == {1}
    for stops in ("new keys", "note", "visit"):

        def killed(what: str, number: int, stops: str = stops) -> None:
            if what == stops:
                raise Killed

        with pytest.raises(Killed):
            async with open_data(config) as opened:
                await renew_data(opened, killed)
    async with open_data(config) as opened:
        assert opened.custody.store.recall(RENEWING)
        assert await renew_data(opened, lambda what, number: None) > 0
        assert not opened.custody.store.recall(RENEWING)
        async with opened.storage.reading() as uow:
            assert await uow.patients.get(BO.id) == BO
    assert generations(tmp_path) == Counter(dict.fromkeys(owners, 2))
    assert (await entries(config)).count(AuditAction.KEYS_RENEWED) == 1


def test_the_command_says_what_it_did_and_the_next_one_renews_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELEHEALTH_DATA", str(tmp_path))
    assert cli.main(["migrate"]) == 0
    for number in (2, 3):
        assert cli.main(["keys", "rotate", "--data"]) == 0
        assert "rows were sealed again under new data keys" in capsys.readouterr().out
        assert set(generations(tmp_path).values()) == {number}
