"""/fhir/R4: reading the shared record, each resource to the letter as it was written."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from aiohttp.web import Request, Response, json_response

from telehealth.domain.errors import NotFound
from telehealth.domain.record import ResourceVersion
from telehealth.fhir.bundle import history_text, searchset
from telehealth.fhir.capability import capability_statement
from telehealth.fhir.text import Resource
from web.fhir.searching import asked, count_of
from web.keys import SETTINGS
from web.readers import VERSION
from web.request import actor, identifier, services

NUMBER = re.compile(r"[1-9][0-9]{0,5}")
FHIR_JSON = "application/fhir+json"
PUBLISHED = datetime(2026, 11, 28, tzinfo=UTC)
"""When the capability statement last changed."""


async def metadata(request: Request) -> Response:
    """Show what works at this door."""
    base_url = request.app[SETTINGS].public_url
    return json_response(capability_statement(base_url=base_url, published=PUBLISHED), content_type=FHIR_JSON)


async def read(request: Request) -> Response:
    """Show a resource's present version."""
    record, type_ = services(request).record, identifier(request, "type")
    return shown(request, await record.read(actor(request), type_, identifier(request, "id")))


async def vread(request: Request) -> Response:
    """Show one version of a resource."""
    number = version_of(identifier(request, "version"))
    record, type_ = services(request).record, identifier(request, "type")
    return shown(request, await record.read(actor(request), type_, identifier(request, "id"), number))


def version_of(text: str) -> int:
    """Return a version's number; what cannot be one does not exist."""
    if not NUMBER.fullmatch(text):
        raise NotFound
    return int(text)


async def history(request: Request) -> Response:
    """List the versions of a resource, the newest first."""
    given = asked(request, ("_count", "_before"))
    type_, id_, count = identifier(request, "type"), identifier(request, "id"), count_of(given)
    before = VERSION.read(given.get("_before", VERSION.high), "_before")
    found, total = await services(request).record.history(actor(request), type_, id_, before, count)
    here = f"{base(request)}/{type_}/{id_}/_history?_count={count}"
    links = {"self": f"{here}&_before={given['_before']}" if "_before" in given else here}
    if found and found[-1].version > 1:
        links["next"] = f"{here}&_before={found[-1].version}"
    return written(history_text(base(request), found, total=total, links=links))


def base(request: Request) -> str:
    """Return the address of this door."""
    return f"{request.app[SETTINGS].public_url}/fhir/R4"


def bundle(
    request: Request, resources: Sequence[Resource], total: int, included: Sequence[Resource] = ()
) -> Response:
    """Return what a search or an operation found; `total` counts also what is not shown."""
    found = searchset(request.app[SETTINGS].public_url, resources, total=total, included=included)
    return json_response(found, content_type=FHIR_JSON)


def written(text: str) -> Response:
    """Return a resource that is text already."""
    return Response(text=text, content_type=FHIR_JSON, charset="utf-8")


def shown(request: Request, resource: ResourceVersion) -> Response:
    """Return a resource; nothing of it to whoever has this version."""
    headers = version_headers(resource)
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status=304, headers=headers)
    return Response(text=resource.text, headers=headers, content_type=FHIR_JSON, charset="utf-8")


def version_headers(resource: ResourceVersion) -> dict[str, str]:
    """Return a resource's version as a weak ETag, and its date (FHIR R4 http, section 3.1.0.1.11)."""
    return {
        "ETag": f'W/"{resource.version}"',
        "Last-Modified": format_datetime(resource.updated_at.astimezone(UTC), usegmt=True),
    }
