"""FHIR R4 DocumentReference: a picture or a document that was shown in a visit and kept."""

import base64
import binascii
import hashlib
from datetime import datetime

from telehealth.domain.files import FileKind
from telehealth.domain.people import Identifier
from telehealth.fhir.text import Resource, instant, reference

SAME = "urn:telehealth:shown-in-visit"
"""Identifies what was kept by visit and content, so that it is kept once."""


def identifier_of(visit_id: str, content: bytes) -> Identifier:
    """Return by what the same file of the same visit is known again."""
    return Identifier(SAME, f"{visit_id}.{hashlib.sha256(content).hexdigest()}")


def document_to_fhir(
    document_id: str,
    kind: FileKind,
    content: bytes,
    *,
    patient_id: str,
    encounter_id: str,
    author_id: str,
    at: datetime,
) -> Resource:
    """Return the DocumentReference, with the file inside it."""
    known = identifier_of(encounter_id, content)
    digest = hashlib.sha1(content, usedforsecurity=False).digest()  # FHIR R4, Attachment.hash: SHA-1
    return {
        "resourceType": "DocumentReference",
        "id": document_id,
        "identifier": [{"system": known.system, "value": known.value}],
        "status": "current",
        "type": {"text": "Picture" if kind is not FileKind.PDF else "Document"},
        "subject": reference("Patient", patient_id),
        "date": instant(at),
        "author": [reference("Practitioner", author_id)],
        "content": [
            {
                "attachment": {
                    "contentType": kind.value,
                    "data": base64.b64encode(content).decode(),
                    "size": len(content),
                    "hash": base64.b64encode(digest).decode(),
                    "creation": instant(at),
                }
            }
        ],
        "context": {"encounter": [reference("Encounter", encounter_id)]},
    }


def file_of(resource: Resource) -> tuple[FileKind, bytes] | None:
    """Return the first file that a document holds itself, of a kind that is taken, whoever wrote it."""
    for content in resource.get("content", ()):
        attachment = content.get("attachment", {})
        try:
            kind = FileKind(attachment.get("contentType"))
            return kind, base64.b64decode(attachment.get("data", ""), validate=True)
        except (ValueError, binascii.Error):
            continue
    return None
