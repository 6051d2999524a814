"""Changing one's own password and authenticator: what proves it, what it ends, and that it is one's own."""

import pytest

from telehealth.crypto.totp import code_at, step_of
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import BadInput, NotFound, NotSignedIn, StepUpNeeded, TooMany, WrongState
from telehealth.domain.notices import SessionsEnded
from telehealth.services.session_keeping import Opened, actor_of
from tests.unit.services.conftest import PASSWORD, SEED, House

AMARA = "amara@care.example"
NEW = "seven loud sparrows"
VISITOR = Actor(ActorKind.VISITOR, "amara", None, "hospital", "session", "Bo L.", visit_id="visit-1")


def who(opened: Opened) -> Actor:
    return actor_of(opened.session, opened.practitioner)


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(house: House) -> None:
    here, there = await house.enter(AMARA), await house.enter(AMARA)
    await house.account_of.change_password(who(here), PASSWORD, NEW)
    assert house.account(AMARA).password_hash == f"hash({NEW})"
    assert house.announced.notices == [SessionsEnded((there.session.id,))]
    assert await house.sessions.standing(here.token) is not None
    assert await house.sessions.standing(there.token) is None
    assert "account:password:change success" in house.actions()
    with pytest.raises(NotSignedIn):
        await house.sign_in.password(AMARA, PASSWORD)


async def test_a_new_password_voids_the_links_to_choose_another(house: House) -> None:
    here = await house.enter(AMARA)
    await house.recovery.ask_password_reset(AMARA)
    await house.account_of.change_password(who(here), PASSWORD, NEW)
    assert all(link.used_at for link in house.units.tables.links.values())


@pytest.mark.parametrize(
    "password, new, field, code",
    [
        ("wrong horse battery", NEW, "password", "wrong-password"),
        (PASSWORD, "short", "new_password", "weak-password"),
        (PASSWORD, "Amara Okafor 12", "new_password", "weak-password"),
    ],
)
async def test_a_password_that_will_not_do_changes_nothing(
    house: House, password: str, new: str, field: str, code: str
) -> None:
    here, there = await house.enter(AMARA), await house.enter(AMARA)
    with pytest.raises(BadInput) as refused:
        await house.account_of.change_password(who(here), password, new)
    assert [(each.field, each.code) for each in refused.value.problems] == [(field, code)]
    assert house.account(AMARA).password_hash == f"hash({PASSWORD})"
    assert await house.sessions.standing(there.token) is not None


async def test_wrong_old_passwords_slow_down(house: House) -> None:
    here = await house.enter(AMARA)
    for _ in range(3):
        with pytest.raises(BadInput):
            await house.account_of.change_password(who(here), "wrong horse battery", NEW)
    with pytest.raises(TooMany):
        await house.account_of.change_password(who(here), PASSWORD, NEW)
    assert house.actions()[-3:] == ["account:password:change refused"] * 3


async def test_a_new_authenticator_is_proven_by_its_first_code(house: House) -> None:
    here, there = await house.enter(AMARA), await house.enter(AMARA)
    shown = await house.account_of.show_authenticator(who(here))
    assert shown.seed in shown.uri
    assert house.account(AMARA).totp_seed == SEED
    codes = await house.account_of.change_authenticator(who(here), house.code(shown.seed))
    account = house.account(AMARA)
    assert (account.totp_seed, account.next_seed) == (shown.seed, "")
    assert len(set(codes)) == len(account.recovery_hashes) == 10
    assert house.announced.notices == [SessionsEnded((there.session.id,))]
    assert "account:totp:change success" in house.actions()
    with pytest.raises(BadInput):
        await house.sessions.step_up(here.token, house.code(SEED))
    await house.sessions.step_up(here.token, house.code(shown.seed))


async def test_a_lost_phone_is_replaced_with_a_recovery_code(house: House) -> None:
    here = await house.enter(AMARA)
    shown = await house.account_of.show_authenticator(who(here))
    first, *_ = await house.account_of.change_authenticator(who(here), house.code(shown.seed))
    house.clock.move(minutes=6)
    with pytest.raises(StepUpNeeded):
        await house.account_of.show_authenticator(who(here))
    stepped = await house.sessions.step_up(here.token, first)
    again = await house.account_of.show_authenticator(who(stepped))
    await house.account_of.change_authenticator(who(stepped), house.code(again.seed))
    assert house.account(AMARA).totp_seed == again.seed


async def test_the_first_code_is_used_up(house: House) -> None:
    here = await house.enter(AMARA)
    shown = await house.account_of.show_authenticator(who(here))
    code = house.code(shown.seed)
    await house.account_of.change_authenticator(who(here), code)
    with pytest.raises(BadInput):
        await house.sessions.step_up(here.token, code)


async def test_a_wrong_first_code_leaves_the_old_authenticator(house: House) -> None:
    here = await house.enter(AMARA)
    shown = await house.account_of.show_authenticator(who(here))
    with pytest.raises(BadInput):
        await house.account_of.change_authenticator(who(here), house.code(SEED))
    assert house.account(AMARA).totp_seed == SEED
    assert house.account(AMARA).failures == 1
    assert "account:totp:change refused" in house.actions()
    assert await house.account_of.shown_authenticator(who(here)) == shown


async def test_without_a_fresh_factor_no_seed_is_shown_or_taken(house: House) -> None:
    here = await house.enter(AMARA)
    shown = await house.account_of.show_authenticator(who(here))
    house.clock.move(minutes=5)
    code = code_at(shown.seed, step_of(house.clock.at))
    for asked in (
        house.account_of.show_authenticator(who(here)),
        house.account_of.shown_authenticator(who(here)),
        house.account_of.change_authenticator(who(here), code),
    ):
        with pytest.raises(StepUpNeeded):
            await asked
    assert house.account(AMARA).totp_seed == SEED


async def test_what_was_never_shown_cannot_be_proven(house: House) -> None:
    here = await house.enter(AMARA)
    for asked in (
        house.account_of.shown_authenticator(who(here)),
        house.account_of.change_authenticator(who(here), house.code()),
    ):
        with pytest.raises(WrongState):
            await asked


async def test_the_language_is_kept_and_sessions_stay(house: House) -> None:
    here, there = await house.enter(AMARA), await house.enter(AMARA)
    await house.account_of.change_language(who(here), "es")
    assert house.account(AMARA).language == "es"
    standing = await house.sessions.standing(there.token)
    assert standing is not None
    assert standing.language == "es"
    assert "account:language:change success" in house.actions()
    with pytest.raises(BadInput):
        await house.account_of.change_language(who(here), "no language")
    await house.account_of.change_language(who(here), "")
    assert house.account(AMARA).language == ""


async def test_a_stranger_is_refused(house: House) -> None:
    for asked in (
        house.account_of.change_password(VISITOR, PASSWORD, NEW),
        house.account_of.show_authenticator(VISITOR),
        house.account_of.shown_authenticator(VISITOR),
        house.account_of.change_authenticator(VISITOR, "123456"),
        house.account_of.change_language(VISITOR, "es"),
    ):
        with pytest.raises(NotFound):
            await asked
