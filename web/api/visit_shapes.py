"""What the JSON API answers about visits and notes: handlers are checked against these types."""

from typing import TypedDict

from web.api.line_check_shapes import CheckShape
from web.api.shapes import Named, PartyShape, PatientShape


class ConfirmationShape(TypedDict):
    """Who and where the patient is, as the specialist heard it."""

    identifiers: list[str]
    place: str
    callback: str
    confirmed_at: str


class VisitShape(TypedDict):
    """One visit: a row of the clinic's list and the head of the consult page.

    `call_on` is the number on which the patient asked to be phoned, or empty.
    `asking`: the link is open on a second device, which waits for the specialist's word.
    `together` are seen in the visit's group session, itself among them, of so many `places`; 0 is alone.
    """

    id: str
    appointment_id: str
    patient: PatientShape
    practitioner: Named
    service: str
    service_id: str
    site: str
    start: str
    end: str
    zone: str
    status: str
    since: str
    device: str
    connection: str
    call_on: str
    note_state: str
    confirmation: ConfirmationShape | None
    priority: str
    test: bool
    undelivered: bool
    closed: bool
    asking: bool
    together: int
    places: int
    modality: str
    check: CheckShape | None


class VisitState(TypedDict):
    """Where a visit stands after a change."""

    id: str
    status: str
    since: str
    device: str
    connection: str
    call_on: str
    confirmation: ConfirmationShape | None
    asking: bool


class RecalledShape(VisitState):
    """A visit that was missed, and is so no more; not `reserved` where time left of it is somebody else's."""

    reserved: bool


class AllergyShape(TypedDict):
    """One allergy or intolerance; `severe` where the next reaction may be life-threatening."""

    id: str
    substance: str
    reaction: str
    severe: bool


class AllergiesShape(TypedDict):
    """What holds now; `known` is some, none (no allergy is known), unrecorded (nobody asked) or withheld."""

    known: str
    allergies: list[AllergyShape]


class ConsultShape(TypedDict):
    """One visit with those who wait after it, and what its patient is allergic to."""

    visit: VisitShape
    next: list[VisitShape]
    allergies: AllergiesShape


class TilesShape(TypedDict):
    """A day in figures: people and minutes."""

    waiting: int
    longest_wait_minutes: int
    seen: int
    total: int
    late_minutes: int
    to_sign: int


class RunningShape(TypedDict):
    """How the specialist's clinic runs today; the reasons are words of the clinic, empty for none."""

    late_minutes: int
    late_reason: str
    paused: bool
    pause_reason: str


class SentShape(TypedDict):
    """To how many patients a message went."""

    sent: int


class PriorityShape(TypedDict):
    """How soon somebody has to be seen."""

    id: str
    priority: str


class SpanShape(TypedDict):
    """From when until before when."""

    start: str
    end: str


class ClinicRowShape(VisitShape):
    """A visit in the day's list, and the room, the device and the interpreter that are booked with it."""

    resources: list[PartyShape]


class ClinicShape(TypedDict):
    """One day of one specialist; `closed` is when the clinic is, where that concerns a visit of these."""

    date: str
    zone: str
    rows: list[ClinicRowShape]
    tiles: TilesShape
    running: RunningShape
    closed: SpanShape | None


class ContentShape(TypedDict):
    """What the author wrote."""

    history: str
    findings: str
    assessment: str
    plan: str
    outcome: str
    when: str


class RecordShape(TypedDict):
    """Where a signed note stands in the shared record: ids of its Composition and Encounter, version."""

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


class FirstScreenShape(TypedDict):
    """What a link shows before anyone has pressed a button; `state`: open, early, over, cancelled, closed.

    `way` is how it takes place: video, assisted, phone. `early` is true long before the start and of a visit
    that is not by video; `when` and `sentence` say when that is and `todo` what the patient does then, in the
    page's language. A link to a visit by phone is early whatever the hour, for there is nothing to open;
    where an open one is not by video, `sentence` has it all;
    while the clinic is closed then, they say that, and why and until when.
    `place` is whose clock is meant; empty where `when` names it already. A link from before the visit was
    `moved` is early whatever the hour: it tells the new time, for which there is a newer link. What is not
    `changeable` by the link, by its hour or any more, the clinic changes by phone. `book` is the page where
    anybody books the service of a visit that was cancelled; empty where that is not open.
    """

    state: str
    early: bool
    way: str
    moved: bool
    changeable: bool
    when: str
    sentence: str
    todo: str
    place: str
    practitioner: str
    organization: str
    phone: str
    start: str
    end: str
    zone: str
    patient: str
    language: str
    book: str


class AgreedShape(TypedDict):
    """What was agreed at the end of a visit."""

    outcome: str
    when: str


class TransferShape(TypedDict):
    """A code by which the same person goes on in another browser, once; `url` carries it, `until` ends it."""

    code: str
    url: str
    until: str


class PlaceShape(TypedDict):
    """The place in line; `minutes` is null where nobody can say, `late` the clinic's minutes."""

    ahead: int
    minutes: int | None
    late: int
    why: str
    paused: bool


class ClinicMessageShape(TypedDict):
    """What the clinic said: the name of a prepared sentence, or its own words in a language."""

    id: str
    sent: str
    prepared: str
    text: str
    language: str


class MyVisitShape(TypedDict):
    """The patient's own visit. `csrf` is for the next write, `mark` for asking whether anything is new.

    `text_me` is no, wanted, sent, or impossible without a contact. `own_phone` is the end of the number
    on file, `call_on` where they asked to be phoned; both may be empty.
    `hold` is what this browser is to it: free (nobody's yet), bound (the patient's device), asking, other.
    """

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
    place: PlaceShape
    messages: list[ClinicMessageShape]
    text_me: str
    csrf: str
    hold: str
    mark: str
    consented: bool
    own_phone: str
    call_on: str
    summary: AgreedShape | None
    check: CheckShape | None
