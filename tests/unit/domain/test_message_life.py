"""A message's life: what may come after what, and which ways lead to whom."""

from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.outbox import (
    EVERY_WAY,
    GIVE_UP_AFTER,
    TRANSITIONS,
    Channel,
    Delivery,
    Turn,
    next_try,
    ways_to,
)

SMS, EMAIL = Channel.SMS, Channel.EMAIL


@pytest.mark.parametrize("state", [Delivery.DELIVERED, Delivery.BOUNCED, Delivery.DUE])
def test_nothing_comes_after_the_end_and_nothing_leaves_unclaimed(state: Delivery) -> None:
    assert [turn for turn in Turn if (state, turn) in TRANSITIONS] == []


def test_an_sms_that_may_be_out_never_comes_back_by_itself() -> None:
    leaving = {turn: to for (state, turn), to in TRANSITIONS.items() if state is Delivery.LEAVING}
    assert leaving.pop(Turn.RETRY) is Delivery.DUE  # only where the gateway says that it did nothing
    assert set(leaving.values()) == {
        Delivery.SENT,
        Delivery.DELIVERED,
        Delivery.FAILED,
        Delivery.BOUNCED,
    }


@pytest.mark.parametrize(
    "phone,email,ways,found",
    [
        ("+49", "bo@x", EVERY_WAY, (SMS, EMAIL)),
        ("+49", "", EVERY_WAY, (SMS,)),
        ("", "bo@x", EVERY_WAY, (EMAIL,)),
        ("+49", "bo@x", {EMAIL}, (EMAIL,)),
        ("+49", "", {EMAIL}, (SMS,)),  # it fails, and somebody phones
        ("", "", EVERY_WAY, ()),
    ],
)
def test_every_way_that_leads_to_a_person_is_gone(
    phone: str, email: str, ways: set[Channel], found: tuple[Channel, ...]
) -> None:
    assert ways_to(phone, email, ways) == found


def test_waiting_grows_to_an_hour_and_ends() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert next_try(1, now) == now + timedelta(seconds=10)
    assert next_try(GIVE_UP_AFTER - 1, now) == now + timedelta(hours=1)
    assert next_try(GIVE_UP_AFTER, now) is None
