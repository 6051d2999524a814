"""What the JSON API answers, as types: handlers are checked against them and the OpenAPI document is made of them."""

from typing import TypedDict


class Identifier(TypedDict):
    """A number that means one person within a system."""

    system: str
    value: str


class PatientShape(TypedDict):
    """A patient as staff see one; `listed` is the name with the family name first."""

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


class ConfirmationShape(TypedDict):
    """Who and where the patient is, as the specialist heard it."""

    identifiers: list[str]
    place: str
    callback: str
    confirmed_at: str


class VisitShape(TypedDict):
    """One visit: a row of the clinic's list and the head of the consult page."""

    id: str
    appointment_id: str
    patient: PatientShape
    practitioner: Named
    service: str
    site: str
    start: str
    end: str
    zone: str
    status: str
    since: str
    device: str
    connection: str
    note_state: str
    confirmation: ConfirmationShape | None
    test: bool


class VisitState(TypedDict):
    """Where a visit stands after a change."""

    id: str
    status: str
    since: str
    device: str
    connection: str
    confirmation: ConfirmationShape | None


class ConsultShape(TypedDict):
    """One visit with those who wait after it."""

    visit: VisitShape
    next: list[VisitShape]


class TilesShape(TypedDict):
    """A day in figures: people and minutes."""

    waiting: int
    longest_wait_minutes: int
    seen: int
    total: int
    late_minutes: int
    to_sign: int


class ClinicShape(TypedDict):
    """One day of one specialist."""

    date: str
    zone: str
    rows: list[VisitShape]
    tiles: TilesShape


class ContentShape(TypedDict):
    """What the author wrote."""

    history: str
    findings: str
    assessment: str
    plan: str
    outcome: str
    when: str


class RecordShape(TypedDict):
    """Where a signed note stands in the shared record: ids of its Composition and Encounter, version, instant."""

    composition: str
    encounter: str
    version: int


class AddendumShape(TypedDict):
    """What was added to a signed note."""

    text: str
    author: str
    added_at: str


class NoteShape(TypedDict):
    """The author's note of a visit; state `none` and version 0 before the first save."""

    visit: str
    state: str
    version: int
    content: ContentShape
    updated_at: str | None
    signed_at: str | None
    record: RecordShape | None
    addenda: list[AddendumShape]


class UnsignedShape(TypedDict):
    """Drafts that wait for their author."""

    notes: list[VisitShape]


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


class ServiceShape(TypedDict):
    """What can be booked; practitioners are ids of those who offer it."""

    id: str
    name: str
    specialty: str
    minutes: int
    organization: str
    practitioners: list[str]


class SpecialistShape(TypedDict):
    """With whom a visit can be booked."""

    id: str
    name: str
    specialty: str
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
    """One free time; `zone` is the site's."""

    practitioner: Named
    service: Named
    location: Named
    zone: str
    start: str
    end: str


class SlotList(TypedDict):
    """Free times, earliest first; `next` is the cursor of what follows, or null."""

    slots: list[SlotShape]
    next: str | None


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


class FirstScreenShape(TypedDict):
    """What a link shows before anyone has pressed a button; `state` is open, early, over or cancelled."""

    state: str
    practitioner: str
    organization: str
    phone: str
    start: str
    end: str
    zone: str
    patient: str
    language: str


class OpenedShape(TypedDict):
    """Whose visit the link has opened; the cookie came with it."""

    visit: str


class AgreedShape(TypedDict):
    """What was agreed at the end of a visit."""

    outcome: str
    when: str


class MyVisitShape(TypedDict):
    """The patient's own visit; `ahead` is how many wait before them, `csrf` goes into the next write's header."""

    visit: str
    status: str
    device: str
    practitioner: str
    organization: str
    phone: str
    patient: str
    start: str
    end: str
    zone: str
    ahead: int
    csrf: str
    consented: bool
    summary: AgreedShape | None
