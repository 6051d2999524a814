"""/api/v1/catalogue and /api/v1/patients: what can be booked, and for whom."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Gender, PatientQuery, Practitioner
from telehealth.services.desk import NewPatient
from web.api import present
from web.api.present import answer
from web.api.shapes import CatalogueShape, LocationShape, PatientList, ServiceShape, SpecialistShape
from web.readers import Choice, Day, Flag, Text
from web.reading import json_body
from web.request import actor, identifier, once, reader, services


@dataclass(frozen=True, slots=True)
class Search:
    """An identifier, a phone, an e-mail, or family name and birth date together: no browsing."""

    identifier: Annotated[str, Text(120)] = ""
    phone: Annotated[str, Text(24)] = ""
    email: Annotated[str, Text(254)] = ""
    family: Annotated[str, Text(120)] = ""
    birth_date: Annotated[date | None, Day()] = None


@dataclass(frozen=True, slots=True)
class PatientBody:
    """A new patient; at least one of phone and e-mail, so that the link can reach them."""

    birth_date: Annotated[date, Day()]
    given: Annotated[str, Text(120)] = ""
    family: Annotated[str, Text(120)] = ""
    gender: Annotated[Gender, Choice(Gender)] = Gender.UNKNOWN
    language: Annotated[str, Text(35, 2, pattern="[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")] = "en"
    zone: Annotated[str, Text(64, 1, pattern="[A-Za-z0-9_+/-]+")] = "UTC"
    phone: Annotated[str, Text(24)] = ""
    email: Annotated[str, Text(254)] = ""
    identifier_system: Annotated[str, Text(200)] = ""
    identifier_value: Annotated[str, Text(120)] = ""
    interpreter: Annotated[bool, Flag()] = False


def new_patient(sent: PatientBody) -> NewPatient:
    """Return what the desk registers."""
    return NewPatient(
        given=sent.given,
        family=sent.family,
        birth_date=sent.birth_date,
        gender=sent.gender,
        language=sent.language,
        zone=sent.zone,
        phone=sent.phone,
        email=sent.email,
        identifier_system=sent.identifier_system,
        identifier_value=sent.identifier_value,
        interpreter=sent.interpreter,
    )


def patient_query(sent: Search) -> PatientQuery:
    """Return what the desk searches for."""
    return PatientQuery(sent.identifier, sent.phone, sent.email, sent.family, sent.birth_date)


async def catalogue(request: Request) -> Response:
    """Show what can be booked, where and with whom."""
    found = await services(request).desk.catalogue(actor(request))
    shape: CatalogueShape = {
        "services": [_service(each, found.offers) for each in found.services],
        "practitioners": [_specialist(each) for each in found.practitioners],
        "locations": [_location(each) for each in found.locations],
        "organizations": [{"id": each.id, "name": each.name} for each in found.organizations],
    }
    return answer(shape)


def _service(service: HealthcareService, offers: list[tuple[str, str]]) -> ServiceShape:
    return {
        "id": service.id,
        "name": service.name,
        "specialty": service.specialty,
        "minutes": service.minutes,
        "organization": service.organization_id,
        "practitioners": [person for offered, person in offers if offered == service.id],
        "modalities": [each.value for each in service.modalities],
    }


def _specialist(person: Practitioner) -> SpecialistShape:
    return {
        "id": person.id,
        "name": person.display,
        "specialty": person.specialty,
        "languages": list(person.languages),
        "organization": person.organization_id,
        "location": person.location_id,
    }


def _location(location: Location) -> LocationShape:
    return {
        "id": location.id,
        "name": location.name,
        "organization": location.organization_id,
        "kind": location.kind.value,
        "zone": location.zone,
    }


async def search(request: Request) -> Response:
    """Find the patients who match exactly; a POST, for nothing personal belongs into an address."""
    sent = await json_body(request, Search)
    found = await services(request).desk.search(actor(request), patient_query(sent))
    shape: PatientList = {"patients": [present.patient(each, reader(request)) for each in found]}
    return answer(shape)


async def register(request: Request) -> Response:
    """Register a patient with the actor's organization."""
    sent = await json_body(request, PatientBody)
    person = await services(request).desk.register(actor(request), new_patient(sent), await once(request))
    where = f"/api/v1/patients/{person.id}"
    return answer(present.patient(person, reader(request)), status=201, location=where)


async def show(request: Request) -> Response:
    """Show one patient."""
    person = await services(request).desk.get(actor(request), identifier(request, "patient"))
    return answer(present.patient(person, reader(request)))
