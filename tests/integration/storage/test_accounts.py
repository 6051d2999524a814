"""Accounts, sessions and one-time links: kept whole, found by digest, ended for good."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.accounts import LinkPurpose, Session, SessionStage
from telehealth.domain.errors import StaleVersion
from telehealth.domain.preferences import Chords, Preferences
from telehealth.services.repositories import UnitOfWork
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import AMARA, HOSPITAL, NOOR, NOW, RURAL, account, one_time_link, session

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
async def staffed(cluster: Storage) -> Storage:
    async with cluster.writing() as unit:
        await unit.accounts.add(account())
        await unit.accounts.add_session(session())
    return cluster


async def test_an_account_is_found_in_every_way(staffed: Storage) -> None:
    async with staffed.reading() as unit:
        assert await unit.accounts.get(account().id) == account()
        assert await unit.accounts.by_email("AMARA.Okonkwo@hospital.example ") == account()
        assert await unit.accounts.by_practitioner(AMARA.id) == account()
        assert await unit.accounts.get("nobody") is None
        assert await unit.accounts.by_email(NOOR.email) is None
        assert await unit.accounts.by_practitioner(NOOR.id) is None


async def test_an_account_is_changed_with_its_address(staffed: Storage) -> None:
    changed = replace(
        account(),
        email="new@hospital.example",
        totp_step=59_000_000,
        failures=2,
        failed_at=NOW,
        disabled_at=LATER,
        preferences=Preferences(Chords(mute="Alt+Shift+K"), sounds=False),
    )
    async with staffed.writing() as unit:
        await unit.accounts.save(changed)
    async with staffed.reading() as unit:
        assert await unit.accounts.by_email("new@hospital.example") == changed
        assert await unit.accounts.by_email(AMARA.email) is None


async def test_an_address_has_one_account(staffed: Storage) -> None:
    with pytest.raises(StaleVersion):
        async with staffed.writing() as unit:
            await unit.accounts.add(replace(account(NOOR), email=AMARA.email))


async def by_cookie(unit: UnitOfWork, digest: bytes) -> Session | None:
    found = await unit.accounts.signed_in(digest)
    return found[0] if found else None


async def test_a_session_is_kept_and_changed(staffed: Storage) -> None:
    changed = replace(
        session(), stage=SessionStage.LOCKED, seen_at=LATER, step_up_at=LATER, digest=b"rotated"
    )
    async with staffed.writing() as unit:
        assert await by_cookie(unit, b"cookie 1") == session()
        await unit.accounts.save_session(changed)
        await unit.accounts.add_session(replace(session("2"), created_at=LATER))
    async with staffed.reading() as unit:
        assert await by_cookie(unit, b"cookie 1") is None
        assert await by_cookie(unit, b"rotated") == changed
        assert await unit.accounts.session_by_id("session-1") == changed
        earlier = NOW - timedelta(seconds=1)
        kept = await unit.accounts.sessions_of(account().id, earlier)
        assert [each.id for each in kept] == ["session-1", "session-2"]


async def test_an_ended_session_stays_ended(staffed: Storage) -> None:
    async with staffed.writing() as unit:
        await unit.accounts.save_session(replace(session(), ended_at=LATER))
    async with staffed.writing() as unit:
        await unit.accounts.save_session(replace(session(), seen_at=LATER))
    async with staffed.reading() as unit:
        found = await by_cookie(unit, b"cookie 1")
        assert found is not None
        assert found.ended_at == LATER


async def test_ended_sessions_are_told_since_an_instant(staffed: Storage) -> None:
    async with staffed.writing() as unit:
        await unit.accounts.add_session(session("2"))
        await unit.accounts.save_session(replace(session(), ended_at=LATER))
    async with staffed.reading() as unit:
        assert await unit.accounts.ended_since(LATER) == ["session-1"]
        assert await unit.accounts.ended_since(LATER + timedelta(microseconds=1)) == []


async def test_a_link_is_used_once(staffed: Storage) -> None:
    used = replace(one_time_link(), approved_by="prac-ada", used_at=LATER)
    async with staffed.writing() as unit:
        await unit.accounts.add_link(one_time_link())
    async with staffed.writing() as unit:
        assert await unit.accounts.link(b"token 1") == one_time_link()
        await unit.accounts.save_link(used)
    async with staffed.reading() as unit:
        assert await unit.accounts.link_by_id("once-1") == used
    with pytest.raises(StaleVersion):
        async with staffed.writing() as unit:
            await unit.accounts.save_link(used)


async def test_open_links_are_those_of_the_organization_and_purpose(staffed: Storage) -> None:
    reset = one_time_link("2", LinkPurpose.TOTP_RESET)
    async with staffed.writing() as unit:
        for link in (
            one_time_link(),
            reset,
            replace(one_time_link("3", LinkPurpose.TOTP_RESET), used_at=NOW),
        ):
            await unit.accounts.add_link(link)
    async with staffed.reading() as unit:
        assert await unit.accounts.open_links("totp-reset", HOSPITAL.id, NOW) == [reset]
        assert await unit.accounts.open_links("totp-reset", RURAL.id, NOW) == []
