"""Waiting lists at /fhir/R4/Appointment: who waits is an Appointment in the state `waitlist`."""

from dataclasses import replace

from aiohttp.web import Request, Response, json_response

from telehealth.domain.appointment import AppointmentQuery
from telehealth.domain.waitlist import Sought
from telehealth.fhir.parameters import refusal
from telehealth.fhir.text import Resource
from telehealth.fhir.wish import wish_to_fhir
from telehealth.services.waitlist import Waitlist, Wish
from web.fhir.record import FHIR_JSON
from web.fhir.wishes import listed, one_actor
from web.readers import Day
from web.request import actor, once, services

WAITLIST = "waitlist"
DAY, ENDS = Day(), ("start", "end")


def desk(request: Request) -> Waitlist:
    """Return the waiting lists."""
    return services(request).appointments.waitlist


async def waits(request: Request, known: str) -> bool:
    """Whether an id is one who waits."""
    return await desk(request).known(actor(request), known)


async def shown(request: Request, known: str) -> Response:
    """Show one who waits."""
    line = await desk(request).look(actor(request), known)
    headers = {"ETag": f'W/"{line.waiting.version}"'}
    return json_response(wish_to_fhir(line.waiting), headers=headers, content_type=FHIR_JSON)


async def found(request: Request, query: AppointmentQuery, count: int) -> tuple[list[Resource], int]:
    """Return who waits for what is sought, as many as are shown, and how many there are in all.

    A wish has no start and no way, so that none of these match it.
    """
    if (query.start, query.end, query.modality) != (None, None, None):
        return [], 0
    sought = Sought(query.patient_id, query.practitioner_id, count=count)
    lines, total = await desk(request).search(actor(request), sought)
    return [wish_to_fhir(each.waiting) for each in lines], total


async def put(request: Request, where: str, resource: Resource, base: str) -> Resource:
    """Put a patient on the list of the service that a new resource names."""
    periods = listed(resource, "requestedPeriod")
    if len(periods) != 1:
        raise refusal(f"{where}.requestedPeriod", "missing", "Give one period.")
    first, last = (DAY.read(periods[0].get(each), f"{where}.requestedPeriod[0].{each}") for each in ENDS)
    patient, service = (one_actor(where, resource, each, base) for each in ("Patient", "HealthcareService"))
    whom = one_actor(where, resource, "Practitioner", base, needed=False)
    wish = Wish(patient, service, first, last, whom)
    return wish_to_fhir(await desk(request).add(actor(request), wish, await once(request)))


async def taken_off(request: Request, known: str) -> Resource:
    """Take somebody off; a time that is kept for them is free at once."""
    line = await desk(request).look(actor(request), known)
    await desk(request).take_off(actor(request), known)
    return wish_to_fhir(replace(line.waiting, version=line.waiting.version + 1), cancelled=True)
