"""Visits that come back: how often, every single one seen before it is booked, one press. Without scripts."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from aiohttp.web import Request, Response

from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.modality import Modality
from telehealth.domain.resources import Needs
from telehealth.domain.sentences import N_
from telehealth.domain.series import LAST, MOST, Frequency, Rule
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.domain.zone_rules import jumped_over
from telehealth.services.desk import Catalogue
from telehealth.services.series import Choice
from telehealth.services.series_plan import Outlook, Wanted
from web.api.series import OCCURRENCE, reason
from web.gates import see
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, Day, Instant, Many, Text, Whole
from web.readers import Choice as OneOf
from web.reading import form, query
from web.render import page
from web.request import actor, identifier, new_key, once, services

AS_A_RULE = 6
"""Visits that a series is proposed to have."""
DAYS_OF_A_WEEK, SURE = 7, 4
"""Every month has four of each weekday; what is the fifth once is meant as the last."""
NOT_WEEKLY = N_("Further days of the week go with weekly visits only.")


class Every(StrEnum):
    """How often, as the page offers it."""

    WEEK = "week"
    TWO_WEEKS = "two-weeks"
    FOUR_WEEKS = "four-weeks"
    MONTH_WEEKDAY = "month-weekday"
    MONTH_DAY = "month-day"
    YEAR = "year"
    DAY = "day"


RULES = {
    Every.WEEK: Rule(Frequency.WEEKLY),
    Every.TWO_WEEKS: Rule(Frequency.WEEKLY, 2),
    Every.FOUR_WEEKS: Rule(Frequency.WEEKLY, 4),
    Every.MONTH_WEEKDAY: Rule(Frequency.MONTHLY),
    Every.MONTH_DAY: Rule(Frequency.MONTHLY),
    Every.YEAR: Rule(Frequency.YEARLY),
    Every.DAY: Rule(Frequency.DAILY),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one visit: as proposed, not at all, or at another time."""

    occurrence: str
    yes: bool
    start: datetime | None


class Written:
    """An answer as the page's choice carries it: the occurrence, a space, and yes, no or an instant."""

    def read(self, value: object, field: str) -> Answer:
        """Return the answer; raises BadInput."""
        name, _, word = str(value).partition(" ")
        occurrence = OCCURRENCE.read(name, field)
        start = Instant().read(word, field) if word not in {"yes", "no"} else None
        return Answer(occurrence, word == "yes", start)

    def schema(self) -> dict[str, Any]:
        """Return an answer's schema."""
        return {"type": "string"}


ANSWERS = Many(Written(), MOST)
WEEKDAYS = Many(Whole(1, DAYS_OF_A_WEEK), DAYS_OF_A_WEEK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The first visit, and how often it comes back; `until` goes before `count`.

    `weekday` (1 = Monday) are further days of the week, beside the first visit's. `room`, `device` and
    `interpreter` are what each visit needs, as in a booking, and `modality` is how it takes place.
    """

    patient_id: Annotated[str, IDENTIFIER]
    service_id: Annotated[str, IDENTIFIER]
    practitioner_id: Annotated[str, IDENTIFIER]
    start: Annotated[datetime, Instant()]
    every: Annotated[Every, OneOf(Every)] = Every.WEEK
    count: Annotated[int, Whole(2, MOST)] = AS_A_RULE
    until: Annotated[date | None, Day()] = None
    weekday: Annotated[tuple[int, ...], WEEKDAYS] = ()
    room: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    device: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    interpreter: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    modality: Annotated[Modality | None, OneOf(Modality)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Asked):
    """The same with what becomes of each visit."""

    answer: Annotated[tuple[Answer, ...], ANSWERS] = ()


async def ask(request: Request) -> Response:
    """Ask how often a visit comes back that is about to be booked."""
    return await _show(request, query(request, Asked, strict=False), None)


async def look(request: Request) -> Response:
    """Show every visit of the series; nothing is booked."""
    asked = await form(request, Asked)
    return await _show(request, asked, await _foreseen(request, asked))


async def again_look(request: Request) -> Response:
    """Ask again, with what was wrong."""
    return await _show(request, await _first(request), None)


async def book(request: Request) -> Response:
    """Book them all; a second press changes nothing."""
    sent = await form(request, Pressed)
    left_out = frozenset(each.occurrence for each in sent.answer if not each.yes and not each.start)
    instead = {each.occurrence: each.start for each in sent.answer if each.start}
    choice = Choice(await _wanted(request, sent), left_out, instead)
    booked = await services(request).appointments.series.book(actor(request), choice, await once(request))
    return see(f"/series/{booked.series.id}?done=booked")


async def again_book(request: Request) -> Response:
    """Show every visit again after a refusal such as a time just taken."""
    asked = await form(request, Asked)
    return await _show(request, asked, await _foreseen(request, asked))


async def show(request: Request) -> Response:
    """Show a series as it stands."""
    found = await services(request).appointments.series.look(actor(request), identifier(request, "series"))
    shifted = {row.visit.id for row in found.rows if jumped_over(row.appointment)}
    reached = bool(services(request).booking.ways(found.rows[0].patient))
    done = request.query.get("done", "")
    return page(request, "staff/series.html", found=found, shifted=shifted, reached=reached, done=done)


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """The first visit, what is ticked and needed: what can be read of a form whose other fields are wrong."""

    patient_id: Annotated[str, IDENTIFIER]
    service_id: Annotated[str, IDENTIFIER]
    practitioner_id: Annotated[str, IDENTIFIER]
    start: Annotated[datetime, Instant()]
    weekday: Annotated[tuple[int, ...], WEEKDAYS] = ()
    room: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    device: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    interpreter: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    modality: Annotated[Modality | None, OneOf(Modality)] = None


async def _first(request: Request) -> Asked:
    return Asked(**asdict(await form(request, First)))


async def _foreseen(request: Request, asked: Asked) -> Outlook:
    wanted = await _wanted(request, asked)
    return await services(request).appointments.series.foresee(actor(request), wanted)


async def _wanted(request: Request, asked: Asked) -> Wanted:
    zone = _zone(await services(request).desk.catalogue(actor(request)), asked.practitioner_id)
    ids = (asked.patient_id, asked.service_id, asked.practitioner_id)
    needs = Needs(asked.room, asked.device, asked.interpreter)
    return Wanted(*ids, asked.start, rule_of(asked, zone), needs, asked.modality)


def rule_of(asked: Asked, zone: str) -> Rule:
    """Return the rule that the page's words mean for a first visit by the clock of `zone`."""
    first = asked.start.astimezone(ZoneInfo(zone)).date()
    count, until = (0, asked.until) if asked.until else (asked.count, None)
    rule = RULES[asked.every]
    if asked.every is Every.MONTH_WEEKDAY:
        nth = (first.day - 1) // DAYS_OF_A_WEEK + 1
        rule = replace(rule, nth=nth if nth <= SURE else LAST)
    if asked.weekday:
        if rule.frequency is not Frequency.WEEKLY:
            raise BadInput(FieldProblem("weekday", "not-weekly", NOT_WEEKLY))
        rule = replace(rule, weekdays=tuple(sorted({first.isoweekday(), *asked.weekday})))
    return replace(rule, count=count, until=until)


def _zone(catalogue: Catalogue, practitioner_id: str) -> str:
    """Return by whose clock a specialist's series is told; raises NotFound."""
    sites = {each.id: each.zone for each in catalogue.locations}
    for each in catalogue.practitioners:
        if each.id == practitioner_id:
            return sites[each.location_id]
    raise NotFound


async def _show(request: Request, asked: Asked, found: Outlook | None) -> Response:
    patient = await services(request).desk.get(actor(request), asked.patient_id)
    catalogue = await services(request).desk.catalogue(actor(request))
    service = next((each for each in catalogue.services if each.id == asked.service_id), None)
    person = next((each for each in catalogue.practitioners if each.id == asked.practitioner_id), None)
    if service is None or person is None:
        raise NotFound
    visits = found.visits if found else ()
    return page(
        request,
        "staff/series_book.html",
        asked=asked,
        patient=patient,
        service=service,
        practitioner=person,
        zone=_zone(catalogue, person.id),
        found=found,
        visits=[(each, reason(request, each)) for each in visits],
        ways=services(request).booking.ways(patient),
        there=await services(request).timing.resources.bookable(actor(request)),
        most=MOST,
        once=new_key(request),
    )
