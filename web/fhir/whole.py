"""/fhir/R4/Patient/{id}/$everything and $summary: all that is known about one patient."""

from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp.web import Request, Response

from telehealth.domain.record import FROM_OUTSIDE, READABLE
from telehealth.fhir.bundle import searchset_text
from telehealth.fhir.parameters import refusal
from telehealth.fhir.summary import IPS_VERSION, PROFILE, summary_text
from telehealth.services.whole_record import Spot, WholePage, WholeQuery
from web.fhir.record import base, written
from web.fhir.searching import asked, count_of
from web.paging import after, next_page, position
from web.readers import Instant
from web.request import actor, identifier, services

TAKEN = ("_since", "_type", "_count", "_after")
FIRST = ("Patient", "Consent", "Encounter", "Composition", "Provenance", *FROM_OUTSIDE)
"""In this order all of it comes: who it is, then what happened, then what was found."""
PROFILES = (PROFILE, f"{PROFILE}|{IPS_VERSION}")
INSTANT = Instant()


async def everything(request: Request) -> Response:
    """Show a page of all that is recorded about a patient, the patient first."""
    given, patient_id = asked(request, TAKEN), identifier(request, "id")
    types = _types(given.get("_type"))
    query = WholeQuery(
        patient_id,
        types,
        INSTANT.read(given["_since"], "_since") if "_since" in given else None,
        count_of(given),
        _spot(given["_after"], types) if "_after" in given else None,
    )
    page = await services(request).record.whole.everything(actor(request), query)
    links = _links(f"{base(request)}/Patient/{patient_id}/$everything", given, page)
    return written(searchset_text(base(request), page.found, total=page.total, links=links))


async def summary(request: Request) -> Response:
    """Show a patient's summary, the International Patient Summary of HL7."""
    given, patient_id = asked(request, ("profile",)), identifier(request, "id")
    if given.get("profile", PROFILE) not in PROFILES:
        raise refusal("profile", "unknown", f"This summary is of the profile {PROFILE}.")
    found = await services(request).record.whole.summary(actor(request), patient_id)
    return written(summary_text(found, base(request)))


def _types(text: str | None) -> tuple[str, ...]:
    """Return the types that are asked for, in our order; raises BadInput where one is not known."""
    if text is None:
        return FIRST
    wanted = set(text.split(","))
    if not wanted <= set(READABLE):
        raise refusal("_type", "unknown", f"Of these types: {', '.join(FIRST)}.")
    return tuple(each for each in FIRST if each in wanted)


def _spot(cursor: str, types: tuple[str, ...]) -> Spot:
    at, name = position(cursor, "_after")
    type_, _, id_ = name.partition(".")
    if type_ not in types:
        raise refusal("_after", "malformed", "This cursor is not one of ours.")
    return type_, (at, id_)


def _links(address: str, given: Mapping[str, str], page: WholePage) -> dict[str, str]:
    query = urlencode(list(given.items()))
    links = {"self": f"{address}?{query}" if query else address}
    if page.after:
        type_, (at, id_) = page.after
        links["next"] = next_page(address, given.items(), after(at, f"{type_}.{id_}"))
    return links
