"""Several spellings, several header lines: one person, one account, one origin."""

from pathlib import Path

import pytest
from multidict import CIMultiDict

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import ORIGIN, Hospital, hospital_at

SPELLINGS = [
    AMARA.email,
    AMARA.email.upper(),
    AMARA.email.replace("a", "\uff41"),
    AMARA.email.replace("a", "\uff21"),
    AMARA.email.replace("o", "\uff4f"),
    AMARA.email.replace("@", "\uff20"),
    AMARA.email.replace("l", "\uff4c"),
]
"""The address as typed, and letters of double width that find the same account."""
ACCOUNT = 5


async def _tries(hospital: Hospital, door: str) -> list[int]:
    found = []
    for spelling in SPELLINGS:
        nobody = await hospital.visitor()
        sent = {"email": spelling, "password": "wrong wrong wrong"}
        hospital.clock.move(seconds=0.001)
        answer = await (nobody.post if door.startswith("/api") else nobody.form)(door, sent)
        found.append(answer.status)
    return found


@pytest.mark.parametrize("door", ["/api/v1/session", "/sign-in"])
async def test_the_limit_of_an_account_counts_every_spelling(
    hospital: Hospital, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telehealth.services.tries.refuse_haste", lambda *_: None)
    assert (await _tries(hospital, door))[ACCOUNT:] == [429, 429]


async def test_the_limit_of_forgotten_passwords_counts_every_spelling(hospital: Hospital) -> None:
    statuses = []
    for spelling in SPELLINGS:
        nobody = await hospital.visitor()
        statuses.append((await nobody.form("/forgotten", {"email": spelling})).status)
    assert statuses[3:] == [429] * 4


async def test_the_hops_of_several_header_lines_are_one_list(built: Path) -> None:
    async with hospital_at(built, trusted_proxies=("127.0.0.1", "10.0.0.1")) as hospital:
        nobody = await hospital.visitor()
        for number in range(12):
            lines = [("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-For", f"198.51.100.{number}, 10.0.0.1")]
            async with nobody.client.request(
                "POST",
                "/api/v1/session",
                json={"email": f"a{number}@x.example", "password": "wrong wrong"},
                headers=CIMultiDict([*lines, ("Origin", ORIGIN)]),
            ) as answer:
                assert answer.status == 401


@pytest.mark.parametrize(
    "header,own,foreign",
    [
        ("Origin", ORIGIN, "https://evil.example"),
        ("Sec-Fetch-Site", "same-origin", "cross-site"),
    ],
)
async def test_one_foreign_line_among_several_is_foreign(
    hospital: Hospital, header: str, own: str, foreign: str
) -> None:
    nobody = await hospital.visitor()
    for lines in ([own, foreign], [foreign, own]):
        headers = CIMultiDict((header, line) for line in lines)
        async with nobody.client.request(
            "POST", "/api/v1/session", json={"email": "a@b.example", "password": "x"}, headers=headers
        ) as answer:
            assert answer.status == 403
