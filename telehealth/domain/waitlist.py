"""Who waits for a time that nobody has yet: what they wish, what is offered to them, and in which order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from telehealth.domain.errors import BadInput, FieldProblem, WrongState
from telehealth.domain.reminders import MORNING, NIGHT
from telehealth.domain.sentences import N_

KEPT = timedelta(hours=2)
"""So long an offered time is kept; hours of the night do not count."""
SHORTEST = timedelta(minutes=15)
"""Where less is left to answer, the time is not offered."""
PATIENCE = 3
"""After so many offers in a row that were not answered there are no more: somebody has to phone."""
REST = timedelta(days=1)
"""So long nothing is offered to whom as many offers in a row did not reach: nobody else could have them."""
LONGEST = timedelta(days=184)
"""So far apart the first and the last day of a wish may be."""
OWN_NOTICE = 24
"""Hours of notice of who asks for an earlier time by their link."""
FULL_DAY = 24
"""Hours."""
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
MOST_NOTICE = 14 * 24
"""Hours that somebody may ask to be told before a visit."""


Place = tuple[str, datetime]
"""A practitioner's time."""


class WaitStatus(StrEnum):
    """Where somebody stands on a waiting list."""

    WAITING = "waiting"
    BOOKED = "booked"
    LEFT = "left"
    OVER = "over"


class Earlier(StrEnum):
    """Whether a patient can be written to of an earlier time of their visit, and has asked for it."""

    NEVER = "never"
    POSSIBLE = "possible"
    ASKED = "asked"
    TIRED = "tired"
    """They have asked, and nothing more is offered: they did not answer."""


class OfferState(StrEnum):
    """Where an offer stands; all but an open one are for ever."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


ANSWERED = frozenset({OfferState.TAKEN, OfferState.DECLINED, OfferState.WITHDRAWN})
"""What says that somebody answers. While they wait, an offer is withdrawn only where it was not to be had any
more when they took it."""


@dataclass(frozen=True, slots=True)
class Suits:
    """When somebody can come: ISO weekdays, and from which hour of the site's clock until before which."""

    weekdays: tuple[int, ...] = EVERY_DAY
    from_hour: int = 0
    until_hour: int = FULL_DAY


ALWAYS = Suits()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on a service's waiting list: `organization_id` is the service's house.

    Times are wished from `first` to `last`, both inclusive, on ISO `weekdays`, from `from_hour` until before
    `until_hour`, at least `notice_hours` after they are offered; an empty `practitioner_id` is anybody. Days
    and hours are those of the site. `by_patient` says who put them there. With `visit_id`, that
    visit is to be earlier: without it there is nothing to wait for, and with whom and until when is as that
    visit stands by then.
    """

    id: str
    organization_id: str
    patient_organization_id: str
    service_id: str
    patient_id: str
    practitioner_id: str
    first: date
    last: date
    weekdays: tuple[int, ...]
    notice_hours: int
    since: datetime
    visit_id: str = ""
    status: WaitStatus = WaitStatus.WAITING
    from_hour: int = 0
    until_hour: int = FULL_DAY
    by_patient: bool = False
    version: int = 0

    def end(self, status: WaitStatus) -> Self:
        """Return them off the list; raises WrongState when they are off it already."""
        if self.status is not WaitStatus.WAITING:
            raise WrongState
        return replace(self, status=status, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that is kept for somebody on a waiting list until `expires_at`, by the hold `hold_id`.

    `digest` is the HMAC of its link's token, `code_digest` that of the code beside it;
    `tries` counts wrong birth dates typed with the code.
    """

    id: str
    waiting_id: str
    patient_id: str
    hold_id: str
    practitioner_id: str
    start: datetime
    expires_at: datetime
    made_at: datetime
    digest: bytes
    code_digest: bytes
    state: OfferState = OfferState.OPEN
    tries: int = 0
    version: int = 0

    def close(self, state: OfferState) -> Self:
        """Return it answered or over; raises WrongState when it is so already."""
        if self.state is not OfferState.OPEN:
            raise WrongState
        return replace(self, state=state, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Chance:
    """A free time as the list sees it: with whom, when (UTC), and the site's zone."""

    practitioner_id: str
    start: datetime
    zone: str

    @property
    def place(self) -> Place:
        """What only one can have."""
        return self.practitioner_id, self.start


@dataclass(frozen=True, slots=True)
class Sought:
    """Who is sought on a list: a patient, who waits for a practitioner, or everybody.

    Only those behind `after`, a wish's `since` and id, and at most `count` of them; None is all.
    """

    patient_id: str = ""
    practitioner_id: str = ""
    after: tuple[datetime, str] | None = None
    count: int | None = None


EVERYBODY = Sought()


def check_wish(one: Waiting, today: date) -> None:
    """Pass a wish that can come true; raises BadInput naming every field that cannot be used."""
    problems = [
        problem
        for wrong, problem in (
            (
                one.last < one.first,
                FieldProblem("last", "upside-down", N_("The last day comes before the first one.")),
            ),
            (one.last < today, FieldProblem("last", "past", N_("This day is over."))),
            (
                one.last - one.first > LONGEST,
                FieldProblem("last", "too-far", N_("Please choose at most six months.")),
            ),
            (
                not one.weekdays or not set(one.weekdays) <= set(EVERY_DAY),
                FieldProblem("weekdays", "missing", N_("Please choose at least one day of the week.")),
            ),
            (
                not 0 <= one.from_hour < one.until_hour <= FULL_DAY,
                FieldProblem("hours", "out-of-range", N_("Please choose a time of the day.")),
            ),
            (
                not 0 <= one.notice_hours <= MOST_NOTICE,
                FieldProblem("notice_hours", "out-of-range", N_("Please choose at most two weeks.")),
            ),
        )
        if wrong
    ]
    if problems:
        raise BadInput(*problems)


def fits(one: Waiting, chance: Chance, now: datetime) -> bool:
    """Whether a free time is one that somebody wishes."""
    local = _local(chance.start, chance.zone)
    day = local.date()
    return (
        one.practitioner_id in {"", chance.practitioner_id}
        and one.first <= day <= one.last
        and day.isoweekday() in one.weekdays
        and one.from_hour <= local.hour < one.until_hour
        and chance.start - now >= timedelta(hours=one.notice_hours)
    )


@lru_cache(maxsize=8192)
def _local(start: datetime, zone: str) -> datetime:
    """Return a time as clocks there show it; many wishes are held against the same times."""
    return start.astimezone(ZoneInfo(zone))


def tired(offers: Collection[Offer], unreached: Collection[str]) -> bool:
    """Whether so many of somebody's offers were not answered since they last answered one.

    One of `unreached` reached nobody, so nobody could answer it.
    """
    answers = [each.made_at for each in offers if each.state in ANSWERED]
    missed = [each for each in offers if each.state is OfferState.EXPIRED and each.id not in unreached]
    return sum(not answers or each.made_at > max(answers) for each in missed) >= PATIENCE


def resting(offers: Collection[Offer], unreached: Collection[str], now: datetime) -> bool:
    """Whether somebody could not be reached so often that the next try has to wait."""
    newest = sorted(offers, key=lambda each: each.made_at, reverse=True)[:PATIENCE]
    lost = len(newest) == PATIENCE and all(each.id in unreached for each in newest)
    return lost and now - newest[0].made_at < REST


def can_be_earlier(start: datetime, now: datetime) -> bool:
    """Whether any time before this one gives who asks by their link the notice that they get."""
    return start - now > timedelta(hours=OWN_NOTICE)


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return who comes first: whoever has waited longest."""
    return sorted(waiting, key=lambda one: (one.since, one.id))


def left_for(one: Waiting, chances: Iterable[Chance], gone: Collection[Place], now: datetime) -> list[Chance]:
    """Return what of these times can be offered to somebody: what fits, and nobody before them got."""
    return [each for each in chances if each.place not in gone and fits(one, each, now)]


def at_night(now: datetime, zone: str) -> bool:
    """Whether nobody is written to in this zone."""
    return not MORNING <= now.astimezone(ZoneInfo(zone)).time() < NIGHT


def answer_by(now: datetime, zone: str, latest: datetime) -> datetime | None:
    """Return until when an offer of now is kept, `latest` at the latest; None when there is too little time.

    `zone` is the patient's: of its hours those of the night do not count.
    """
    there = ZoneInfo(zone)
    local = now.astimezone(there)
    evening = datetime.combine(local.date(), NIGHT, there).astimezone(UTC)
    until = now + KEPT
    if until > evening:
        morning = datetime.combine(local.date() + timedelta(days=1), MORNING, there).astimezone(UTC)
        until = morning + (until - evening)
    until = min(until, latest)
    return until if until - now >= SHORTEST else None
