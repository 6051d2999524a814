"""Signing in: two steps, one answer for whoever is not to get in, a growing delay, codes that work once."""

import pytest

from telehealth.crypto.passwords import DUMMY_HASH
from telehealth.crypto.tokens import BrowserMarks
from telehealth.domain.accounts import SessionStage
from telehealth.domain.errors import BadInput, NotSignedIn, TooMany
from telehealth.domain.notices import SessionsEnded
from telehealth.services.sign_in import SignIn
from tests.fakes import Pens
from tests.unit.services.conftest import PASSWORD, House

AMARA = "amara@care.example"


async def test_password_and_code_open_a_full_session(house: House) -> None:
    halfway = await house.sign_in.password(" Amara@Care.example ", PASSWORD)
    assert halfway.session.stage is SessionStage.PASSWORD
    opened = await house.sign_in.code(halfway.token, house.code())
    assert opened.session.stage is SessionStage.FULL
    assert opened.practitioner.id == "amara"
    assert opened.token != halfway.token
    assert house.actions() == ["account:sign-in success"]


async def test_the_first_sign_in_makes_the_signers_key_and_later_ones_keep_it(house: House) -> None:
    pens = Pens()
    house.sign_in._keys = pens
    halfway = await house.sign_in.password(AMARA, PASSWORD)
    with pytest.raises(BadInput):
        await house.sign_in.code(halfway.token, "000000")
    assert pens.asked == []
    opened = await house.sign_in.code(halfway.token, house.code())
    kept = house.units.tables.practitioners["amara"]
    assert kept.public_key == opened.practitioner.public_key == Pens().public("amara")
    await house.enter(AMARA)
    assert pens.asked == ["amara"]
    assert house.units.tables.practitioners["noor"].public_key is None


async def test_a_hash_with_old_parameters_is_renewed_by_the_right_password_only(house: House) -> None:
    old = f"old hash({PASSWORD})"
    await house.change(AMARA, password_hash=old)
    with pytest.raises(NotSignedIn):
        await house.sign_in.password(AMARA, "wrong horse battery")
    assert house.account(AMARA).password_hash == old
    await house.enter(AMARA)
    assert house.account(AMARA).password_hash == f"hash({PASSWORD})"
    assert house.account(AMARA).failures == 0


async def test_the_cookie_of_the_password_step_is_void_after_the_code(house: House) -> None:
    halfway = await house.sign_in.password(AMARA, PASSWORD)
    await house.sign_in.code(halfway.token, house.code())
    with pytest.raises(NotSignedIn):
        await house.sign_in.code(halfway.token, house.code())


async def test_unknown_disabled_invited_and_wrong_get_the_same_answer_and_the_same_work(house: House) -> None:
    await house.change("pia@care.example", disabled_at=house.clock.at)
    await house.change("ines@care.example", password_hash="")
    answers = set()
    for email, password in (
        ("nobody@care.example", PASSWORD),
        ("pia@care.example", PASSWORD),
        ("ines@care.example", PASSWORD),
        (AMARA, "wrong horse battery"),
    ):
        house.hashing.verified.clear()
        with pytest.raises(NotSignedIn) as refused:
            await house.sign_in.password(email, password)
        answers.add((type(refused.value), refused.value.code, refused.value.detail))
        assert len(house.hashing.verified) == 1
    assert len(answers) == 1
    assert house.actions() == ["account:sign-in:failed refused password"] * 4


async def test_an_unknown_address_costs_one_dummy_verification(house: House) -> None:
    with pytest.raises(NotSignedIn):
        await house.sign_in.password("nobody@care.example", PASSWORD)
    assert house.hashing.verified == [DUMMY_HASH]


@pytest.mark.parametrize("email", [AMARA, "nobody@care.example"])
async def test_known_and_unknown_addresses_slow_down_alike(house: House, email: str) -> None:
    waits = []
    for _ in range(6):
        with pytest.raises((NotSignedIn, TooMany)) as refused:
            await house.sign_in.password(email, "wrong horse battery")
        waits.append(getattr(refused.value, "retry_after", 0))
        house.clock.move(seconds=waits[-1])
    assert waits == [0, 0, 0, 2, 0, 4]


async def test_the_delay_is_no_lock(house: House) -> None:
    for _ in range(3):
        with pytest.raises(NotSignedIn):
            await house.sign_in.password(AMARA, "wrong horse battery")
    with pytest.raises(TooMany):
        await house.sign_in.password(AMARA, PASSWORD)
    house.clock.move(seconds=2)
    await house.enter(AMARA)
    assert house.account(AMARA).failures == 0


async def tried(house: House, sign_in: SignIn, email: str, times: int) -> list[int]:
    """The seconds that each of several wrong tries at once was told to wait, 0 for none."""
    waits = []
    for _ in range(times):
        with pytest.raises((NotSignedIn, TooMany)) as refused:
            await sign_in.password(email, "wrong horse battery")
        waits.append(getattr(refused.value, "retry_after", 0))
    return waits


@pytest.mark.parametrize("minutes", [0, 14, 15, 16, 21, 60])
async def test_known_and_unknown_addresses_are_forgiven_alike(house: House, minutes: int) -> None:
    emails = (AMARA, "nobody@care.example")
    for email in emails:
        await tried(house, house.sign_in, email, 5)
    house.clock.move(minutes=minutes)
    known, unknown = [await tried(house, house.sign_in, email, 5) for email in emails]
    assert known == unknown


async def test_a_new_process_knows_no_more_of_an_account_than_of_nobody(house: House) -> None:
    emails = (AMARA, "nobody@care.example")
    for email in emails:
        await tried(house, house.sign_in, email, 5)
    anew = SignIn(
        work=house.work,
        hashing=house.hashing,
        announcer=house.announced,
        keys=Pens(),
        browsers=BrowserMarks(b"browsers"),
    )
    known, unknown = [await tried(house, anew, email, 5) for email in emails]
    assert known == unknown == [0, 0, 0, 2, 2]


async def test_what_strangers_try_leaves_the_second_factor_alone(house: House) -> None:
    opened = await house.sign_in.password(AMARA, PASSWORD)
    await tried(house, house.sign_in, AMARA, 5)
    await house.sign_in.code(opened.token, house.code())


async def test_a_full_pool_does_not_count_as_a_wrong_try(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(hashed: str, text: str) -> bool:
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(house.hashing, "verify", busy)
        for _ in range(5):
            with pytest.raises(TimeoutError):
                await house.sign_in.password(AMARA, PASSWORD)
    await house.enter(AMARA)


async def test_a_code_works_once(house: House) -> None:
    code = house.code()
    first = await house.sign_in.password(AMARA, PASSWORD)
    second = await house.sign_in.password(AMARA, PASSWORD)
    await house.sign_in.code(first.token, code)
    with pytest.raises(BadInput) as refused:
        await house.sign_in.code(second.token, code)
    assert refused.value.problems[0].code == "wrong-code"


async def test_a_right_password_does_not_wash_wrong_codes_away(house: House) -> None:
    for _ in range(3):
        opened = await house.sign_in.password(AMARA, PASSWORD)
        with pytest.raises(BadInput):
            await house.sign_in.code(opened.token, "000000")
    assert house.account(AMARA).failures == 3
    opened = await house.sign_in.password(AMARA, PASSWORD)
    with pytest.raises(TooMany):
        await house.sign_in.code(opened.token, "000000")


async def test_the_code_must_come_within_ten_minutes(house: House) -> None:
    opened = await house.sign_in.password(AMARA, PASSWORD)
    house.clock.move(minutes=10)
    with pytest.raises(NotSignedIn):
        await house.sign_in.code(opened.token, house.code())


@pytest.mark.parametrize("token", ["", "x" * 43, "é" * 43, "\udcff" * 43, "a" * 10_000])
async def test_a_cookie_that_never_was_one_is_not_signed_in(house: House, token: str) -> None:
    with pytest.raises(NotSignedIn):
        await house.sign_in.code(token, house.code())


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "٠٠٠٠٠٠", "9" * 5000, "\x00", "0-AAAAA-AAAAA"]
)
async def test_misread_codes_are_refused_without_harm(house: House, code: str) -> None:
    opened = await house.sign_in.password(AMARA, PASSWORD)
    with pytest.raises(BadInput):
        await house.sign_in.code(opened.token, code)


async def test_the_sixth_session_ends_the_oldest_and_says_so(house: House) -> None:
    opened = [await house.enter(AMARA) for _ in range(6)]
    assert house.announced.notices == [SessionsEnded((opened[0].session.id,))]
    assert await house.sessions.standing(opened[0].token) is None
    assert await house.sessions.standing(opened[1].token) is not None


async def test_halfway_sessions_push_no_full_session_out(house: House) -> None:
    opened = await house.enter(AMARA)
    for _ in range(8):
        await house.sign_in.password(AMARA, PASSWORD)
    assert await house.sessions.standing(opened.token) is not None
    living = [each for each in house.units.tables.sessions.values() if each.alive(house.clock.at)]
    assert len(living) == 6


async def test_the_database_keeps_no_cookie(house: House) -> None:
    opened = await house.enter(AMARA)
    assert opened.token not in repr(house.units.tables)
