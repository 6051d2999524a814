"""What is odd in a log of fixed times: a namesake, many in an hour, at night without a visit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.alerts import Known, Pattern, alerts_of
from telehealth.domain.audit import AuditAction, AuditEntry, AuditOutcome
from telehealth.domain.people import HumanName, Practitioner, Role
from tests.integration.storage.cast import AMARA, BO, NOOR

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ZONES = {AMARA.id: "Europe/Berlin", NOOR.id: "Europe/London"}
KIN = replace(BO, id="kin", name=HumanName("Aida", AMARA.name.family.upper()))
KNOWN = Known({AMARA.id: AMARA, NOOR.id: NOOR}, {BO.id: BO, KIN.id: KIN}, ZONES, {})
READ = AuditEntry(
    *("e", NOON, AuditAction.RECORD_READ, AuditOutcome.SUCCESS, "staff", AMARA.id, Role.SPECIALIST.value),
    *(AMARA.organization_id, "session", "request", (BO.id,)),
)


def told(*entries: AuditEntry, known: Known = KNOWN, since: datetime = NOON) -> list[tuple[str, ...]]:
    found = list(alerts_of(entries, known, since))
    assert len({each.key for each in found}) == len(found)
    return [each.key for each in found]


def many(count: int, start: datetime, step: timedelta) -> list[AuditEntry]:
    return [
        replace(READ, id=f"e{at:02}", at=start + at * step, patient_ids=(f"p{at}",)) for at in range(count)
    ]


def test_an_ordinary_reading_is_not_odd() -> None:
    assert told(READ, *many(9, NOON, MINUTE)[:8]) == []


def test_a_namesake_is_told_once_a_day_however_they_were_read() -> None:
    kin = replace(READ, patient_ids=(KIN.id,))
    again = replace(kin, id="f", at=NOON + 5 * MINUTE, action=AuditAction.PATIENT_READ)
    day = replace(kin, id="g", at=NOON + timedelta(days=1))
    expected = [("namesake", AMARA.id, KIN.id, each) for each in ("2026-11-23", "2026-11-24")]
    assert told(kin, again, day) == expected
    nameless = replace(KIN, name=HumanName("Aida", ""))
    without = replace(AMARA, name=HumanName("Amara", ""))
    blank = Known({AMARA.id: without}, {KIN.id: nameless}, ZONES, {})
    assert told(kin, known=blank) == []


def test_the_tenth_record_within_an_hour_is_told() -> None:
    [alert] = alerts_of(many(10, NOON, MINUTE), KNOWN, NOON)
    assert (alert.pattern, alert.patient_id, alert.at) == (Pattern.MANY, "", NOON + 9 * MINUTE)
    assert told(*many(9, NOON, MINUTE)) == []
    assert told(*many(12, NOON, 7 * MINUTE)) == []
    assert told(*(replace(each, patient_ids=(BO.id,)) for each in many(20, NOON, MINUTE))) == []
    looked_up = [replace(each, action=AuditAction.PATIENT_READ) for each in many(20, NOON, MINUTE)]
    assert told(*looked_up) == []
    others = [replace(each, actor_id=NOOR.id) for each in many(10, NOON, MINUTE)[5:]]
    assert told(*many(10, NOON, MINUTE)[:5], *others) == []


def test_who_is_looked_for_in_all_houses_counts_as_who_is_read() -> None:
    searched = [replace(each, action=AuditAction.PATIENT_SEARCHED) for each in many(10, NOON, MINUTE)]
    assert told(*searched) == []
    assert [each[0] for each in told(*(replace(each, reason="emergency") for each in searched))] == ["many"]
    late = [replace(each, at=NIGHT, reason="emergency") for each in searched[:1]]
    assert told(*late) == []


def test_a_record_that_was_read_again_counts_from_its_last_reading_on() -> None:
    reading = [replace(READ, patient_ids=("again",), at=NOON + at * MINUTE) for at in (0, 30)]
    others = many(9, NOON + 61 * MINUTE, MINUTE)
    assert [each[0] for each in told(*reading, *others)] == ["many"]
    assert told(reading[0], *others) == []
    assert told(*(replace(READ, at=NOON + at * MINUTE) for at in range(70))) == []


def test_what_came_before_the_look_counts_and_is_not_told_again() -> None:
    early = many(10, NOON - 8 * MINUTE, MINUTE)
    assert [each[0] for each in told(*early)] == ["many"]
    assert told(*early, since=NOON + 2 * MINUTE) == []


@pytest.mark.parametrize(
    "person, at, odd",
    [
        (AMARA, NIGHT, True),
        (AMARA, NIGHT - timedelta(minutes=31), False),
        (NOOR, NIGHT, False),
        (AMARA, datetime(2026, 11, 24, 4, 59, tzinfo=UTC), True),
        (AMARA, datetime(2026, 11, 24, 5, 0, tzinfo=UTC), False),
    ],
)
def test_night_is_by_the_clocks_of_the_readers_site(person: Practitioner, at: datetime, *, odd: bool) -> None:
    read = replace(READ, at=at, actor_id=person.id)
    assert [each[0] for each in told(read)] == ["night"] * odd


def test_at_night_a_visit_of_the_same_two_explains_it() -> None:
    read = replace(READ, at=NIGHT)
    for around, odd in ((NIGHT - timedelta(hours=2), False), (NIGHT - timedelta(hours=3), True)):
        visits = {(AMARA.id, BO.id): [around]}
        assert (told(read, known=replace(KNOWN, visits=visits)) == []) != odd
    other = {(NOOR.id, BO.id): [NIGHT]}
    assert told(read, known=replace(KNOWN, visits=other)) == [("night", AMARA.id, BO.id, "2026-11-23")]


@pytest.mark.parametrize(
    "other",
    [
        {"actor_kind": "visitor"},
        {"outcome": AuditOutcome.REFUSED},
        {"action": AuditAction.VISIT_READ},
        {"action": AuditAction.GLASS_BROKEN},
        {"patient_ids": ()},
        {"actor_id": "gone"},
    ],
    ids=str,
)
def test_what_is_no_reading_of_the_staffs_is_passed_over(other: dict[str, object]) -> None:
    assert told(replace(READ, at=NIGHT, **other)) == []  # type: ignore[arg-type]
