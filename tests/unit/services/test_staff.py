"""Staff: invited by one's administrator, taken up with password and authenticator, disabled at once."""

import hashlib
from dataclasses import replace

import pytest

from telehealth.domain.access import SYSTEM
from telehealth.domain.accounts import LinkPurpose
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, NotSignedIn, TooMany, WrongState
from telehealth.domain.notices import SessionsEnded
from telehealth.domain.people import Role
from telehealth.services.staff import Invited, NewStaff
from tests.unit.services.conftest import BASE, PASSWORD, House

ADA = "ada@care.example"
EMAIL = "lev@care.example"
GOOD = "seven amber lanterns"
LEV = NewStaff("hospital", "hospital-site", Role.SPECIALIST, "Lev", "Orlov", "Dr", EMAIL, "cardiology")


async def invited(house: House) -> tuple[Invited, str]:
    """Lev, invited by Ada, and the token of his link."""
    found = await house.staff.invite(await house.actor(ADA), LEV)
    return found, found.url.split("#")[1]


async def test_an_invitation_makes_person_account_link_and_mail_in_one(house: House) -> None:
    found, token = await invited(house)
    assert found.url == f"{BASE}/invitation#{token}"
    account = house.account(EMAIL)
    assert (account.password_hash, account.practitioner_id) == ("", found.practitioner_id)
    (link,) = house.units.tables.links.values()
    assert link.digest == hashlib.sha256(token.encode()).digest()
    assert (link.expires_at - house.clock.at).total_seconds() == 72 * 3600
    (message,) = house.units.tables.outbox.values()
    assert (message.template, message.account_id) == ("staff-invitation", account.id)
    assert message.values["url"] == found.url
    assert "staff:invite success" in house.actions()


async def test_an_invitation_speaks_the_language_that_was_chosen(house: House) -> None:
    ada = await house.actor(ADA)
    found = await house.staff.invite(ada, replace(LEV, language="ar"))
    assert found.url.startswith(f"{BASE}/invitation?lang=ar#")
    (message,) = house.units.tables.outbox.values()
    assert (message.language, house.account(EMAIL).language) == ("ar", "ar")
    with pytest.raises(BadInput):
        await house.staff.invite(ada, replace(LEV, email="mia@care.example", language="?"))


async def test_the_token_stands_nowhere_but_in_the_sealed_values_of_the_mail(house: House) -> None:
    _, token = await invited(house)
    tables = house.units.tables
    tables.outbox = {key: replace(row, values={}) for key, row in tables.outbox.items()}
    assert token not in repr(tables)


async def test_taking_it_up_gives_ten_codes_and_a_way_in(house: House) -> None:
    _, token = await invited(house)
    view = await house.staff.look(token)
    assert (view.purpose, view.name, view.organization) == (
        LinkPurpose.INVITATION,
        "Dr Lev Orlov",
        "District Hospital",
    )
    assert view.totp_seed in view.totp_uri
    codes = await house.staff.accept(token, GOOD, house.code(view.totp_seed))
    assert len(set(codes)) == 10
    opened = await house.sign_in.password(EMAIL, GOOD)
    full = await house.sign_in.code(opened.token, house.code(view.totp_seed))
    assert full.practitioner.role is Role.SPECIALIST


async def test_a_recovery_code_stands_in_for_the_authenticator_once(house: House) -> None:
    _, token = await invited(house)
    view = await house.staff.look(token)
    codes = await house.staff.accept(token, GOOD, house.code(view.totp_seed))
    opened = await house.sign_in.password(EMAIL, GOOD)
    house.hashing.verified.clear()
    await house.sign_in.code(opened.token, codes[7].lower().replace("-", " "))
    assert len(house.hashing.verified) == 1
    again = await house.sign_in.password(EMAIL, GOOD)
    with pytest.raises(BadInput):
        await house.sign_in.code(again.token, codes[7])
    with pytest.raises(BadInput):
        await house.sign_in.code(again.token, f"6{codes[8][1:]}")
    await house.sign_in.code(again.token, codes[8])
    assert "account:recovery-code:use success" in house.actions()


async def test_a_link_works_once(house: House) -> None:
    _, token = await invited(house)
    seed = (await house.staff.look(token)).totp_seed
    await house.staff.accept(token, GOOD, house.code(seed))
    with pytest.raises(NotFound):
        await house.staff.look(token)
    with pytest.raises(NotFound):
        await house.staff.accept(token, "another fine sentence", house.code(seed))


async def test_a_link_lasts_72_hours(house: House) -> None:
    _, token = await invited(house)
    house.clock.move(hours=72)
    with pytest.raises(NotFound):
        await house.staff.look(token)


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 42, "é" * 43])
async def test_a_text_that_is_no_link_is_not_found(house: House, token: str) -> None:
    with pytest.raises(NotFound):
        await house.staff.look(token)


@pytest.mark.parametrize(
    "password", ["short", "password1234", "orlov-orlov-2026", "aaaaaaaaaaaaaaa", "x1" * 200]
)
async def test_weak_passwords_are_refused_with_a_sentence(house: House, password: str) -> None:
    _, token = await invited(house)
    seed = (await house.staff.look(token)).totp_seed
    with pytest.raises(BadInput) as refused:
        await house.staff.accept(token, password, house.code(seed))
    assert refused.value.problems[0].code == "weak-password"
    assert house.account(EMAIL).password_hash == ""


async def test_a_wrong_first_code_enrols_nothing_and_slows_down(house: House) -> None:
    _, token = await invited(house)
    for _ in range(3):
        with pytest.raises(BadInput):
            await house.staff.accept(token, GOOD, "000000")
    with pytest.raises(TooMany):
        await house.staff.accept(token, GOOD, "000000")
    assert house.account(EMAIL).password_hash == ""


async def test_inviting_an_address_twice_is_told_to_the_administrator(house: House) -> None:
    await invited(house)
    actor = await house.actor(ADA)
    with pytest.raises(BadInput) as refused:
        await house.staff.invite(actor, replace(LEV, email=" LEV@care.example"))
    assert refused.value.problems[0].code == "taken"
    assert len(house.units.tables.outbox) == 1


@pytest.mark.parametrize(
    "change,field",
    [
        ({"email": "lev"}, "email"),
        ({"email": "lev@care.example\r\nBcc: all@care.example"}, "email"),
        ({"email": "lev@care.example,all@care.example"}, "email"),
        ({"email": "a@" + "b" * 260}, "email"),
        ({"given": " ", "family": ""}, "family"),
        ({"given": "x" * 101}, "given"),
        ({"title": "Dr\n"}, "title"),
        ({"location_id": "clinic-site"}, "location"),
    ],
)
async def test_bad_texts_are_named_by_field(house: House, change: dict[str, str], field: str) -> None:
    before = set(house.units.tables.practitioners)
    with pytest.raises(BadInput) as refused:
        await house.staff.invite(SYSTEM, replace(LEV, **change))
    assert refused.value.problems[0].field == field
    assert set(house.units.tables.practitioners) == before


async def test_an_expired_invitation_can_be_sent_again(house: House) -> None:
    found, old = await invited(house)
    house.clock.move(hours=80)
    again = await house.staff.invite_again(await house.actor(ADA), found.practitioner_id)
    token = again.url.split("#")[1]
    assert (await house.staff.look(token)).email == EMAIL
    with pytest.raises(NotFound):
        await house.staff.look(old)
    with pytest.raises(WrongState):
        await house.staff.invite_again(await house.actor(ADA), "amara")


async def test_the_list_shows_the_own_organization_with_states(house: House) -> None:
    await invited(house)
    await house.change("pia@care.example", disabled_at=house.clock.at)
    rows = await house.staff.listed(await house.actor(ADA))
    assert {row.practitioner.email.split("@")[0]: row.status for row in rows} == {
        "ada": "active",
        "amara": "active",
        "ines": "active",
        "lev": "invited",
        "pia": "disabled",
    }


async def test_disabling_ends_sign_in_sessions_and_links(house: House) -> None:
    opened = await house.enter("amara@care.example")
    await house.recovery.ask_password_reset("amara@care.example")
    ada = await house.actor(ADA)
    await house.staff.disable(ada, "amara")
    await house.staff.disable(ada, "amara")
    assert await house.sessions.standing(opened.token) is None
    assert house.announced.notices == [SessionsEnded((opened.session.id,))]
    assert all(link.used_at for link in house.units.tables.links.values())
    with pytest.raises(NotSignedIn):
        await house.sign_in.password("amara@care.example", PASSWORD)


async def test_nobody_disables_oneself(house: House) -> None:
    with pytest.raises(WrongState):
        await house.staff.disable(await house.actor(ADA), "ada")


@pytest.mark.parametrize("stranger", ["amara", "pia", "noor"])
async def test_other_roles_manage_nobody(house: House, stranger: str) -> None:
    actor = await house.actor(f"{stranger}@care.example")
    for attempt in (
        house.staff.invite(actor, replace(LEV, organization_id=actor.organization_id)),
        house.staff.invite_again(actor, "ada"),
        house.staff.listed(actor),
        house.staff.disable(actor, "ada"),
        house.staff.disable(actor, stranger),
    ):
        with pytest.raises(NotPermitted):
            await attempt


async def test_an_administrator_elsewhere_finds_nobody(house: House) -> None:
    rosa = await house.actor("rosa@care.example")
    for attempt in (
        house.staff.invite(rosa, LEV),
        house.staff.invite_again(rosa, "amara"),
        house.staff.disable(rosa, "amara"),
        house.staff.disable(rosa, "nobody"),
    ):
        with pytest.raises(NotFound):
            await attempt
