"""Messages that must leave once: written with what caused them, sent by a worker, retried with back-off."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from telehealth.domain.modality import Modality


class Channel(StrEnum):
    """How a message leaves."""

    EMAIL = "email"
    SMS = "sms"


EVERY_WAY = frozenset(Channel)


class Delivery(StrEnum):
    """Where a message stands.

    `leaving` is an SMS that was handed to the gateway whose answer is not known yet: it may be out, so nobody
    hands it over again. `failed` never left for all we know, `bounced` was refused by the reader's own side.
    """

    DUE = "due"
    SENDING = "sending"
    LEAVING = "leaving"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"


class Turn(StrEnum):
    """What happens to a message."""

    LEAVE = "leave"
    TAKEN = "taken"
    RETRY = "retry"
    GIVE_UP = "give-up"
    BOUNCE = "bounce"
    ARRIVE = "arrive"


TRANSITIONS: dict[tuple[Delivery, Turn], Delivery] = {
    (Delivery.SENDING, Turn.LEAVE): Delivery.LEAVING,
    (Delivery.SENDING, Turn.TAKEN): Delivery.SENT,
    (Delivery.LEAVING, Turn.TAKEN): Delivery.SENT,
    (Delivery.SENDING, Turn.RETRY): Delivery.DUE,
    (Delivery.LEAVING, Turn.RETRY): Delivery.DUE,
    (Delivery.SENDING, Turn.GIVE_UP): Delivery.FAILED,
    (Delivery.LEAVING, Turn.GIVE_UP): Delivery.FAILED,
    (Delivery.SENDING, Turn.BOUNCE): Delivery.BOUNCED,
    (Delivery.LEAVING, Turn.BOUNCE): Delivery.BOUNCED,
    (Delivery.SENT, Turn.BOUNCE): Delivery.BOUNCED,
    (Delivery.FAILED, Turn.BOUNCE): Delivery.BOUNCED,
    (Delivery.LEAVING, Turn.ARRIVE): Delivery.DELIVERED,
    (Delivery.SENT, Turn.ARRIVE): Delivery.DELIVERED,
    (Delivery.FAILED, Turn.ARRIVE): Delivery.DELIVERED,
}
"""Every step that a message takes once it is claimed. The gateway's report may come before our own mark of
having sent it, and may save what we had given up as unsure; nothing comes after `delivered` and `bounced`."""

WAITING = frozenset({Delivery.DUE, Delivery.SENDING, Delivery.LEAVING})
REACHED = frozenset({Delivery.SENT, Delivery.DELIVERED})
LOST = frozenset({Delivery.FAILED, Delivery.BOUNCED})


PASSWORD_FORGOTTEN = "password-forgotten"  # noqa: S105 (a template's name)
LINK_WANTED = "link-wanted"
WISHES = frozenset({PASSWORD_FORGOTTEN, LINK_WANTED})
"""No letters but wishes: `values["wish"]` is the address that somebody typed, or the digest of the link that
somebody holds. Whose it is, the worker looks up."""
INVITATION, MOVED = "visit-invitation", "visit-moved"
STAND_IN = "visit-stand-in"
"""Another specialist has the visit, at the same time or at another one."""
CANCELLED = "visit-cancelled"
SERIES_BOOKED, SERIES_MOVED, SERIES_CANCELLED = "series-booked", "series-moved", "series-cancelled"
OF_SERIES = frozenset({SERIES_BOOKED, SERIES_MOVED, SERIES_CANCELLED})
"""Messages about several visits at once; each stands with the first of them."""
CHANGES = "visits-changed"
"""About several visits of one patient that were changed together; stands with the first that was changed."""
GATHERED = frozenset({MOVED, STAND_IN, CANCELLED, CHANGES})
"""What waits for more to the same patient where many visits are changed one after the other."""
GATHERS = timedelta(seconds=15)
"""So long it waits after each: a hundred visits are changed in less."""
INVITING = frozenset({INVITATION, MOVED, STAND_IN, SERIES_BOOKED, SERIES_MOVED, CHANGES})
"""Messages with the link in them: a patient whom none of them reached cannot come."""
UNDELIVERED = "undelivered"
"""The code of an SMS that the gateway reports as not delivered."""
NEARLY = "visit-nearly"
CONTACT_CODE = "contact-code"
"""Goes to nobody on file: `values["to"]` is where somebody says that they can be reached."""
WAITLIST_OFFER = "waitlist-offer"
"""A free time for somebody who waits for one: there is no visit yet, `values["offer"]` names the offer."""
CHOOSE_TIME = "choose-time"
"""Asks a patient to choose a time: there is no visit yet, `values["choice"]` names the invitation."""
TO_PATIENTS = frozenset({WAITLIST_OFFER, CHOOSE_TIME})
"""Messages to a patient before there is a visit."""
IN_CALENDARS = INVITING | {CANCELLED}
"""Messages whose mail the reader's calendar follows."""
REMINDER, SOON = "visit-reminder", "visit-soon"
REMINDING = frozenset({REMINDER, SOON})
"""Planned when the visit is booked or moved, and taken back when it is moved or cancelled."""
LATE, ON_TIME = "visit-late", "visit-on-time"
LATENESS = frozenset({LATE, ON_TIME})
"""How the clinic runs, for who is not in the waiting room yet; see `domain.lateness`."""
NOT_BY_VIDEO = {
    each: f"{each}-not-by-video"
    for each in (
        INVITATION,
        MOVED,
        STAND_IN,
        CANCELLED,
        REMINDER,
        SOON,
        LATE,
        ON_TIME,
        SERIES_BOOKED,
        SERIES_MOVED,
        SERIES_CANCELLED,
    )
}
"""What a message about visits is called where these are by phone or at a site: it has other words."""
WITH_LINK = INVITING | REMINDING | {NEARLY}
"""Templates that hold the reader's own link; once it would open nothing they are not sent."""
SUPERSEDED = "superseded"
"""The code of a message that was not needed any more when it was to be sent."""
TOO_LATE = "too-late"
"""The code of a reminder that did not leave before the visit began."""
UNSURE = "unsure"
"""The code of an SMS that may be out and may not: it is never sent again, somebody has to phone."""


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One message to one person. `template` names its wording, `values` fills it.

    Links to visits are derived when it is sent. `made_at` is when it was written, `changed_at` when it came
    to where it stands. `offer_id` is the time that it offers to who waits for one, `choice_id` the invitation
    to choose one.
    """

    id: str
    channel: Channel
    template: str
    person_id: str
    language: str
    values: dict[str, str]
    due_at: datetime
    organization_id: str
    made_at: datetime
    changed_at: datetime
    visit_id: str = ""
    account_id: str = ""
    offer_id: str = ""
    choice_id: str = ""
    attempts: int = 0
    state: Delivery = Delivery.DUE
    last_error: str = ""

    @property
    def planned(self) -> bool:
        """Whether it waits for its time, and for nothing else."""
        return self.state is Delivery.DUE and not self.attempts and self.due_at > self.made_at


def kind_of(template: str, way: Modality) -> str:
    """Return which words a message about a visit has."""
    return template if way is Modality.VIDEO else NOT_BY_VIDEO.get(template, template)


GIVE_UP_AFTER = 12


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` failures: 10 s doubling up to an hour; None means give up."""
    if attempts >= GIVE_UP_AFTER:
        return None
    return now + min(timedelta(seconds=10 * 2 ** (attempts - 1)), timedelta(hours=1))


def ways_to(phone: str, email: str, ways: Collection[Channel]) -> tuple[Channel, ...]:
    """Return every way that leads to a person: those with an address that this installation can use.

    Where none does, the ones with an address: their messages fail, and the clinic sees it and phones.
    """
    known = tuple(way for way, to in ((Channel.SMS, phone), (Channel.EMAIL, email)) if to)
    return tuple(way for way in known if way in ways) or known
