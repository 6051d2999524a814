"""/fhir/R4/{type}: writing into the shared record; what is stored is what was sent."""

from aiohttp.web import Request, Response

from telehealth.domain.people import Identifier
from telehealth.fhir.conditions import identifier_in, version_in
from telehealth.fhir.received import received
from telehealth.services.arriving import Arrival, Saved
from web.fhir.record import FHIR_JSON, base, version_headers
from web.reading import fhir_bytes
from web.request import actor, identifier, services

UNLESS, MATCH = "If-None-Exist", "If-Match"


async def create(request: Request) -> Response:
    """Write a new resource, or show the one that exists where that was the condition."""
    arriving = services(request).record.arriving
    saved = await arriving.create(actor(request), await _arrival(request), _unless(request))
    return _saved(request, saved)


async def update(request: Request) -> Response:
    """Write the next version of a resource, by whoever has read the present one."""
    arriving, id_ = services(request).record.arriving, identifier(request, "id")
    arrival, version = await _arrival(request), _version(request)
    return _saved(request, await arriving.update(actor(request), arrival, id_, version))


async def put(request: Request) -> Response:
    """Write what has an identifier (`PUT Observation?identifier=…`): its next version, or a new resource."""
    known, arrival = identifier_in("identifier", request.query_string), await _arrival(request)
    saved = await services(request).record.arriving.put(actor(request), arrival, known, _version(request))
    return _saved(request, saved)


async def _arrival(request: Request) -> Arrival:
    return Arrival(identifier(request, "type"), received(await fhir_bytes(request)), base(request))


def _unless(request: Request) -> Identifier | None:
    """Return the identifier by which the resource may exist: `If-None-Exist: identifier=system|value`."""
    given = request.headers.get(UNLESS)
    return None if given is None else identifier_in(UNLESS, given)


def _version(request: Request) -> int | None:
    """Return the version that was read, from If-Match; None without it."""
    given = request.headers.get(MATCH)
    return None if given is None else version_in(MATCH, given)


def _saved(request: Request, saved: Saved) -> Response:
    """Return what stands in the record now; nothing to who may not read it, or prefers that (RFC 7240)."""
    resource, status = saved.resource, 201 if saved.new else 200
    place = f"{base(request)}/{resource.type}/{resource.id}/_history/{resource.version}"
    headers = version_headers(resource) | {"Location": place}
    if not saved.shown or wants_little(request):
        return Response(status=status, headers=headers)
    return Response(
        status=status, text=resource.text, headers=headers, content_type=FHIR_JSON, charset="utf-8"
    )


def wants_little(request: Request) -> bool:
    """Whether whoever writes does not want to be shown what stands there now."""
    return "return=minimal" in request.headers.get("Prefer", "").replace(" ", "")
