"""Every refusal the service can give, as one tree with a stable code each.

Refused
├── BadInput            invalid-input        what was sent cannot be understood (400/422)
├── NotSignedIn         not-signed-in        nobody is behind the request (401)
│   └── Uninvited       uninvited            a guest whose invitation was taken back (401)
├── NotPermitted        not-permitted        known, but this is not for them (403)
│   ├── NotTreating     not-treating     none of their visits with the patient is near (403)
│   ├── NotYetMet       not-yet-met      they booked it themselves and nobody has met the patient (403)
│   └── StepUpNeeded    step-up-needed   a fresh second factor is asked for (403)
├── NotFound            not-found            absent, or not theirs: the answer is the same (404)
│   └── Erased                               the patient was erased: nothing of them opens (404)
├── WrongState          wrong-state          the life of the thing does not allow it now (409)
│   ├── ChangeTooLate   change-too-late  so near its start the clinic changes a visit, not the patient (409)
│   ├── EnoughBooked    enough-booked    one contact has as many visits ahead as it may book alone (409)
│   ├── EnoughGuests    enough-guests    the visit has as many guests as it may have (409)
│   ├── IdentityNotConfirmed                 the clinical part has not been opened (409)
│   ├── MovedTooOften   moved-too-often  the patient has moved the visit as often as they may (409)
│   ├── NoteLocked      note-locked          signed notes change by addendum only (409)
│   ├── OtherDevice     other-device         the person's device in this visit is another browser (409)
│   └── VisitClosed     visit-closed         the visit is over, cancelled or not yet open (409)
├── SlotTaken           slot-taken           somebody else has the time (409)
├── StaleVersion        stale-version        it changed since it was read (412)
├── SeveralMatch        several-match        what was to be made once is there several times (412)
├── VersionNeeded       version-needed       a change has to name the version that was read (428)
├── KeyReused           idempotency-key-reused   same key, other body (422)
├── TooMany             too-many-requests    a limit was reached (429)
│   └── EnoughOpened    enough-opened    somebody has opened several records in an emergency lately (429)
└── Unavailable         unavailable          a needed part is down or full (503)
    └── ManyTesting     many-testing     as many people test their lines as may at a time (503)
"""

from dataclasses import dataclass
from typing import ClassVar

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.sentences import N_


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One wrong input: `field` is a dotted path, `code` stable, `detail` for a person."""

    field: str
    code: str
    detail: str


class Refused(Exception):
    """A request that was understood and not granted. `code` is for programs, `detail` for people.

    `where` names the part that is refused of a request that asks for several things; `patient_ids` are whom
    it was about, for the entry in the audit log.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = N_("That is not possible.")

    def __init__(self, detail: str = "") -> None:
        self.detail = detail or self.sentence
        self.where = ""
        self.patient_ids: tuple[str, ...] = ()
        super().__init__(self.detail)


class BadInput(Refused):
    """The input cannot be used; `problems` names each field."""

    code = "invalid-input"
    sentence = N_("Some of what was sent cannot be used.")

    def __init__(self, *problems: FieldProblem, detail: str = "") -> None:
        super().__init__(detail or (problems[0].detail if problems else ""))
        self.problems = problems


class NotSignedIn(Refused):
    """Nobody is signed in, or the session has ended."""

    code = "not-signed-in"
    sentence = N_("Please sign in.")


class Uninvited(NotSignedIn):
    """A guest whose invitation was taken back: told to whoever holds its link or cookie, nobody else."""

    code = "uninvited"
    sentence = N_("You are no longer invited to this visit.")


class NotPermitted(Refused):
    """The person is known and the thing is known to them, but they may not do this."""

    code = "not-permitted"
    sentence = N_("Your role does not allow this.")


class NotTreating(NotPermitted):
    """None of the visits of the two is within its window (domain/care.py); told to who has one."""

    code = "not-treating"
    sentence = N_(
        "You have no visit with this patient now. Their record opens a week before a visit and closes 30 days"
        " after it. Where the visit did not take place, it closes after one day. Ask the coordinator for a"
        " visit, or, if waiting would harm them, use Emergency access."
    )


class NotYetMet(NotPermitted):
    """Who gave a visit to themselves waits until its patient comes by their link; told to who has one."""

    code = "not-yet-met"
    sentence = N_(
        "You booked this visit yourself and have not met this patient. Their record opens once they have come"
        " by their link; a phone call does not open it. Ask the coordinator to book or move the visit, or, if"
        " waiting would harm them, use Emergency access."
    )


class StepUpNeeded(NotPermitted):
    """The action wants a second factor no older than five minutes."""

    code = "step-up-needed"
    sentence = N_("Please enter a fresh code from your authenticator first.")


class NotFound(Refused):
    """Absent and foreign things look the same."""

    code = "not-found"
    sentence = N_("There is nothing here.")


class Erased(NotFound):
    """The patient whom it was about was erased; to everybody it was never there."""


class WrongState(Refused):
    """The life of the thing has no such step from where it is."""

    code = "wrong-state"
    sentence = N_("That cannot be done now.")


class ChangeTooLate(WrongState):
    """So near its start a visit is changed by the clinic only."""

    code = "change-too-late"
    sentence = N_("It is too late to change this visit here. Please call the clinic.")


class EnoughBooked(WrongState):
    """One contact has as many visits ahead as can be booked with it alone."""

    code = "enough-booked"
    sentence = N_("You have booked several visits here already. For one more, please call the clinic.")


class EnoughGuests(WrongState):
    """No more guests may be invited to this visit; removing one makes room."""

    code = "enough-guests"
    sentence = N_("No more people can be invited to this visit.")


class IdentityNotConfirmed(WrongState):
    """Two identifiers, the present place and a call-back number come before the clinical part."""

    code = "identity-not-confirmed"
    sentence = N_("Confirm who and where the patient is first.")


class MovedTooOften(WrongState):
    """The patient has moved the visit as often as they may by themselves."""

    code = "moved-too-often"
    sentence = N_("This visit was moved too often. Please call the clinic for another time.")


class NoteLocked(WrongState):
    """A signed note is changed by addendum only."""

    code = "note-locked"
    sentence = N_("The note is signed. Add an addendum instead.")


class OtherDevice(WrongState):
    """The link was opened in another browser before; the clinic decides which one goes on."""

    code = "other-device"
    sentence = N_("You opened this visit on another phone or computer. The clinic will let you in here.")


class VisitClosed(WrongState):
    """The visit is over, cancelled, or its link is outside its hours."""

    code = "visit-closed"
    sentence = N_("This visit is not open.")


MISSING = {
    ResourceKind.PATIENT: N_("The patient has another visit at this time."),
    ResourceKind.ROOM: N_("The room is taken at this time. Please choose another room or time."),
    ResourceKind.DEVICE: N_("The device is taken at this time. Please choose another device or time."),
    ResourceKind.INTERPRETER: N_("No interpreter for this language is free at this time."),
}
"""What is said when a party of these kinds is not free; of a practitioner's time, that it is taken."""


class SlotTaken(Refused):
    """The database gave the time to somebody else. `missing` names the parties that are not free, if known.

    The sentence is about one of them: without the practitioner, no other party helps.
    """

    code = "slot-taken"
    sentence = N_("This time has just been taken. Please choose another.")

    def __init__(self, detail: str = "", *, missing: frozenset[ResourceKind] = frozenset()) -> None:
        named = [] if ResourceKind.PRACTITIONER in missing else [each for each in MISSING if each in missing]
        super().__init__(detail or (MISSING[named[0]] if named else ""))
        self.missing = missing


class StaleVersion(Refused):
    """The thing changed since it was read; nothing was overwritten. `current` is its version now."""

    code = "stale-version"
    sentence = N_("This was changed in the meantime. Both versions are kept.")

    def __init__(self, detail: str = "", *, current: int | None = None) -> None:
        super().__init__(detail)
        self.current = current


class SeveralMatch(Refused):
    """What was to be made unless it exists is there more than once, so that nobody can say which is meant."""

    code = "several-match"
    sentence = N_("There is more than one of this already.")


class VersionNeeded(Refused):
    """Whoever changes something says which version of it they have read."""

    code = "version-needed"
    sentence = N_("Say which version you have read.")


class KeyReused(Refused):
    """An Idempotency-Key came back with a different body."""

    code = "idempotency-key-reused"
    sentence = N_("This Idempotency-Key was used for another request.")


class TooMany(Refused):
    """A limit was reached; `retry_after` is in whole seconds."""

    code = "too-many-requests"
    sentence = N_("Too many tries. Please wait a moment.")

    def __init__(self, retry_after: int = 60, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class EnoughOpened(TooMany):
    """One person has opened as many records in an emergency within an hour as they may; it is audited."""

    code = "enough-opened"
    sentence = N_("You have opened several records in an emergency within an hour. Please ask a colleague.")


class Unavailable(Refused):
    """A needed part is down or full; try again after `retry_after` seconds."""

    code = "unavailable"
    sentence = N_("The service is busy. Please try again in a moment.")

    def __init__(self, retry_after: int = 5, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ManyTesting(Unavailable):
    """As many people test their lines just now as may at a time."""

    code = "many-testing"
    sentence = N_("Many people are testing just now. Please try again in a minute.")
