"""Strangers' wrong passwords do not slow an owner down in a browser in which they signed in before."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import ADA, PASSWORD, Answer, Hospital, Person, hospital_at

SESSION = "/api/v1/session"
MARK = f"m-account-{AMARA.id}"
WRONG = "wrong wrong wrong"
HOMES = count(1)
"""Everybody sits at an address of their own, so that no limit by address speaks here."""


@pytest.fixture
async def town(built: Path) -> AsyncIterator[Hospital]:
    """The hospital behind a proxy that tells where people sit."""
    async with hospital_at(built, trusted_proxies=("127.0.0.1",)) as hospital:
        yield hospital


async def tries(
    person: Person, password: str, email: str = AMARA.email, cookies: dict[str, str] | None = None
) -> Answer:
    """One try from somewhere; `cookies` are held beside the browser's own."""
    number = next(HOMES)
    headers = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return await person.post(SESSION, {"email": email, "password": password}, headers=headers)


async def knocks(hospital: Hospital, times: int, **held: str) -> list[int]:
    """What a stranger's wrong passwords are answered; `held` is a mark that the stranger brings along."""
    stranger = await hospital.visitor()
    return [(await tries(stranger, WRONG, cookies=held)).status for _ in range(times)]


def marks(person: Person) -> dict[str, str]:
    return {each.key: each.value for each in person.client.session.cookie_jar if each.key.startswith("m-")}


async def left(hospital: Hospital) -> Person:
    """Dr Amara's browser, after signing in and out."""
    amara = await hospital.staff(AMARA)
    assert (await amara.send("DELETE", SESSION)).status == 204
    amara.csrf = ""
    return amara


async def test_a_hundred_wrong_passwords_of_a_stranger_leave_the_owners_browser_alone(town: Hospital) -> None:
    amara, anywhere = await left(town), await town.visitor()
    assert set(await knocks(town, 100)) == {401, 429}
    assert (await tries(anywhere, PASSWORD)).status == 429
    assert (await tries(amara, PASSWORD)).status == 201
    assert (await amara.post(f"{SESSION}/code", {"code": town.code()})).status == 200


async def test_the_pages_know_the_browser_too(hospital: Hospital) -> None:
    amara, stranger = await left(hospital), await hospital.visitor()
    sent = {"email": AMARA.email, "password": WRONG}
    assert [(await stranger.form("/sign-in", sent)).status for _ in range(4)][-1] == 429
    done = await amara.form("/sign-in", {"email": AMARA.email, "password": PASSWORD})
    assert done.headers["Location"] == "/sign-in/code"


async def test_the_owners_browser_has_a_growing_delay_of_its_own(town: Hospital) -> None:
    amara = await left(town)
    assert [(await tries(amara, WRONG)).status for _ in range(4)] == [401, 401, 401, 429]
    assert (await tries(await town.visitor(), WRONG)).status == 401


@pytest.mark.parametrize("whose", ["made up", "of somebody else", "no mark at all"])
async def test_a_mark_that_is_not_the_owners_gives_nothing(town: Hospital, whose: str) -> None:
    amara, ada = await left(town), await town.staff(ADA)
    held = marks(amara)[MARK]
    mark = {
        "made up": held[:-1] + ("A" if held[-1] != "A" else "Q"),
        "of somebody else": next(iter(marks(ada).values())),
        "no mark at all": "x" * 64,
    }[whose]
    assert (await knocks(town, 4, **{MARK: mark}))[-1] == 429
    assert (await tries(await town.visitor(), PASSWORD)).status == 429


async def test_a_stolen_mark_opens_nothing_and_slows_down_like_any_other_browser(town: Hospital) -> None:
    stolen = marks(await left(town))
    thief = await town.visitor()
    assert (await thief.get(SESSION, headers={"Cookie": f"{MARK}={stolen[MARK]}"})).status == 401
    await knocks(town, 4)
    assert await knocks(town, 5, **stolen) == [401, 401, 401, 429, 429]


@pytest.mark.parametrize("change", [{"password_hash": "other"}, {"totp_seed": "OTHER"}])
async def test_a_new_password_or_authenticator_makes_every_mark_void(
    town: Hospital, change: dict[str, str]
) -> None:
    amara, accounts = await left(town), town.units.tables.accounts
    accounts[f"account-{AMARA.id}"] = replace(accounts[f"account-{AMARA.id}"], **change)
    await knocks(town, 4)
    assert (await tries(amara, WRONG)).status == 429


async def test_the_mark_is_out_of_reach_of_scripts_and_of_other_hosts(built: Path) -> None:
    async with hospital_at(built, public_url="https://clinic.example") as hospital:
        amara, origin = await hospital.visitor(), {"Origin": "https://clinic.example"}
        first = await amara.post(SESSION, {"email": AMARA.email, "password": PASSWORD}, headers=origin)
        assert [each for each in first.headers.getall("Set-Cookie") if "-m-" in each] == []
        held = first.headers["Set-Cookie"].partition(";")[0]
        done = await amara.post(
            f"{SESSION}/code", {"code": hospital.code()}, headers=origin | {"Cookie": held}
        )
        (mark,) = [each for each in done.headers.getall("Set-Cookie") if each.startswith(f"__Host-{MARK}=")]
        assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"} <= set(mark.split("; "))


async def test_a_computer_of_very_many_keeps_the_last_ones_mark_only(town: Hospital) -> None:
    amara = await town.visitor()
    held = {f"m-somebody-{number}": "x" for number in range(20)}
    amara.client.session.cookie_jar.update_cookies(held, amara.client.make_url("/"))
    await tries(amara, PASSWORD)
    assert (await amara.post(f"{SESSION}/code", {"code": town.code()})).status == 200
    assert list(marks(amara)) == [MARK]
