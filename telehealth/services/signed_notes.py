"""Filing a signed note: Composition, Encounter and the signature (Provenance), in one transaction."""

import base64
import json
from collections.abc import Sequence

from telehealth.crypto.signatures import canonical_digest
from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation
from telehealth.domain.note import Addendum, Note
from telehealth.fhir.composition import composition_to_fhir
from telehealth.fhir.provenance import provenance_to_fhir
from telehealth.fhir.text import Resource, reference
from telehealth.services.encounters import encounter_after
from telehealth.services.filing import file_resource
from telehealth.services.ports import SigningKeys
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter

SALT_BYTES = 32
ERROR = "entered-in-error"


async def file_note(
    work: Work,
    uow: UnitOfWork,
    keys: SigningKeys,
    visit: Consultation,
    note: Note,
    actor: Actor,
    *,
    addenda: Sequence[Addendum] = (),
    replaces: str = "",
) -> None:
    """Write Encounter, Composition version 1 and its Provenance.

    `replaces` is the Composition that stood in the wrong record.
    """
    await encounter_after(work, uow, visit, actor)
    composition = composition_to_fhir(note, visit, addenda)
    if replaces:
        composition["relatesTo"] = [
            {"code": "replaces", "targetReference": reference("Composition", replaces)}
        ]
    await _file(work, uow, keys, visit, composition, actor, version=1)


async def file_withdrawal(
    work: Work, uow: UnitOfWork, keys: SigningKeys, visit: Consultation, note: Note, actor: Actor, why: str
) -> None:
    """Write the Composition's next version, marked as entered in error; why stands in its Provenance."""
    version, stands = await stood(uow, note)
    stands = stands or composition_to_fhir(note, visit, ())
    composition = {name: value for name, value in stands.items() if name != "meta"} | {"status": ERROR}
    await _file(work, uow, keys, visit, composition, actor, version=version + 1, why=why)


async def withdrawn(uow: UnitOfWork, note: Note) -> bool:
    """Whether a signed note was taken out of the record of its patient, because it is another's."""
    _, stands = await stood(uow, note)
    return stands.get("status") == ERROR


async def stood(uow: UnitOfWork, note: Note) -> tuple[int, Resource]:
    """Return the newest version of a note's Composition and its number; 0 and nothing where none stands."""
    known = await uow.record.get("Composition", note.id)
    return (known.version, json.loads(known.text)) if known else (0, {})


async def file_addendum(
    work: Work,
    uow: UnitOfWork,
    keys: SigningKeys,
    visit: Consultation,
    note: Note,
    addenda: Sequence[Addendum],
    actor: Actor,
) -> None:
    """Write the Composition's next version with every addendum, status amended, signed anew."""
    version, stands = await stood(uow, note)
    composition = composition_to_fhir(note, visit, addenda)
    composition |= {name: stands[name] for name in ("relatesTo",) if name in stands}
    await _file(work, uow, keys, visit, composition, actor, version=version + 1)


def version_of(note_id: str, version: int) -> str:
    """Return how a Provenance names one version of a note."""
    return f"Composition/{note_id}/_history/{version}"


async def _file(
    work: Work,
    uow: UnitOfWork,
    keys: SigningKeys,
    visit: Consultation,
    composition: Resource,
    actor: Actor,
    *,
    version: int,
    why: str = "",
) -> None:
    now = work.clock.now()
    await _put(work, uow, visit, composition, version)
    provenance = provenance_to_fhir(
        identifier=work.identifier(),
        target=version_of(str(composition["id"]), version),
        visit=visit,
        signer_id=actor.id,
        signed_at=now,
        signature=_signature(work, keys, actor, composition),
        why=why,
    )
    await _put(work, uow, visit, provenance, 1)
    await enter(
        work,
        uow,
        actor,
        AuditAction.RECORD_WRITTEN,
        patient_ids=(visit.patient_id,),
        entity="Composition",
        entity_id=str(composition["id"]),
        reason=f"version {version}",
    )


def _signature(work: Work, keys: SigningKeys, actor: Actor, composition: Resource) -> bytes:
    """Return the signature's JSON: what was digested how, the salt, the value and the public key."""
    salt = work.chance.token(SALT_BYTES)
    signed = {
        "alg": "Ed25519",
        "digest": "SHA-256(salt || RFC 8785 JSON of the Composition without meta)",
        "salt": base64.b64encode(salt).decode(),
        "signature": base64.b64encode(keys.sign(actor.id, canonical_digest(composition, salt))).decode(),
        "publicKey": base64.b64encode(keys.public(actor.id)).decode(),
    }
    return json.dumps(signed, sort_keys=True).encode()


async def _put(work: Work, uow: UnitOfWork, visit: Consultation, resource: Resource, version: int) -> None:
    await file_resource(
        uow,
        resource,
        patient_id=visit.patient_id,
        organization_id=visit.organization_id,
        at=work.clock.now(),
        version=version,
    )
