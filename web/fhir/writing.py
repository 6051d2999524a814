"""/fhir/R4/{type}: writing into the shared record; what is stored is what was sent."""

import re
from urllib.parse import parse_qsl

from aiohttp.web import Request, Response

from telehealth.domain.people import Identifier
from telehealth.domain.record import ResourceVersion
from telehealth.fhir.parameters import refusal
from telehealth.fhir.received import received
from telehealth.services.arriving import Arrival
from web.fhir.record import FHIR_JSON, base, version_headers
from web.reading import fhir_bytes
from web.request import actor, identifier, services

TAG = re.compile(r'(W/)?"([1-9][0-9]{0,5})"', re.ASCII)
UNLESS = "If-None-Exist"


async def create(request: Request) -> Response:
    """Write a new resource, or show the one that exists where that was the condition."""
    arriving = services(request).record.arriving
    saved = await arriving.create(actor(request), await _arrival(request), _unless(request))
    return _saved(request, saved.resource, 201 if saved.new else 200)


async def update(request: Request) -> Response:
    """Write the next version of a resource, by whoever has read the present one."""
    arriving, id_ = services(request).record.arriving, identifier(request, "id")
    arrival, version = await _arrival(request), _version(request)
    return _saved(request, await arriving.update(actor(request), arrival, id_, version), 200)


async def _arrival(request: Request) -> Arrival:
    return Arrival(identifier(request, "type"), received(await fhir_bytes(request)), base(request))


def _unless(request: Request) -> Identifier | None:
    """Return the identifier by which the resource may exist: `If-None-Exist: identifier=system|value`."""
    given = request.headers.get(UNLESS)
    if given is None:
        return None
    pairs = parse_qsl(given, keep_blank_values=True)
    system, bar, value = pairs[0][1].partition("|") if pairs else ("", "", "")
    if [name for name, _ in pairs] != ["identifier"] or not (bar and value):
        raise refusal(UNLESS, "malformed", "Write the condition as identifier=system|value.")
    return Identifier(system, value)


def _version(request: Request) -> int | None:
    """Return the version that was read, from If-Match; None without it."""
    given = request.headers.get("If-Match")
    if given is None:
        return None
    tag = TAG.fullmatch(given)
    if tag is None:
        raise refusal("If-Match", "malformed", 'Write the version as W/"1".')
    return int(tag[2])


def _saved(request: Request, resource: ResourceVersion, status: int) -> Response:
    """Return what stands in the record now, or nothing to whoever prefers that (RFC 7240)."""
    place = f"{base(request)}/{resource.type}/{resource.id}/_history/{resource.version}"
    headers = version_headers(resource) | {"Location": place}
    if "return=minimal" in request.headers.get("Prefer", "").replace(" ", ""):
        return Response(status=status, headers=headers)
    return Response(
        status=status, text=resource.text, headers=headers, content_type=FHIR_JSON, charset="utf-8"
    )
