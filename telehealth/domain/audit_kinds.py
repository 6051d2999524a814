"""Of what kind an audit entry is, what somebody acted for, and which entries tell a patient of reading."""

from enum import StrEnum

from telehealth.domain.audit import AuditAction, AuditEntry
from telehealth.domain.glass import EMERGENCY, glass_of
from telehealth.domain.people import Role

A = AuditAction


class AuditKind(StrEnum):
    """The kinds that the log is searched by; each action is of one."""

    RECORD = "record"
    PATIENT = "patient"
    VISIT = "visit"
    BOOKING = "booking"
    MESSAGE = "message"
    ACCOUNT = "account"
    SETTING = "setting"
    AUDIT = "audit"
    REFUSAL = "refusal"


class Purpose(StrEnum):
    """What for, as v3-ActReason names it; it follows from who acts, and from a broken glass."""

    TREATMENT = "TREAT"
    EMERGENCY = "BTG"
    PATIENT_ADMINISTRATION = "PATADMIN"
    SYSTEM_ADMINISTRATION = "HSYSADMIN"
    COMPLIANCE = "HCOMPL"
    PATIENT_REQUEST = "PATRQT"
    OPERATIONS = "HOPERAT"


class Seen(StrEnum):
    """What of a patient's was read, as they are told themselves."""

    NOTES = "notes"
    RECORD = "record"
    WORDS = "words"
    RECORDING = "recording"
    DETAILS = "details"
    OPENED = "opened"
    WHOLE = "whole"
    """All of the record, written into a file."""
    NEWS = "news"
    """That there is something new in the record, not what."""


THINGS = {
    "account": AuditKind.ACCOUNT,
    "calendar": AuditKind.ACCOUNT,
    "staff": AuditKind.SETTING,
    "snippet": AuditKind.ACCOUNT,
    "place": AuditKind.SETTING,
    "organization": AuditKind.SETTING,
    "closure": AuditKind.SETTING,
    "resource": AuditKind.SETTING,
    "hours": AuditKind.SETTING,
    "site": AuditKind.SETTING,
    "service": AuditKind.SETTING,
    "text": AuditKind.SETTING,
    "backup": AuditKind.SETTING,
    "keys": AuditKind.SETTING,
    "program": AuditKind.SETTING,
    "subscription": AuditKind.SETTING,
    "patient": AuditKind.PATIENT,
    "appointment": AuditKind.BOOKING,
    "series": AuditKind.BOOKING,
    "absence": AuditKind.BOOKING,
    "line": AuditKind.BOOKING,
    "walk-in": AuditKind.BOOKING,
    "waitlist": AuditKind.BOOKING,
    "choice": AuditKind.BOOKING,
    "clinic": AuditKind.BOOKING,
    "link": AuditKind.VISIT,
    "visit": AuditKind.VISIT,
    "guest": AuditKind.VISIT,
    "feedback": AuditKind.VISIT,
    "quality": AuditKind.VISIT,
    "recording": AuditKind.RECORD,
    "message": AuditKind.MESSAGE,
    "note": AuditKind.RECORD,
    "record": AuditKind.RECORD,
    "glass": AuditKind.RECORD,
    "consent": AuditKind.RECORD,
    "alert": AuditKind.AUDIT,
    "audit": AuditKind.AUDIT,
}
"""The kind by an action's first word."""
APART = {
    A.CONVERSATION_READ: AuditKind.RECORD,
    A.GLASSES_READ: AuditKind.AUDIT,
    A.GLASS_REVIEWED: AuditKind.AUDIT,
    A.LINK_SENT_AGAIN: AuditKind.MESSAGE,
    A.SIGN_IN_FAILED: AuditKind.REFUSAL,
    A.OWN_BOOKING_REFUSED: AuditKind.REFUSAL,
    A.OWN_WISH_REFUSED: AuditKind.REFUSAL,
    A.LINK_REFUSED: AuditKind.REFUSAL,
    A.LINK_NOT_MINE: AuditKind.REFUSAL,
    A.ACCESS_REFUSED: AuditKind.REFUSAL,
    A.PROGRAM_REFUSED: AuditKind.REFUSAL,
}

PURPOSES = {
    Role.SPECIALIST: Purpose.TREATMENT,
    Role.CLINIC_STAFF: Purpose.PATIENT_ADMINISTRATION,
    Role.COORDINATOR: Purpose.PATIENT_ADMINISTRATION,
    Role.ADMINISTRATOR: Purpose.SYSTEM_ADMINISTRATION,
    Role.PRIVACY_OFFICER: Purpose.COMPLIANCE,
}

KINDS = {"system": Purpose.OPERATIONS, "program": Purpose.TREATMENT}
"""Who is neither of the staff nor came for the patient: what laboratories send serves their treatment."""

SEEN = {
    A.NOTE_READ: Seen.NOTES,
    A.RECORD_READ: Seen.RECORD,
    A.RECORD_SEARCHED: Seen.RECORD,
    A.RECORD_TAKEN: Seen.RECORD,
    A.RECORD_SUMMED_UP: Seen.RECORD,
    A.RECORD_EXPORTED: Seen.RECORD,
    A.RECORD_TAKEN_OUT: Seen.WHOLE,
    A.RECORD_ANNOUNCED: Seen.NEWS,
    A.GLASS_BROKEN: Seen.OPENED,
    A.CONVERSATION_READ: Seen.WORDS,
    A.RECORDING_PLAYED: Seen.RECORDING,
    A.RECORDING_EXPORTED: Seen.RECORDING,
    A.PATIENT_READ: Seen.DETAILS,
    A.PATIENT_SEARCHED: Seen.DETAILS,
}
"""The readings that a patient is told of: record, notes and who they are, not what moved a visit along."""


def kind_of(action: AuditAction) -> AuditKind:
    """Return the kind of an action."""
    return APART.get(action) or THINGS[action.value.partition(":")[0]]


def actions_of(kind: AuditKind) -> frozenset[AuditAction]:
    """Return all actions of a kind."""
    return frozenset(each for each in AuditAction if kind_of(each) is kind)


def purpose_of(entry: AuditEntry) -> Purpose:
    """Return what an entry's person acted for: staff by their role, people with a link for the patient.

    A search for who has an emergency says only that; of other actions the word means something else, such as
    why a clinic runs late.
    """
    searched = entry.action is A.PATIENT_SEARCHED and entry.reason == EMERGENCY
    if entry.action is A.GLASS_BROKEN or glass_of(entry.reason) or searched:
        return Purpose.EMERGENCY
    if entry.actor_role:
        return PURPOSES[Role(entry.actor_role)]
    return KINDS.get(entry.actor_kind, Purpose.PATIENT_REQUEST)
