"""/fhir/R4/Appointment: free times found, held and booked by other systems (IHE ITI Scheduling)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from aiohttp.web import Request, Response, json_response

from telehealth.domain.appointment import Appointment, AppointmentQuery, AppointmentStatus
from telehealth.domain.proposal import Proposal
from telehealth.domain.resources import Needs
from telehealth.fhir.appointment import appointment_to_fhir, proposal_to_fhir
from telehealth.fhir.modality import way_from
from telehealth.fhir.parameters import Given, refusal
from telehealth.fhir.search import bounds, of_type
from telehealth.fhir.text import Resource
from telehealth.services.proposals import Wanted, proposal_of
from web.fhir import waiting
from web.fhir.record import FHIR_JSON, bundle
from web.fhir.searching import MOST, PAGE, asked, count_of
from web.fhir.wishes import places_of, wish_of
from web.keys import SETTINGS
from web.limits import HOLD, spend
from web.readers import VERSION, Instant, Whole
from web.reading import fhir_body
from web.request import actor, identifier, once, services

FIND = frozenset(
    {
        "start",
        "end",
        "specialty",
        "practitioner",
        "organization",
        "location-reference",
        "patient-reference",
        "room",
        "device",
        "interpreter",
        "service-type",
        "_count",
    }
)
SEARCH = frozenset({"patient", "practitioner", "date", "status", "service-type", "_count"})
REPEATED = frozenset({"date", "status"})
"""These narrow the search further each time they stand there."""
TAKE = frozenset({"appointment-reference", "appointment-resource"})
STATES = frozenset(AppointmentStatus) | {waiting.WAITLIST}
LIVING = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.NOSHOW})
"""The states of what can be moved."""
INSTANT = Instant()


async def find(request: Request) -> Response:
    """Propose free times (`$find`), earliest first, never one that is held."""
    given = await _given(request, FIND)
    wanted = _wanted(given)
    counts = given.values("_count", "valueInteger")
    count = Whole(0, MOST).read(counts[0][1], counts[0][0]) if counts else PAGE
    found = await services(request).appointments.proposals.find(actor(request), wanted)
    shown = [
        proposal_to_fhir(
            proposal_of(each, wanted.patient_id, found.needs, wanted.way).id,
            (each.start, each.end),
            (each.practitioner, each.service, each.location),
            wanted.patient_id,
            found.needs,
            wanted.way,
        )
        for each in found.slots[:count]
    ]
    return bundle(request, shown, len(found.slots))


def _wanted(given: Given) -> Wanted:
    languages = [text for _, text in given.texts("interpreter", "valueCode")]
    how = _one("service-type", [text for _, text in given.texts("service-type")])
    return Wanted(
        start=_instant(given, "start"),
        end=_instant(given, "end"),
        specialties=[text.rpartition("|")[2] for _, text in given.texts("specialty")],
        practitioners=given.ids("practitioner", "Practitioner"),
        organizations=given.ids("organization", "Organization"),
        locations=given.ids("location-reference", "Location"),
        patient_id=_one("patient-reference", given.ids("patient-reference", "Patient")),
        needs=Needs(
            room=_one("room", given.ids("room", "Location")),
            device=_one("device", given.ids("device", "Device")),
            interpreter=_one("interpreter", languages),
        ),
        way=way_from("service-type", how) if how else None,
    )


def _one(name: str, values: list[str]) -> str:
    """Return the only value, empty for none."""
    if len(values) > 1:
        raise refusal(name, "too-many", "Give this parameter once.")
    return "".join(values)


async def hold(request: Request) -> Response:
    """Hold a proposed time (`$hold`) for ten minutes: a pending Appointment."""
    spend(request, HOLD, actor(request).id)
    reference = _reference(await _given(request, TAKE))
    held = await services(request).appointments.proposals.hold(actor(request), reference, await once(request))
    return await _appointment(request, held)


async def book(request: Request) -> Response:
    """Book a proposed or held time, or what a new resource asks for; move or cancel a known one (`$book`)."""
    given = await _given(request, TAKE)
    changed = given.resource("appointment-resource")
    if changed is not None:
        if given.values("appointment-reference", "valueReference"):
            raise refusal("appointment-reference", "too-many", "Give a resource or a reference, not both.")
        wish = await _wish(request, *changed)
        if wish is not None:
            return bundle(request, [wish], 1)
        appointment = await (_change if "id" in changed[1] else _make)(request, *changed)
    else:
        proposals = services(request).appointments.proposals
        appointment = await proposals.book(actor(request), _reference(given), await once(request))
    return bundle(request, await _told(request, [appointment]), 1)


async def _wish(request: Request, where: str, resource: Resource) -> Resource | None:
    """Put a patient on a waiting list, or take them off; None for a visit."""
    _of_appointments(where, resource)
    if "id" not in resource:
        put = resource.get("status") == waiting.WAITLIST
        return await waiting.put(request, where, resource, _base(request)) if put else None
    known = of_type(f"{where}.id", str(resource["id"]), "Appointment")
    off = resource.get("status") == "cancelled" and await waiting.waits(request, known)
    return await waiting.taken_off(request, known) if off else None


async def _make(request: Request, where: str, resource: Resource) -> Appointment:
    """Book what a new resource asks for: a slot, or a time with whoever has least booked."""
    _of_appointments(where, resource)
    base, proposals = _base(request), services(request).appointments.proposals
    places = places_of(where, resource, base)
    room = await proposals.room_of(actor(request), places.locations)
    wish, key = wish_of(where, resource, base, replace(places.needs, room=room)), await once(request)
    if isinstance(wish, Proposal):
        return await proposals.book(actor(request), wish.id, key)
    return (await services(request).booking.book(actor(request), wish, key)).appointment


def _of_appointments(where: str, resource: Resource) -> None:
    if resource.get("resourceType") != "Appointment":
        raise refusal(f"{where}.resourceType", "wrong-type", "An Appointment is expected.")


async def _change(request: Request, where: str, resource: Resource) -> Appointment:
    """Cancel or move what the resource names; a move needs the version that was read."""
    _of_appointments(where, resource)
    known = of_type(f"{where}.id", str(resource.get("id", "")), "Appointment")
    desk = services(request).appointments
    if resource.get("status") == "cancelled":
        return await desk.cancel(actor(request), known)
    if str(resource.get("status")) not in LIVING:
        raise refusal(f"{where}.status", "unknown", "Give the state as it is to move, or cancelled.")
    meta = resource.get("meta")
    version = meta.get("versionId") if isinstance(meta, dict) else None
    start = INSTANT.read(resource.get("start"), f"{where}.start")
    before = VERSION.read(version, f"{where}.meta.versionId")
    return await desk.moving.move(actor(request), known, start, before, await once(request))


async def search(request: Request) -> Response:
    """Show visits of a patient or a practitioner that the actor's organization manages, then who waits."""
    given, all_of = asked(request, SEARCH, REPEATED), request.query.getall
    patient, practitioner = given.get("patient", ""), given.get("practitioner", "")
    if not patient and not practitioner:
        raise refusal("patient", "missing", "Name a patient or a practitioner.")
    start, end = bounds("date", all_of("date", []))
    states = _statuses(all_of("status", []))
    sought = AppointmentQuery(
        patient_id=of_type("patient", patient, "Patient") if patient else "",
        practitioner_id=of_type("practitioner", practitioner, "Practitioner") if practitioner else "",
        start=start,
        end=end,
        statuses=frozenset(AppointmentStatus(each) for each in states - {waiting.WAITLIST}),
        count=count_of(given),
        modality=way_from("service-type", given["service-type"]) if "service-type" in given else None,
    )
    found, total = await services(request).appointments.search(actor(request), sought)
    if waiting.WAITLIST not in states:
        return bundle(request, await _told(request, found), total)
    wishes, more = await waiting.found(request, sought, sought.count - len(found))
    return bundle(request, [*await _told(request, found), *wishes], total + more)


def _statuses(texts: list[str]) -> frozenset[str]:
    """Return the states that are asked for: any of those in one text, as commas part them."""
    found = STATES
    for text in texts:
        codes = {each.rpartition("|")[2] for each in text.split(",")}
        if not codes <= STATES:
            raise refusal("status", "unknown", "No visit is ever in this state.")
        found &= codes
    return found


async def read(request: Request) -> Response:
    """Show an appointment of the actor's organization, or one who waits for one."""
    known = identifier(request, "id")
    if await waiting.waits(request, known):
        return await waiting.shown(request, known)
    found, _ = await services(request).appointments.get(actor(request), known)
    return await _appointment(request, found)


async def _given(request: Request, known: frozenset[str]) -> Given:
    return Given(await fhir_body(request), known, base=_base(request))


def _base(request: Request) -> str:
    return f"{request.app[SETTINGS].public_url}/fhir/R4"


def _instant(given: Given, name: str) -> datetime:
    values = given.values(name, "valueDateTime")
    if len(values) != 1:
        raise refusal(name, "missing", "Give this parameter once.")
    where, text = values[0]
    return INSTANT.read(text, where)


def _reference(given: Given) -> str:
    ids = given.ids("appointment-reference", "Appointment")
    if len(ids) != 1:
        raise refusal("appointment-reference", "missing", "Give this parameter once.")
    return ids[0]


async def _appointment(request: Request, found: Appointment) -> Response:
    headers = {"ETag": f'W/"{found.version}"'}
    [told] = await _told(request, [found])
    return json_response(told, headers=headers, content_type=FHIR_JSON)


async def _told(request: Request, found: Sequence[Appointment]) -> list[Resource]:
    """Return appointments that the actor was just shown, with all who take part."""
    parties = await services(request).appointments.parties(actor(request), found)
    return [appointment_to_fhir(each, parties[each.id]) for each in found]
