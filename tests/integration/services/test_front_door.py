"""At the front door nobody learns who works here, and strangers keep nobody out."""

import pytest

from telehealth.crypto.tokens import LinkTokens
from telehealth.domain.errors import NotSignedIn, TooMany
from telehealth.domain.outbox import PASSWORD_FORGOTTEN, Channel
from telehealth.notify.templates import Wording
from telehealth.services.delivery import Delivery
from telehealth.services.visit_making import Invitations
from tests.fakes import Posted
from tests.integration.services.conftest import EMAIL, PASSWORD, Office

NOBODY = "nobody@hospital.example"


def worker(office: Office, posted: Posted) -> Delivery:
    return Delivery(
        work=office.work,
        messengers={Channel.EMAIL: posted},
        words=Wording(),
        invitations=Invitations(keys=LinkTokens(bytes(32)), public_url="https://care.example"),
        wishes={PASSWORD_FORGOTTEN: office.recovery.ask_password_reset},
    )


async def knock(office: Office, email: str, times: int) -> list[int]:
    """The seconds that each of several wrong passwords was told to wait."""
    waits = []
    for _ in range(times):
        with pytest.raises((NotSignedIn, TooMany)) as refused:
            await office.sign_in.password(email, "wrong horse battery")
        waits.append(getattr(refused.value, "retry_after", 0))
    return waits


async def test_a_forgotten_password_is_the_same_wish_for_every_address(office: Office) -> None:
    posted = Posted()
    await office.joined()
    await worker(office, posted).send_due(Channel.EMAIL)
    posted.messages.clear()
    wishes = []
    for email in (EMAIL, NOBODY):
        await office.recovery.forgotten(email)
        now = office.clock.now()
        async with office.storage.writing() as uow:
            (wish,) = await uow.outbox.claim(Channel.EMAIL, now, now, 10)
            await uow.outbox.save(wish)
        wishes.append((wish.template, wish.person_id, wish.organization_id, wish.account_id))
        office.clock.move(seconds=1)
    assert wishes == [(PASSWORD_FORGOTTEN, "", "", "")] * 2


async def test_the_letter_comes_of_the_wish_and_only_for_who_has_an_account(office: Office) -> None:
    posted = Posted()
    delivery = worker(office, posted)
    await office.joined()
    await delivery.send_due(Channel.EMAIL)
    posted.messages.clear()
    for email in (NOBODY, f" {EMAIL} "):
        await office.recovery.forgotten(email)
    await delivery.send_due(Channel.EMAIL)
    assert posted.messages == []
    assert await delivery.send_due(Channel.EMAIL) == 1
    assert [each.to for each in posted.messages] == [EMAIL]
    assert "#" in posted.messages[0].text
    assert await delivery.send_due(Channel.EMAIL) == 0


@pytest.mark.parametrize("minutes", [16, 25])
async def test_known_and_unknown_addresses_are_forgiven_at_the_same_time(
    office: Office, minutes: int
) -> None:
    await office.joined()
    for email in (EMAIL, NOBODY):
        await knock(office, email, 5)
    office.clock.move(minutes=minutes)
    assert await knock(office, EMAIL, 5) == await knock(office, NOBODY, 5)


async def test_strangers_keep_nobody_out_of_their_own_screen(office: Office) -> None:
    seed, _ = await office.joined()
    halfway = await office.sign_in.password(EMAIL, PASSWORD)
    opened = await office.sign_in.code(halfway.token, office.code(seed))
    await office.sessions.lock(opened.token)
    await knock(office, EMAIL, 6)
    unlocked = await office.sessions.unlock(opened.token, PASSWORD)
    await office.sessions.step_up(unlocked.token, office.code(seed))
