"""FHIR R4 CapabilityStatement: exactly what works at /fhir/R4, nothing more."""

from collections.abc import Sequence
from datetime import datetime

from telehealth.domain.record import FROM_OUTSIDE, READABLE
from telehealth.fhir.arriving import MOST_IDENTIFIERS, PATIENT
from telehealth.fhir.inclusion import backward, forward
from telehealth.fhir.posted import MOST_ENTRIES
from telehealth.fhir.record_search import PARAMETERS
from telehealth.fhir.text import Resource, coding, instant

OPERATIONS: tuple[str, ...] = ("find", "hold", "book")
"""On Appointment, as IHE ITI Scheduling defines them."""
TAKEN = {
    "find": "Beside IHE's start, end, specialty, practitioner, organization, location-reference,"
    " patient-reference and _count it takes, once each: room (Reference to the Location of a room, or of a"
    " site for any room there), device (Reference to a Device) and interpreter (code, a BCP 47 language)."
    " location-reference may name a room, too. Only times are proposed at which all of it is free."
    " service-type (token) is how: video, assisted (with a room) or phone, of urn:telehealth:modality, or"
    " VIDEOCONF or PHONE of v3-ParticipationMode; the same codes stand in Appointment.serviceType.",
    "hold": "Takes the appointment-reference of a proposal: with all that it was looked for with, or not.",
    "book": "Takes the appointment-reference of a proposal or a hold, or as appointment-resource a new"
    " Appointment (participants: Patient, HealthcareService, perhaps Practitioner, Location of a room,"
    " Device, and a translator whose second type is a language, system urn:ietf:bcp:47), or a known one"
    " that is moved or cancelled; moved, it keeps what it needs. A new one in the state waitlist (Patient,"
    " HealthcareService, perhaps Practitioner, one requestedPeriod of days) puts the patient on the waiting"
    " list; cancelled, it takes them off.",
}
"""What each operation takes here; IHE's definitions leave room for more parameters."""
DEFINED = {
    "everything": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
    "summary": "http://hl7.org/fhir/uv/ips/OperationDefinition/summary",
}
"""On Patient: who has defined each operation."""
OF_PATIENT = {
    "everything": (
        "By GET: all that is read here of the shared record and is about the patient, who comes first; for"
        " who treats them. Takes _since (an instant), _type (by commas) and _count (at most 200; a page ends"
        " early at 4 MB); the link next leads on."
    ),
    "summary": "By GET, of one patient by id, for who treats them: the International Patient Summary 2.0 as a"
    " document. Its sections hold, to the letter, what is recorded and holds now (allergies, medications,"
    " problems, immunizations, vital signs, plans), past problems and results; the newest 100 of each and"
    " 4 MB in all. What houses send need not follow the IPS's profiles of single resources.",
}
"""What each takes here."""
SEARCHED = (
    ("patient", "reference"),
    ("practitioner", "reference"),
    ("date", "date"),
    ("status", "token"),
    ("service-type", "token"),
)
SCHEDULED: dict[str, tuple[tuple[str, str], ...]] = {
    "Schedule": (("actor", "reference"), ("specialty", "token"), ("active", "token")),
    "Slot": (("schedule", "reference"), ("start", "date"), ("status", "token")),
}
"""What is computed anew each time: it has no versions."""
AUDITED = (("patient", "reference"), ("agent", "reference"), ("date", "date"))
"""How the audit log is searched; nothing of it ever changes."""
SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"
SECURED: Resource = {
    "service": [{"coding": [coding(SECURITY, "SMART-on-FHIR", "SMART-on-FHIR")]}],
    "description": "For signed-in staff: the record for who treats the patient, visits for who books them,"
    " the audit log for privacy officers; all that is read or changed is audited. For programs of a house"
    " (SMART backend services, see .well-known/smart-configuration): the record of the patients whom it"
    " manages, by system scopes.",
}
SCHEDULING = "https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-"


WRITING = (
    "Kept to the letter; id and meta.versionId, meta.lastUpdated are given here. {element} names a patient of"
    " the cluster whom the writer treats, and stays. An update needs If-Match. If-None-Exist takes"
    " identifier=system|value, an identifier that the resource carries, and so does PUT by identifier, where"
    " If-Match may be left out; at most {most} identifiers."
)
BUNDLED = {
    "transaction": f"POST and PUT, up to {MOST_ENTRIES} entries and 1 MiB, all or nothing: ifNoneExist,"
    " ifMatch, PUT Type?identifier=…, references by fullUrl and by identifier (of one's own house's patients,"
    " and of what is recorded about the resource's patient).",
    "batch": f"GET, POST and PUT, up to {MOST_ENTRIES} entries and 1 MiB, each for itself.",
}
BULK = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/"
EXPORTED = (
    "By GET with Prefer: respond-async, for programs: all that their scopes open of the patients whom their"
    " house manages, but for those who deny it, as NDJSON. Takes _type, _since and _outputFormat. A program"
    " has one export at a time; its files are kept for 24 hours, DELETE of the status address erases them."
)
SUBSCRIBED = (
    "For programs, within their scopes, their own only. The channel rest-hook, https to a public address (or"
    " a host that the operator has named); headers Authorization and X-…, which are not shown again. criteria"
    " is Type?… with the parameters that the type is searched by, with or without a patient. Without payload"
    " an empty POST says that there is news; with application/fhir+json a Bundle names it by id, never more."
    " Again with back-off for some hours, in order, at least once; then the status is error. DELETE ends it."
)
BY_PATIENT: tuple[Resource, ...] = (
    {
        "name": "patient",
        "type": "reference",
        "documentation": "Always required: what is sealed is opened for one patient and sifted then.",
    },
)
BY_MARKS: tuple[Resource, ...] = (
    {"name": "_id", "type": "token"},
    {"name": "_lastUpdated", "type": "date"},
)


def capability_statement(*, base_url: str, published: datetime) -> Resource:
    """Return the CapabilityStatement of this server at `base_url`."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant(published),
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "implementation": {
            "description": "Shared record of the health cluster",
            "url": f"{base_url}/fhir/R4",
        },
        "rest": [
            {
                "mode": "server",
                "security": SECURED,
                "interaction": [{"code": each, "documentation": BUNDLED[each]} for each in BUNDLED],
                "operation": [_operation("export", EXPORTED, f"{BULK}export")],
                "resource": [
                    *(_of_record(type_) for type_ in READABLE),
                    _appointments(),
                    _computed("Schedule", SCHEDULED["Schedule"]),
                    _computed("Slot", SCHEDULED["Slot"]) | {"searchInclude": ["Slot:schedule"]},
                    _computed("AuditEvent", AUDITED),
                    _subscriptions(),
                ],
            }
        ],
    }


def _of_record(type_: str) -> Resource:
    """Return what can be done with a type of the shared record."""
    codes = ["read", "vread", "history-instance"]
    found: Resource = {"type": type_, "versioning": "versioned", "readHistory": True}
    found["conditionalRead"] = "not-match"
    if type_ in FROM_OUTSIDE:
        codes += ["create", "update"]
        found |= {"versioning": "versioned-update", "updateCreate": False}
        found |= {"conditionalCreate": True, "conditionalUpdate": True}
        element = PATIENT.get(type_, "subject")
        found["documentation"] = WRITING.format(element=element, most=MOST_IDENTIFIERS)
    if type_ in PARAMETERS:
        codes.append("search-type")
        found["searchParam"] = [*BY_PATIENT, *_searched(type_), *BY_MARKS]
        brought = {"searchInclude": forward(type_), "searchRevInclude": backward(type_)}
        found |= {name: listed for name, listed in brought.items() if listed}
    if type_ == "Patient":
        told = [_operation(name, OF_PATIENT[name], defined) for name, defined in DEFINED.items()]
        found["operation"] = [*told, _operation("export", EXPORTED, f"{BULK}patient-export")]
    return found | {"interaction": [{"code": each} for each in codes]}


def _operation(name: str, documentation: str, definition: str) -> Resource:
    return {"name": name, "definition": definition, "documentation": documentation}


def _searched(type_: str) -> list[Resource]:
    return [{"name": name, "type": each.kind} for name, each in PARAMETERS[type_].items()]


def _appointments() -> Resource:
    """Return what can be done about visits; there is no older version of one."""
    return {
        "type": "Appointment",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "searchParam": [{"name": name, "type": type_} for name, type_ in SEARCHED],
        "operation": [
            {"name": each, "definition": f"{SCHEDULING}{each}", "documentation": TAKEN[each]}
            for each in OPERATIONS
        ],
    }


def _computed(type_: str, searched: Sequence[tuple[str, str]]) -> Resource:
    """Return what can be done about bookable time, or the audit log."""
    return {
        "type": type_,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [{"name": name, "type": kind} for name, kind in searched],
    }


def _subscriptions() -> Resource:
    """Return what a program can do to be told of what is new."""
    found = _computed("Subscription", (("status", "token"),))
    found["interaction"] += [{"code": "create"}, {"code": "delete"}]
    return found | {"documentation": SUBSCRIBED}
