"""FHIR R4 AuditEvent of one entry of the log, in the shape of IHE BALP (Basic Audit Log Patterns 1.1.4).

What BALP asks for and the log does not keep, the browser's address, is said to be unknown. A profile is named
only where all of it is met: it knows reading, making and changing of one thing, with one patient at most.
"""

from telehealth.domain.audit import AuditAction, AuditEntry, AuditOutcome
from telehealth.domain.audit_kinds import purpose_of
from telehealth.domain.record import READABLE
from telehealth.fhir.text import Resource, coding, instant, reference

A = AuditAction
DCM = "http://dicom.nema.org/resources/ontology/DCM"
EVENT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
ENTITY_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
SOURCE_TYPE = "http://terminology.hl7.org/CodeSystem/security-source-type"
INTERACTION = "http://hl7.org/fhir/restful-interaction"
BASIC_ENTITY = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"
PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
OWN = "urn:telehealth:audit"
"""Our own codes of actions, roles and things."""

SOURCE, DESTINATION = coding(DCM, "110153", "Source Role ID"), coding(DCM, "110152", "Destination Role ID")
OUTCOMES = {AuditOutcome.SUCCESS: "0", AuditOutcome.REFUSED: "4", AuditOutcome.FAILED: "8"}
LOGGING = {
    A.SIGN_IN: coding(DCM, "110122", "Login"),
    A.SIGN_IN_FAILED: coding(DCM, "110122", "Login"),
    A.SIGN_OUT: coding(DCM, "110123", "Logout"),
}
READING = frozenset({"read", "list", "show", "count", "oversee", "foresee", "search"})
MAKING = frozenset({"add", "book", "create", "make", "invite", "give", "send", "say", "hold"})
CHANGING = frozenset(
    {"addendum", "cancel", "change", "confirm", "correct", "move", "save", "sign", "undo", "update", "write"}
)
REMOVING = frozenset({"remove", "retire", "reset"})
"""By an action's last word; every other one is carried out, as letting somebody in."""
RESOURCES = frozenset(READABLE) | frozenset(
    {
        "Appointment",
        "AuditEvent",
        "HealthcareService",
        "Location",
        "Organization",
        "Practitioner",
        "Schedule",
    }
)
"""The things in entries that are called as FHIR calls them."""
PROFILED = {"R": "Read", "C": "Create", "U": "Update"}
VERBS = {"R": "read", "C": "create", "U": "update", "D": "delete"}
AGENTS = {"staff": "Practitioner", "visitor": "Patient"}


def audit_event_to_fhir(entry: AuditEntry, name: str, server: str) -> Resource:
    """Return the AuditEvent of an entry; `name` is who acted, `server` our own public address."""
    kind = action_code(entry.action)
    entities = _entities(entry)
    resource: Resource = {"resourceType": "AuditEvent", "id": entry.id}
    profile = _profile(entry, kind, entities)
    if profile:
        resource["meta"] = {"profile": [profile]}
    resource |= _what(entry, kind)
    resource |= {
        "recorded": instant(entry.at),
        "outcome": OUTCOMES[entry.outcome],
        "purposeOfEvent": [{"coding": [{"system": REASON, "code": purpose_of(entry).value}]}],
        "agent": [*_machines(entry, kind, server), _user(entry, name)],
        "source": {
            "observer": {"identifier": {"system": "urn:ietf:rfc:3986", "value": server}},
            "type": [coding(SOURCE_TYPE, "4", "Application Server")],
        },
        "entity": entities,
    }
    if entry.outcome is not AuditOutcome.SUCCESS and entry.reason:
        resource["outcomeDesc"] = entry.reason
    return resource


def action_code(action: AuditAction) -> str:
    """Return C, R, U, D or E: what was done, by the last word of the action."""
    verb = action.value.rpartition(":")[2]
    words = {"R": READING, "C": MAKING, "U": CHANGING, "D": REMOVING}
    return next((code for code, known in words.items() if verb in known), "E")


def _what(entry: AuditEntry, kind: str) -> Resource:
    own = {"system": OWN, "code": entry.action.value}
    if entry.action in LOGGING:
        type_, sub = coding(DCM, "110114", "User Authentication"), LOGGING[entry.action]
    else:
        type_ = coding(EVENT_TYPE, "rest", "Restful Operation")
        word = VERBS.get(kind, "operation")
        sub = coding(INTERACTION, word, word)
    return {"type": type_, "subtype": [sub, own], "action": kind}


def _profile(entry: AuditEntry, kind: str, entities: list[Resource]) -> str:
    """Return the address of the profile that this entry meets, empty where none is met."""
    data = any(each["type"]["code"] == "2" for each in entities)
    done = entry.outcome is AuditOutcome.SUCCESS and entry.actor_kind != "system"
    if kind not in PROFILED or not data or not done or len(entry.patient_ids) > 1:
        return ""
    return f"{PROFILE}{'Patient' if entry.patient_ids else ''}{PROFILED[kind]}"


def _machines(entry: AuditEntry, kind: str, server: str) -> list[Resource]:
    """Return browser and server: data flow to who reads, and from who writes."""
    browser, ours = (DESTINATION, SOURCE) if kind == "R" else (SOURCE, DESTINATION)
    session = {"identifier": {"system": f"{OWN}:session", "value": entry.session_id or entry.actor_kind}}
    unknown = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
    where = {"address": server, "type": "5"}
    return [
        {"type": {"coding": [browser]}, "who": session, "requestor": False, "network": unknown},
        {"type": {"coding": [ours]}, "who": {"display": server}, "requestor": False, "network": where},
    ]


def _user(entry: AuditEntry, name: str) -> Resource:
    """Return who acted: a person of the staff or a patient by reference, others by what they came with."""
    who: Resource = {
        "identifier": {"system": f"{OWN}:{entry.actor_kind}", "value": entry.actor_id or "unknown"}
    }
    if entry.actor_kind in AGENTS and entry.actor_id:
        who = reference(AGENTS[entry.actor_kind], entry.actor_id)
    user: Resource = {
        "type": {"coding": [coding(PARTICIPATION, "IRCP", "information recipient")]},
        "who": who,
        "requestor": True,
    }
    if entry.actor_role:
        user["role"] = [{"coding": [{"system": f"{OWN}:role", "code": entry.actor_role}]}]
    return user | ({"name": name} if name else {})


def _entities(entry: AuditEntry) -> list[Resource]:
    """Return what it was done to, whose patients it touched, and the request."""
    found = [_data(entry)] if entry.entity or len(entry.patient_ids) == 1 else []
    found += [
        {
            "what": reference("Patient", each),
            "type": coding(ENTITY_TYPE, "1", "Person"),
            "role": coding(OBJECT_ROLE, "1", "Patient"),
        }
        for each in entry.patient_ids
    ]
    if entry.request_id:
        code = {"system": BASIC_ENTITY, "code": "XrequestId"}
        found.append({"what": {"identifier": {"value": entry.request_id}}, "type": code})
    return found


def _data(entry: AuditEntry) -> Resource:
    """Return the thing itself; where none is named it is the patient's own resource."""
    what: Resource
    if not entry.entity:
        what = reference("Patient", entry.patient_ids[0])
    elif entry.entity not in RESOURCES:
        what = {"identifier": {"system": OWN, "value": f"{entry.entity} {entry.entity_id}".strip()}}
    elif entry.entity_id:
        what = reference(entry.entity, entry.entity_id)
    else:
        what = {"type": entry.entity}
    return {
        "what": what,
        "type": coding(ENTITY_TYPE, "2", "System Object"),
        "role": coding(OBJECT_ROLE, "4", "Domain Resource"),
    }
