"""Scopes let their holder do what they name, and no more is given than is allowed."""

from datetime import UTC, datetime

import pytest

from telehealth.domain.access import (
    OF_RECORD,
    PROGRAM_GRANTS,
    Actor,
    ActorKind,
    Decision,
    Permission,
    Subject,
    decide,
)
from telehealth.domain.consent import Consent, Sharing
from telehealth.domain.people import Role
from telehealth.domain.programs import granted, proper, reads, writes

LAB = Actor(ActorKind.PROGRAM, "lab", None, "hospital", "lab", "Laboratory")


@pytest.mark.parametrize(
    "scope, good",
    [
        ("system/Observation.read", True),
        ("system/*.cruds", True),
        ("system/Patient.rs", True),
        ("system/Observation.sr", False),
        ("system/Observation", False),
        ("system/Observation.read?code=1", False),
        ("system/Appointment.read", False),
        ("patient/Observation.read", False),
        ("system/Observation.read ", False),
        ("", False),
    ],
)
def test_what_a_scope_looks_like(scope: str, good: bool) -> None:
    assert proper(scope) is good


@pytest.mark.parametrize(
    "scope, read, write",
    [
        ("system/Observation.read", True, False),
        ("system/Observation.rs", True, False),
        ("system/Observation.write", False, True),
        ("system/Observation.cu", False, True),
        ("system/Observation.*", True, True),
        ("system/*.cruds", True, True),
        ("system/Condition.*", False, False),
        ("nonsense", False, False),
    ],
)
def test_reading_and_writing_are_apart(scope: str, read: bool, write: bool) -> None:
    assert (reads([scope], "Observation"), writes([scope], "Observation")) == (read, write)


def test_what_the_service_files_itself_is_written_by_no_program() -> None:
    assert reads(["system/*.*"], "Composition")
    assert not writes(["system/*.*"], "Composition")
    assert not reads(["system/*.*"], "Appointment")


@pytest.mark.parametrize(
    "asked, allowed, given",
    [
        (["system/Observation.rs"], ["system/Observation.read"], ("system/Observation.rs",)),
        (["system/Observation.rs"], ["system/*.*"], ("system/Observation.rs",)),
        (["system/*.rs"], ["system/Observation.rs"], ()),
        (["system/Observation.cruds"], ["system/Observation.rs"], ()),
        (
            ["system/Observation.cruds"],
            ["system/*.rs", "system/Observation.cu"],
            ("system/Observation.cruds",),
        ),
        (["system/Goal.rs", "system/Goal.rs"], ["system/Goal.rs"], ("system/Goal.rs",)),
    ],
)
def test_no_more_is_given_than_is_allowed(
    asked: list[str], allowed: list[str], given: tuple[str, ...]
) -> None:
    assert granted(asked, allowed) == given


@pytest.mark.parametrize("permission", sorted(Permission))
def test_a_program_has_the_record_of_its_houses_patients_alone(permission: Permission) -> None:
    ours, theirs = Subject(organizations=("hospital",)), Subject(organizations=("elsewhere",))
    may = permission in PROGRAM_GRANTS
    own = permission in {Permission.SUBSCRIPTION_OWN, Permission.EXPORT_OWN}
    assert may is (own or (permission.startswith("record:") and permission not in NEVER))
    assert decide(LAB, permission, ours) is (Decision.ALLOWED if may else Decision.REFUSED)
    for other in (theirs, Subject(), Subject(care_team=("lab",)), Subject(practitioner_id="lab")):
        assert decide(LAB, permission, other) is (Decision.HIDDEN if may else Decision.REFUSED)


@pytest.mark.parametrize(
    "house, sharing, denied, decision",
    [
        ("hospital", Sharing.HOUSE, (), Decision.ALLOWED),
        ("hospital", Sharing.ALL, ("amara",), Decision.ALLOWED),
        ("hospital", Sharing.ALL, ("lab",), Decision.HIDDEN),
        ("elsewhere", Sharing.HOUSE, (), Decision.HIDDEN),
    ],
)
def test_what_is_denied_to_it_or_to_its_house_does_not_exist_for_a_program(
    house: str, sharing: Sharing, denied: tuple[str, ...], decision: Decision
) -> None:
    word = Consent("c", "bo", house, datetime(2026, 11, 23, tzinfo=UTC), sharing, denied)
    subject = Subject(organizations=("hospital",), consent=word)
    assert decide(LAB, Permission.RECORD_READ, subject) is decision


def test_a_patient_may_deny_their_record_to_all_programs_and_to_nobody_else() -> None:
    word = Consent("c", "bo", "hospital", datetime(2026, 11, 23, tzinfo=UTC), programs=False)
    subject = Subject(organizations=("hospital",), consent=word, care_team=("amara",))
    amara = Actor(ActorKind.STAFF, "amara", Role.SPECIALIST, "hospital", "s", "Dr Amara")
    for permission in OF_RECORD - NEVER:
        assert decide(LAB, permission, subject) is Decision.HIDDEN
        assert decide(amara, permission, subject) is Decision.ALLOWED


NEVER = {Permission.ALLERGY_WRITE, Permission.RECORDING_READ}
