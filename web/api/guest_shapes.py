"""What the JSON API answers about the guests of a visit."""

from typing import TypedDict


class GuestShape(TypedDict):
    """Who is invited to a visit. `kind` is relative, interpreter, signer, clinician or other.

    `state` is invited (not opened), opened, waiting, admitted, or removed.
    """

    id: str
    name: str
    kind: str
    state: str
    since: str


class GuestsShape(TypedDict):
    """Everybody who is invited to a visit, without those who were removed."""

    guests: list[GuestShape]


class InvitedShape(TypedDict):
    """A new guest, and the link by which they come: it is shown once."""

    guest: GuestShape
    url: str


class MyPlaceAsGuestShape(TypedDict):
    """All that a guest knows of a visit: `visit` is the state of the link, as in FirstScreenShape.

    `id` is empty and `state` invited until the link is opened; `csrf` is for the next write. `patient` is the
    given name with an initial. `when` says the start in words where the patient is, `place` whose clock
    that is where only the reader's own may differ. `running`: the patient is in the call. `sentence` says why
    and until when the clinic is closed.
    """

    id: str
    name: str
    kind: str
    state: str
    visit: str
    practitioner: str
    organization: str
    phone: str
    patient: str
    when: str
    place: str
    start: str
    zone: str
    sentence: str
    running: bool
    csrf: str
