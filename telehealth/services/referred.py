"""What a transaction refers to by identifier, `Patient?identifier=system|value`: found before writing."""

from collections.abc import Iterator

from telehealth.domain.access import Actor
from telehealth.domain.people import Identifier, PatientQuery
from telehealth.domain.record import FROM_OUTSIDE
from telehealth.fhir.arriving import patient_element
from telehealth.fhir.conditions import identifier_in
from telehealth.fhir.parameters import reference_id, refusal
from telehealth.fhir.posted import Entry, references
from telehealth.fhir.text import Resource
from telehealth.services.caring import concerns, may_name
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work

PATIENT = "Patient"
Asked = tuple[str, str, str]
"""Where a reference stands, the whole of it, and the type that it asks for."""


async def referred(work: Work, uow: UnitOfWork, actor: Actor, entry: Entry, base: str) -> dict[str, str]:
    """Return what references by identifier mean, `Patient/1`; raises BadInput naming one that finds nothing.

    Patients are those of the actor's house whom they treat, all else is of the resource's own patient. What
    is foreign, denied or of a type that the actor has nothing to do with is not found, and neither is what
    several have.
    """
    found: dict[str, str] = {}
    for where, text, type_ in sorted(_asked(entry), key=lambda each: each[2] != PATIENT):
        wanted = identifier_in(where, text.partition("?")[2])
        if type_ == PATIENT:
            ids = await _patients(work, uow, actor, wanted)
        elif type_ in FROM_OUTSIDE:
            patient_id = _subject(entry.resource().resource, found, base)
            ids = await _holders(work, uow, actor, (type_, patient_id), wanted)
        else:
            raise refusal(where, "value", "This type is not found by identifier here.")
        if len(ids) != 1:
            raise refusal(where, "value", "Nothing is found by this identifier, or more than one.")
        found[text] = f"{type_}/{ids[0]}"
    return found


def _asked(entry: Entry) -> Iterator[Asked]:
    resource = entry.resource().resource
    for where, text in references(resource, f"{entry.where}.resource"):
        type_, asked, _ = text.partition("?")
        if asked and type_.isalpha():
            yield where, text, type_


async def _patients(work: Work, uow: UnitOfWork, actor: Actor, wanted: Identifier) -> list[str]:
    listed = await uow.patients.search(PatientQuery(identifier=wanted.value), actor.organization_id)
    same = [each.id for each in listed if wanted in each.identifiers]
    return [each for each in same if await concerns(work, uow, actor, each)]


async def _holders(
    work: Work, uow: UnitOfWork, actor: Actor, whose: tuple[str, str], wanted: Identifier
) -> list[str]:
    type_, patient_id = whose
    if not may_name(actor, type_) or not await concerns(work, uow, actor, patient_id):
        return []
    return await uow.record.holders(type_, patient_id, wanted)


def _subject(resource: Resource, found: dict[str, str], base: str) -> str:
    """Return the patient that a resource names, perhaps by identifier."""
    element = patient_element(str(resource.get("resourceType")))
    named = resource.get(element.rpartition(".")[2])
    text = named.get("reference") if isinstance(named, dict) else None
    return reference_id(element, {"reference": found.get(str(text), text)}, PATIENT, f"{base}/")
