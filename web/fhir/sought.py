"""/fhir/R4/{type}: searching what is recorded about a patient, page by page."""

from urllib.parse import urlencode

from aiohttp.web import Request, Response
from multidict import MultiDict, MultiMapping

from telehealth.domain.errors import NotFound
from telehealth.fhir.bundle import searchset_text
from telehealth.fhir.inclusion import INCLUDE, REVINCLUDE, inclusions_of
from telehealth.fhir.outcome import incomplete
from telehealth.fhir.parameters import refusal
from telehealth.fhir.record_search import ALWAYS, PARAMETERS, REPEATED, head_test_of, test_of
from telehealth.fhir.search import of_type
from telehealth.services.sifting import Page, RecordQuery
from web.body import posted
from web.fhir.record import base, written
from web.fhir.searching import count_of, refuse_unknown
from web.paging import after, next_page, position
from web.request import actor, identifier, services

ALONG = frozenset({INCLUDE, REVINCLUDE})
OF_ALL = frozenset({"patient", "_count", "_after"}) | ALWAYS | ALONG
CUT = "Not all that belongs to this page could come with it: ask for less at once, or for it by itself."


async def search(request: Request) -> Response:
    """List what is recorded about a patient, the oldest change first."""
    return await _found(request, request.query)


async def search_by_form(request: Request) -> Response:
    """Search with parameters in the body, where no log sees them."""
    return await _found(request, MultiDict([*request.query.items(), *(await posted(request)).items()]))


async def _found(request: Request, given: MultiMapping[str]) -> Response:
    return written(await found_text(request, identifier(request, "type"), given))


async def found_text(request: Request, type_: str, given: MultiMapping[str]) -> str:
    """Return a page of what is sought, as it goes out."""
    if type_ not in PARAMETERS:
        raise NotFound
    page = await services(request).record.search(actor(request), query_of(type_, given, base(request)))
    links = _links(f"{base(request)}/{type_}", given, page)
    told = incomplete(CUT) if page.cut else None
    return searchset_text(
        base(request), page.found, total=page.total, links=links, included=page.included, told=told
    )


def query_of(type_: str, given: MultiMapping[str], base: str) -> RecordQuery:
    """Return what is sought; raises BadInput naming the parameter that cannot be."""
    refuse_unknown(given, OF_ALL | PARAMETERS[type_].keys(), REPEATED | ALONG)
    if "patient" not in given:
        raise refusal("patient", "missing", "Name a patient.")
    asked = list(given.items())
    include, revinclude = inclusions_of(type_, given.getall(INCLUDE, []), given.getall(REVINCLUDE, []))
    return RecordQuery(
        type_,
        of_type("patient", given["patient"], "Patient"),
        tuple(head_test_of(type_, name, text) for name, text in asked if name in ALWAYS),
        tuple(test_of(type_, name, text, base) for name, text in asked if name in PARAMETERS[type_]),
        count_of(given),
        position(given["_after"], "_after") if "_after" in given else None,
        include,
        revinclude,
        base,
    )


def _links(address: str, given: MultiMapping[str], page: Page) -> dict[str, str]:
    links = {"self": f"{address}?{urlencode(list(given.items()))}"}
    if page.after:
        links["next"] = next_page(address, given.items(), after(*page.after))
    return links
