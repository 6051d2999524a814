"""What the JSON API answers about people, places and bookings: handlers are checked against these types."""

from typing import TypedDict


class Identifier(TypedDict):
    """A number that means one person within a system."""

    system: str
    value: str


class PatientShape(TypedDict):
    """A patient as staff see one; `listed` is family name first, with their language's comma."""

    id: str
    name: str
    listed: str
    birth_date: str
    gender: str
    age: int
    language: str
    interpreter: bool
    identifiers: list[Identifier]
    phone: str


class Named(TypedDict):
    """Somebody or something by id and name."""

    id: str
    name: str


class StaffMember(TypedDict):
    """Somebody of the staff; `status` is invited, active or disabled."""

    id: str
    name: str
    role: str
    email: str
    specialty: str
    status: str


class StaffList(TypedDict):
    """The staff of the actor's organization."""

    staff: list[StaffMember]


class InvitedShape(TypedDict):
    """Who was invited, and the link that the administrator hands over when the message gets lost."""

    id: str
    url: str


class SessionShape(TypedDict):
    """Who is signed in and how far: `stage` is password (a code is awaited), full or locked."""

    stage: str
    csrf: str
    name: str
    role: str
    organization: str
    practitioner: str
    fresh: bool


class AuthenticatorShape(TypedDict):
    """The secret of a new authenticator, as text and as the address that its picture holds."""

    seed: str
    uri: str


class RecoveryCodes(TypedDict):
    """Ten codes that open the account once each, told this once."""

    recovery_codes: list[str]


class ServiceShape(TypedDict):
    """What can be booked; practitioners are ids of those who offer it, modalities the ways of its visits."""

    id: str
    name: str
    specialty: str
    minutes: int
    organization: str
    practitioners: list[str]
    modalities: list[str]


class SpecialistShape(TypedDict):
    """With whom a visit can be booked; `languages` are those they speak with patients (BCP 47)."""

    id: str
    name: str
    specialty: str
    languages: list[str]
    organization: str
    location: str


class LocationShape(TypedDict):
    """A site and its time zone."""

    id: str
    name: str
    organization: str
    kind: str
    zone: str


class CatalogueShape(TypedDict):
    """Everything that can be booked in the cluster."""

    services: list[ServiceShape]
    practitioners: list[SpecialistShape]
    locations: list[LocationShape]
    organizations: list[Named]


class PatientList(TypedDict):
    """Patients who match exactly."""

    patients: list[PatientShape]


class SlotShape(TypedDict):
    """One free time; `zone` is the site's, and so many as there are `places_left` can still book it."""

    practitioner: Named
    service: Named
    location: Named
    zone: str
    start: str
    end: str
    places_left: int


class SlotList(TypedDict):
    """Free times, earliest first; `next` is the cursor of what follows, or null."""

    slots: list[SlotShape]
    next: str | None


class PartyShape(TypedDict):
    """A room, device or interpreter of a visit; `language` is what the interpreter is there for."""

    id: str
    kind: str
    name: str
    language: str


class AppointmentShape(TypedDict):
    """A booked or held time; `visit` is empty for a hold, `join_url` is told to the booker only."""

    id: str
    visit: str
    patient: str
    practitioner: str
    service: str
    location: str
    status: str
    start: str
    end: str
    zone: str
    version: int
    held_until: str | None
    join_url: str
    test: bool
    resources: list[PartyShape]
    modality: str


class WayShape(TypedDict):
    """One thing that can become of a visit: stand-in, later, cancel or keep; with whom and when."""

    answer: str
    practitioner: Named | None
    start: str | None


class ConcernedShape(TypedDict):
    """A visit of somebody who is away; of its `ways` the first is proposed."""

    appointment: str
    version: int
    visit: str
    status: str
    patient: Named
    service: Named
    start: str
    ways: list[WayShape]


class AbsenceShape(TypedDict):
    """Who is away, and the visits to be arranged; `zone` is their own site's."""

    practitioner: Named
    zone: str
    visits: list[ConcernedShape]


class OutcomeShape(TypedDict):
    """What came of one change; with a `code` the appointment was left as it was, and `detail` says why."""

    appointment: str
    answer: str
    code: str
    detail: str
    status: str
    start: str | None
    practitioner: str


class ArrangedShape(TypedDict):
    """What came of all changes, in the order in which they were sent."""

    outcomes: list[OutcomeShape]
