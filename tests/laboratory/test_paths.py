"""Every path that a call can take, each forced by routers and firewalls around the two who call."""

from typing import Any

import pytest

from tests.laboratory.pair import Pair
from tests.laboratory.router import NO_UDP, WEB_ONLY

ALL = "accept"


async def through(two: Pair, rules: str, *, relay_only: bool = False, one_machine: bool = False) -> list[Any]:
    """Let both meet behind such firewalls and tell by which path they hear each other."""
    two.house.relay_only = relay_only
    for router in two.routers.values():
        router.lets_through(rules)
    browser = two.browsers["bo"] if one_machine else None
    for name in ("bo", "amara"):
        await two.comes(name, browser)
    await two.hear()
    paths = await two.paths()
    await two.leave()
    return paths


async def test_on_one_network_they_meet_at_their_own_addresses(two: Pair) -> None:
    assert await through(two, ALL, one_machine=True) == [["host", None, "host"]] * 2


async def test_behind_two_routers_they_meet_at_the_addresses_that_the_world_sees(two: Pair) -> None:
    kinds = {"srflx", "prflx"}
    for own, way, other in await through(two, ALL):
        assert {own, other} <= kinds
        assert way is None


@pytest.mark.parametrize(
    "rules, relay_only, way",
    [(ALL, True, "udp"), (NO_UDP, False, "tcp"), (NO_UDP, True, "tcp"), (WEB_ONLY, False, "tls")],
    ids=["addresses hidden", "no UDP", "no UDP and addresses hidden", "nothing but the web"],
)
async def test_else_the_relay_leads_them_together(two: Pair, rules: str, relay_only: bool, way: str) -> None:
    assert await through(two, rules, relay_only=relay_only) == [["relay", way, "relay"]] * 2
