"""Limits: bursts, refilling, what counts as one address, bounded memory."""

import pytest

from telehealth.domain.errors import TooMany
from tests.fakes import FakeClock
from web import limits
from web.limits import By, Limit, Limits, nearest_stranger, network

FIVE = Limit("five", 5, 60, By.VALUE)


def spent(store: Limits, times: int, key: str = "a", limit: Limit = FIVE) -> None:
    for _ in range(times):
        store.spend(limit, key)


def test_a_burst_is_let_through_and_the_next_is_refused_with_the_time_to_wait() -> None:
    store = Limits(FakeClock())
    spent(store, 5)
    with pytest.raises(TooMany) as refused:
        store.spend(FIVE, "a")
    assert refused.value.retry_after == 12


def test_a_refused_try_costs_nothing() -> None:
    clock = FakeClock()
    store = Limits(clock)
    spent(store, 5)
    for _ in range(50):
        with pytest.raises(TooMany):
            store.spend(FIVE, "a")
    clock.move(seconds=12)
    store.spend(FIVE, "a")


def test_it_refills_steadily() -> None:
    clock = FakeClock()
    store = Limits(clock)
    spent(store, 5)
    for _ in range(10):
        clock.move(seconds=12)
        store.spend(FIVE, "a")


def test_keys_and_limits_count_apart() -> None:
    store = Limits(FakeClock())
    spent(store, 5, "a")
    spent(store, 5, "b")
    spent(store, 3, "a", Limit("three", 3, 60, By.VALUE))


def test_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEYS_KEPT", 100)
    store = Limits(FakeClock())
    for number in range(1000):
        store.spend(FIVE, str(number))
    assert len(store._arrivals) == 100


HOPS = {
    "nobody in between": (["198.51.100.7"], [], "198.51.100.7"),
    "a header that anyone can write": (["1.2.3.4", "198.51.100.7"], [], "198.51.100.7"),
    "our proxy": (["198.51.100.7", "10.0.0.1"], ["10.0.0.1"], "198.51.100.7"),
    "a forged hop before our proxy's": (
        ["1.2.3.4", "198.51.100.7", "10.0.0.1"],
        ["10.0.0.1"],
        "198.51.100.7",
    ),
    "proxies only": (["10.0.0.2", "10.0.0.1"], ["10.0.0.1", "10.0.0.2"], "10.0.0.2"),
    "rubbish": (["<script>", "10.0.0.1"], ["10.0.0.1"], "unknown"),
    "no address at all": ([""], [], "unknown"),
}


@pytest.mark.parametrize("case", HOPS)
def test_the_client_is_the_last_hop_that_is_not_ours(case: str) -> None:
    hops, trusted, expected = HOPS[case]
    assert nearest_stranger(hops, trusted) == expected


def test_one_subscriber_counts_once() -> None:
    assert network("2001:db8:1:2:3::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("::ffff:198.51.100.7") == "198.51.100.7"
