"""Getting back in: password by link and second factor, authenticator by two persons' word."""

import pytest

from telehealth.domain.accounts import LinkPurpose
from telehealth.domain.calendar_feed import CalendarFeed
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, NotSignedIn, StepUpNeeded, WrongState
from telehealth.domain.notices import SessionsEnded
from tests.unit.services.conftest import PASSWORD, House

AMARA = "amara@care.example"
ADA = "ada@care.example"
INES = "ines@care.example"
GOOD = "seven amber lanterns"


def mailed(house: House, template: str) -> str:
    """The token in the newest mail of a kind."""
    found = [each for each in house.units.tables.outbox.values() if each.template == template]
    return found[-1].values["url"].split("#")[1]


async def asked(house: House) -> str:
    """Amara's TOTP reset, asked for by Ada; its id as the approver sees it."""
    await house.recovery.ask_totp_reset(await house.actor(ADA), "amara")
    (waiting,) = await house.recovery.waiting(await house.actor(INES))
    assert (waiting.practitioner_id, waiting.asked_by) == ("amara", "Ada Lund")
    return waiting.link_id


async def test_link_and_code_set_a_new_password_and_end_all_sessions(house: House) -> None:
    opened = await house.enter(AMARA)
    await house.recovery.ask_password_reset(" AMARA@care.example")
    token = mailed(house, "password-reset")
    view = await house.staff.look(token)
    assert (view.purpose, view.totp_seed, view.totp_uri) == (LinkPurpose.PASSWORD_RESET, "", "")
    await house.recovery.reset_password(token, GOOD, house.code())
    assert house.announced.notices == [SessionsEnded((opened.session.id,))]
    assert await house.sessions.standing(opened.token) is None
    with pytest.raises(NotSignedIn):
        await house.sign_in.password(AMARA, PASSWORD)
    await house.sign_in.password(AMARA, GOOD)
    with pytest.raises(NotFound):
        await house.recovery.reset_password(token, "yet another sentence", house.code())


async def test_a_new_password_ends_the_address_of_the_calendar_a_wrong_code_does_not(house: House) -> None:
    amara = await house.actor(AMARA)
    house.units.tables.feeds[amara.id] = CalendarFeed(amara.id, "hospital", b"digest", house.clock.at)
    await house.recovery.ask_password_reset(AMARA)
    token = mailed(house, "password-reset")
    with pytest.raises(BadInput):
        await house.recovery.reset_password(token, GOOD, "000000")
    assert amara.id in house.units.tables.feeds
    house.clock.move(minutes=1)
    await house.recovery.reset_password(token, GOOD, house.code())
    assert amara.id not in house.units.tables.feeds
    assert "calendar:end success" in house.actions()


async def test_the_link_alone_is_not_enough(house: House) -> None:
    await house.recovery.ask_password_reset(AMARA)
    token = mailed(house, "password-reset")
    with pytest.raises(BadInput) as refused:
        await house.recovery.reset_password(token, GOOD, "000000")
    assert refused.value.problems[0].code == "wrong-code"
    assert house.account(AMARA).failures == 1
    assert "account:password:change refused" in house.actions()
    await house.sign_in.password(AMARA, PASSWORD)


async def test_a_weak_new_password_does_not_spend_the_link(house: House) -> None:
    await house.recovery.ask_password_reset(AMARA)
    token = mailed(house, "password-reset")
    with pytest.raises(BadInput):
        await house.recovery.reset_password(token, "amara okafor", house.code())
    await house.recovery.reset_password(token, GOOD, house.code())


@pytest.mark.parametrize("email", ["nobody@care.example", "", "not an address"])
async def test_asking_for_an_unknown_address_tells_nothing_and_mails_nothing(
    house: House, email: str
) -> None:
    await house.recovery.ask_password_reset(email)
    assert not house.units.tables.outbox
    assert house.actions() == ["account:password:reset-asked refused"]


async def test_disabled_and_invited_accounts_get_no_link(house: House) -> None:
    await house.change(AMARA, disabled_at=house.clock.at)
    await house.change(INES, password_hash="")
    await house.recovery.ask_password_reset(AMARA)
    await house.recovery.ask_password_reset(INES)
    assert not house.units.tables.outbox


async def test_three_links_an_hour_and_the_used_one_voids_the_others(house: House) -> None:
    for _ in range(5):
        await house.recovery.ask_password_reset(AMARA)
    assert len(house.units.tables.outbox) == 3
    first, *_ = house.units.tables.outbox.values()
    await house.recovery.reset_password(mailed(house, "password-reset"), GOOD, house.code())
    with pytest.raises(NotFound):
        await house.staff.look(first.values["url"].split("#")[1])
    house.clock.move(hours=1)
    await house.recovery.ask_password_reset(AMARA)
    assert len(house.units.tables.outbox) == 4


async def test_a_reset_link_is_no_invitation(house: House) -> None:
    await house.recovery.ask_password_reset(AMARA)
    with pytest.raises(NotFound):
        await house.staff.accept(mailed(house, "password-reset"), GOOD, house.code())


async def test_a_second_person_approves_and_the_password_takes_it_up(house: House) -> None:
    link_id = await asked(house)
    assert not house.units.tables.outbox
    opened = await house.enter(AMARA)
    await house.recovery.approve_totp_reset(await house.actor(INES), link_id)
    token = mailed(house, "totp-reset")
    view = await house.staff.look(token)
    assert view.purpose is LinkPurpose.TOTP_RESET
    with pytest.raises(BadInput) as refused:
        await house.staff.accept(token, GOOD, house.code(view.totp_seed))
    assert refused.value.problems[0].code == "wrong-password"
    codes = await house.staff.accept(token, PASSWORD, house.code(view.totp_seed))
    assert len(codes) == 10
    assert await house.sessions.standing(opened.token) is None
    halfway = await house.sign_in.password(AMARA, PASSWORD)
    await house.sign_in.code(halfway.token, house.code(view.totp_seed))
    assert "account:totp:change success" in house.actions()


async def test_the_mailed_seed_proves_nothing_until_it_was_taken_up(house: House) -> None:
    """Whoever reads the mailbox must not make of two links a way in."""
    await house.recovery.approve_totp_reset(await house.actor(INES), await asked(house))
    seed = (await house.staff.look(mailed(house, "totp-reset"))).totp_seed
    await house.recovery.ask_password_reset(AMARA)
    with pytest.raises(BadInput):
        await house.recovery.reset_password(mailed(house, "password-reset"), GOOD, house.code(seed))
    house.clock.move(minutes=5)
    halfway = await house.sign_in.password(AMARA, PASSWORD)
    with pytest.raises(BadInput):
        await house.sign_in.code(halfway.token, house.code(seed))


async def test_the_old_authenticator_is_void_from_the_approval_on(house: House) -> None:
    await house.recovery.approve_totp_reset(await house.actor(INES), await asked(house))
    halfway = await house.sign_in.password(AMARA, PASSWORD)
    with pytest.raises(BadInput):
        await house.sign_in.code(halfway.token, house.code())


async def test_the_asker_cannot_approve(house: House) -> None:
    link_id = await asked(house)
    with pytest.raises(NotPermitted):
        await house.recovery.approve_totp_reset(await house.actor(ADA), link_id)


async def test_nobody_approves_ones_own(house: House) -> None:
    await house.recovery.ask_totp_reset(await house.actor(ADA), "ines")
    ines = await house.actor(INES)
    (waiting,) = await house.recovery.waiting(ines)
    with pytest.raises(NotPermitted):
        await house.recovery.approve_totp_reset(ines, waiting.link_id)


async def test_the_privacy_officer_may_approve(house: House) -> None:
    link_id = await asked(house)
    await house.recovery.approve_totp_reset(await house.actor("pia@care.example"), link_id)
    assert house.units.tables.outbox


async def test_approval_wants_a_fresh_second_factor(house: House) -> None:
    link_id = await asked(house)
    ines = await house.actor(INES)
    house.clock.move(minutes=5)
    with pytest.raises(StepUpNeeded):
        await house.recovery.approve_totp_reset(ines, link_id)
    assert not house.units.tables.outbox


async def test_an_approval_works_once_and_within_72_hours(house: House) -> None:
    link_id = await asked(house)
    await house.recovery.approve_totp_reset(await house.actor(INES), link_id)
    with pytest.raises(NotFound):
        await house.recovery.approve_totp_reset(await house.actor(INES), link_id)
    assert await house.recovery.waiting(await house.actor(INES)) == []
    late = await asked(house)
    house.clock.move(hours=72)
    with pytest.raises(NotFound):
        await house.recovery.approve_totp_reset(await house.actor(INES), late)


async def test_only_active_people_can_be_reset(house: House) -> None:
    await house.change(AMARA, disabled_at=house.clock.at)
    with pytest.raises(WrongState):
        await house.recovery.ask_totp_reset(await house.actor(ADA), "amara")


async def test_a_stranger_is_refused(house: House) -> None:
    link_id = await asked(house)
    amara, rosa = await house.actor(AMARA), await house.actor("rosa@care.example")
    for attempt in (
        house.recovery.ask_totp_reset(amara, "ada"),
        house.recovery.waiting(amara),
        house.recovery.approve_totp_reset(amara, link_id),
    ):
        with pytest.raises(NotPermitted):
            await attempt
    for hidden in (
        house.recovery.ask_totp_reset(rosa, "amara"),
        house.recovery.ask_totp_reset(rosa, "nobody"),
        house.recovery.approve_totp_reset(rosa, link_id),
        house.recovery.approve_totp_reset(rosa, "nothing"),
    ):
        with pytest.raises(NotFound):
            await hidden
    assert await house.recovery.waiting(rosa) == []
