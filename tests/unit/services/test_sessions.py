"""Sessions: limits of time, lock, step-up, sign-out, revocation; every change of rank changes the cookie."""

from dataclasses import replace

import pytest

from telehealth.domain.accounts import SessionStage
from telehealth.domain.errors import BadInput, NotFound, NotSignedIn, TooMany
from telehealth.domain.notices import LockChanged, SessionsEnded
from telehealth.services.session_keeping import actor_of
from tests.fakes.office import FakeAccounts
from tests.unit.services.conftest import PASSWORD, House

AMARA = "amara@care.example"


async def test_a_full_session_acts_and_is_fresh_for_five_minutes(house: House) -> None:
    opened = await house.enter(AMARA)
    standing = await house.sessions.standing(opened.token)
    assert standing is not None
    assert standing.actor is not None
    assert (standing.actor.id, standing.actor.session_id) == ("amara", opened.session.id)
    assert standing.fresh
    house.clock.move(minutes=5)
    later = await house.sessions.standing(opened.token)
    assert later is not None
    assert not later.fresh


async def test_before_the_code_nobody_acts(house: House) -> None:
    opened = await house.sign_in.password(AMARA, PASSWORD)
    standing = await house.sessions.standing(opened.token)
    assert standing is not None
    assert standing.actor is None


async def test_half_an_hour_without_use_ends_it(house: House) -> None:
    opened = await house.enter(AMARA)
    house.clock.move(minutes=30)
    assert await house.sessions.standing(opened.token) is None


async def test_use_keeps_it_alive_until_twelve_hours(house: House) -> None:
    opened = await house.enter(AMARA)
    for _ in range(12 * 3 - 1):
        house.clock.move(minutes=20)
        assert await house.sessions.standing(opened.token) is not None
    house.clock.move(minutes=20)
    assert await house.sessions.standing(opened.token) is None


async def test_the_last_use_is_written_at_most_once_a_minute(house: House) -> None:
    opened = await house.enter(AMARA)
    first = house.clock.at
    house.clock.move(seconds=59)
    await house.sessions.standing(opened.token)
    assert house.units.tables.sessions[opened.session.id].seen_at == first
    house.clock.move(seconds=1)
    await house.sessions.standing(opened.token)
    assert house.units.tables.sessions[opened.session.id].seen_at == house.clock.at


async def test_a_pages_own_polling_is_no_activity(house: House) -> None:
    opened = await house.enter(AMARA)
    for _ in range(5):
        house.clock.move(minutes=5)
        await house.sessions.standing(opened.token, active=False)
    house.clock.move(minutes=5)
    assert await house.sessions.standing(opened.token, active=False) is None


async def test_a_running_call_is_activity(house: House) -> None:
    opened = await house.enter(AMARA)
    actor = actor_of(opened.session, opened.practitioner)
    for _ in range(4):
        house.clock.move(minutes=20)
        assert await house.sessions.keep_alive(actor)
    assert await house.sessions.standing(opened.token) is not None
    await house.sessions.sign_out(opened.token)
    assert not await house.sessions.keep_alive(actor)


async def test_asking_whether_a_session_lives_is_no_activity(house: House) -> None:
    opened = await house.enter(AMARA)
    actor = actor_of(opened.session, opened.practitioner)
    for _ in range(2):
        house.clock.move(minutes=14)
        assert await house.sessions.lives(actor)
    house.clock.move(minutes=2)
    assert not await house.sessions.lives(actor)


async def test_a_locked_session_opens_nothing_until_the_password_comes(house: House) -> None:
    opened = await house.enter(AMARA)
    await house.sessions.lock(opened.token)
    standing = await house.sessions.standing(opened.token)
    assert standing is not None
    assert (standing.actor, standing.fresh, standing.session.stage) == (None, False, SessionStage.LOCKED)
    with pytest.raises(NotSignedIn):
        await house.sessions.step_up(opened.token, house.code())
    again = await house.sessions.unlock(opened.token, PASSWORD)
    assert again.session.id == opened.session.id
    unlocked = await house.sessions.standing(again.token)
    assert unlocked is not None
    assert unlocked.actor is not None
    assert not unlocked.fresh
    assert await house.sessions.standing(opened.token) is None


async def test_sockets_are_told_of_the_lock_and_of_its_end(house: House) -> None:
    opened = await house.enter(AMARA)
    await house.sessions.lock(opened.token)
    with pytest.raises(BadInput):
        await house.sessions.unlock(opened.token, "wrong horse battery")
    assert house.announced.notices == [LockChanged(opened.session.id, locked=True)]
    await house.sessions.unlock(opened.token, PASSWORD)
    assert house.announced.notices[1:] == [LockChanged(opened.session.id, locked=False)]


async def test_wrong_passwords_at_the_lock_slow_down(house: House) -> None:
    opened = await house.enter(AMARA)
    await house.sessions.lock(opened.token)
    for _ in range(3):
        with pytest.raises(BadInput):
            await house.sessions.unlock(opened.token, "wrong horse battery")
    with pytest.raises(TooMany):
        await house.sessions.unlock(opened.token, PASSWORD)


async def test_strangers_at_the_front_door_lock_nobody_out_of_their_own_screen(house: House) -> None:
    opened = await house.enter(AMARA)
    await house.sessions.lock(opened.token)
    for _ in range(12):
        with pytest.raises((NotSignedIn, TooMany)):
            await house.sign_in.password(AMARA, "wrong horse battery")
        house.clock.move(seconds=4)
    unlocked = await house.sessions.unlock(opened.token, PASSWORD)
    await house.sessions.step_up(unlocked.token, house.code())


@pytest.mark.parametrize("locked", [True, False])
async def test_the_tenth_wrong_try_ends_the_session_however_slow(house: House, locked: bool) -> None:
    opened = await house.enter(AMARA)
    if locked:
        await house.sessions.lock(opened.token)

    async def wrong() -> None:
        if locked:
            await house.sessions.unlock(opened.token, "wrong horse battery")
        else:
            await house.sessions.step_up(opened.token, "000000")

    for _ in range(9):
        with pytest.raises(BadInput):
            await wrong()
        house.clock.move(minutes=21)
        await house.sessions.standing(opened.token)
    with pytest.raises(NotSignedIn):
        await wrong()
    assert await house.sessions.standing(opened.token) is None
    assert house.announced.notices[-1] == SessionsEnded((opened.session.id,))
    assert "account:session:revoke success tries" in house.actions()


async def test_step_up_renews_the_second_factor_and_the_cookie(house: House) -> None:
    opened = await house.enter(AMARA)
    house.clock.move(minutes=10)
    stepped = await house.sessions.step_up(opened.token, house.code())
    standing = await house.sessions.standing(stepped.token)
    assert standing is not None
    assert standing.fresh
    assert await house.sessions.standing(opened.token) is None


async def test_a_wrong_step_up_keeps_the_session_as_it_was(house: House) -> None:
    opened = await house.enter(AMARA)
    with pytest.raises(BadInput):
        await house.sessions.step_up(opened.token, "000000")
    assert await house.sessions.standing(opened.token) is not None
    assert "account:step-up refused" in house.actions()


async def test_signing_out_ends_the_session_and_tells_its_sockets(house: House) -> None:
    opened = await house.enter(AMARA)
    await house.sessions.sign_out(opened.token)
    await house.sessions.sign_out(opened.token)
    await house.sessions.sign_out("nonsense")
    assert await house.sessions.standing(opened.token) is None
    assert house.announced.notices == [SessionsEnded((opened.session.id,))]


async def test_one_sees_and_revokes_ones_own_sessions(house: House) -> None:
    first, second = await house.enter(AMARA), await house.enter(AMARA)
    await house.sign_in.password(AMARA, PASSWORD)
    actor = actor_of(second.session, second.practitioner)
    assert [each.id for each in await house.sessions.mine(actor)] == [second.session.id, first.session.id]
    await house.sessions.revoke(actor, first.session.id)
    assert await house.sessions.standing(first.token) is None
    assert house.announced.notices == [SessionsEnded((first.session.id,))]
    assert await house.sessions.revoked_since(house.clock.at) == [first.session.id]


async def test_asking_after_one_session_reads_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = await house.enter(AMARA)
    actor = actor_of(opened.session, opened.practitioner)

    async def never(*_: object) -> None:
        pytest.fail("all sessions of the account were read")

    monkeypatch.setattr(FakeAccounts, "sessions_of", never)
    assert await house.sessions.lives(actor)
    house.clock.move(minutes=2)
    assert await house.sessions.keep_alive(actor)
    assert not await house.sessions.lives(replace(actor, id="ada"))


async def test_a_stranger_is_refused(house: House) -> None:
    opened = await house.enter(AMARA)
    for email in ("noor@care.example", "ada@care.example"):
        with pytest.raises(NotFound):
            await house.sessions.revoke(await house.actor(email), opened.session.id)
    assert await house.sessions.standing(opened.token) is not None


async def test_disabling_the_account_closes_its_sessions_even_unannounced(house: House) -> None:
    opened = await house.enter(AMARA)
    await house.change(AMARA, disabled_at=house.clock.at)
    assert await house.sessions.standing(opened.token) is None
