"""What is marked for a privacy officer to look at first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.audit import AuditAction, AuditEntry
from telehealth.domain.audit_marks import Mark, marks_of
from telehealth.domain.people import HumanName
from tests.integration.storage.cast import AMARA, BO, NOW, entry

BERLIN = ZoneInfo("Europe/Berlin")


def marks(one: AuditEntry, *others: AuditEntry) -> set[Mark]:
    return set(marks_of(one, [one, *others], BERLIN, AMARA, {BO.id: BO}))


def at(hour: int) -> AuditEntry:
    return entry("1", BO.id, at=datetime(2026, 11, 23, hour, tzinfo=UTC))


def test_it_is_night_from_ten_until_six_by_the_officers_clocks() -> None:
    assert [hour for hour in range(24) if marks(at(hour))] == [0, 1, 2, 3, 4, 21, 22, 23]


def test_a_namesake_is_marked_however_it_is_written() -> None:
    namesake = replace(BO, name=HumanName("Bo", AMARA.name.family.upper()))
    assert marks_of(at(9), [], BERLIN, AMARA, {BO.id: namesake}) == {Mark.NAMESAKE}
    nameless = replace(AMARA, name=HumanName("Amara", ""))
    assert not marks_of(at(9), [], BERLIN, nameless, {BO.id: replace(BO, name=HumanName("Bo", ""))})


def test_ten_patients_within_an_hour_are_many() -> None:
    near = [entry(str(n), f"pat-{n}", at=NOW + timedelta(minutes=3 * n)) for n in range(2, 11)]
    assert marks(entry("1", BO.id), *near) == {Mark.MANY}
    assert marks(entry("1", BO.id), *near[1:]) == set()
    assert marks(entry("1", BO.id), *(replace(each, actor_id="prac-noor") for each in near)) == set()
    late = replace(near[-1], at=NOW + timedelta(minutes=31))
    assert marks(entry("1", BO.id), *near[:-1], late) == set()


def test_only_staffs_readings_about_patients_are_looked_at() -> None:
    night = at(23)
    assert marks(replace(night, patient_ids=())) == set()
    assert marks(replace(night, action=AuditAction.VISIT_JOINED)) == set()
    assert marks_of(night, [night], BERLIN, None, {}) == frozenset()
