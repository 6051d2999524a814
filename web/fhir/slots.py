"""/fhir/R4/Schedule and /fhir/R4/Slot: whose time can be booked, and what of it is free."""

from aiohttp.web import Request, Response, json_response

from telehealth.fhir.inclusion import INCLUDE
from telehealth.fhir.parameters import refusal
from telehealth.fhir.search import bounds, of_type
from telehealth.fhir.slot import schedule_to_fhir, slot_to_fhir
from telehealth.fhir.text import Resource
from telehealth.services.agendas import Agenda, AgendaSlot
from web.fhir.record import FHIR_JSON, bundle
from web.fhir.searching import asked, count_of
from web.request import actor, identifier, services

ACTORS = ("Practitioner", "HealthcareService", "Location")
STATES = {"free": True, "busy": False}
WITH_SCHEDULE = "Slot:schedule"
"""What a time comes along with; all times that are listed together are of one schedule."""
FLAGS = {"true": True, "false": False}


async def schedules(request: Request) -> Response:
    """List whose time can be booked: of an actor, of a specialty; there are none that are not active."""
    given = asked(request, {"actor", "specialty", "active", "_count"})
    if given.get("active", "true") not in FLAGS:
        raise refusal("active", "unknown", "Write true or false.")
    kind, _, whose = given.get("actor", "").rpartition("/")
    if whose and (kind or ACTORS[0]) not in ACTORS:
        raise refusal("actor", "malformed", "A reference such as Practitioner/1 is expected.")
    whose = whose and of_type("actor", whose, kind or ACTORS[0])
    specialty = given.get("specialty", "").rpartition("|")[2].casefold()
    listed = await services(request).appointments.agendas.listed(actor(request))
    found = [
        each
        for each in (listed if FLAGS[given.get("active", "true")] else [])
        if (not whose or whose in _actors(each)[kind or ACTORS[0]])
        and specialty in {"", each.service.specialty.casefold()}
    ]
    return bundle(request, [_schedule(each) for each in found[: count_of(given)]], len(found))


async def schedule(request: Request) -> Response:
    """Show one specialist's time for one service."""
    found = await services(request).appointments.agendas.one(actor(request), identifier(request, "id"))
    return json_response(_schedule(found), content_type=FHIR_JSON)


async def search(request: Request) -> Response:
    """List the times of a schedule, free and busy ones, earliest first."""
    given = asked(request, {"schedule", "start", "status", "_count", INCLUDE}, repeated={"start"})
    if "schedule" not in given:
        raise refusal("schedule", "missing", "Name a schedule.")
    if given.get(INCLUDE, WITH_SCHEDULE) not in {WITH_SCHEDULE, f"{WITH_SCHEDULE}:Schedule"}:
        raise refusal(INCLUDE, "unknown", f"One of these is expected: {WITH_SCHEDULE}.")
    states = set(given.get("status", ",".join(STATES)).split(","))
    if not states <= set(STATES):
        raise refusal("status", "unknown", "A time is free or busy.")
    sought = of_type("schedule", given["schedule"], "Schedule")
    start, end = bounds("start", request.query.getall("start", []))
    listed = await services(request).appointments.agendas.slots(actor(request), sought, start, end)
    wanted = {STATES[each] for each in states}
    found = [each for each in listed if each.free in wanted]
    shown = found[: count_of(given)]
    included = [_schedule(each.agenda) for each in shown[:1] if INCLUDE in given]
    return bundle(request, [_slot(each) for each in shown], len(found), included)


async def slot(request: Request) -> Response:
    """Show one time of a schedule."""
    found = await services(request).appointments.agendas.slot(actor(request), identifier(request, "id"))
    return json_response(_slot(found), content_type=FHIR_JSON)


def _actors(agenda: Agenda) -> dict[str, tuple[str, ...]]:
    return dict(zip(ACTORS, ((agenda.practitioner.id,), (agenda.service.id,), agenda.sites), strict=True))


def _schedule(agenda: Agenda) -> Resource:
    horizon = agenda.horizon.start, agenda.horizon.end
    return schedule_to_fhir(agenda.id, agenda.practitioner, agenda.service, agenda.sites, horizon)


def _slot(found: AgendaSlot) -> Resource:
    times = found.start, found.end
    return slot_to_fhir(found.id, found.agenda.id, found.agenda.service, times, free=found.free)
