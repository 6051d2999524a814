"""/api/v1/slots, /holds and /appointments: free times, taking one, changing it, letting it go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.appointment import Appointment
from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.modality import Modality
from telehealth.domain.resources import Needs, Party
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.services.booking import BookingRequest
from telehealth.services.slots import FreeSlot, SlotQuery
from web.api import present
from web.api.present import answer, instant
from web.api.shapes import SlotList, SlotShape
from web.limits import HOLD, spend
from web.paging import after, position
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, VERSION, Choice, Flag, Instant, Text, Whole
from web.reading import json_body, query
from web.request import actor, identifier, once, services

MOST_SLOTS = 500
PAGE = 100


@dataclass(frozen=True, slots=True)
class Slots:
    """Free times of a service, perhaps of one practitioner, that lie within [start, end).

    With `patient`, none at which that patient is in a visit. With `each_once`, each time once, with whoever
    has least booked of those who are free then. With `same_as_last`, only times of whom that patient saw last
    for such a service; with `language` (BCP 47), only times of who speaks it. `room` and `device` are one, or
    a site for any there, and `interpreter` is a language: only times at which all of these are free.
    With `modality`, only if the service is offered in this way; assisted, a `room` has to be said.
    """

    service: Annotated[str, IDENTIFIER]
    start: Annotated[datetime, Instant()]
    end: Annotated[datetime, Instant()]
    practitioner: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    count: Annotated[int, Whole(1, MOST_SLOTS)] = PAGE
    cursor: Annotated[str, Text(200)] = ""
    patient: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    each_once: Annotated[bool, Flag()] = False
    same_as_last: Annotated[bool, Flag()] = False
    language: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    room: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    device: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    interpreter: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    modality: Annotated[Modality | None, Choice(Modality)] = None


@dataclass(frozen=True, slots=True)
class BookingBody:
    """Who is to see whom for what and when; `hold_id` books what was held; tests stay out of reports.

    Without `practitioner_id` the visit goes to whoever is free then, speaks `language` if that is given, and
    has least booked. `room` and `device` are one, or a site for any there; `interpreter` is a language: the
    visit has all of these, or it is not booked. Without `modality` it is as held, or as the service is first:
    by video, assisted at the site of its `room`, or by phone on the number on file.
    """

    patient_id: Annotated[str, IDENTIFIER]
    service_id: Annotated[str, IDENTIFIER]
    start: Annotated[datetime, Instant()]
    practitioner_id: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    hold_id: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    test: Annotated[bool, Flag()] = False
    language: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    room: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    device: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    interpreter: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    modality: Annotated[Modality | None, Choice(Modality)] = None


@dataclass(frozen=True, slots=True)
class MoveBody:
    """Which time the visit goes to, and the appointment's `version` as it was read.

    With `whole` all of its group session goes along, or nobody does; only staff move others.
    """

    start: Annotated[datetime, Instant()]
    version: Annotated[int, VERSION]
    whole: Annotated[bool, Flag()] = False


@dataclass(frozen=True, slots=True)
class CancelBody:
    """Whether the whole group session of the visit is cancelled, for all of its patients."""

    whole: Annotated[bool, Flag()] = False


def booking_request(sent: BookingBody) -> BookingRequest:
    """Return what the booking service takes."""
    return BookingRequest(
        sent.patient_id,
        sent.service_id,
        sent.practitioner_id,
        start=sent.start,
        hold_id=sent.hold_id,
        test=sent.test,
        language=sent.language,
        needs=Needs(sent.room, sent.device, sent.interpreter),
        modality=sent.modality,
    )


async def slots(request: Request) -> Response:
    """List free times, earliest first, a page at a time."""
    sent = query(request, Slots)
    if sent.same_as_last and not sent.patient:
        raise BadInput(FieldProblem("patient", "missing", "Please fill this in."))
    seen = position(sent.cursor) if sent.cursor else None
    start = max(sent.start, seen[0]) if seen else sent.start
    # One practitioner more than a page, and those of the cursor's own instant that were shown before.
    wanted = SlotQuery(
        sent.service,
        start,
        sent.end,
        sent.practitioner,
        sent.count + PAGE,
        patient_id=sent.patient,
        each_once=sent.each_once,
        same_as_last=sent.same_as_last,
        language=sent.language,
        needs=Needs(sent.room, sent.device, sent.interpreter),
        modality=sent.modality,
    )
    found = await services(request).booking.find(actor(request), wanted)
    return answer(_list([each for each in found if _follows(each, seen, sent)], sent.count))


def _follows(slot: FreeSlot, seen: tuple[datetime, str] | None, sent: Slots) -> bool:
    """Whether a time comes after the last one seen; shown once, it is the same time with whomever."""
    if seen is None:
        return True
    return slot.start > seen[0] if sent.each_once else (slot.start, slot.practitioner.id) > seen


def _list(rest: Sequence[FreeSlot], count: int) -> SlotList:
    shown = rest[:count]
    more = len(rest) > count
    return {
        "slots": [_slot(each) for each in shown],
        "next": after(shown[-1].start, shown[-1].practitioner.id) if more else None,
    }


def _slot(slot: FreeSlot) -> SlotShape:
    return {
        "practitioner": {"id": slot.practitioner.id, "name": slot.practitioner.display},
        "service": {"id": slot.service.id, "name": slot.service.name},
        "location": {"id": slot.location.id, "name": slot.location.name},
        "zone": slot.location.zone,
        "start": instant(slot.start),
        "end": instant(slot.end),
        "places_left": slot.left,
    }


async def hold(request: Request) -> Response:
    """Take a time for ten minutes without telling anyone."""
    spend(request, HOLD, actor(request).id)
    sent = booking_request(await json_body(request, BookingBody))
    held = await services(request).booking.hold(
        actor(request), replace(sent, hold_id=""), await once(request)
    )
    return answer(present.appointment(held.appointment, held.visit_id, parties=held.parties), status=201)


async def book(request: Request) -> Response:
    """Book a visit; the patient's invitation leaves in the same transaction."""
    sent = booking_request(await json_body(request, BookingBody))
    booked = await services(request).booking.book(actor(request), sent, await once(request))
    where = f"/api/v1/appointments/{booked.appointment.id}"
    shape = present.appointment(booked.appointment, booked.visit_id, booked.join_url, parties=booked.parties)
    return answer(shape, status=201, location=where)


async def show(request: Request) -> Response:
    """Show one appointment of the actor's organization; never with the patient's link."""
    found, visit_id = await services(request).appointments.get(
        actor(request), identifier(request, "appointment")
    )
    return answer(present.appointment(found, visit_id, parties=await parties_of(request, found)))


async def cancel(request: Request) -> Response:
    """Cancel: the time is free at once and the patient's link is dead; repeating it changes nothing."""
    sent, appointment_id = await json_body(request, CancelBody), identifier(request, "appointment")
    if sent.whole:
        await services(request).appointments.cancel_group(actor(request), appointment_id)
    cancelled = await services(request).appointments.cancel(actor(request), appointment_id)
    return answer(present.appointment(cancelled, "", parties=await parties_of(request, cancelled)))


async def move(request: Request) -> Response:
    """Move to another time of the same specialist; the patient's new link leaves in the same transaction."""
    sent, key = await json_body(request, MoveBody), await once(request)
    appointment_id = identifier(request, "appointment")
    moving = services(request).appointments.moving
    moved = await moving.move(actor(request), appointment_id, sent.start, sent.version, key, whole=sent.whole)
    return answer(present.appointment(moved, "", parties=await parties_of(request, moved)))


async def parties_of(request: Request, appointment: Appointment) -> Sequence[Party]:
    """Return the room, device and interpreter of an appointment that the actor has just been shown."""
    found = await services(request).appointments.parties(actor(request), [appointment])
    return found[appointment.id]
