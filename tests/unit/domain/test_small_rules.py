"""The smaller rules of the domain: notes, names, sessions, delays, outbox, audit bytes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from telehealth.domain.accounts import Session, SessionStage, wait_after
from telehealth.domain.audit import AuditAction, AuditEntry, AuditOutcome
from telehealth.domain.errors import BadInput, FieldProblem, TooMany, Unavailable, WrongState
from telehealth.domain.note import FIELD_LIMIT, NoteContent, Outcome
from telehealth.domain.outbox import GIVE_UP_AFTER, next_try
from telehealth.domain.people import Gender, HumanName, Patient, Practitioner, Role
from telehealth.domain.visiting import window

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_a_note_field_has_its_limit() -> None:
    NoteContent(history="x" * FIELD_LIMIT)
    with pytest.raises(BadInput) as refused:
        NoteContent(plan="x" * (FIELD_LIMIT + 1))
    assert refused.value.problems[0].field == "plan"
    with pytest.raises(BadInput):
        NoteContent(when="x" * 201)


def test_a_note_refuses_control_characters_and_keeps_lines() -> None:
    assert NoteContent(history="one\ntwo\ttabbed").history.count("\n") == 1
    with pytest.raises(BadInput):
        NoteContent(history="bell\x07")


def test_a_note_without_a_follow_up_says_no_time_for_one() -> None:
    NoteContent(outcome=Outcome.FOLLOW_UP_VIDEO, when="2 weeks").check_agreed()
    NoteContent(outcome=Outcome.NO_FOLLOW_UP, when=" ").check_agreed()
    with pytest.raises(BadInput) as refused:
        NoteContent(outcome=Outcome.NO_FOLLOW_UP, when="2 weeks").check_agreed()
    assert [(each.field, each.code) for each in refused.value.problems] == [("when", "no-follow-up")]


def test_an_untouched_note_is_empty() -> None:
    assert NoteContent().empty
    assert not NoteContent(outcome=Outcome.REFERRED).empty


@pytest.mark.parametrize(
    "given, family, full, listed, guarded",
    [
        ("Bo", "Lindqvist", "Bo Lindqvist", "Lindqvist, Bo", "Bo L."),
        ("Sukarno", "", "Sukarno", "Sukarno", "Sukarno"),
        ("", "Diallo", "Diallo", "Diallo", "D."),
        ("伟", "林", "伟 林", "林, 伟", "伟 林."),
    ],
)
def test_names_are_written_in_three_ways(
    given: str, family: str, full: str, listed: str, guarded: str
) -> None:
    name = HumanName(given, family)
    assert (name.full, name.listed, name.guarded) == (full, listed, guarded)


def test_a_practitioner_without_a_title_has_just_a_name() -> None:
    someone = Practitioner("p", "o", "l", Role.COORDINATOR, HumanName("Carla", "Neumann"), "", "c@x.example")
    assert someone.display == "Carla Neumann"


@pytest.mark.parametrize("phone, hint", [("+4930123456", "•••• 3456"), ("", "")])
def test_a_number_is_hinted_at_by_its_end(phone: str, hint: str) -> None:
    name, born = HumanName("Bo", "Lindqvist"), date(1955, 2, 3)
    bo = Patient("bo", "o", name, born, Gender.MALE, "es", phone, "", (), "Europe/Berlin")
    assert bo.phone_hint == hint


def session(**changes: object) -> Session:
    values: dict[str, object] = {
        "id": "s",
        "account_id": "a",
        "practitioner_id": "p",
        "organization_id": "o",
        "digest": b"",
        "stage": SessionStage.FULL,
        "created_at": NOW,
        "seen_at": NOW,
    }
    return Session(**(values | changes))  # type: ignore[arg-type]


def test_a_session_ends_when_idle_when_old_and_when_ended() -> None:
    assert session().alive(NOW + timedelta(minutes=29))
    assert not session().alive(NOW + timedelta(minutes=30))
    busy = session(seen_at=NOW + timedelta(hours=11, minutes=50))
    assert busy.alive(NOW + timedelta(hours=11, minutes=59))
    assert not busy.alive(NOW + timedelta(hours=12))
    assert not session(ended_at=NOW).alive(NOW)


def test_the_delay_grows_and_never_locks_for_good() -> None:
    waits = [wait_after(failures).total_seconds() for failures in range(20)]
    assert waits[:3] == [0, 0, 0]
    assert waits[3] == 2
    assert waits == sorted(waits)
    assert max(waits) == 300


def test_a_message_is_tried_ever_later_and_then_given_up() -> None:
    assert next_try(1, NOW) == NOW + timedelta(seconds=10)
    assert next_try(2, NOW) == NOW + timedelta(seconds=20)
    assert next_try(GIVE_UP_AFTER - 1, NOW) == NOW + timedelta(hours=1)
    assert next_try(GIVE_UP_AFTER, NOW) is None


def test_a_link_is_good_from_a_day_before_until_two_hours_after() -> None:
    assert window(NOW, NOW + timedelta(minutes=20)) == (
        NOW - timedelta(hours=24),
        NOW + timedelta(hours=2, minutes=20),
    )


def test_audit_bytes_are_the_same_for_the_same_entry_and_the_same_instant() -> None:
    elsewhere = NOW.astimezone(datetime.strptime("+0100", "%z").tzinfo)
    entries = [
        AuditEntry(
            "e",
            at,
            AuditAction.NOTE_READ,
            AuditOutcome.SUCCESS,
            "staff",
            "amara",
            "specialist",
            "o",
            "s",
            "r",
            ("bo",),
        )
        for at in (NOW, elsewhere)
    ]
    assert entries[0].canonical() == entries[1].canonical()
    assert b'"patient_ids":["bo"]' in entries[0].canonical()


def test_refusals_carry_code_and_sentence() -> None:
    problem = FieldProblem("phone", "not-a-phone", "Check the phone.")
    assert BadInput(problem).detail == "Check the phone."
    assert BadInput().detail == "Some of what was sent cannot be used."
    assert WrongState("Not now.").detail == "Not now."
    assert TooMany(7).retry_after == 7
    assert Unavailable().retry_after == 5
