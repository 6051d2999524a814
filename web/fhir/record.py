"""/fhir/R4: reading the shared record, each resource to the letter as it was written."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from aiohttp.web import Request, Response, json_response

from telehealth.domain.errors import NotFound
from telehealth.domain.record import ResourceVersion
from telehealth.fhir.bundle import searchset
from telehealth.fhir.capability import capability_statement
from telehealth.fhir.parameters import refusal
from telehealth.fhir.search import of_type
from telehealth.fhir.text import Resource
from web.fhir.searching import asked, count_of
from web.keys import SETTINGS
from web.request import actor, identifier, services

VERSION = re.compile(r"[1-9][0-9]{0,5}")
ALLERGY_SEARCH = ("patient", "_count")
FHIR_JSON = "application/fhir+json"
PUBLISHED = datetime(2026, 11, 27, tzinfo=UTC)
"""When the capability statement last changed."""


async def metadata(request: Request) -> Response:
    """Show what works at this door."""
    base_url = request.app[SETTINGS].public_url
    return json_response(capability_statement(base_url=base_url, published=PUBLISHED), content_type=FHIR_JSON)


async def read(request: Request) -> Response:
    """Show a resource's present version."""
    record, type_ = services(request).record, identifier(request, "type")
    return _resource(request, await record.read(actor(request), type_, identifier(request, "id")))


async def allergies(request: Request) -> Response:
    """Show what is written about a patient's allergies, also what holds no longer."""
    given = asked(request, ALLERGY_SEARCH)
    if "patient" not in given:
        raise refusal("patient", "missing", "Name a patient.")
    patient = of_type("patient", given["patient"], "Patient")
    found = await services(request).record.of_patient(actor(request), "AllergyIntolerance", patient)
    shown = [json.loads(each.text) for each in found[: count_of(given)]]
    return bundle(request, shown, len(found))


async def vread(request: Request) -> Response:
    """Show one version of a resource."""
    version = identifier(request, "version")
    if not VERSION.fullmatch(version):
        raise NotFound
    record, type_ = services(request).record, identifier(request, "type")
    return _resource(
        request, await record.read(actor(request), type_, identifier(request, "id"), int(version))
    )


def bundle(request: Request, resources: Sequence[Resource], total: int) -> Response:
    """Return what a search or an operation found; `total` counts also what is not shown."""
    base_url = request.app[SETTINGS].public_url
    return json_response(searchset(base_url, resources, total=total), content_type=FHIR_JSON)


def _resource(request: Request, resource: ResourceVersion) -> Response:
    """Return a resource with its version as a weak ETag (FHIR R4 http, section 3.1.0.1.11)."""
    tag = f'W/"{resource.version}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(resource.updated_at.astimezone(UTC), usegmt=True),
    }
    if request.headers.get("If-None-Match") == tag:
        return Response(status=304, headers=headers)
    return Response(text=resource.text, headers=headers, content_type=FHIR_JSON, charset="utf-8")
