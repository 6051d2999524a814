"""Who of those on a waiting list can be offered something now, and what they look for: without storage."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from telehealth.domain.people import Patient
from telehealth.domain.resources import Party, needs_of
from telehealth.domain.scheduling import Interval
from telehealth.domain.waitlist import Chance, Offer, OfferState, Place, Waiting, resting, tired
from telehealth.services.repositories import DayRow
from telehealth.services.slots import FreeSlot, SlotQuery
from telehealth.services.waitlist_times import AT_ONCE

LAST = datetime.max.replace(tzinfo=UTC)
AROUND = timedelta(days=1)
"""A day somewhere begins and ends within one of UTC's and this."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody to whom something can be offered now; `moves` is the visit that would be earlier.

    `had` is what that visit has, and needs at any other time too. `refused` is what was offered to them
    before, `busy` when they are in another visit.
    """

    one: Waiting
    patient: Patient
    moves: DayRow | None
    had: Sequence[Party]
    refused: frozenset[Place]
    busy: Sequence[Interval]

    def takes(self, slot: FreeSlot) -> bool:
        """Whether they are in no other visit then; and nothing is offered to anybody twice."""
        visit = Interval(slot.start, slot.end)
        new = chance_of(slot).place not in self.refused
        return new and not any(each.overlaps(visit) for each in self.busy)


def answering(offers: Sequence[Offer], lost: Collection[str], now: datetime) -> set[str]:
    """Return the wishes that have an open offer, or too many that nobody answered or that reached nobody."""
    had = defaultdict(list)
    for each in offers:
        had[each.waiting_id].append(each)
    open_ = {each.waiting_id for each in offers if each.state is OfferState.OPEN}
    return open_ | {one for one, those in had.items() if tired(those, lost) or resting(those, lost, now)}


def by_wish(offers: Sequence[Offer]) -> defaultdict[str, frozenset[Place]]:
    """Return what was offered for each wish."""
    found: defaultdict[str, frozenset[Place]] = defaultdict(frozenset)
    for each in offers:
        found[each.waiting_id] |= {(each.practitioner_id, each.start)}
    return found


def is_over(one: Waiting, booked: Collection[str], now: datetime) -> bool:
    """Whether the last wished day is over everywhere, or the wish's visit is none of those ahead."""
    return one.last + AROUND < now.date() or bool(one.visit_id and one.visit_id not in booked)


def query_of(who: Asking, now: datetime) -> SlotQuery:
    """Return what is looked for, with what the visit needs that would be moved."""
    one, whose = who.one, who.moves.appointment.patient_organization_id if who.moves else ""
    start = max(now + timedelta(hours=one.notice_hours), _day(one, first=True))
    end = min(_day(one, first=False), who.moves.appointment.start if who.moves else LAST)
    query = SlotQuery(one.service_id, start, end, one.practitioner_id, AT_ONCE)
    return replace(query, needs=needs_of(who.had), whose=whose, had=who.had) if who.had else query


def chance_of(slot: FreeSlot) -> Chance:
    """Return a free time as the list sees it."""
    return Chance(slot.practitioner.id, slot.start, slot.location.zone)


def _day(one: Waiting, *, first: bool) -> datetime:
    """Return before when, or after when, nothing lies that is wished, in whatever zone."""
    day = one.first - AROUND if first else one.last + 2 * AROUND
    return datetime.combine(day, time(0), tzinfo=UTC)
