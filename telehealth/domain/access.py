"""Who may do what: one table, one decision function, deny by default."""

from dataclasses import dataclass
from enum import StrEnum

from telehealth.domain.consent import Consent
from telehealth.domain.people import Role
from telehealth.domain.permissions import Permission

__all__ = [
    "BOOKER_GRANTS",
    "BY_GLASS",
    "GRANTS",
    "GUEST_GRANTS",
    "OF_RECORD",
    "OWN_VISIT_ONLY",
    "SYSTEM",
    "VISITOR_GRANTS",
    "Actor",
    "ActorKind",
    "Decision",
    "Permission",
    "Subject",
    "decide",
]


class ActorKind(StrEnum):
    """What sort of person or thing is acting."""

    STAFF = "staff"
    VISITOR = "visitor"
    GUEST = "guest"
    BOOKER = "booker"
    PROGRAM = "program"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever is behind a request or an event.

    For staff, `id` is the practitioner's id; for a visitor, the patient's (person's) id, for a guest the
    invitation's, and `visit_id` is the only visit that exists for them. For whoever books by themselves, `id`
    is their booking's, within one organization. Of a program it is its own, and `scopes` say what it may do.
    """

    kind: ActorKind
    id: str
    role: Role | None
    organization_id: str
    session_id: str
    name: str
    visit_id: str = ""
    request_id: str = ""
    scopes: tuple[str, ...] = ()


SYSTEM = Actor(ActorKind.SYSTEM, "system", None, "", "", "system")


P = Permission

OF_RECORD = frozenset(each for each in P if each.startswith("record:")) - {P.ALLERGY_WRITE}
"""What asks for a care relationship; an allergy is written from a visit of one's own."""
BY_GLASS = frozenset({P.RECORD_READ})
"""What a broken glass opens: reading, and nothing that writes, plays or takes away."""
IN_CALL = frozenset({P.VISIT_JOIN, P.VISIT_SAY, P.RECORDING_ANSWER})
"""What everybody in a call does there."""
INTO_RECORD = frozenset({P.NOTE_READ, P.NOTE_WRITE, P.NOTE_SIGN, P.ALLERGY_WRITE, P.FILE_KEEP})
"""What a specialist writes of a visit into the record of its patient."""
BOOKING = frozenset(
    {
        P.PATIENT_SEARCH,
        P.PATIENT_READ,
        P.SLOT_FIND,
        P.APPOINTMENT_BOOK,
        P.APPOINTMENT_READ,
        P.APPOINTMENT_CANCEL,
        P.APPOINTMENT_MOVE,
        P.WAITLIST_READ,
        P.WAITLIST_MANAGE,
        P.MESSAGE_READ,
        P.MESSAGE_SEND,
    }
)

HOSTING = frozenset({P.WALK_IN_READ, P.WALK_IN_HOST, P.WALK_IN_ASSESS})
"""What staff of a clinic do for those who come to it without an appointment."""
OVERSEEING = frozenset({P.CLINIC_OVERSEE, P.VISIT_CORRECT, P.QUALITY_READ, P.QUALITY_REPORT, P.SESSION_OWN})
"""What those do who see to it that the clinics of their organization run."""

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.SPECIALIST: BOOKING
    | OF_RECORD
    | IN_CALL
    | INTO_RECORD
    | {
        P.HOURS_EXCEPT,
        P.WALK_IN_READ,
        P.WALK_IN_ASSESS,
        P.WALK_IN_CALL,
        P.CLINIC_READ,
        P.CLINIC_RUN,
        P.CLINIC_OVERSEE,
        P.VISIT_READ,
        P.VISIT_CONFIRM,
        P.VISIT_ADMIT,
        P.VISIT_END,
        P.VISIT_DEVICE,
        P.VISIT_MISS,
        P.VISIT_CORRECT,
        P.VISIT_MESSAGE,
        P.VISIT_PRIORITIZE,
        P.RECORDING_ASK,
        P.GUEST_INVITE,
        P.GUEST_REMOVE,
        P.GUEST_DECIDE,
        P.FEEDBACK_READ,
        P.QUALITY_READ,
        P.SESSION_OWN,
        P.CALENDAR_OWN,
        P.GLASS_BREAK,
    },
    Role.CLINIC_STAFF: BOOKING | HOSTING | OVERSEEING | {P.LINE_READ, P.VISIT_PRIORITIZE},
    Role.COORDINATOR: BOOKING
    | HOSTING
    | OVERSEEING
    | {P.ABSENCE_ARRANGE, P.CLOSURE_MANAGE, P.RESOURCE_MANAGE, P.HOURS_EXCEPT},
    Role.ADMINISTRATOR: frozenset(
        {
            P.STAFF_MANAGE,
            P.TEXTS_MANAGE,
            P.ORGANIZATION_MANAGE,
            P.CLOSURE_MANAGE,
            P.RESOURCE_MANAGE,
            P.HOURS_EXCEPT,
            P.STAFF_RESET_APPROVE,
            P.FEEDBACK_COUNT,
            P.QUALITY_REPORT,
            P.SESSION_OWN,
        }
    ),
    Role.PRIVACY_OFFICER: frozenset({P.AUDIT_READ, P.GLASS_REVIEW, P.STAFF_RESET_APPROVE, P.SESSION_OWN}),
}

VISITOR_GRANTS = IN_CALL | frozenset(
    {
        P.VISIT_ATTEND,
        P.WALK_IN_ATTEND,
        P.WAITLIST_JOIN,
        P.OFFER_ANSWER,
        P.GUEST_INVITE,
        P.GUEST_REMOVE,
        P.APPOINTMENT_MOVE,
        P.APPOINTMENT_CANCEL,
        P.CONSENT_GIVE,
    }
)
BOOKER_GRANTS = frozenset({P.SLOT_FIND, P.APPOINTMENT_BOOK, P.WAITLIST_JOIN})
GUEST_GRANTS = IN_CALL | {P.GUEST_ATTEND}

OWN_VISIT_ONLY = (
    IN_CALL
    | INTO_RECORD
    | frozenset(
        {
            P.CLINIC_RUN,
            P.VISIT_READ,
            P.VISIT_CONFIRM,
            P.VISIT_ADMIT,
            P.VISIT_END,
            P.VISIT_DEVICE,
            P.VISIT_MISS,
            P.VISIT_MESSAGE,
            P.RECORDING_ASK,
            P.GUEST_INVITE,
            P.GUEST_REMOVE,
            P.GUEST_DECIDE,
            P.FEEDBACK_READ,
            P.CALENDAR_OWN,
        }
    )
)

OWN_OF_SPECIALISTS = OWN_VISIT_ONLY | {
    P.VISIT_PRIORITIZE,
    P.VISIT_CORRECT,
    P.CLINIC_OVERSEE,
    P.HOURS_EXCEPT,
    P.QUALITY_READ,
}
"""Of what others do for a whole organization, specialists do these for themselves only."""

PROGRAM_GRANTS = (OF_RECORD - {P.RECORDING_READ}) | {P.SUBSCRIPTION_OWN, P.EXPORT_OWN}
"""What a program may, as far as its scopes go: the record of those patients whom its organization manages."""
LINK_GRANTS = {ActorKind.VISITOR: VISITOR_GRANTS, ActorKind.GUEST: GUEST_GRANTS}
"""What is open to those who come by a link, in the link's own visit."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the permission is asked for, as far as it matters: empty fields are not known or not relevant.

    `organizations` are those that manage it; `care_team` are practitioners with a care relationship, `glass`
    those who have broken the glass and may still look. `consent` is what the patient has said about it, if
    anything.
    """

    organizations: tuple[str, ...] = ()
    practitioner_id: str = ""
    visit_id: str = ""
    care_team: tuple[str, ...] = ()
    glass: tuple[str, ...] = ()
    consent: Consent | None = None


class Decision(StrEnum):
    """The answer. HIDDEN is told to the asker as "not found", so that foreign things do not exist."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    HIDDEN = "hidden"


def decide(actor: Actor, permission: Permission, subject: Subject) -> Decision:
    """Whether `actor` may do `permission` to `subject`. Role first, then relationship; deny by default."""
    if actor.kind is ActorKind.SYSTEM:
        return Decision.ALLOWED
    if actor.kind in LINK_GRANTS:
        own = bool(subject.visit_id) and actor.visit_id == subject.visit_id
        return Decision.ALLOWED if own and permission in LINK_GRANTS[actor.kind] else Decision.HIDDEN
    if actor.kind is ActorKind.PROGRAM:
        return _to_program(actor, permission, subject)
    if actor.kind is ActorKind.BOOKER:
        ours = not subject.organizations or actor.organization_id in subject.organizations
        return Decision.ALLOWED if ours and permission in BOOKER_GRANTS else Decision.HIDDEN
    if actor.role is None or permission not in GRANTS[actor.role]:
        return Decision.REFUSED
    return Decision.ALLOWED if _related(actor, permission, subject) else Decision.HIDDEN


def _to_program(actor: Actor, permission: Permission, subject: Subject) -> Decision:
    """Answer a program; what is nobody's, or not known to be its organization's, does not exist for it."""
    if permission not in PROGRAM_GRANTS:
        return Decision.REFUSED
    ours = actor.organization_id in subject.organizations and not _denied(actor, subject)
    return Decision.ALLOWED if ours else Decision.HIDDEN


def _related(actor: Actor, permission: Permission, subject: Subject) -> bool:
    """Whether the actor stands in the relationship that the permission asks for."""
    own_only = OWN_OF_SPECIALISTS if actor.role is Role.SPECIALIST else OWN_VISIT_ONLY
    if permission in own_only:
        return subject.practitioner_id == actor.id
    if permission in OF_RECORD:
        return _by_care(actor, subject) or (permission in BY_GLASS and _by_glass(actor, subject))
    if permission is Permission.PATIENT_READ and actor.id in subject.care_team:
        return True
    return not subject.organizations or actor.organization_id in subject.organizations


def _by_care(actor: Actor, subject: Subject) -> bool:
    """Whether the actor treats the patient, who has not denied it to them."""
    return actor.id in subject.care_team and not _denied(actor, subject)


def _denied(actor: Actor, subject: Subject) -> bool:
    """Whether the patient has said that the actor shall not."""
    said = subject.consent
    if said is None:
        return False
    barred = actor.kind is ActorKind.PROGRAM and not said.programs
    return barred or said.forbids(actor.id, actor.organization_id)


def _by_glass(actor: Actor, subject: Subject) -> bool:
    """Whether the actor has broken the glass; it goes through a denial, unless it was denied itself."""
    return actor.id in subject.glass and (subject.consent is None or subject.consent.emergencies)
