"""Resources as laboratories and clinics of the cluster send them, all about Bo: at least one of each type."""

import copy
import json
from typing import Any

PATIENT = {"reference": "Patient/pat-bo"}
LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
HL7 = "http://terminology.hl7.org/CodeSystem"
LAB = "https://lab.example/reports"


def concept(system: str, code: str, text: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


PRESSURE: dict[str, Any] = {
    "resourceType": "Observation",
    "id": "ours-is-given-later",
    "meta": {"profile": ["http://hl7.org/fhir/StructureDefinition/bp"], "tag": [{"code": "home"}]},
    "language": "en",
    "text": {
        "status": "generated",
        "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>Blood <b>pressure</b> 107/60</p></div>',
    },
    "contained": [
        {"resourceType": "Device", "id": "cuff", "deviceName": [{"name": "Cuff", "type": "other"}]}
    ],
    "extension": [{"url": "https://lab.example/arm", "valueCode": "left"}],
    "identifier": [{"system": LAB, "value": "bp-1"}],
    "status": "final",
    "category": [concept(f"{HL7}/observation-category", "vital-signs", "Vital Signs")],
    "code": concept(LOINC, "85354-9", "Blood pressure panel"),
    "subject": {**PATIENT, "display": "Bo"},
    "effectiveDateTime": "2026-11-20T09:30:10+01:00",
    "issued": "2026-11-20T09:31:00.123Z",
    "_issued": {"extension": [{"url": "https://lab.example/clock", "valueBoolean": True}]},
    "performer": [{"reference": "Practitioner/prac-amara"}],
    "interpretation": [concept(f"{HL7}/v3-ObservationInterpretation", "L", "low")],
    "note": [{"text": "After rest", "time": "2026-11-20"}],
    "device": {"reference": "#cuff"},
    "component": [
        {
            "code": concept(LOINC, "8480-6", "Systolic"),
            "valueQuantity": {"value": 107, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]"},
            "referenceRange": [{"low": {"value": 90}, "high": {"value": 130}}],
        },
        {
            "code": concept(LOINC, "8462-4", "Diastolic"),
            "dataAbsentReason": concept(f"{HL7}/data-absent-reason", "not-performed", "Not performed"),
        },
    ],
}
WEIGHT: dict[str, Any] = {
    "resourceType": "Observation",
    "identifier": [{"system": LAB, "value": "w-1"}],
    "status": "final",
    "category": [concept(f"{HL7}/observation-category", "vital-signs", "Vital Signs")],
    "code": concept(LOINC, "29463-7", "Body weight"),
    "subject": PATIENT,
    "effectiveDateTime": "2026-11-21",
    "valueQuantity": {"value": 72, "unit": "kg", "system": UCUM, "code": "kg"},
}
REPORT: dict[str, Any] = {
    "resourceType": "DiagnosticReport",
    "identifier": [{"system": LAB, "value": "r-1"}],
    "status": "final",
    "category": [concept(f"{HL7}/v2-0074", "LAB", "Laboratory")],
    "code": concept(LOINC, "58410-2", "Complete blood count"),
    "subject": PATIENT,
    "effectivePeriod": {"start": "2026-11-19", "end": "2026-11-20"},
    "result": [{"reference": "Observation/some", "type": "Observation"}],
    "conclusion": "Mild anaemia",
    "presentedForm": [{"contentType": "application/pdf", "data": "JVBERi0=", "size": 5}],
}
CONDITION: dict[str, Any] = {
    "resourceType": "Condition",
    "clinicalStatus": concept(f"{HL7}/condition-clinical", "resolved", "Resolved"),
    "verificationStatus": concept(f"{HL7}/condition-ver-status", "confirmed", "Confirmed"),
    "code": concept(SNOMED, "49436004", "Atrial fibrillation"),
    "subject": PATIENT,
    "onsetAge": {"value": 52, "system": UCUM, "code": "a"},
    "abatementDateTime": "2026-10",
    "recordedDate": "2026-11-20",
    "stage": [{"summary": {"text": "paroxysmal"}}],
    "evidence": [{"detail": [{"reference": "Observation/ecg"}]}],
}
ALLERGY: dict[str, Any] = {
    "resourceType": "AllergyIntolerance",
    "identifier": [{"system": LAB, "value": "a-1"}],
    "clinicalStatus": concept(f"{HL7}/allergyintolerance-clinical", "active", "Active"),
    "verificationStatus": concept(f"{HL7}/allergyintolerance-verification", "confirmed", "Confirmed"),
    "type": "allergy",
    "category": ["medication"],
    "criticality": "high",
    "code": {"coding": [{"system": SNOMED, "code": "764146007", "display": "Penicillin"}]},
    "patient": PATIENT,
    "recordedDate": "2026-11-20",
    "reaction": [{"manifestation": [{"coding": [{"code": "39579001", "display": "Anaphylaxis"}]}]}],
}
REQUEST: dict[str, Any] = {
    "resourceType": "MedicationRequest",
    "identifier": [{"system": "https://pharmacy.example", "value": "p-1"}],
    "status": "active",
    "intent": "order",
    "medicationCodeableConcept": concept(SNOMED, "387467008", "Bisoprolol"),
    "subject": PATIENT,
    "authoredOn": "2026-11-20T10:00:00Z",
    "requester": {"reference": "https://other.example/fhir/Practitioner/9"},
    "dosageInstruction": [
        {
            "text": "Once a day",
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "timeOfDay": ["08:00:00"]}},
            "asNeededBoolean": False,
            "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "mg", "system": UCUM, "code": "mg"}}],
        }
    ],
    "dispenseRequest": {
        "validityPeriod": {"start": "2026-11-20"},
        "numberOfRepeatsAllowed": 2,
        "expectedSupplyDuration": {"value": 30, "unit": "d", "system": UCUM, "code": "d"},
    },
    "substitution": {"allowedBoolean": True},
}
STATEMENT: dict[str, Any] = {
    "resourceType": "MedicationStatement",
    "contained": [{"resourceType": "Medication", "id": "med", "code": {"text": "St John's wort"}}],
    "status": "active",
    "medicationReference": {"reference": "#med"},
    "subject": PATIENT,
    "effectiveDateTime": "2026",
    "dosage": [{"maxDosePerPeriod": {"numerator": {"value": 3}, "denominator": {"value": 1}}}],
}
IMMUNIZATION: dict[str, Any] = {
    "resourceType": "Immunization",
    "status": "completed",
    "vaccineCode": concept("http://hl7.org/fhir/sid/cvx", "207", "COVID-19"),
    "patient": PATIENT,
    "occurrenceDateTime": "2026-10-01",
    "education": [{"documentType": "leaflet"}],
    "protocolApplied": [{"doseNumberPositiveInt": 2}],
}
REFERRAL: dict[str, Any] = {
    "resourceType": "ServiceRequest",
    "status": "active",
    "intent": "order",
    "priority": "urgent",
    "code": {"text": "Echocardiography"},
    "orderDetail": [{"text": "with contrast"}],
    "subject": PATIENT,
    "occurrenceTiming": {"event": ["2026-12-01T09:00:00Z"]},
    "quantityRange": {"low": {"value": 1}, "high": {"value": 2}},
}
PLAN: dict[str, Any] = {
    "resourceType": "CarePlan",
    "status": "active",
    "intent": "plan",
    "category": [{"text": "Heart"}],
    "subject": PATIENT,
    "period": {"start": "2026-11"},
    "goal": [{"reference": "Goal/weight"}],
    "activity": [
        {"detail": {"kind": "Task", "status": "in-progress", "scheduledString": "daily"}},
        {"reference": {"reference": "Appointment/1"}},
    ],
}
GOAL: dict[str, Any] = {
    "resourceType": "Goal",
    "lifecycleStatus": "active",
    "description": {"text": "Lose weight"},
    "subject": PATIENT,
    "startDate": "2026-11-01",
    "target": [
        {
            "measure": concept(LOINC, "29463-7", "Body weight"),
            "detailQuantity": {"value": 70, "unit": "kg", "system": UCUM, "code": "kg"},
            "dueDate": "2027-03",
        }
    ],
}
TEAM: dict[str, Any] = {
    "resourceType": "CareTeam",
    "status": "active",
    "subject": PATIENT,
    "period": {"end": "2027"},
    "participant": [{"role": [{"text": "nurse"}], "member": {"reference": "Practitioner/noor"}}],
    "telecom": [{"system": "phone", "value": "+46701740605", "use": "mobile"}],
}
DOCUMENT: dict[str, Any] = {
    "resourceType": "DocumentReference",
    "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"},
    "status": "current",
    "type": concept(LOINC, "18842-5", "Discharge summary"),
    "subject": PATIENT,
    "date": "2026-11-01T08:00:00Z",
    "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": "SGVsbG8="}}],
}
ALL = (
    PRESSURE,
    WEIGHT,
    REPORT,
    CONDITION,
    ALLERGY,
    REQUEST,
    STATEMENT,
    IMMUNIZATION,
    REFERRAL,
    PLAN,
    GOAL,
    TEAM,
    DOCUMENT,
)


def changed(resource: dict[str, Any], **elements: Any) -> dict[str, Any]:
    """A resource with other elements; None takes one away."""
    made = copy.deepcopy(resource) | elements
    return {name: value for name, value in made.items() if value is not None}


def to_the_letter(resource: dict[str, Any]) -> str:
    """A text as others write it: spaces, a number with a nought at its end, signs that need no escape."""
    text = json.dumps(resource, indent=1).replace('"value": 72', '"value" : 72.50')
    return text.replace("Bo", "B\\u006f") + "\n"
