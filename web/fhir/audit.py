"""/fhir/R4/AuditEvent: the audit log for privacy officers, newest first, page by page."""

from aiohttp.web import Request, Response, json_response

from telehealth.fhir.audit_event import audit_event_to_fhir
from telehealth.fhir.bundle import searchset
from telehealth.fhir.search import bounds, of_type
from telehealth.fhir.text import Resource
from telehealth.services.audit_rows import AuditRow, AuditSearch
from web.fhir.record import FHIR_JSON
from web.fhir.searching import asked, count_of
from web.keys import SETTINGS
from web.paging import after, next_page, position
from web.request import actor, identifier, services

SEARCH = ("patient", "agent", "date", "_count", "_cursor")


async def search(request: Request) -> Response:
    """Show entries about a patient, of a member of staff, of some days; `next` leads to older ones."""
    given = asked(request, SEARCH, repeated=("date",))
    start, end = bounds("date", request.query.getall("date", []))
    wanted = AuditSearch(
        patient_id=of_type("patient", given["patient"], "Patient") if "patient" in given else "",
        actor_id=of_type("agent", given["agent"], "Practitioner") if "agent" in given else "",
        start=start,
        end=end,
        before=position(given["_cursor"]) if "_cursor" in given else None,
        limit=count_of(given),
    )
    rows, more = await services(request).audit.entries(actor(request), wanted)
    found = searchset(_base(request), [_event(request, each) for each in rows])
    found["link"] = [{"relation": "self", "url": f"{_base(request)}{request.rel_url}"}]
    if more and rows:
        found["link"].append({"relation": "next", "url": _next(request, rows[-1])})
    return json_response(found, content_type=FHIR_JSON)


async def read(request: Request) -> Response:
    """Show one entry."""
    row = await services(request).audit.entry(actor(request), identifier(request, "id"))
    return json_response(_event(request, row), content_type=FHIR_JSON)


def _event(request: Request, row: AuditRow) -> Resource:
    return audit_event_to_fhir(row.entry, row.name, f"{_base(request)}/fhir/R4")


def _next(request: Request, last: AuditRow) -> str:
    cursor = after(last.entry.at, last.entry.id)
    return next_page(f"{_base(request)}{request.path}", request.query.items(), cursor, "_cursor")


def _base(request: Request) -> str:
    return request.app[SETTINGS].public_url
