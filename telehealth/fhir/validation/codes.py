"""The codes that FHIR R4 requires: of elements that are bound to exactly one set of them."""

import re

from telehealth.fhir.text import Resource

HL7 = "http://terminology.hl7.org/CodeSystem/"
CURRENCY = re.compile(r"[A-Z]{3}")
MIME = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+( ?; ?[\w.-]+=(\"[^\"]*\"|[^;\s\"]+))*", re.ASCII)
"""What is quoted is read in one way only: with two, each parameter would double the time of a refusal."""
SETS: dict[str, str] = {
    "address-type": "postal physical both",
    "address-use": "home work temp old billing",
    "allergy-intolerance-category": "food medication environment biologic",
    "allergy-intolerance-criticality": "low high unable-to-assess",
    "allergy-intolerance-type": "allergy intolerance",
    "care-plan-activity-kind": "Appointment CommunicationRequest DeviceRequest MedicationRequest"
    " NutritionOrder Task ServiceRequest VisionPrescription",
    "care-plan-activity-status": "not-started scheduled in-progress on-hold completed cancelled stopped"
    " unknown entered-in-error",
    "care-plan-intent": "proposal plan order option",
    "care-team-status": "proposed active suspended inactive entered-in-error",
    "composition-status": "preliminary final amended entered-in-error",
    "contact-point-system": "phone fax email pager url sms other",
    "contact-point-use": "home work temp old mobile",
    "days-of-week": "mon tue wed thu fri sat sun",
    "diagnostic-report-status": "registered partial preliminary final amended corrected appended cancelled"
    " entered-in-error unknown",
    "document-reference-status": "current superseded entered-in-error",
    "document-relationship-type": "replaces transforms signs appends",
    "event-timing": "MORN MORN.early MORN.late NOON AFT AFT.early AFT.late EVE EVE.early EVE.late NIGHT PHS"
    " HS WAKE C CM CD CV AC ACM ACD ACV PC PCM PCD PCV",
    "goal-status": "proposed planned accepted active on-hold completed cancelled entered-in-error rejected",
    "identifier-use": "usual official temp secondary old",
    "immunization-status": "completed entered-in-error not-done",
    "medication-statement-status": "active completed entered-in-error intended stopped on-hold unknown"
    " not-taken",
    "medicationrequest-intent": "proposal plan order original-order reflex-order filler-order instance-order"
    " option",
    "medicationrequest-status": "active on-hold cancelled completed entered-in-error stopped draft unknown",
    "name-use": "usual official temp nickname anonymous old maiden",
    "narrative-status": "generated extensions additional empty",
    "observation-status": "registered preliminary final amended corrected cancelled entered-in-error unknown",
    "quantity-comparator": "< <= >= >",
    "reaction-event-severity": "mild moderate severe",
    "request-intent": "proposal plan directive order original-order reflex-order filler-order instance-order"
    " option",
    "request-priority": "routine urgent asap stat",
    "request-status": "draft active on-hold revoked completed entered-in-error unknown",
    "units-of-time": "s min h d wk mo a",
}
CODES = {name: frozenset(codes.split()) for name, codes in SETS.items()}
PATTERNS = {"currencies": CURRENCY, "mimetypes": MIME}
"""Sets that are too large to be listed: how their codes look (ISO 4217, RFC 2046)."""
CONCEPTS: dict[str, tuple[str, frozenset[str]]] = {
    name: (f"{HL7}{system}", frozenset(codes.split()))
    for name, system, codes in (
        (
            "allergyintolerance-clinical",
            "allergyintolerance-clinical",
            "active inactive resolved",
        ),
        (
            "allergyintolerance-verification",
            "allergyintolerance-verification",
            "unconfirmed confirmed refuted entered-in-error",
        ),
        (
            "condition-clinical",
            "condition-clinical",
            "active recurrence relapse inactive remission resolved",
        ),
        (
            "condition-ver-status",
            "condition-ver-status",
            "unconfirmed provisional differential confirmed refuted entered-in-error",
        ),
    )
}
"""Sets of which a CodeableConcept has to name a code: their system and codes."""
SYSTEMS = {
    "care-plan-intent": "http://hl7.org/fhir/request-intent",
    "medicationrequest-intent": "http://hl7.org/fhir/CodeSystem/medicationrequest-intent",
    "medicationrequest-status": "http://hl7.org/fhir/CodeSystem/medicationrequest-status",
    "medication-statement-status": "http://hl7.org/fhir/CodeSystem/medication-statement-status",
    "immunization-status": "http://hl7.org/fhir/event-status",
}
"""The code systems whose names are not that of their set."""


def allowed(name: str, code: str) -> bool:
    """Whether a code is of the set of this name."""
    pattern = PATTERNS.get(name)
    return pattern.fullmatch(code) is not None if pattern else code in CODES[name]


def concept_allowed(name: str, concept: Resource) -> bool:
    """Whether one of a concept's codings is of the set of this name."""
    system, codes = CONCEPTS[name]
    return any(
        isinstance(each, dict) and each.get("system") == system and each.get("code") in codes
        for each in concept.get("coding", ())
    )


def system_of(name: str) -> str:
    """Return the code system behind the codes of an element."""
    return SYSTEMS.get(name, f"http://hl7.org/fhir/{name}")
