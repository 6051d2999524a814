"""Accounts on real storage: the whole life of one, and what parallel requests must not get twice."""

import asyncio
from pathlib import Path

import pytest

from telehealth.domain.access import SYSTEM
from telehealth.domain.accounts import SessionStage
from telehealth.domain.errors import BadInput, NotFound, NotSignedIn, Refused, StaleVersion, TooMany
from telehealth.domain.outbox import Channel
from telehealth.services.session_keeping import Opened, actor_of
from tests.integration.services.conftest import EMAIL, LEV, PASSWORD, Office


async def outcomes(attempts: list[object]) -> tuple[list[object], list[BaseException]]:
    """Run all at once; what they gave and what they raised."""
    results = await asyncio.gather(*attempts, return_exceptions=True)
    raised = [each for each in results if isinstance(each, BaseException)]
    assert all(isinstance(each, Refused) for each in raised), raised
    return [each for each in results if not isinstance(each, BaseException)], raised


def readable(folder: Path, secrets: list[str]) -> list[str]:
    """Which of the secrets stand in any file below `folder`."""
    contents = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    return [each for each in secrets if any(each.encode() in content for content in contents)]


async def test_the_life_of_an_account(office: Office) -> None:
    seed, codes = await office.joined()
    halfway = await office.sign_in.password(EMAIL.upper(), PASSWORD)
    opened = await office.sign_in.code(halfway.token, office.code(seed))
    assert opened.session.stage is SessionStage.FULL
    await office.sessions.lock(opened.token)
    opened = await office.sessions.unlock(opened.token, PASSWORD)
    opened = await office.sessions.step_up(opened.token, codes[3])
    standing = await office.sessions.standing(opened.token)
    assert standing is not None
    assert standing.fresh
    await office.recovery.ask_password_reset(EMAIL)
    async with office.storage.writing() as uow:
        (waiting, *_) = [
            each
            for each in await uow.outbox.claim(Channel.EMAIL, office.clock.at, office.clock.at, 10)
            if each.template == "password-reset"
        ]
    token = waiting.values["url"].split("#")[1]
    await office.recovery.reset_password(token, "seven amber lanterns", office.code(seed))
    assert await office.sessions.standing(opened.token) is None
    assert await office.sessions.revoked_since(office.clock.at) == [opened.session.id]
    with pytest.raises(NotSignedIn):
        await office.sign_in.password(EMAIL, PASSWORD)
    again = await office.sign_in.password(EMAIL, "seven amber lanterns")
    last = await office.sign_in.code(again.token, codes[4])
    actor = actor_of(last.session, last.practitioner)
    await office.sessions.revoke(actor, last.session.id)
    assert await office.sessions.standing(last.token) is None


async def test_one_code_opens_one_of_many_parallel_sessions(office: Office) -> None:
    seed, _ = await office.joined()
    halfway = [await office.sign_in.password(EMAIL, PASSWORD) for _ in range(5)]
    code = office.code(seed)
    opened, refused = await outcomes([office.sign_in.code(each.token, code) for each in halfway])
    assert len(opened) == 1
    assert len(refused) == 4
    assert all(isinstance(each, BadInput | TooMany) for each in refused), refused


async def test_one_recovery_code_opens_one_of_many_parallel_sessions(office: Office) -> None:
    _, codes = await office.joined()
    halfway = [await office.sign_in.password(EMAIL, PASSWORD) for _ in range(5)]
    opened, _ = await outcomes([office.sign_in.code(each.token, codes[0]) for each in halfway])
    assert len(opened) == 1


async def test_one_cookie_is_exchanged_once(office: Office) -> None:
    _, codes = await office.joined()
    halfway = await office.sign_in.password(EMAIL, PASSWORD)
    opened, refused = await outcomes([office.sign_in.code(halfway.token, code) for code in codes[:5]])
    assert len(opened) == 1
    assert all(isinstance(each, NotSignedIn) for each in refused)
    (winner,) = opened
    assert isinstance(winner, Opened)
    assert await office.sessions.standing(winner.token) is not None


async def test_one_invitation_is_taken_up_once(office: Office) -> None:
    token = (await office.staff.invite(SYSTEM, LEV)).url.split("#")[1]
    code = office.code((await office.staff.look(token)).totp_seed)
    accepted, refused = await outcomes(
        [office.staff.accept(token, f"seven amber lanterns {each}", code) for each in range(3)]
    )
    assert len(accepted) == 1
    assert all(isinstance(each, NotFound | StaleVersion | BadInput) for each in refused)


async def test_one_address_is_invited_once(office: Office) -> None:
    invited, refused = await outcomes([office.staff.invite(SYSTEM, LEV) for _ in range(6)])
    assert len(invited) == 1
    assert all(isinstance(each, BadInput | StaleVersion) for each in refused)
    async with office.storage.reading() as uow:
        people = await uow.directory.practitioners(organization_id=LEV.organization_id)
    assert len([each for each in people if each.email == EMAIL]) == 1


async def test_parallel_guesses_are_slowed_down_before_they_are_judged(office: Office) -> None:
    await office.joined()
    _, refused = await outcomes([office.sign_in.password(EMAIL, f"wrong {each}") for each in range(40)])
    judged = [each for each in refused if isinstance(each, NotSignedIn)]
    assert len(judged) == 3
    assert len(refused) == 40


async def test_nothing_that_opens_an_account_lies_readable(office: Office, tmp_path: Path) -> None:
    seed, codes = await office.joined()
    halfway = await office.sign_in.password(EMAIL, PASSWORD)
    opened = await office.sign_in.code(halfway.token, office.code(seed))
    await office.recovery.ask_password_reset(EMAIL)
    secrets = [seed, opened.token, halfway.token, PASSWORD, EMAIL, "Orlov", codes[0], "/invitation#"]
    assert readable(tmp_path, secrets) == []
