"""The International Patient Summary (HL7, IPS 2.0): a document Bundle of what matters in a record."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.organizations import Organization
from telehealth.domain.record import ResourceVersion
from telehealth.fhir.composition import LOINC
from telehealth.fhir.text import Resource, coding, instant, narrative

IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
IPS_VERSION = "2.0.0"
PROFILE = f"{IPS}Composition-uv-ips"
EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
URN = "urn:ietf:rfc:3986"
NOTHING = "Nothing is recorded; that is not to say that there is nothing."
NAME = "Shared record of the health cluster"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a summary with its LOINC code; one that is `needed` says so where it is empty."""

    key: str
    title: str
    code: str
    display: str
    needed: bool = False


SECTIONS = (
    Section(
        "allergies",
        "Allergies and intolerances",
        "48765-2",
        "Allergies and adverse reactions Document",
        needed=True,
    ),
    Section("medications", "Medications", "10160-0", "History of Medication use Narrative", needed=True),
    Section("problems", "Problems", "11450-4", "Problem list - Reported", needed=True),
    Section("immunizations", "Immunizations", "11369-6", "History of Immunization Narrative"),
    Section("vital-signs", "Vital signs, the newest of each", "8716-3", "Vital signs"),
    Section("plan", "Plan of care", "18776-5", "Plan of care note"),
    Section("past-problems", "Past problems", "11348-0", "History of Past illness Narrative"),
    Section("social-history", "Social history", "29762-2", "Social history Narrative"),
    Section("results", "Results", "30954-2", "Relevant diagnostic tests/laboratory data Narrative"),
)
"""In this order they are shown, and filled: what harms most where it lacks comes first."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a section: each resource and its line, newest first; `left` are older ones left out."""

    entries: tuple[tuple[ResourceVersion, str], ...] = ()
    left: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """A patient's summary: `patient` as text, their house, and what fills the sections by their keys.

    `ids` are those of the document, of its Composition and of the program that made it.
    """

    ids: tuple[str, str, str]
    at: datetime
    patient_id: str
    patient: str
    house: Organization
    filled: Mapping[str, Filled]


def summary_text(summary: Summary, base: str) -> str:
    """Return the document; what others wrote stands in it to the letter. `base` is our FHIR door."""
    document, composition, device = summary.ids
    head = {
        "resourceType": "Bundle",
        "id": document,
        "meta": {"profile": [f"{IPS}Bundle-uv-ips"]},
        "identifier": {"system": URN, "value": f"urn:uuid:{document}"},
        "type": "document",
        "timestamp": instant(summary.at),
    }
    house = {"resourceType": "Organization", "id": summary.house.id, "name": summary.house.name}
    made_by = {"resourceType": "Device", "id": device, "deviceName": [{"name": NAME, "type": "other"}]}
    entries = [
        _entry(f"urn:uuid:{composition}", json.dumps(_composition(summary, base), ensure_ascii=False)),
        _entry(f"{base}/Patient/{summary.patient_id}", summary.patient),
        _entry(f"urn:uuid:{device}", json.dumps(made_by)),
        _entry(f"{base}/Organization/{summary.house.id}", json.dumps(house, ensure_ascii=False)),
        *(
            _entry(_url(base, each), each.text)
            for section in SECTIONS
            for each, _ in summary.filled.get(section.key, Filled()).entries
        ),
    ]
    return f'{json.dumps(head)[:-1]},"entry":[{",".join(entries)}]}}'


def _entry(url: str, text: str) -> str:
    return f'{{"fullUrl":{json.dumps(url)},"resource":{text}}}'


def _url(base: str, resource: ResourceVersion) -> str:
    return f"{base}/{resource.type}/{resource.id}"


def _composition(summary: Summary, base: str) -> Resource:
    """Return the Composition; it has no address, so that all that it names is named by whole addresses."""
    _, composition, device = summary.ids
    filled = [(each, summary.filled.get(each.key, Filled())) for each in SECTIONS]
    return {
        "resourceType": "Composition",
        "id": composition,
        "meta": {"profile": [PROFILE]},
        "language": "en",
        "text": narrative("Put together by a program from what the houses of the cluster have recorded."),
        "status": "final",
        "type": {"coding": [coding(LOINC, "60591-5", "Patient summary Document")]},
        "subject": {"reference": f"{base}/Patient/{summary.patient_id}"},
        "date": instant(summary.at),
        "author": [{"reference": f"urn:uuid:{device}"}],
        "title": "Patient summary",
        "custodian": {"reference": f"{base}/Organization/{summary.house.id}"},
        "section": [
            _section(section, found, base)
            for section, found in filled
            if section.needed or found.entries or found.left
        ],
    }


def _section(section: Section, found: Filled, base: str) -> Resource:
    lines = [line for _, line in found.entries]
    if found.left:
        lines.append(f"{found.left} more are in the record alone, older or too large to stand here.")
    told: Resource = {
        "title": section.title,
        "code": {"coding": [coding(LOINC, section.code, section.display)]},
        "text": narrative(*(lines or [NOTHING])),
    }
    if found.entries:
        return told | {"entry": [{"reference": _url(base, each)} for each, _ in found.entries]}
    reason = {"coding": [coding(EMPTY, "unavailable", "Unavailable")], "text": (lines or [NOTHING])[0]}
    return told | {"emptyReason": reason}
