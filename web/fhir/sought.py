"""/fhir/R4/{type}: searching what is recorded about a patient, page by page."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from aiohttp.web import Request, Response
from multidict import MultiDict, MultiMapping

from telehealth.domain.errors import NotFound
from telehealth.fhir.bundle import searchset_text
from telehealth.fhir.parameters import refusal
from telehealth.fhir.record_search import PARAMETERS, REPEATED, Test, test_of
from telehealth.fhir.search import of_type
from telehealth.services.shared_record import Page, RecordQuery
from web.body import posted
from web.fhir.record import base, written
from web.fhir.searching import count_of, refuse_unknown
from web.request import actor, identifier, services

ALWAYS = frozenset({"_id", "_lastUpdated"})
MARK = re.compile(r"\d{20}-[A-Za-z0-9.-]{1,64}", re.ASCII)


async def search(request: Request) -> Response:
    """List what is recorded about a patient, the oldest change first."""
    return await _found(request, request.query)


async def search_by_form(request: Request) -> Response:
    """Search with parameters in the body, where no log sees them."""
    return await _found(request, MultiDict([*request.query.items(), *(await posted(request)).items()]))


async def _found(request: Request, given: MultiMapping[str]) -> Response:
    type_ = identifier(request, "type")
    if type_ not in PARAMETERS:
        raise NotFound
    own = ALWAYS | PARAMETERS[type_].keys()
    refuse_unknown(given, own | {"patient", "_count", "_after"}, REPEATED)
    if "patient" not in given:
        raise refusal("patient", "missing", "Name a patient.")
    after = given.get("_after", "")
    if after and not MARK.fullmatch(after):
        raise refusal("_after", "malformed", "Follow the link to the next page as it is.")
    query = RecordQuery(
        type_,
        of_type("patient", given["patient"], "Patient"),
        tuple(_tests(type_, given, own)),
        count_of(given),
        after,
    )
    page = await services(request).record.search(actor(request), query)
    links = _links(f"{base(request)}/{type_}", given, page)
    return written(searchset_text(base(request), page.found, total=page.total, links=links))


def _tests(type_: str, given: MultiMapping[str], own: frozenset[str]) -> Iterator[Test]:
    for name, text in given.items():
        if name in own:
            yield test_of(type_, name, text)


def _links(address: str, given: MultiMapping[str], page: Page) -> dict[str, str]:
    links = {"self": f"{address}?{urlencode(list(given.items()))}"}
    if page.after:
        rest = [(name, text) for name, text in given.items() if name != "_after"]
        links["next"] = f"{address}?{urlencode([*rest, ('_after', page.after)])}"
    return links
