"""Who may do what: roles first, then relationship; strangers meet nothing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from telehealth.domain.access import (
    BOOKER_GRANTS,
    GRANTS,
    GUEST_GRANTS,
    OF_RECORD,
    OWN_VISIT_ONLY,
    SYSTEM,
    VISITOR_GRANTS,
    Actor,
    ActorKind,
    Decision,
    Permission,
    Subject,
    decide,
)
from telehealth.domain.consent import Consent, Sharing
from telehealth.domain.people import Role

AMARA = Actor(ActorKind.STAFF, "amara", Role.SPECIALIST, "hospital", "s1", "Dr Amara Diallo")
BO = Actor(ActorKind.VISITOR, "bo", None, "hospital", "s2", "Bo L.", visit_id="bos-visit")
BOS_VISIT = Subject(
    organizations=("hospital",), practitioner_id="amara", visit_id="bos-visit", care_team=("amara",)
)


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_without_the_grant_is_refused(role: Role, permission: Permission) -> None:
    someone = replace(AMARA, role=role)
    decision = decide(someone, permission, BOS_VISIT)
    assert (decision is Decision.REFUSED) == (permission not in GRANTS[role])


@pytest.mark.parametrize("permission", sorted(OWN_VISIT_ONLY | {Permission.RECORD_READ}))
def test_a_specialist_who_does_not_treat_the_patient_finds_nothing(permission: Permission) -> None:
    cy = replace(AMARA, id="cy")
    assert decide(cy, permission, BOS_VISIT) is Decision.HIDDEN
    assert decide(AMARA, permission, BOS_VISIT) is Decision.ALLOWED


@pytest.mark.parametrize("permission", list(Permission))
def test_a_patient_may_only_attend_the_own_visit(permission: Permission) -> None:
    allowed = decide(BO, permission, BOS_VISIT) is Decision.ALLOWED
    assert allowed == (permission in VISITOR_GRANTS)
    assert decide(BO, permission, replace(BOS_VISIT, visit_id="another")) is Decision.HIDDEN
    assert decide(BO, permission, Subject()) is Decision.HIDDEN


@pytest.mark.parametrize("permission", list(Permission))
def test_a_guest_may_come_into_the_call_write_there_and_nothing_else(permission: Permission) -> None:
    lina = replace(BO, kind=ActorKind.GUEST, id="lina")
    in_the_call = {Permission.VISIT_JOIN, Permission.VISIT_SAY, Permission.RECORDING_ANSWER}
    assert {Permission.GUEST_ATTEND, *in_the_call} == GUEST_GRANTS
    assert (decide(lina, permission, BOS_VISIT) is Decision.ALLOWED) == (permission in GUEST_GRANTS)
    assert decide(lina, permission, replace(BOS_VISIT, visit_id="another")) is Decision.HIDDEN
    assert decide(lina, permission, Subject()) is Decision.HIDDEN


@pytest.mark.parametrize("permission", list(Permission))
def test_who_books_alone_may_find_book_and_wait_in_one_organization(permission: Permission) -> None:
    dawit = replace(BO, kind=ActorKind.BOOKER, id="own", visit_id="", organization_id="hospital")
    own = {Permission.SLOT_FIND, Permission.APPOINTMENT_BOOK, Permission.WAITLIST_JOIN}
    assert own == BOOKER_GRANTS
    ours = decide(dawit, permission, Subject(organizations=("hospital",)))
    assert (ours is Decision.ALLOWED) == (permission in BOOKER_GRANTS)
    assert decide(dawit, permission, Subject(organizations=("rural",))) is Decision.HIDDEN


@pytest.mark.parametrize(
    "role", [Role.COORDINATOR, Role.CLINIC_STAFF, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER]
)
@pytest.mark.parametrize(
    "permission", [Permission.NOTE_READ, Permission.NOTE_WRITE, Permission.NOTE_SIGN, Permission.RECORD_READ]
)
def test_only_specialists_see_clinical_content(role: Role, permission: Permission) -> None:
    assert decide(replace(AMARA, role=role), permission, BOS_VISIT) is Decision.REFUSED


@pytest.mark.parametrize("permission", list(Permission))
def test_a_broken_glass_opens_reading_the_record_and_nothing_else(permission: Permission) -> None:
    cy, broken = replace(AMARA, id="cy"), Subject(glass=("cy",))
    gained = decide(cy, permission, broken) is not decide(cy, permission, Subject())
    assert gained == (permission is Permission.RECORD_READ)
    assert decide(AMARA, Permission.RECORD_READ, broken) is Decision.HIDDEN


SAID = Consent("c1", "bo", "hospital", datetime(2026, 11, 23, tzinfo=UTC), version=1)


@pytest.mark.parametrize(
    "said, treats, in_an_emergency",
    [
        (SAID, True, True),
        (replace(SAID, sharing=Sharing.HOUSE), True, True),
        (replace(SAID, sharing=Sharing.HOUSE, organization_id="rural"), False, True),
        (replace(SAID, denied=("amara",)), False, True),
        (replace(SAID, denied=("cy",)), True, True),
        (replace(SAID, emergencies=False), True, False),
        (replace(SAID, denied=("amara",), emergencies=False), False, False),
    ],
)
@pytest.mark.parametrize("permission", sorted(OF_RECORD))
def test_what_the_patient_denies_is_not_there(
    permission: Permission, said: Consent, *, treats: bool, in_an_emergency: bool
) -> None:
    by_care = decide(AMARA, permission, replace(BOS_VISIT, consent=said))
    assert (by_care is Decision.ALLOWED) == treats
    behind = decide(AMARA, permission, Subject(glass=("amara",), consent=said))
    assert (behind is Decision.ALLOWED) == (in_an_emergency and permission is Permission.RECORD_READ)


@pytest.mark.parametrize("role", list(Role))
def test_who_has_no_clinical_duties_breaks_no_glass_and_reviews_it_alone(role: Role) -> None:
    someone = replace(AMARA, role=role)
    breaks = decide(someone, Permission.GLASS_BREAK, Subject()) is Decision.ALLOWED
    reviews = decide(someone, Permission.GLASS_REVIEW, Subject(organizations=("hospital",)))
    assert breaks == (role is Role.SPECIALIST)
    assert (reviews is Decision.ALLOWED) == (role is Role.PRIVACY_OFFICER)
    behind = decide(someone, Permission.RECORD_READ, Subject(glass=("amara",)))
    assert (behind is Decision.ALLOWED) == (role is Role.SPECIALIST)


def test_another_organization_does_not_exist() -> None:
    coordinator = replace(AMARA, id="carla", role=Role.COORDINATOR)
    foreign = Subject(organizations=("rural",))
    assert decide(coordinator, Permission.APPOINTMENT_READ, foreign) is Decision.HIDDEN
    assert decide(coordinator, Permission.PATIENT_READ, foreign) is Decision.HIDDEN
    assert (
        decide(coordinator, Permission.APPOINTMENT_READ, Subject(organizations=("hospital",)))
        is Decision.ALLOWED
    )


def test_who_treats_a_patient_of_another_organization_may_read_them() -> None:
    foreign = Subject(organizations=("rural",), care_team=("amara",))
    assert decide(AMARA, Permission.PATIENT_READ, foreign) is Decision.ALLOWED


def test_an_actor_without_a_role_is_refused() -> None:
    assert decide(replace(AMARA, role=None), Permission.SLOT_FIND, Subject()) is Decision.REFUSED


def test_the_system_itself_may_work() -> None:
    assert decide(SYSTEM, Permission.APPOINTMENT_BOOK, Subject()) is Decision.ALLOWED


def test_every_role_has_its_grants() -> None:
    assert set(GRANTS) == set(Role)
