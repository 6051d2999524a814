"""Weekly hours of a specialist, one form for each: what the change means is shown before it is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from aiohttp.web import Request, Response

from telehealth.domain.errors import StaleVersion
from telehealth.domain.organizations import Location
from telehealth.domain.scheduling import WeeklyHours
from web.api.hours import MOST_BREAKS, HoursBody, new_hours
from web.body import posted
from web.gates import see
from web.keys import FILLED, REFUSED
from web.readers import VERSION, Day, Many, WallSpan, Whole
from web.reading import form
from web.render import page
from web.request import actor, identifier, services

MOST_SEEN = 100_000
DASHES = re.compile(r"\s*[-–/]\s*")
ASKED = ("weekday", "start", "end", "week")
"""What an address may say of the form: where a block was dragged to, and in the week of which day."""


class Breaks:
    """Breaks in one line, as people write them: 10:00-10:15 12:00-12:45."""

    def read(self, value: object, field: str) -> tuple[tuple[time, time], ...]:
        """Return them; raises BadInput."""
        words = re.split(r"[\s,;]+", DASHES.sub("/", str(value).strip()))
        return Many(WallSpan(), MOST_BREAKS).read(words, field)

    def schema(self) -> dict[str, Any]:
        """Return a line's schema."""
        return {"type": "string"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed(HoursBody):
    """Hours as typed; `seen` is how many visits outside of them were shown, `week` a day to go back to."""

    breaks: Annotated[tuple[tuple[time, time], ...], Breaks()] = ()
    seen: Annotated[int, Whole(0, MOST_SEEN)] = 0
    week: Annotated[date | None, Day()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Typed):
    """Hours as they are to be, and their version as it was read."""

    version: Annotated[int, VERSION]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The version that was read, and how many booked visits the page has shown."""

    version: Annotated[int, VERSION]
    seen: Annotated[int, Whole(0, MOST_SEEN)] = 0
    week: Annotated[date | None, Day()] = None


async def new(request: Request) -> Response:
    """Show the form for hours more, as a place in the week was chosen."""
    request[FILLED] = _asked(request)
    return await again_new(request)


async def again_new(request: Request) -> Response:
    """Show the form for hours more as it was filled in, with what was wrong."""
    return await _form(request, "")


async def add(request: Request) -> Response:
    """Add hours; nothing that is booked can lie outside of more hours."""
    person, sent = _whose(request), await form(request, Typed)
    await services(request).hours.add(actor(request), new_hours(person, sent))
    return _back(person, sent.week, 0)


async def show(request: Request) -> Response:
    """Show hours in their form, as they stand or where a block was dragged to."""
    request[FILLED] = _asked(request)
    return await again(request)


async def again(request: Request) -> Response:
    """Show the form as it was filled in; where somebody was faster, what stands now beside it."""
    return await _form(request, identifier(request, "hours"))


async def change(request: Request) -> Response:
    """Change hours, once the booked visits that would lie outside of them were seen."""
    person, hours_id, sent = _whose(request), identifier(request, "hours"), await form(request, Changed)
    wanted, timing = new_hours(person, sent), services(request).timing
    lost = await timing.plans.outside(actor(request), person, hours_id, wanted)
    if len(lost) > sent.seen:
        request[FILLED] = dict(await posted(request))
        return await _form(request, hours_id, lost)
    await services(request).hours.change(actor(request), hours_id, sent.version, wanted)
    return _back(person, sent.week, len(lost))


async def remove(request: Request) -> Response:
    """Take hours away, once the visits that are booked in them were seen."""
    person, hours_id, sent = _whose(request), identifier(request, "hours"), await form(request, Seen)
    lost = await services(request).timing.plans.outside(actor(request), person, hours_id, None)
    if len(lost) > sent.seen:
        return await _form(request, hours_id, lost, removed=True)
    await services(request).hours.remove(actor(request), person, hours_id, sent.version)
    return _back(person, sent.week, len(lost))


def _back(person: str, week: date | None, booked: int) -> Response:
    return see(f"/hours?person={person}&week={week or ''}&done=kept&booked={booked}")


def _whose(request: Request) -> str:
    return identifier(request, "person")


def _asked(request: Request) -> dict[str, str]:
    return {name: request.query[name] for name in ASKED if name in request.query}


def _standing(rule: WeeklyHours | None, site: str) -> dict[str, str]:
    """Return the hours that stand as the form shows them; of new ones, the specialist's own site."""
    if rule is None:
        return {"weekday": "1", "site": site}
    return {
        "weekday": str(rule.weekday),
        "start": rule.start.isoformat("minutes"),
        "end": rule.end.isoformat("minutes"),
        "service": rule.service_id,
        "site": rule.location_id,
        "breaks": " ".join(f"{each.start:%H:%M}-{each.end:%H:%M}" for each in rule.breaks),
        "valid_from": rule.valid_from.isoformat(),
        "until": rule.until.isoformat() if rule.until else "",
    }


async def _form(
    request: Request, hours_id: str, lost: Sequence[tuple[datetime, Location]] = (), *, removed: bool = False
) -> Response:
    found = await services(request).timing.plans.form(actor(request), _whose(request), hours_id)
    stands = _standing(found.rule, found.person.location_id)
    request[FILLED] = {"week": ""} | stands | request.get(FILLED, {})
    return page(
        request,
        "staff/weekly.html",
        found=found,
        stands=stands,
        stale=isinstance(request.get(REFUSED), StaleVersion),
        lost=lost,
        removed=removed,
    )
