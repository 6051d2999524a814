"""Token buckets: bursts, refills, and clocks that misbehave."""

from hypothesis import given
from hypothesis import strategies as st

from signaling.limits import Buckets, Limits, Rate, bucket

EVENTS = Rate(per_second=40, burst=80)


def test_a_burst_passes_and_the_next_waits() -> None:
    events = bucket(EVENTS, 0)
    assert all(events.take(0) for _ in range(80))
    assert not events.take(0)
    assert events.take(0.025)
    assert not events.take(0.025)


def test_it_never_holds_more_than_the_burst() -> None:
    events = bucket(EVENTS, 0)
    assert sum(events.take(1e6) for _ in range(200)) == 80


def test_a_clock_that_steps_back_gives_nothing() -> None:
    events = bucket(Rate(1, 1), 100)
    assert events.take(100)
    assert not events.take(50)
    assert not events.take(50.5)
    assert events.take(51)


@given(st.lists(st.floats(0, 1), max_size=200))
def test_over_any_time_no_more_passes_than_the_rate_allows(steps: list[float]) -> None:
    rate = Rate(per_second=3, burst=5)
    kept, now, passed = bucket(rate, 0), 0.0, 0
    for step in steps:
        now += step
        passed += kept.take(now)
    assert passed <= rate.burst + now * rate.per_second + 1e-6


def test_keys_do_not_share_and_old_ones_are_forgotten() -> None:
    addresses = Buckets(Rate(1, 2))
    assert [addresses.take("a", 0) for _ in range(3)] == [True, True, False]
    assert addresses.take("b", 0)
    addresses.prune(1)
    assert len(addresses) == 1
    addresses.prune(2)
    assert len(addresses) == 0


def test_the_limits_are_those_of_the_protocol() -> None:
    limits = Limits()
    assert (limits.events, limits.connects_of_address.burst, limits.connects_of_session.burst) == (
        EVENTS,
        60,
        10,
    )
    assert (limits.message_bytes, limits.queued_packets, limits.connections_of_session) == (65536, 200, 2)
    assert (limits.connect_within, limits.refused_connects, limits.grace.total_seconds()) == (10, 3, 60)
    assert (limits.ping_interval, limits.ping_timeout) == (25, 20)
