"""/api/v1/series: visits that come back, foreseen and booked in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.modality import Modality
from telehealth.domain.resources import Needs, Party
from telehealth.domain.series import CODES, MOST, MOST_APART, Frequency, Rule
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.domain.zone_rules import jumped_over
from telehealth.services.repositories import DayRow
from telehealth.services.series import Choice, Standing
from telehealth.services.series_plan import Foreseen, Wanted
from web.api.present import answer, instant, party
from web.api.series_shapes import ForeseenShape, OutlookShape, SeriesShape, VisitOfSeriesShape
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, Day, Instant, Many, Text, Whole
from web.readers import Choice as OneOf
from web.reading import Part, json_body
from web.request import actor, identifier, once, services
from web.speech import told

OCCURRENCE = Text(16, 16, pattern=r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBody:
    """Who is to see whom for what, from when on, and how often; it ends by `count` or on the day `until`.

    `weekdays` (1 = Monday) are for weekly ones; with `nth`, monthly ones are on the nth of the first visit's
    weekday, on the last for -1. `room` and `device` are one, or a site for any there; `interpreter` is a
    language: each visit has all of these, and takes place by `modality`, as in a booking.
    """

    patient_id: Annotated[str, IDENTIFIER]
    service_id: Annotated[str, IDENTIFIER]
    practitioner_id: Annotated[str, IDENTIFIER]
    start: Annotated[datetime, Instant()]
    frequency: Annotated[Frequency, OneOf(Frequency)]
    interval: Annotated[int, Whole(1, MOST_APART)] = 1
    weekdays: Annotated[tuple[int, ...], Many(Whole(1, len(CODES)), len(CODES))] = ()
    nth: Annotated[int, Whole(-1, 5)] = 0
    count: Annotated[int, Whole(0, MOST)] = 0
    until: Annotated[date | None, Day()] = None
    room: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    device: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    interpreter: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    modality: Annotated[Modality | None, OneOf(Modality)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsteadBody:
    """Another time for one visit of the series."""

    occurrence: Annotated[str, OCCURRENCE]
    start: Annotated[datetime, Instant()]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingBody(SeriesBody):
    """A series with what is left out of it, and what takes another time."""

    left_out: Annotated[tuple[str, ...], Many(OCCURRENCE, MOST)] = ()
    instead: Annotated[tuple[InsteadBody, ...], Many(Part(InsteadBody), MOST)] = ()


def wanted_of(sent: SeriesBody) -> Wanted:
    """Return what the service takes."""
    rule = Rule(sent.frequency, sent.interval, sent.weekdays, sent.nth, sent.count, sent.until)
    needs = Needs(sent.room, sent.device, sent.interpreter)
    ids = (sent.patient_id, sent.service_id, sent.practitioner_id)
    return Wanted(*ids, sent.start, rule, needs, sent.modality)


def choice_of(sent: BookingBody) -> Choice:
    """Return what the service books."""
    instead = {each.occurrence: each.start for each in sent.instead}
    return Choice(wanted_of(sent), frozenset(sent.left_out), instead)


async def foresee(request: Request) -> Response:
    """Show every visit of a series with what is in its way, and what else is free that day; book nothing."""
    sent = await json_body(request, SeriesBody)
    found = await services(request).appointments.series.foresee(actor(request), wanted_of(sent))
    visits = [foreseen(request, each) for each in found.visits]
    shape: OutlookShape = {"zone": found.site.zone, "location": found.site.id, "visits": visits}
    return answer(shape)


async def book(request: Request) -> Response:
    """Book all visits or none; the patient gets one message about all of them."""
    sent = await json_body(request, BookingBody)
    booked = await services(request).appointments.series.book(
        actor(request), choice_of(sent), await once(request)
    )
    return answer(series(booked), status=201, location=f"/api/v1/series/{booked.series.id}")


async def show(request: Request) -> Response:
    """Show a series of the actor's organization."""
    found = await services(request).appointments.series.look(actor(request), identifier(request, "series"))
    return answer(series(found))


def series(found: Standing) -> SeriesShape:
    """Return a series as it stands."""
    agreed = found.series
    return {
        "id": agreed.id,
        "patient": agreed.patient_id,
        "practitioner": agreed.practitioner_id,
        "service": agreed.service_id,
        "zone": agreed.zone,
        "rule": agreed.rule,
        "visits": [_visit(each, found.parties[each.appointment.id]) for each in found.rows],
    }


def _visit(row: DayRow, parties: Sequence[Party]) -> VisitOfSeriesShape:
    at = row.appointment
    return {
        "occurrence": at.recurrence,
        "appointment": at.id,
        "visit": row.visit.id,
        "version": at.version,
        "status": at.status.value,
        "start": instant(at.start),
        "end": instant(at.end),
        "shifted": jumped_over(at),
        "apart": at.apart,
        "resources": [party(each) for each in parties],
    }


def foreseen(request: Request, found: Foreseen) -> ForeseenShape:
    """Return one visit with what is in its way."""
    return {
        "occurrence": found.occurrence.id,
        "start": instant(found.occurrence.start),
        "shifted": found.occurrence.shifted,
        "code": found.why.code,
        "detail": reason(request, found),
        "ways": [instant(each) for each in found.ways],
    }


def reason(request: Request, found: Foreseen) -> str:
    """Return what is in the way of a visit, in the reader's language; empty where nothing is."""
    return "" if found.free else told(request, found.why.detail)
