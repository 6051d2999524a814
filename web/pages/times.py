"""The free times of a few days, to book a visit or move one; where there are none, the next free day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from aiohttp.web import Request

from telehealth.domain.modality import Modality
from telehealth.domain.resources import NOTHING, Needs, Party
from telehealth.domain.scheduling import whole_day
from telehealth.services.desk import Catalogue
from telehealth.services.slots import FreeSlot, SlotQuery
from web.keys import STANDING
from web.request import actor, services, today
from web.zones import zone_of

DAYS_SHOWN = 3
MOST_SHOWN = 300
LOOKED_AHEAD = timedelta(days=60)
"""How far beyond the days shown the next free time is looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose times: of a service, perhaps one specialist, told by days of `zone`.

    Those of anybody stand there once each; with `patient_id` none at which the patient is in a visit.
    `whose` and `had` are of a visit that was looked up to be moved, see SlotQuery.
    """

    service_id: str
    practitioner_id: str
    zone: str
    patient_id: str = ""
    language: str = ""
    needs: Needs = NOTHING
    whose: str = ""
    had: Sequence[Party] = ()
    modality: Modality | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """Free times by the day on which they begin at their site, `first` to `last`; `later` is where to go on.

    `zones` are those in which the times are told. `following` is the next day with a free time where these
    days have none, and None where `LOOKED_AHEAD` has none either.
    """

    first: date
    last: date
    days: list[tuple[date, list[FreeSlot]]]
    zones: list[str]
    later: date
    following: date | None


def own_zone(request: Request, catalogue: Catalogue) -> str:
    """Return the zone of the site where the member of staff works, which is what their "today" means."""
    own = request[STANDING].practitioner.location_id
    return next((each.zone for each in catalogue.locations if each.id == own), "UTC")


async def free_times(request: Request, wanted: Wanted, day: date | None) -> Times:
    """Return the free times from a day on, from today unless `day` says otherwise."""
    first = day or today(request, wanted.zone)
    last = first + timedelta(days=DAYS_SHOWN - 1)
    slots = await _find(request, wanted, first, last, MOST_SHOWN)
    beyond = last + timedelta(days=1)
    ahead = [] if slots else await _find(request, wanted, beyond, last + LOOKED_AHEAD, 1)
    following = _local_day(ahead[0]) if ahead else None
    later = beyond
    if len(slots) == MOST_SHOWN:  # a day that was cut short is shown again from its beginning
        later = max(_local_day(slots[-1]), first + timedelta(days=1))
    zones = sorted({each.location.zone for each in slots})
    return Times(first, last, by_day(slots), zones, later, following)


async def _find(request: Request, wanted: Wanted, first: date, last: date, count: int) -> list[FreeSlot]:
    zone = ZoneInfo(wanted.zone)
    start, end = whole_day(first, zone).start, whole_day(last, zone).end
    query = SlotQuery(
        wanted.service_id,
        start,
        end,
        wanted.practitioner_id,
        count,
        patient_id=wanted.patient_id,
        language=wanted.language,
        needs=wanted.needs,
        whose=wanted.whose,
        had=wanted.had,
        modality=wanted.modality,
        each_once=not wanted.practitioner_id,
    )
    return await services(request).booking.find(actor(request), query)


def by_day(slots: Sequence[FreeSlot], zone: str = "") -> list[tuple[date, list[FreeSlot]]]:
    """Return free times by the day on which they begin in a zone, else each at its site."""

    def day_of(slot: FreeSlot) -> date:
        return _local_day(slot, zone)

    ordered = sorted(slots, key=lambda slot: (day_of(slot), slot.start))
    return [(day, list(group)) for day, group in groupby(ordered, key=day_of)]


def _local_day(slot: FreeSlot, zone: str = "") -> date:
    return slot.start.astimezone(zone_of(zone or slot.location.zone)).date()
