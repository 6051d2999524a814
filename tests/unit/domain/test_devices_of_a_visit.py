"""Which browser a visit belongs to, who asks for it, and what becomes of a call by phone and of texts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.consultation import Connection, Consultation, Device, Hold, VisitStatus
from telehealth.domain.errors import WrongState
from telehealth.domain.queue import TextMe

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
WAITING = Consultation("v", "a", "o", "bo", "amara", VisitStatus.WAITING, NOW)


def test_the_first_browser_is_bound_and_another_one_asks() -> None:
    assert WAITING.hold_of("phone") is Hold.FREE
    bound = WAITING.come("phone")
    assert bound.hold_of("phone") is Hold.BOUND
    assert bound.hold_of("tablet") is Hold.OTHER
    asking = bound.come("tablet")
    assert asking.hold_of("tablet") is Hold.ASKING
    assert asking.hold_of("phone") is Hold.BOUND
    assert (bound.version, asking.version) == (1, 2)


def test_coming_again_changes_nothing() -> None:
    asking = WAITING.come("phone").come("tablet")
    assert asking.come("phone") is asking
    assert asking.come("tablet") is asking


def test_only_the_patients_device_speaks_for_them() -> None:
    assert WAITING.serves("anybody")
    asking = WAITING.come("phone").come("tablet")
    assert asking.serves("phone")
    assert not asking.serves("tablet")
    assert not asking.turn_away().serves("tablet")
    assert asking.turn_away().hold_of("tablet") is Hold.OTHER


def test_a_code_ends_when_the_first_browser_is_bound() -> None:
    coded = WAITING.handing_over(b"digest", LATER)
    assert (coded.transfer_digest, coded.transfer_until) == (b"digest", LATER)
    bound = coded.come("phone")
    assert (bound.transfer_digest, bound.transfer_until) == (None, None)


def test_nothing_is_known_of_a_device_that_takes_over() -> None:
    known = replace(WAITING.come("phone"), device=Device.READY, connection=Connection.GOOD)
    moved = known.come("tablet").handing_over(b"digest", LATER).hand_over("tablet")
    assert moved.hold_of("tablet") is Hold.BOUND
    assert (moved.asked_by, moved.transfer_digest) == (None, None)
    assert (moved.device, moved.connection) == (Device.UNKNOWN, Connection.UNKNOWN)


def test_a_third_browser_goes_on_asking_when_another_takes_over() -> None:
    moved = WAITING.come("phone").come("tablet").hand_over("desk")
    assert moved.hold_of("tablet") is Hold.ASKING


def test_a_visit_by_phone_stays_one_in_another_browser() -> None:
    assert WAITING.by_phone("+4930123456", NOW).hand_over("tablet").device is Device.PHONE


def test_who_wants_to_be_phoned_consents_and_waits() -> None:
    phoned = replace(WAITING, status=VisitStatus.ARRIVED).by_phone("+4930123456", NOW)
    assert (phoned.status, phoned.call_on, phoned.device) == (
        VisitStatus.WAITING,
        "+4930123456",
        Device.PHONE,
    )
    assert phoned.consent_at == NOW
    assert phoned.by_phone("+4930123456", LATER) is phoned
    assert phoned.by_phone("+4930999999", LATER).consent_at == NOW


def test_who_wants_no_phone_call_any_more_keeps_the_place() -> None:
    phoned = WAITING.by_phone("+4930123456", NOW)
    seen = phoned.not_by_phone()
    assert (seen.call_on, seen.device) == ("", Device.UNKNOWN)
    assert (seen.waiting_at, seen.since) == (phoned.waiting_at, phoned.since)
    assert seen.not_by_phone() is seen


def test_a_wish_for_a_text_can_be_taken_back_until_it_is_written() -> None:
    wanted = WAITING.with_text(wanted=True)
    assert wanted.text_me is TextMe.WANTED
    assert wanted.with_text(wanted=True) is wanted
    assert wanted.with_text(wanted=False).text_me is TextMe.NO
    sent = replace(wanted, text_me=TextMe.SENT)
    assert sent.with_text(wanted=False) is sent


def test_nobody_is_texted_who_does_not_wait() -> None:
    with pytest.raises(WrongState):
        replace(WAITING, status=VisitStatus.ARRIVED).with_text(wanted=True)
